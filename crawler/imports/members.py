"""A gzip stream of records, one member after the other, found again behind damage, in constant memory.

A library that reads on through a file takes a torn or damaged member for its end, or for a record with half
its fields: here each member is unpacked whole and checked (CRC) before anything is read in it.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from crawler.coding import GZIP
from crawler.imports.candidate import MAX_BODY

MOST = MAX_BODY + 1024 * 1024
"""Bytes that a member may unpack to: a page of the largest size, and its headers."""
_BLOCK = 256 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One member: its bytes, or why it has none; of one that is too large, its beginning and why."""

    offset: int
    data: bytes = b""
    problem: str | None = None


class Members:
    """The members of one stream."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._held = b""
        """What was read of the stream and is not done with."""
        self._at = 0
        """Where ``_held`` begins."""
        self._ended = False

    def __iter__(self) -> Iterator[Member]:
        damaged_at: int | None = None
        while self._more(len(GZIP)):
            start = self._at
            found = self._member() if self._held.startswith(GZIP) else None
            if found is not None:
                if damaged_at is not None:
                    yield _damage(damaged_at, start)
                    damaged_at = None
                yield found
                continue
            damaged_at = start if damaged_at is None else damaged_at
            self._skip()
        if self._held:
            damaged_at = self._at if damaged_at is None else damaged_at
            self._drop(len(self._held))
        if damaged_at is not None:
            yield _damage(damaged_at, self._at)

    def _more(self, wanted: int) -> bool:
        """Have so many bytes in hand, where the stream has them."""
        while len(self._held) < wanted and not self._ended:
            block = self._stream.read(_BLOCK)
            self._ended = not block
            self._held += block
        return len(self._held) >= wanted

    def _drop(self, count: int) -> None:
        self._held = self._held[count:]
        self._at += count

    def _skip(self) -> None:
        """Go to what may be the next member."""
        while True:
            found = self._held.find(GZIP, 1)
            if found > 0:
                self._drop(found)
                return
            self._drop(max(1, len(self._held) - len(GZIP) + 1))
            if not self._more(len(self._held) + 1):
                return

    def _member(self) -> Member | None:
        """The member that begins here; None: what is here is damaged, or breaks off."""
        gzip, size, used = zlib.decompressobj(wbits=31), 0, 0
        parts: list[bytes] = []
        while not gzip.eof:
            if used == len(self._held) and not self._more(used + 1):
                return None
            piece = self._held[used : used + _BLOCK]
            try:
                for out in _unpacked(gzip, piece):
                    size += len(out)
                    if size <= MOST or not parts:
                        parts.append(out)
            except zlib.error:
                return None
            used += len(piece)
        start = self._at
        self._drop(used - len(gzip.unused_data))
        if size > MOST:
            problem = f"a record of more than {MOST // 1024**2} MiB"
            return Member(offset=start, data=b"".join(parts)[:_BLOCK], problem=problem)
        return Member(offset=start, data=b"".join(parts))


def _unpacked(gzip: zlib._Decompress, piece: bytes) -> Iterator[bytes]:
    """What comes of a piece, in parts: a quarter of a megabyte may unpack to a quarter of a gigabyte."""
    rest, out = piece, b""
    while not gzip.eof and (rest or len(out) == _BLOCK):
        out = gzip.decompress(rest, _BLOCK)
        rest = gzip.unconsumed_tail
        yield out


def _damage(start: int, end: int) -> Member:
    return Member(
        offset=start, problem=f"{end - start:,} bytes from {start:,} are damaged, or a record breaks off"
    )
