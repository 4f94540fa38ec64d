"""Observations of a page to spans of equal content. Pure: no rows here.

A page is seen at some instants with some content. The observations may arrive in any order (a killed
run's captures are judged after newer ones): the spans come out the same. A span keeps its first and
last instant only, so one that encloses a late arrival of other content is cut to these two.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A stretch over which every observation had the same content."""

    digest: str
    first: datetime
    last: datetime
    row: int | None = None
    """The stored revision that holds the content; None for the one being observed."""


def observe(spans: Sequence[Span], digest: str, at: datetime) -> list[Span]:
    """The spans with one more observation; ``spans`` are in order and do not overlap.

    The instant at which a span begins, seen with other content, is that same observation read by a
    newer extractor: the whole span is what it began, and takes the new content.
    """
    seen = Span(digest=digest, first=at, last=at)
    pieces: list[Span] = [span for span in spans if span.last < at]
    around = next((span for span in spans if span.first <= at <= span.last), None)
    pieces += [seen] if around is None else _cut(around, seen)
    pieces += [span for span in spans if span.first > at]
    return _joined(pieces)


def _cut(around: Span, seen: Span) -> list[Span]:
    if around.digest == seen.digest:
        return [around]
    if around.first == seen.first:
        return [replace(seen, last=around.last)]
    after = [] if around.last == seen.last else [replace(around, first=around.last)]
    return [replace(around, last=around.first), seen, *after]


def _joined(pieces: Sequence[Span]) -> list[Span]:
    """Neighbours with equal content are one span."""
    joined: list[Span] = []
    for piece in pieces:
        if joined and joined[-1].digest == piece.digest:
            left = joined[-1]
            row = piece.row if left.row is None else left.row
            joined[-1] = replace(left, last=piece.last, row=row)
        else:
            joined.append(piece)
    return joined
