"""The pinned floors: no measure may fall below what was reached, no saved page may change unnoticed."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from crawler.quality.beside import OWN_GROUP as OWN_BESIDE
from crawler.quality.beside import SHARED_GROUP as SHARED_BESIDE
from crawler.quality.corpus import own_group, shared_group
from crawler.quality.score import Scores
from crawler.quality.strings import OWN_GROUP as OWN_STRINGS
from crawler.quality.strings import SHARED_GROUP as SHARED_STRINGS

_KNOWN: Scores = {
    "title": 0.99,
    "publisher": 0.99,
    "published": 0.99,
    "notice": 0.99,
    "names precision": 0.99,
    "names recall": 0.97,
    "body F1": 0.985,
    "leaks": 0,
}
_OTHERS: Scores = _KNOWN | {"body F1": 0.93}
_STRINGS: Scores = dict.fromkeys(("header", "signature", "lead", "notice", "tail", "caption", "time"), 0.95)
"""Share of the strings of each kind that are read exactly."""
_BESIDE: Scores = {"ahead of trafilatura": 0.0, "furthest behind": -0.2}
"""The generic path is never worse than the library that it stands on, and on no page by much."""


def promised(group: str) -> Scores:
    """What the project promises its users (docs/quality.md): a floor below it does not count.

    No leaks are promised on known templates; on other people's pages of other sites their number is
    pinned as it is.
    """
    if group in (OWN_BESIDE, SHARED_BESIDE):
        return _BESIDE
    if group == OWN_STRINGS:
        return _STRINGS
    if group == SHARED_STRINGS:
        return _STRINGS | {"header": 0.94}  # one of its 19 headers has another rule for photographers
    if group == own_group(None):
        return _OTHERS
    if group == shared_group(None):
        return {measure: least for measure, least in _OTHERS.items() if measure != "leaks"}
    return _KNOWN


_STEP = 1000
"""Floors are rounded down to a thousandth: finer differences are one word in one page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pinned:
    """A corpus's file: group -> measure -> floor (for ``leaks`` the most that may be), and its digest."""

    floors: Mapping[str, Scores] = field(default_factory=dict)
    digest: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Today's scores and digest of a corpus."""

    scores: Mapping[str, Scores]
    digest: str


def read_pinned(path: Path) -> Pinned:
    """What is pinned; nothing where the file is not there yet."""
    if not path.is_file():
        return Pinned()
    record = json.loads(path.read_text(encoding="utf-8"))
    return Pinned(floors=record["floors"], digest=record["pages"])


def write_pinned(pinned: Pinned, path: Path) -> None:
    record = {"pages": pinned.digest, "floors": pinned.floors}
    path.write_text(json.dumps(record, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def problems(measured: Measured, pinned: Pinned) -> list[str]:
    """One sentence for each score below its floor, each group without floors, each changed corpus."""
    found = below(measured, pinned)
    found += [
        f"{group}: no floors are pinned (--update)" for group in measured.scores if group not in pinned.floors
    ]
    if measured.digest != pinned.digest and pinned.digest is not None:
        groups = ", ".join(measured.scores)
        found.append(f"{groups}: the pages are not those that the floors were measured on (--update)")
    return found


def below(measured: Measured, pinned: Pinned) -> list[str]:
    """One sentence for each score below its floor or what is promised, whichever is higher."""
    found = []
    for group, scores in measured.scores.items():
        for measure, score in scores.items():
            floor = _required(group, measure, pinned)
            if floor is not None and _worse(measure, score, floor):
                found.append(
                    f"{group}: {measure} is {_shown(measure, score)}, its floor {_shown(measure, floor)}"
                )
    return found


def _required(group: str, measure: str, pinned: Pinned) -> float | None:
    both = (pinned.floors.get(group, {}), promised(group))
    known = [floors[measure] for floors in both if measure in floors]
    if not known:
        return None
    return min(known) if measure == "leaks" else max(known)


def raised(measured: Measured, pinned: Pinned, *, lower: bool = False) -> Pinned:
    """Floors at today's scores, rounded down, with today's digest.

    Raises:
        ValueError: a floor would fall and ``lower`` is not given.
    """
    fallen = below(measured, Pinned(floors=pinned.floors))
    if fallen and not lower:
        raise ValueError(
            "nothing is pinned, for a floor would fall (--lower allows it): " + "; ".join(fallen)
        )
    new = {group: {m: _floor(m, s) for m, s in scores.items()} for group, scores in measured.scores.items()}
    return Pinned(floors=new, digest=measured.digest)


def _worse(measure: str, score: float, floor: float) -> bool:
    return score > floor if measure == "leaks" else score < floor


def _floor(measure: str, score: float) -> float:
    return score if measure == "leaks" else math.floor(score * _STEP + 1e-9) / _STEP


def _shown(measure: str, value: float) -> str:
    return f"{value:.0f}" if measure == "leaks" else f"{value:.4f}"
