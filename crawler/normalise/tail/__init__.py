"""The end of a body: signature, notice and promotion come off, every sentence of the article stays.

Lines are judged from the last one up, until a line of the article is met. ``lines`` says what one line is,
``steps`` what may go, ``cut`` keeps what went. Each rule has a name, kept with what it took.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from storage.records import Removal

from .asides import take_asides, take_credits
from .cut import Cut, numbered, removals
from .lines import parted
from .steps import (
    take_anywhere,
    take_glued,
    take_heading,
    take_house_word,
    take_last,
    take_pieces,
    take_related,
    take_under_notice,
    take_under_signature,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tail:
    """A body without its tail, and the tail's parts verbatim."""

    body: tuple[str, ...]
    signatures: tuple[str, ...]
    """In the order of the page."""
    notice: str | None
    removed: tuple[Removal, ...]


def split_tail(paragraphs: Sequence[str], publisher: str | None) -> Tail:
    """Take signature, notice, promotion, credit and end marks off the end of ``paragraphs``.

    ``paragraphs`` are the body's in reading order. Nothing is lost: what is not in ``body`` is in
    ``removed`` with the rule that took it, and joined in order both give the input's words.
    """
    lines = numbered(part for text in paragraphs if text.strip() for part in parted(text, publisher))
    cut = _shortened(take_anywhere(take_asides(lines)), publisher)
    cut = take_credits(take_pieces(cut, publisher))
    removed = removals(cut)
    return Tail(
        body=cut.texts,
        signatures=tuple(part.text.strip() for part in removed if part.rule == "tail.signature"),
        notice=next((taken.text.strip() for taken in cut.taken if taken.rule == "notice"), None),
        removed=removed,
    )


def _shortened(whole: Cut, publisher: str | None) -> Cut:
    """Without what ends it, line after line; what stands before the last of a long page is not looked at."""
    cut = replace(whole, lines=whole.lines[-_MOST_LINES:])
    while cut.lines and (shorter := _shorter(cut, publisher)) is not None:
        cut = shorter
    return replace(cut, lines=(*whole.lines[:-_MOST_LINES], *cut.lines))


_MOST_LINES = 500
"""Lines from the end, which are gone through once for each that is taken: 2,000 took 4 s. The longest body in
the saved pages has 98 lines (2026-11-28)."""


def _shorter(cut: Cut, publisher: str | None) -> Cut | None:
    steps = (
        take_last,
        take_glued,
        take_heading,
        take_house_word,
        take_related,
        take_under_signature,
        take_under_notice,
    )
    return next((found for step in steps if (found := step(cut, publisher)) is not None), None)
