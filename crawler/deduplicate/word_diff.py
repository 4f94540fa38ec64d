"""What changed between two texts, word by word. Korean words are what stands between blanks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

_PIECE = re.compile(r"\n+|[^\S\n]+|\d+(?:[.,]\d+)*|[^\W\d_]+|[\W_]")
"""Line ends, blanks, numbers, words, and every other sign alone: together they are the whole text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A stretch of the text: kept, or an old one that gave way to a new one."""

    old: str
    new: str

    @property
    def kept(self) -> bool:
        return self.old == self.new


def word_diff(old: str, new: str) -> list[Change]:
    """The new text in stretches, with what stood there before; nothing of either text is lost.

    >>> [(change.old, change.new) for change in word_diff("금리를 3.5%로 동결", "금리를 3.25%로 동결")]
    [('금리를 ', '금리를 '), ('3.5', '3.25'), ('%로 동결', '%로 동결')]
    """
    ours, theirs = _PIECE.findall(old), _PIECE.findall(new)
    # autojunk would take the blanks of a long text for noise and align nothing
    matcher = SequenceMatcher(None, ours, theirs, autojunk=False)
    found = [
        Change(old="".join(ours[a:b]), new="".join(theirs[c:d])) for _, a, b, c, d in matcher.get_opcodes()
    ]
    return list(_joined(found))


def equal_pairs(old: str, new: str) -> int:
    """Pairs of equal pieces, one of each text: what :func:`word_diff` looks at, at least once."""
    ours, theirs = Counter(_PIECE.findall(old)), Counter(_PIECE.findall(new))
    return sum(count * theirs[piece] for piece, count in ours.items())


def _joined(changes: list[Change]) -> Iterator[Change]:
    """A lone blank between two changes belongs to the change: words are read, not blanks."""
    pending: Change | None = None
    for index, change in enumerate(changes):
        between = pending is not None and not pending.kept and index + 1 < len(changes)
        if pending is not None and (
            (between and change.kept and change.new == " ") or _both_changed(pending, change)
        ):
            pending = Change(old=pending.old + change.old, new=pending.new + change.new)
            continue
        if pending is not None:
            yield pending
        pending = change
    if pending is not None:
        yield pending


def _both_changed(first: Change, second: Change) -> bool:
    return not first.kept and not second.kept


def as_marked(changes: list[Change]) -> str:
    """``[-old-]{+new+}`` marks, as ``git diff --word-diff`` prints them.

    >>> as_marked(word_diff("세 명이 다쳤다", "다섯 명이 다쳤다"))
    '[-세-]{+다섯+} 명이 다쳤다'
    """
    return "".join(change.new if change.kept else _marks(change) for change in changes)


def _marks(change: Change) -> str:
    old = f"[-{change.old}-]" if change.old else ""
    new = f"{{+{change.new}+}}" if change.new else ""
    return old + new
