"""Strings as houses print them, scored by kind: does the reader read exactly what is printed?

A file of cases has the columns ``kind``, ``raw`` (``⏎`` for a line break) and ``expected`` (JSON). What
``expected`` holds by kind:

- ``header``, ``signature``: ``publisher``, ``people``: rows of name, role, e-mail, place; ``people`` null for
  a line that is no signature
- ``lead``: these, and ``place`` and ``agency`` of the dateline; a person's place only where it is another one
- ``tail``: ``publisher``, ``body``, ``people`` and the ``holder`` of the notice
- ``notice``: ``holder`` and ``flags``: r(eproduction), d(istribution), a(i training), c(ollection)
- ``caption``: ``caption`` and ``credit``
- ``time``: ``at``, ISO 8601, or null

``"*"`` stands for whatever is read.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from crawler.normalise.byline import merge, parse_header, parse_lead, parse_signature
from crawler.normalise.credit import split_caption
from crawler.normalise.rights import parse_notice
from crawler.normalise.tail import split_tail
from crawler.normalise.time import parse_instant
from crawler.quality.corpus import shared_pages
from crawler.quality.hashing import digest

OWN_STRINGS = Path("tests/quality/strings.tsv")
SHARED_STRINGS = Path("cases/strings.tsv")
"""Beside the folder of other people's pages (NEWSARCHIVE_PAGES), where it is."""

OWN_GROUP = "own, strings"
SHARED_GROUP = "shared, strings"
FLOORS = {
    OWN_GROUP: Path("tests/quality/strings.json"),
    SHARED_GROUP: Path("tests/quality/shared-strings.json"),
}
"""Where the floors of each group are pinned."""
ANY = "*"

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    kind: str
    raw: str
    expected: Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One case and what was made of it."""

    case: Case
    found: Json

    @property
    def right(self) -> bool:
        return _agrees({key: self.case.expected[key] for key in self.found}, self.found)


def read_cases(path: Path) -> tuple[Case, ...]:
    """The cases of a file.

    Raises:
        ValueError: a row has no known kind or lacks a field of its kind.
    """
    with path.open(encoding="utf-8", newline="") as rows:
        return tuple(_case(row) for row in csv.DictReader(rows, delimiter="\t", quoting=csv.QUOTE_NONE))


def _case(row: Mapping[str, str]) -> Case:
    if row["kind"] not in READERS:
        raise ValueError(f"no such kind of string: {row['kind']!r}")
    return Case(kind=row["kind"], raw=row["raw"].replace("⏎", "\n"), expected=json.loads(row["expected"]))


def read(case: Case) -> Reading:
    """Read the case's string today."""
    return Reading(case=case, found=READERS[case.kind](case.raw, case.expected.get("publisher")))


def scores(readings: Iterable[Reading]) -> dict[str, float]:
    """Kind -> share of its strings that are read exactly."""
    by_kind: dict[str, list[bool]] = {}
    for reading in readings:
        by_kind.setdefault(reading.case.kind, []).append(reading.right)
    return {kind: sum(right) / len(right) for kind, right in by_kind.items()}


def shared_strings(root: Path) -> Path | None:
    """The strings beside other people's pages, None where they are absent."""
    pages = shared_pages(root)
    path = pages.parent / SHARED_STRINGS if pages else None
    return path if path is not None and path.is_file() else None


def files(root: Path) -> dict[str, Path]:
    """Group -> its file, those that are there."""
    own, shared = root / OWN_STRINGS, shared_strings(root)
    found = {OWN_GROUP: own if own.is_file() else None, SHARED_GROUP: shared}
    return {group: path for group, path in found.items() if path is not None}


def file_digest(path: Path) -> str:
    return digest([(path.name, path.read_bytes())])


def _agrees(expected: Any, found: Any) -> bool:
    if expected == ANY:
        return True
    if isinstance(expected, dict):
        return expected.keys() == found.keys() and all(_agrees(expected[k], found[k]) for k in expected)
    if isinstance(expected, list) and isinstance(found, list):
        return len(expected) == len(found) and all(map(_agrees, expected, found))
    return bool(expected == found)


def _people(people: Sequence[Any] | None) -> list[list[str | None]] | None:
    return None if people is None else [[p.name, p.role, p.email, p.place] for p in people]


def _header(raw: str, publisher: str | None) -> Json:
    return {"people": _people(parse_header(raw, publisher=publisher))}


def _signature(raw: str, publisher: str | None) -> Json:
    return {"people": _people(parse_signature(raw, publisher))}


def _lead(raw: str, publisher: str | None) -> Json:
    lead = parse_lead(raw, publisher)
    place, agency = (lead.dateline.place, lead.dateline.agency) if lead.dateline else (None, None)
    people = [replace(p, place=None) if p.place == place else p for p in lead.people]
    return {"place": place, "agency": agency, "people": _people(people)}


def _notice(raw: str, _publisher: str | None) -> Json:
    rights = parse_notice(raw)
    flags = (
        ("r", rights.no_reproduction),
        ("d", rights.no_redistribution),
        ("a", rights.no_ai_training),
        ("c", rights.no_collection),
    )
    return {"holder": rights.holder, "flags": "".join(letter for letter, is_set in flags if is_set)}


def _tail(raw: str, publisher: str | None) -> Json:
    tail = split_tail(raw.split("\n"), publisher)
    signed = [p for line in tail.signatures for p in parse_signature(line, publisher) or ()]
    return {
        "body": "\n".join(tail.body),
        "people": _people(merge((), None, signed, publisher=publisher)),
        "holder": parse_notice(tail.notice).holder if tail.notice else None,
    }


def _caption(raw: str, _publisher: str | None) -> Json:
    caption, credit = split_caption(raw)
    return {"caption": caption, "credit": credit}


def _time(raw: str, _publisher: str | None) -> Json:
    instant = parse_instant(raw)
    return {"at": instant.at.isoformat() if instant else None}


READERS: Mapping[str, Callable[[str, str | None], Json]] = {
    "header": _header,
    "signature": _signature,
    "lead": _lead,
    "notice": _notice,
    "tail": _tail,
    "caption": _caption,
    "time": _time,
}
