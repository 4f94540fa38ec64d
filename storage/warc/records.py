"""The bytes of one WARC file, asked for range by range: of a file here, of one in an object store."""

from __future__ import annotations

import os
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from storage.warc.objects import ObjectStore


class Records(Protocol):
    """One file; a context that closes it."""

    @property
    def size(self) -> int:
        """Bytes of the whole file."""

    def read(self, start: int, length: int) -> bytes:
        """A range; shorter where the file ends. Raises OSError."""

    def __enter__(self) -> Self: ...

    def __exit__(self, kind: type[BaseException] | None, _e: object, _t: TracebackType | None) -> None: ...


class OfFile:
    """Of a file on this machine. Raises OSError where it cannot be opened."""

    def __init__(self, path: Path) -> None:
        self._stream = path.open("rb")

    @property
    def size(self) -> int:
        return os.fstat(self._stream.fileno()).st_size

    def read(self, start: int, length: int) -> bytes:
        self._stream.seek(start)
        return self._stream.read(length)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()


class OfStore:
    """Of a file in an object store, whose size is known."""

    def __init__(self, store: ObjectStore, name: str, size: int) -> None:
        self._store, self._name, self.size = store, name, size

    def read(self, start: int, length: int) -> bytes:
        return self._store.read(self._name, start, length) or b""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing is held."""
