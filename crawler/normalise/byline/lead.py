"""The opening of a body: dateline and the people in the lead-in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from crawler.rare import Rare
from storage.records import Dateline, Person

from . import lexicon
from .equals import (
    LONGEST_LEAD,
    people_after_equals,
    people_at_equals,
    people_before_equals,
    people_behind,
)
from .grammar import parse_people
from .lexer import LONGEST_LINE
from .people import PICTURES, Parsed
from .signature import NEWSROOM_TEAM, parse_signature
from .wires import read_wire


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """What opens a body: place and agency, people, and the span as printed (empty when there is none)."""

    dateline: Dateline | None
    people: tuple[Person, ...]
    raw: str


NO_LEAD = Lead(dateline=None, people=(), raw="")

_PAIRS = {"[": "]", "(": ")", "【": "】", "〔": "〕", "［": "］", "（": "）", "<": ">", "〈": "〉"}
_ENGLISH = re.compile(r"(?:By|BY) [A-Z][A-Za-z-]+ [A-Z]")
_TRANSCRIPT = re.compile(r"[■□◆◇●○▶▷◎]\s*[가-힣·\s]{2,10}\s*[:：]")
"""■ 대담 : 홍길동 기자: who speaks in a transcript."""
_CAPTION_END = re.compile(r"\d{4}\.\s?\d{1,2}\.\s?\d{1,2}\.?\s+[A-Za-z0-9._-]{1,64}@[A-Za-z0-9.-]{3,64}\s*\Z")
_SPOKEN = re.compile(r"(?<=[A-Za-z])\([가-힣]{1,3}\)")
"""스포츠Q(큐): how a letter of the house's name is spoken."""
_PARTED = Rare(r"(?P<house>[가-힣A-Za-z0-9]{2,15})\s?[/｜|ㅣ│]\s?(?P<people>.{5,60})")
_UNOPENED = Rare(r"[^\[\](){}=.,]{2,20}=[^\[\](){}=.]{2,40}\]")
"""OSEN=부산, 홍길동 기자]: the bracket before it was lost."""
_AGENCY_WORD = Rare(r"[가-힣A-Za-z0-9]{2,15}")
_TAGS = frozenset(
    [
        "단독",
        "속보",
        "종합",
        "인터뷰",
        "르포",
        "기획",
        "특집",
        "사설",
        "칼럼",
        "앵커",
        "기자",
        "리포트",
        "긴급",
    ]
)


def parse_lead(first_paragraph: str, publisher: str | None) -> Lead:
    """Read the lead-in that opens a paragraph (docs/sites/credits.md 2); NO_LEAD when none does.

    ``[편집자주]``, ``[앵커]``, ``[단독]`` open nothing. A photo's caption that strayed into the body keeps
    its dateline and names no author.
    """
    text = first_paragraph.lstrip()
    if _TRANSCRIPT.match(text):
        return NO_LEAD
    head = text[:LONGEST_LINE]
    read = _read_bracketed if head[:1] in _PAIRS else _read_open  # [기자] 정부가 ...: no 기자 of that name
    wired = read_wire(head)
    lead = Lead(dateline=wired[0], people=wired[1], raw=wired[2]) if wired else read(head, publisher)
    if lead is None and _UNOPENED.match(head):
        opened = _read_bracketed(f"[{head}", publisher)
        lead = opened and replace(opened, raw=opened.raw.removeprefix("["))
    if lead is None:
        return NO_LEAD
    if _CAPTION_END.search(text[-LONGEST_LINE:]):
        return replace(lead, people=())
    return lead


def find_lead(paragraphs: Sequence[str], publisher: str | None) -> Lead:
    """Return the lead-in of the first three paragraphs: one that names people before one that does not."""
    leads = [parse_lead(paragraph, publisher) for paragraph in paragraphs[:3]]
    with_people = next((lead for lead in leads if lead.people), None)
    return with_people or next((lead for lead in leads if lead.dateline), NO_LEAD)


