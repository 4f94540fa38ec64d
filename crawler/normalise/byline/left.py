"""What stands before "=": a place, a house and a place, a desk or a label (수원=, 글·사진=)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from . import lexicon, parts
from .lexer import Kind
from .terms import Line, Read, Tag, Term

LONGEST_TERM = 3
"""Words of the longest house name in the list (The Korea Herald)."""
_LONGEST_LEFT = 9
"""Tokens before "=": 남양주 · 양평, 스포츠한국 잠실, 대만 가오슝시 and room for one place more."""
_CLOSED = frozenset([Tag.ROLE, Tag.EMAIL, Tag.CUT, Tag.MARK, Tag.OPEN, Tag.CLOSE, Tag.EQUALS, Tag.NOISE])


def read_left(line: Line, at: int, before: Sequence[Term]) -> Read | None:
    """The words before an equals sign, and the sign; None without one, or where a person stands before."""
    if not line.has_equals or (before and before[-1].tag not in _CLOSED and not before[-1].opens):
        return None
    end = _sign(line, at)
    if end is None:
        return None
    words = [token.text for token in line.tokens[at:end] if token.kind is Kind.WORD]
    if any(map(lexicon.is_role, words)) or any(map(lexicon.split_glued, words)):
        return None
    if (
        line.kind(at + 1) in (Kind.JOINER, Kind.SLASH)
        and lexicon.is_name(words[0])
        and not _is_left(words[0])
    ):
        return None  # 홍길동·워싱턴=이순신 특파원
    behind = line.at(end + 1)
    if behind is None or (behind.kind is Kind.EMAIL and len(words) == 1):
        return None
    text = line.span(at, end - 1).lstrip("#").strip()
    start, stop = line.tokens[at].start, line.tokens[end - 1].end
    terms = tuple(
        Term(tag, said, start, stop, index == 0)
        for index, (tag, said) in enumerate(_sides(line, text, words))
    )
    return end + 1 - at, terms


def _is_left(word: str) -> bool:
    return lexicon.is_place(word) or word in parts.LABELS


def _sign(line: Line, at: int) -> int | None:
    """Where the equals sign stands, near enough and with nothing but words and joiners before it."""
    for end in range(at, min(at + _LONGEST_LEFT + 1, len(line.tokens))):
        kind = line.kind(end)
        if kind is Kind.EQUALS:
            return end if end > at else None
        if kind not in (Kind.WORD, Kind.JOINER, Kind.SLASH) and not _is_aside(line, at, end):
            return None
    return None


def _is_aside(line: Line, start: int, at: int) -> bool:
    """도하(카타르)=, 투손(미국 애리조나주)=: a bracket behind a place, or with a place in it."""
    if at == start or line.kind(at) not in (Kind.OPEN, Kind.CLOSE):
        return False
    near = (line.word(start), line.word(at), line.word(at + 1), line.word(start + 2))
    return any(word in lexicon.PLACES or word in lexicon.COUNTRIES for word in near)


def _sides(line: Line, text: str, words: list[str]) -> list[tuple[Tag, str]]:
    labels = [word.lstrip("#") for word in words if word != "#"]
    if all(map(_is_label, labels)) or text in parts.LABELS or "".join(labels) in parts.LABELS:
        return [(Tag.LABEL, "".join(labels) if "".join(labels) in parts.LABELS else text)]
    if any(word in parts.LABELS for word in labels) and all(map(_may_be_label, labels)):
        return [(Tag.LABEL, text)]  # 자료·정리=
    if lexicon.is_house(text, line.publisher):
        return [(Tag.HOUSE, text)]
    if lexicon.is_desk(text):
        return [(Tag.DESK, text)]
    if (shot := _LABELLED.fullmatch(text)) is not None and lexicon.is_place(shot["place"]):
        return [(Tag.LABEL, shot["label"]), (Tag.PLACE, shot["place"])]
    return _mixed(line, text, words)


def _is_label(word: str) -> bool:
    return word in parts.LABELS


def _may_be_label(word: str) -> bool:
    return word in parts.LABELS or lexicon.is_common_word(word)


def _mixed(line: Line, text: str, words: list[str]) -> list[tuple[Tag, str]]:
    house, rest = _house_first(line, text, words)
    is_joined = house is not None and text[len(house) :].lstrip()[:1] in ("·", "/")
    if house and (is_joined or lexicon.holds_house(rest)) and not lexicon.is_place(rest):
        return [(Tag.HOUSE, text)]  # 의학신문·일간보사=, 한빛TV 라이브뉴스=
    head = [(Tag.HOUSE, house)] if house else []
    if lexicon.is_desk(rest):
        return [*head, (Tag.DESK, rest)]
    agencies = _agencies_behind(line, rest)
    if agencies is not None:
        return [(Tag.PLACE, agencies[0]), (Tag.HOUSE, agencies[1])]
    if len(words) == 1 and lexicon.holds_house(rest) and not lexicon.is_place(rest):
        return [(Tag.HOUSE, rest)]
    if len(words) == 1 and rest.isascii() and not lexicon.is_place(rest):
        return [*head, (Tag.HOUSE, rest)]
    if len(words) == 1 and (lexicon.is_common_word(rest) or parts.label_within(rest)):
        return [(Tag.LABEL, rest)]  # 현장=, 대표집필=, 동행취재=: what was done, not where
    if len(words) == 1 and house is None and not lexicon.is_place(rest) and _place_behind(line, text):
        return [(Tag.HOUSE, rest)]  # 더한빛=부산, 홍길동 기자
    if len(words) == 2 and lexicon.is_place(words[1]) and _may_be_house(words[0]) and not _is_town(text):
        return [*head, (Tag.HOUSE, words[0]), (Tag.PLACE, words[1])]  # 한빛비즈 부산=
    if len(words) <= 4 and len(rest) <= 24:
        return [*head, (Tag.PLACE, rest)]
    return [*head, *((Tag.WORD, word) for word in words)]


def _is_town(text: str) -> bool:
    """랄릿푸르[네팔]: a town that no list has, with its country."""
    country = re.fullmatch(r"[가-힣]{2,12}[\[(<]([가-힣A-Z]{2,8})(?:\s[가-힣]{2,8})?[\])>]", text)
    return country is not None and country[1] in lexicon.COUNTRIES


_LABELLED = re.compile(r"(?P<label>글\s?·\s?사진|사진\s?·\s?글)\s(?P<place>.{2,16})")
"""글·사진 제주=홍길동 기자"""


def _may_be_house(word: str) -> bool:
    """A word of no place's: 대만 가오슝=, 해운대구 우동= are places as they stand."""
    is_district = word.endswith(("시", "도", "군", "구", "주", "국")) or lexicon.is_place(word)
    return len(word) > 2 and not is_district and not lexicon.is_common_word(word)


