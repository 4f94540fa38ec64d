"""What a list names, in pieces of which each is one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from storage.frontier.addresses import MAX_URL_BYTES, fits
from storage.records.discovery import Discovery

PIECE = 50
"""Addresses of one transaction: it held the writer for 6 ms of CPU, 19 at most, over a list of 100,000
(2026-11-26; with 100 addresses 10, 115 at most), and nobody may hold it for more than 100."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """What became of a list's addresses."""

    new: int = 0
    """Addresses that the run had not seen before."""
    known: int = 0
    """Of these, those that are not asked: known and not due, or asked in vain and left alone."""
    left_out: tuple[str, ...] = ()
    """A sentence for each link that cannot be an address of the archive."""

    def __add__(self, other: Entered) -> Entered:
        return Entered(
            new=self.new + other.new,
            known=self.known + other.known,
            left_out=self.left_out + other.left_out,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """Who lists, where, and when."""

    run_id: int
    source: str
    seed: str
    at: datetime
    ask: bool = False
    """Whoever lists wants each address asked, known or not: they were named."""


Found = tuple[Discovery, str | None]
"""What a list says of an address, and the site's own id of it."""


def storable(found: Sequence[Found]) -> tuple[list[Found], Entered]:
    """What can be kept, the first of each address; and what cannot, told."""
    kept: dict[str, Found] = {}
    left_out = []
    for one in found:
        url = one[0].url
        if fits(url):
            kept.setdefault(url, one)
        else:
            left_out.append(
                f"an address of {len(url.encode('utf-8', 'replace')):,} bytes is left out, "
                f"{MAX_URL_BYTES:,} are the most: {url[:80]}..."
            )
    return list(kept.values()), Entered(left_out=tuple(left_out))


def pieces(found: Sequence[Found]) -> list[Sequence[Found]]:
    """The list in pieces of which each is one transaction; an empty list is one empty piece."""
    return [found[start : start + PIECE] for start in range(0, len(found), PIECE)] or [[]]