def _read_bracketed(head: str, publisher: str | None) -> Lead | None:
    """``[...]`` and, behind it, ``people =``. Tags before it (``[단독]``) are passed over."""
    offset = 0
    for _ in range(3):
        closer = _PAIRS.get(head[offset : offset + 1])
        end = _closing(head, offset, closer) if closer else -1
        if end < 0:
            return _read_open(head[offset:], publisher) if offset else None
        while head[end + 1 : end + 2] == closer:
            end += 1
        inside = _SPOKEN.sub("", head[offset + 1 : end]).strip("[]() \t")
        lead = _read_bracket(head, offset, end + 1, inside, publisher)
        if lead is not None:
            return lead if lead.people else _with_second(lead, head, end + 1, publisher)
        offset = end + 1
        while head[offset : offset + 1].isspace():
            offset += 1
    return None


def _closing(head: str, start: int, closer: str) -> int:
    """Where the bracket at ``start`` closes, past brackets of its own kind within it; -1 for nowhere near."""
    depth = 0
    for at in range(start, min(len(head), start + LONGEST_LEAD)):
        depth += (head[at] == head[start]) - (head[at] == closer)
        if depth == 0:
            return at
    return head.find(closer, start + 1, start + LONGEST_LEAD)


def _with_second(lead: Lead, head: str, end: int, publisher: str | None) -> Lead:
    """[파이낸셜뉴스] 【도쿄=김경민 특파원】: the people stand in a bracket of their own."""
    rest = head[end:].lstrip()
    second = _read_bracketed(rest, publisher) if rest[:1] in _PAIRS else None
    if second is None or not second.people or not rest.startswith(second.raw):
        return lead
    agency = lead.dateline.agency if lead.dateline else None
    place = lead.dateline.place if lead.dateline else None
    if second.dateline is not None:
        place, agency = second.dateline.place or place, second.dateline.agency or agency
    raw = head[head.index(lead.raw) : len(head) - len(rest) + len(second.raw)]
    return Lead(dateline=Dateline(place=place, agency=agency, raw=raw), people=second.people, raw=raw)


def _read_bracket(head: str, start: int, end: int, inside: str, publisher: str | None) -> Lead | None:
    behind = people_before_equals(head[end:], publisher, bracketed=True)
    behind = behind or people_after_equals(head[end:], publisher)
    parsed = _parsed(inside, publisher)
    names_agency = _names_agency(inside)
    if behind is None and (names_agency or _opens_wire(inside, parsed)):
        behind = people_behind(head[end:], publisher)
    place: str | None
    agency: str | None
    is_wired = behind is not None or names_agency
    unlisted = _agency_by_place(inside) if is_wired and not parsed.houses else None
    if unlisted is not None:
        place, agency = unlisted
    elif _opens(inside, parsed):
        place, agency = next(iter(parsed.places), None), _agency(inside, parsed.houses)
    elif head[start] in "【[［" and _is_town(inside):
        place, agency = inside, None  # 【철원】, [인천]: how regional papers open
    else:
        return None
    bracket = head[start:end]
    dateline = Dateline(place=place, agency=agency, raw=bracket) if place or agency else None
    if behind is None:
        return Lead(dateline=dateline, people=parsed.people, raw=bracket)
    length, followers = behind
    people = tuple(_at_home(person, place, agency) for person in followers)
    return Lead(dateline=dateline, people=people, raw=head[start : end + length].strip())


def _parsed(inside: str, publisher: str | None) -> Parsed:
    """A bracket's people; an unknown word before a slash or a bar is their house (한빛비즈/홍길동 기자)."""
    parsed = parse_people(inside, publisher, bold=True)
    parted = _PARTED.fullmatch(inside) if parsed.unknown == 1 else None
    if parted is None or lexicon.is_common_word(parted["house"]) or parted["house"] in _TAGS:
        return parsed
    behind = parse_people(parted["people"], publisher, bold=True)
    if behind.unknown or not _all_reporters(behind.people):
        return parsed
    people = tuple(replace(p, organisation=p.organisation or parted["house"]) for p in behind.people)
    return replace(behind, people=people, houses=(parted["house"], *behind.houses))


def _is_town(text: str) -> bool:
    """A place that a paper reports from; a house within one, and a word that is a field too, open nothing."""
    return lexicon.is_place(text) and not lexicon.is_venue(text) and text not in lexicon.FIELDS