def _place_behind(line: Line, text: str) -> bool:
    """A place and a comma right behind the equals sign."""
    at = next((i for i, token in enumerate(line.tokens) if token.kind is Kind.EQUALS), 0) + 1
    word = line.word(at)
    is_first = line.text.lstrip("([【<〈 ").startswith(text)
    return is_first and word is not None and lexicon.is_place(word) and line.kind(at + 1) is Kind.COMMA


def _house_first(line: Line, text: str, words: list[str]) -> tuple[str | None, str]:
    """스포츠한국 잠실=, 헤럴드경제(부산)=."""
    for count in range(min(LONGEST_TERM, len(words) - 1), 0, -1):
        head = " ".join(words[:count])
        rest = text[len(head) :].strip(" ·/")
        if rest.startswith("(") and rest.endswith(")"):
            rest = rest[1:-1].strip()
        if lexicon.is_house(head, line.publisher) and text.startswith(head) and rest:
            return (None, text) if lexicon.is_place(text) else (head, rest)
    return lexicon.house_and_place(text) or (None, text)


def _agencies_behind(line: Line, text: str) -> tuple[str, str] | None:
    """뉴욕 로이터=연합뉴스, 카이로 AP·AFP=: the wires stand behind the place."""
    place, blank, agencies = text.partition(" ")
    parts = agencies.replace("·", "/").replace(" ", "/").split("/")
    if not blank or not all(lexicon.is_house(part, line.publisher) for part in parts):
        return None
    return place, agencies
