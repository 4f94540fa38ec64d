"""Where the difference between a revision and the one before it comes from: the site, or the reader."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import pairwise

from storage.models import RevisionRow
from storage.records import Cause


def cause_of(before: RevisionRow | None, reader: int | None) -> str | None:
    """The cause of a revision, by its reader and the one before it; None where neither is known.

    Two contents that one reader read differ because the site changed them.
    """
    if before is not None and before.reader != reader:
        return Cause.READER_OR_SITE.value
    return None if reader is None else Cause.SITE.value


def explain_new(after: Sequence[RevisionRow], before: Sequence[RevisionRow]) -> None:
    """Name the cause of every revision that is new, or has another one before it than it had.

    Args:
        before: the revisions as they were, in order.
    """
    was = dict(zip(before, (None, *before), strict=False))
    for left, row in zip((None, *after), after, strict=False):
        if row not in was or was[row] is not left:
            row.cause = cause_of(left, row.reader)


def explain_neighbours(
    rows: Sequence[RevisionRow], *, read: Collection[int], changed: Collection[int]
) -> None:
    """Name the causes anew where a revision was read again.

    A difference that one reader saw stays an edit of the site as long as neither side says anything else now.
    """
    for left, row in pairwise(rows):
        touched = {left.id, row.id}
        alike = left.reader == row.reader
        if (alike and touched & set(read)) or touched & set(changed):
            row.cause = cause_of(left, row.reader)
