"""WARC files on disk: locked while they are written, whole after any death. No records' insides here.

A file is named ``newsarchive-<UTC time>-<pid>-<serial>.warc.gz`` and carries ``.open`` behind that while
it is written. The writer holds a lock (flock) on it: a file whose lock is free was left by a dead process,
also where process ids are used again, as in containers.
"""

from __future__ import annotations

import fcntl
import os
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from storage.clock import utc_now

OPEN = ".open"

# A few records long, so that looking for their ends copies little.
_BLOCK = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovered:
    """What `recover` did with one file that a dead process left open."""

    file: str
    """Its final name; the file is gone when it held no whole record."""
    kept_bytes: int
    cut_bytes: int
    """Bytes of a torn last record that were cut away."""


class OpenFile:
    """A WARC file while it is written; this object holds its lock."""

    __slots__ = ("_fd", "_path", "name", "size")

    def __init__(self, path: Path, fd: int) -> None:
        self._path = path
        self._fd = fd
        self.name = path.name.removesuffix(OPEN)
        self.size = 0

    @classmethod
    def begin(cls, folder: Path, serial: Iterator[int]) -> OpenFile:
        """A new, empty, locked file under a name that nobody else has."""
        folder.mkdir(parents=True, exist_ok=True)
        while True:
            stamp = utc_now().strftime("%Y%m%d%H%M%S%f")
            path = folder / f"newsarchive-{stamp}-{os.getpid()}-{next(serial):05d}.warc.gz{OPEN}"
            fd = _create_locked(path)
            if fd is not None:
                return cls(path, fd)

    def append(self, data: bytes) -> None:
        """All of it or nothing: a disk that fills up in mid-record leaves the file as it was."""
        done = 0
        try:
            while done < len(data):
                done += os.pwrite(self._fd, data[done:], self.size + done)
        except OSError:
            with suppress(OSError):  # the first error is the one to tell; `whole` tells of this one
                os.ftruncate(self._fd, self.size)
            raise
        self.size += len(data)

    @property
    def whole(self) -> bool:
        """False when a torn record could not be cut away: the file must not be written on."""
        return os.fstat(self._fd).st_size == self.size

    def sync(self) -> None:
        os.fsync(self._fd)

    def finish(self) -> None:
        """fsync, then the final name, then the lock is let go."""
        self.sync()
        _rename(self._path, self._path.with_name(self.name))
        os.close(self._fd)

    def abandon(self) -> None:
        """Let the file go as it is: `recover` closes it later, or removes it here when it is empty."""
        if self.size == 0:
            self._path.unlink(missing_ok=True)
        os.close(self._fd)


def recover(folder: Path) -> list[Recovered]:
    """Close the files that dead processes left open: cut a torn last record, then give the final name.

    Files of living processes are left alone (their lock is held). A file without one whole record is
    removed. To be called before a run writes. Raises ``OSError`` where the folder cannot be changed.
    """
    done = []
    for path in sorted(folder.glob("*.warc.gz" + OPEN)):
        recovered = _recover_one(path)
        if recovered is not None:
            done.append(recovered)
    return done


def _recover_one(path: Path) -> Recovered | None:
    try:
        fd = os.open(path, os.O_RDWR)
    except FileNotFoundError:  # another process recovered it between the listing and now
        return None
    try:
        if not _lock_if_still_there(fd, path):
            return None
        with path.open("rb") as stream:
            whole = max(_member_ends(stream), default=0)
        size = os.fstat(fd).st_size
        final = path.with_name(path.name.removesuffix(OPEN))
        os.ftruncate(fd, whole)
        os.fsync(fd)
        if whole:
            _rename(path, final)
        else:
            path.unlink()
        return Recovered(file=final.name, kept_bytes=whole, cut_bytes=size - whole)
    finally:
        os.close(fd)


def _create_locked(path: Path) -> int | None:
    """None when the name is taken, or `recover` took the new file before its lock."""
    try:
        fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o644)
    except FileExistsError:
        return None
    if _lock_if_still_there(fd, path):
        return fd
    os.close(fd)
    return None


def _lock_if_still_there(fd: int, path: Path) -> bool:
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return os.path.samestat(os.fstat(fd), path.stat())
    except (BlockingIOError, FileNotFoundError):
        return False


def _rename(old: Path, new: Path) -> None:
    old.rename(new)
    folder = os.open(new.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _member_ends(stream: BinaryIO) -> Iterator[int]:
    """The end offset of each whole gzip member, in order, until the first that is not whole."""
    offset, data = 0, b""
    while True:
        member = zlib.decompressobj(wbits=31)
        while not member.eof:
            data = data or stream.read(_BLOCK)
            if not data:
                return
            offset += len(data)
            try:
                member.decompress(data)
            except zlib.error:
                return
            data = b""
        data = member.unused_data
        offset -= len(data)
        yield offset
