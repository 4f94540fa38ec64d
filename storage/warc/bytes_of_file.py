"""A file's bytes as they are asked for, however large the file is.

Not mapped into memory: a disk that fails under a map, and whoever cuts the file short, end the process by
SIGBUS, in the midst of whatever it does and without a word (mmap(2)). A read that fails is an error.
"""

from __future__ import annotations

import os

from storage.named_faults import naming

_PIECE = 64 * 1024
"""Bytes that are searched at once: what a record's end is looked for in (storage.warc.members)."""


class BytesOfFile:
    """An open file, sliced and searched like ``bytes``; as long as it was when it was opened."""

    __slots__ = ("_fd", "_path", "_size")

    def __init__(self, fd: int, path: str) -> None:
        """``path``: how errors name it."""
        self._fd, self._path, self._size = fd, path, os.fstat(fd).st_size

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, span: slice) -> bytes:
        """The bytes of a span; fewer where the file was cut since. Raises OSError, with its path."""
        at, end, _ = span.indices(self._size)
        pieces = []
        while at < end and (piece := self._read(end - at, at)):
            pieces.append(piece)
            at += len(piece)
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def find(self, wanted: bytes, start: int = 0) -> int:
        """Where the first such bytes are from ``start`` on; -1: nowhere. Raises OSError, with its path."""
        for at in range(start, self._size, _PIECE):
            if (found := self[at : at + _PIECE + len(wanted) - 1].find(wanted)) >= 0:
                return at + found
        return -1

    def _read(self, size: int, at: int) -> bytes:
        with naming(self._path):
            return os.pread(self._fd, size, at)
