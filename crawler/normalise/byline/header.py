"""The header line over a body."""

from __future__ import annotations

import re
from dataclasses import replace

from crawler.rare import Rare
from storage.records import Person

from . import lexicon
from .grammar import parse_people
from .lexer import EMAIL, LONGEST_LINE
from .names import is_usual
from .signature import MORE, one_line, without_where

_STAMP = re.compile(
    r"(?:(?:최초|최종|기사)?\s?(?:입력|등록|승인|수정|송고|게재|작성|업데이트)(?:\s?(?:시간|일시|일))?\s*[:：]?\s*)?"
    r"(?<!\d)20\d{2}(?:[.\-/]\s?|년\s?)\d{1,2}(?:[.\-/]\s?|월\s?)\d{1,2}[.일]?\s*[(\[]?\s*(?:오전|오후)?\s?(?:\d{1,2}(?::\d{2}(?::\d{2})?|시\s?\d{1,2}분))?\s*[)\]]?\s*[|│/,·]?\s*"
)
"""입력 2026.11.20 (21:10): what some pages print in the byline's line."""
_COUNTS = re.compile(
    r"(?:(?<=\s)|\A)(?:VIEWS?|조회\s?수?|공감|댓글|추천|좋아요|공유|스크랩|읽음|hits?)\s*[:：]?\s*"
    r"\d[\d,.]*\s?[만천kK]?\s?(?:[회개건명]|(?=[\s|·/,]|\Z))",
    re.IGNORECASE,
)
"""조회 1,234: what counts a page's readers."""
_OPENING = re.compile(
    r"\A(?:[^\w\[(<{【〔［（〈《「#@]+"
    r"|\s*(?:기자명|작성자|글쓴이)(?:\s*[:：]\s*|\s+(?=[一-鿿]|\S+@|[가-힣]{2,8}[단팀]\s)|\s*(?=[가-힣]{2,4}(?:\s|\Z))))+"
)
"""✍ 홍길동, 기자명홍길동; before Latin letters the label says that they are a name."""
_HONORIFIC = re.compile("(?<=기자)님(?=\\s|\\Z)")
_FOLLOW = re.compile(r"\s*[+＋]\s*(?:구독|팔로우)?(?:하기)?\s*\Z")
_BULLET = re.compile(r"\s*[▪▲△▼●■◆▶▸►★☆]\s*")
_ADDRESSED = Rare(rf"(?P<name>[가-힣]{{2,4}})\s*[(\[<]?\s*(?P<email>{EMAIL.pattern})\s*[)\]>]?")
"""A word and an address over a body: a name whose family name no list has."""


def parse_header(line: str, *, publisher: str | None) -> tuple[Person, ...]:
    """Read the byline that a page prints over the body (docs/sites/credits.md 1; on Daum the first
    ``.txt_info``).

    Empty for a house alone (``KBS``), a programme (``CBS 김현정의 뉴스쇼``), and lines that cannot be read.
    """
    text = _header_text(line)
    if not text or len(text) > LONGEST_LINE:
        return ()
    parsed = parse_people(text, publisher, bold=True)
    if parsed.unknown == 0:
        return parsed.people
    if (alone := _ADDRESSED.fullmatch(text)) is not None and not lexicon.reads_as_prose(alone["name"]):
        return (Person(name=alone["name"], role=None, email=alone["email"], raw=text),)
    if parsed.labelled and parsed.credited and parsed.unknown == 1:
        return parsed.people  # Von Lena Ahrend, Moorhafen
    if parsed.unknown == 1 and len(parsed.people) == 1 and is_usual(parsed.people[0].name):
        return parsed.people  # 더밀크 김서윤: one word that nothing knows, beside a name beyond doubt
    if not parsed.credited and parsed.unknown == 1 and len(parsed.people) == 1:
        return _mail_alone(parsed.people[0])  # 한빛닷컴 뉴스룸 open@..: whoever signs, the address is printed
    sure = [person for person in parsed.people if person.name and (person.role or person.email)]
    if parsed.unknown <= 2 and parsed.credited == 1:
        return tuple(sure)
    return ()


def _mail_alone(person: Person) -> tuple[Person, ...]:
    if person.email is None:
        return ()
    return (replace(person, name=None, role=None, organisation=None),)


def _header_text(line: str) -> str:
    """The line without what a template prints around a reporter: times, counts, buttons, marks."""
    text = MORE.sub(" ", _COUNTS.sub(" ", _STAMP.sub(" ", one_line(line))))
    text = _BULLET.sub(" · ", _FOLLOW.sub("", _HONORIFIC.sub("", _OPENING.sub("", text))))
    return without_where(text.strip(" |│/,·"))
