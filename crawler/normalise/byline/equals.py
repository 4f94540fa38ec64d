"""The people whom an equals sign, or what stands for it, parts from the text of an opening."""

from __future__ import annotations

import re
from itertools import islice

from storage.records import Person

from . import lexicon
from .grammar import parse_people
from .names import reads_well
from .people import Parsed

LONGEST_LEAD = 90
"""Characters before the "=" that ends a lead-in; the longest seen has 60."""
_LEAD_END = re.compile(r"[=＝|│ㅣ]|(?<=\s)/(?=\s)")
Behind = tuple[int, tuple[Person, ...]]
"""The length of the span behind a bracket, and the people in it."""


def people_before_equals(rest: str, publisher: str | None, *, bracketed: bool = False) -> Behind | None:
    """`` 백영미 기자 =``: the length of the span and the people, or None. The last of two marks wins.

    투데이코리아 closes with a bar what others close with "=". Behind a bracket names beyond doubt need no
    role.
    """
    found = None
    for mark in islice(_LEAD_END.finditer(rest, 0, LONGEST_LEAD), 2):
        position = mark.start()
        span = rest[:position]
        if not span.strip():
            continue
        parsed = parse_people(span, publisher, bold=True)
        if parsed.unknown == 0 and (_sign_lead(parsed) or (bracketed and _sign_bare(parsed))):
            found = position + 1, parsed.people
    return found


def _sign_lead(parsed: Parsed) -> bool:
    return bool(parsed.credited and parsed.has_role)


def _sign_bare(parsed: Parsed) -> bool:
    """``[서울=뉴시스] 홍길동 이순신 =``."""
    return bool(parsed.credited) and all(reads_well(person.name) for person in parsed.people)


_PEOPLE = r"(?P<people>[^=.]{2,40}?(?:기자|특파원|통신원))(?=\s+\S)"
_BEHIND_EQUALS = re.compile(rf"\s?[=＝]\s?{_PEOPLE}")


def people_after_equals(rest: str, publisher: str | None) -> Behind | None:
    """``(부산=한빛뉴스)=홍길동 기자 부산시는``: the mark stands before the people."""
    match = _BEHIND_EQUALS.match(rest)
    if match is None:
        return None
    parsed = parse_people(match["people"], publisher, bold=True)
    return (match.end(), parsed.people) if parsed.unknown == 0 and _sign_lead(parsed) else None


_FORMER = r"출신|[등외측](?:[은이의과도]|에서)?\s|(?:모|A)\s?씨"
"""What makes the reporter before it somebody whom the text tells of."""
_BARE_PEOPLE = re.compile(
    rf"\s?(?P<people>[^=.\d]{{2,30}}?(?:기자|특파원|통신원))(?:\s*\Z|\s*[-–:]\s|\s+(?!{_FORMER})(?=\S))"
)


def people_behind(rest: str, publisher: str | None) -> Behind | None:
    """``(고양=한빛뉴스) 홍길동 기자 고양시는``: nothing but a role parts the people from the text."""
    match = _BARE_PEOPLE.match(rest)
    if match is None:
        return None
    parsed = parse_people(match["people"], publisher, bold=True)
    is_read = parsed.unknown == 0 and _sign_lead(parsed) and _sign_bare(parsed)
    return (match.end(), parsed.people) if is_read else None


_AT_EQUALS = re.compile(rf"(?P<left>[^\s=,.]{{2,12}}(?:\s[^\s=,.]{{2,12}})?)\s?=\s?{_PEOPLE}")


def people_at_equals(head: str, publisher: str | None) -> Behind | None:
    """``시사위크=홍길동 기자 정부가 ...``: house or place, and the people right before the text."""
    match = _AT_EQUALS.match(head)
    if match is None or not (
        lexicon.is_place(match["left"])
        or lexicon.is_house(match["left"], publisher)
        or lexicon.looks_like_house(match["left"])
    ):
        return None
    parsed = parse_people(match.group(), publisher, bold=True)
    return (match.end(), parsed.people) if parsed.unknown == 0 and parsed.has_role else None