def _opens(inside: str, parsed: Parsed) -> bool:
    """Whether a bracket's content is a lead-in and not a tag, an interviewee or an aside."""
    if parsed.unknown or not inside or inside in _TAGS:
        return False
    named = [person for person in parsed.people if person.name]
    if not named:
        return bool(parsed.houses) and not parsed.has_role and not parsed.labelled  # [사진=연합뉴스]
    if parsed.houses or "=" in inside or (parsed.labelled and ":" in inside):
        return True
    if parsed.credited == 0:
        return NEWSROOM_TEAM.search(inside) is not None
    return _all_reporters(named)


def _agency(inside: str, houses: Sequence[str]) -> str | None:
    """The agencies as printed: AP/뉴시스, AP=연합뉴스, 타스·AP/뉴시스."""
    if not houses:
        return None
    start, end = inside.find(houses[0]), inside.rfind(houses[-1]) + len(houses[-1])
    printed = inside[start:end]
    rest = printed
    for house in houses:
        rest = rest.replace(house, "", 1)
    return printed if start >= 0 and not rest.strip("/=·,") else "/".join(houses)


def _all_reporters(people: Sequence[Person]) -> bool:
    """Reporters alone, and beside one who took the pictures."""
    named = [person for person in people if person.name and person.role != PICTURES]
    return bool(named) and all(
        person.role is not None and lexicon.is_reporter_role(person.role) for person in named
    )


def _names_agency(inside: str) -> bool:
    """런던=한빛데일리: behind a place, what is spelled as a house is one."""
    place, equals, agency = (part.strip() for part in inside.partition("="))
    is_house = lexicon.looks_like_house(agency) or re.fullmatch(r"[A-Z][A-Z0-9]{1,9}", agency) is not None
    return bool(equals) and lexicon.is_place(place) and is_house


def _opens_wire(inside: str, parsed: Parsed) -> bool:
    """A place and a known agency, as wire services open."""
    return "=" in inside and bool(parsed.houses and parsed.places) and not parsed.people


def _agency_by_place(inside: str) -> tuple[str | None, str | None] | None:
    """(서울=뉴스더원) with people behind it: a house that no list has."""
    place, equals, agency = inside.partition("=")
    if not equals:
        place, agency = "", inside
    place, agency = place.strip(), agency.strip()
    if not equals and lexicon.is_place(agency):
        return agency, None
    if not equals and (found := lexicon.house_and_place(agency)) is not None:
        return found[1], found[0]
    if not _AGENCY_WORD.fullmatch(agency) or agency in _TAGS or lexicon.is_role(agency):
        return None
    if equals and not lexicon.is_place(place):
        return None
    return place or None, agency


def _at_home(person: Person, place: str | None, agency: str | None) -> Person:
    house = agency.rpartition("/")[2] if agency else None  # AP/뉴시스: the translator works for the latter
    return replace(person, place=person.place or place, organisation=person.organisation or house)


def _read_open(head: str, publisher: str | None) -> Lead | None:
    """Without brackets: ``홍길동 기자 =`` before the text, or a short paragraph (``글·사진=홍길동 기자``)."""
    text = head.strip()
    if len(text) <= LONGEST_LEAD and _ENGLISH.match(text):
        parsed = parse_people(text, publisher, bold=True)
        return Lead(dateline=None, people=parsed.people, raw=text) if not parsed.unknown else None
    if len(text) <= LONGEST_LEAD and not text.endswith("다."):
        people = parse_signature(text, publisher)
        if people and _all_reporters(people):
            place = people[0].place
            dateline = Dateline(place=place, agency=None, raw=text) if place else None
            return Lead(dateline=dateline, people=people, raw=text)
    behind = people_before_equals(head, publisher) or people_at_equals(head, publisher)
    if behind is None:
        return None
    length, people = behind
    if not _all_reporters(people):
        return None
    raw = head[:length].strip()
    places = {person.place for person in people if person.place}
    houses = {person.organisation for person in people if person.organisation}
    place = next(iter(places)) if len(places) == 1 else None
    agency = next(iter(houses)) if len(houses) == 1 else None
    dateline = Dateline(place=place, agency=agency, raw=raw) if place or agency else None
    return Lead(dateline=dateline, people=people, raw=raw)
