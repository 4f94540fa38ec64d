"""How wires open a body in other languages.

``SEOUL, Nov. 20 (Yonhap) --``; ``新华社北京6月3日电（记者王晓林）``.
"""

from __future__ import annotations

import re

from storage.records import Dateline, Person

from .grammar import parse_people

Wired = tuple[Dateline, tuple[Person, ...], str]
"""Place and agency, people, and the span as printed."""

_WIRE = re.compile(
    r"(?P<place>[A-Z][A-Z.'\-]{1,20}(?: [A-Z][A-Z.'\-]{1,20}){0,2}(?:/[A-Z]{2,20})?)"
    r"(?:, (?P<region>[A-Z][A-Za-z. ]{1,20}))??(?:, [A-Z][a-z]{2,8}\.? \d{1,2}(?:, \d{4})?)?"
    r" \((?P<agency>[A-Z][A-Za-z0-9 ]{1,20})\) (?:--|—|–|-)"
)
_CHINESE = re.compile(
    r"(?P<agency>[\u4e00-\u9fff]{2,4}(?:社|网|報|报))(?P<place>[\u4e00-\u9fff]{2,6})\d{1,2}月\d{1,2}日[电電讯訊]"
    r"\s?(?:[（(](?:本[报社報])?(?P<people>[记記]者[\u4e00-\u9fff、\s·]{2,30})[）)])?"
)
"""新华社北京6月3日电（记者王晓林）."""
_BY = re.compile(r"(?:By|BY) (?:[A-Z][a-z]+(?:-[A-Za-z]?[a-z]+)?(?: and)? ){2,6}(?=[A-Z]{2})")


def read_wire(head: str) -> Wired | None:
    """What opens an English or Chinese wire's body; None for any other opening."""
    if (chinese := _CHINESE.match(head)) is not None:
        return _read_chinese(chinese)
    by = _BY.match(head)
    match = _WIRE.match(head, by.end() if by else 0)
    if match is None:
        return None
    dateline = Dateline(place=match["place"], agency=match["agency"], raw=match.group())
    people = parse_people(by.group().strip(), None, bold=True).people if by else ()
    return dateline, people, head[: match.end()]


def _read_chinese(match: re.Match[str]) -> Wired:
    role, names = (match["people"] or "")[:2], (match["people"] or "")[2:]
    people = tuple(
        Person(name=name, role=role, email=None, organisation=match["agency"], place=None, raw=role + name)
        for name in re.split(r"[、\s·]+", names.strip())
        if name
    )
    dateline = Dateline(place=match["place"], agency=match["agency"], raw=match.group().strip())
    return dateline, people, match.group().strip()
