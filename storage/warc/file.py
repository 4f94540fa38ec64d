"""WARC files on disk: locked while they are written, whole after any death. No records' insides here.

A file is named ``newsarchive-<UTC time>-<pid>-<serial>.warc.gz`` and carries ``.open`` behind that while
it is written. The writer holds a lock (flock) on it: a file whose lock is free was left by a dead process,
also where process ids are used again, as in containers.
"""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from storage.clock import utc_now
from storage.named_faults import naming
from storage.warc.bytes_of_file import BytesOfFile

OPEN = ".open"

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*\.warc\.gz")
"""As rows name a file of the archive; what has another name is not opened."""
_OURS = re.compile(r"newsarchive-([0-9]+)-[0-9]+-[0-9]+\.warc\.gz")
"""As OpenFile.begin names them."""

_STAMP = "%Y%m%d%H%M%S%f"
_COPIED = 1024 * 1024
"""Bytes that are copied at once."""
_TAIL = 8
"""Bytes by which a record is known to be there: a gzip member ends with its sum and its length (RFC 1952)."""


class OpenFile:
    """A WARC file while it is written; this object holds its lock."""

    __slots__ = ("_fd", "_gone_before", "_path", "_tail", "day", "name", "size")

    def __init__(self, path: Path, fd: int) -> None:
        self._path = path
        self._fd = fd
        self.name = path.name.removesuffix(OPEN)
        self.size = 0
        self._tail = b""
        """The last bytes that were written."""
        self._gone_before: int | None = None
        """Where a record was written behind bytes that had been cut away: by its length the file is whole."""
        self.day = utc_now().date()
        """In UTC, as the stamp in its name."""

    @classmethod
    def begin(cls, folder: Path, serial: Iterator[int]) -> OpenFile:
        """A new, empty, locked file under a name that nobody else has."""
        folder.mkdir(parents=True, exist_ok=True)
        while True:
            stamp = utc_now().strftime(_STAMP)
            path = folder / f"newsarchive-{stamp}-{os.getpid()}-{next(serial):05d}.warc.gz{OPEN}"
            fd = _create_locked(path)
            if fd is not None:
                return cls(path, fd)

    def append(self, data: bytes) -> None:
        """All of it or nothing: a disk that fills up in mid-record leaves the file as it was.

        Of a file that was cut just before, `lost` tells.
        """
        done = 0
        try:
            with naming(self._path):
                while done < len(data):
                    done += os.pwrite(self._fd, data[done:], self.size + done)
        except OSError:
            with suppress(OSError):  # the first error is the one to tell; `whole` tells of this one
                os.ftruncate(self._fd, self.size)
            raise
        if _is_hole(os.pread(self._fd, len(self._tail), self.size - len(self._tail)), self._tail):
            self._gone_before = self.size
        self.size += len(data)
        self._tail = data[-_TAIL:]

    @property
    def whole(self) -> bool:
        """False when a torn record could not be cut away: the file must not be written on."""
        return os.fstat(self._fd).st_size == self.size

    def lost(self) -> str | None:
        """What became of the file since it was begun; None while it lies where it was made, whole.

        A write to a file that was deleted succeeds, and is gone when the process ends.
        """
        held = os.fstat(self._fd)
        try:
            named = self._path.stat()
        except OSError:
            named = None
        if named is None or not os.path.samestat(held, named):
            how = "deleted" if held.st_nlink == 0 else "moved" if named is None else "replaced"
            return f"The WARC file {self._path} was {how} while it was written"
        if held.st_size < self.size:
            return f"The WARC file {self._path} was cut to {held.st_size} of {self.size} bytes"
        if self._gone_before is not None:
            gone = f"bytes before {self._gone_before} are gone"
            return f"The WARC file {self._path} was cut while it was written: {gone}"
        return None

    def write_anew(self) -> Path | None:
        """Write a deleted file's bytes, which this process still holds, to the file's final name.

        None where the file was not deleted: then its bytes lie elsewhere, or are gone. Raises OSError.
        """
        if os.fstat(self._fd).st_nlink:
            return None
        final = self._path.with_name(self.name)
        final.parent.mkdir(parents=True, exist_ok=True)
        beside = final.with_name(f".{self.name}.anew")
        with beside.open("xb") as file:
            for start in range(0, self.size, _COPIED):
                file.write(os.pread(self._fd, min(_COPIED, self.size - start), start))
            file.flush()
            os.fsync(file.fileno())
        rename_durably(beside, final)
        return final

    def sync(self) -> None:
        with naming(self._path):
            os.fsync(self._fd)

    def finish(self) -> None:
        """fsync, then the final name, then the lock is let go."""
        self.sync()
        rename_durably(self._path, self._path.with_name(self.name))
        os.close(self._fd)

    def abandon(self) -> None:
        """Let the file go as it is: `recover` closes it later, or removes it here when it is empty."""
        if self.size == 0:
            self._path.unlink(missing_ok=True)
        os.close(self._fd)


def _is_hole(found: bytes, written: bytes) -> bool:
    """Whether what was written is zeros from some place on.

    Other bytes are no loss: a record that is forgotten is overwritten where it lies.
    """
    return found != written and written.startswith(found.rstrip(b"\0"))


def _create_locked(path: Path) -> int | None:
    """None when the name is taken, or `recover` took the new file before its lock."""
    try:
        fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o644)
    except FileExistsError:
        return None
    if lock_if_still_there(fd, path):
        return fd
    os.close(fd)
    return None


def lock_if_still_there(fd: int, path: Path) -> bool:
    """Whether the lock is ours now, and the file still lies under this name."""
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return os.path.samestat(os.fstat(fd), path.stat())
    except (BlockingIOError, FileNotFoundError):
        return False


def rename_durably(old: Path, new: Path) -> None:
    """Rename, and force the new name onto the disk."""
    old.rename(new)
    folder = os.open(new.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def is_name(name: str) -> bool:
    """Whether a file of the archive may be called so: a row that was edited must not name a path."""
    return _NAME.fullmatch(name) is not None


def is_ours(name: str) -> bool:
    """Whether a file bears the name of one that was written here: another program's is not ours to touch."""
    return _OURS.fullmatch(name) is not None


def begun_at(name: str) -> datetime | None:
    """When a file was begun, as a name of ours tells; all of it was written by the end of that day (UTC)."""
    ours = _OURS.fullmatch(name)
    try:
        return ours and datetime.strptime(ours[1], _STAMP).replace(tzinfo=UTC)
    except ValueError:
        return None


def places_of(folder: Path, name: str) -> tuple[Path, ...]:
    """Where a file may lie: final, open, final again, as its writer may rename it between two looks."""
    path = folder / name
    return path, path.with_name(name + OPEN), path


def find_file(folder: Path, name: str) -> Path | None:
    """Where the file lies, closed or open in a living run's hands; None: it is not there."""
    if not is_name(name):
        return None
    return next((path for path in places_of(folder, name) if path.is_file()), None)


@contextmanager
def bytes_of(path: Path) -> Iterator[BytesOfFile]:
    """The file's bytes without reading them all, wherever a link leads. Raises OSError, with its path."""
    fd = os.open(path, os.O_RDONLY)
    try:
        yield BytesOfFile(fd, str(path))
    finally:
        os.close(fd)


def write_at(fd: int, at: int, pieces: Iterable[bytes]) -> None:
    """Write the pieces one behind the other, whatever part of each the system takes at once."""
    for piece in pieces:
        data = piece
        while data:
            written = os.pwrite(fd, data, at)
            at, data = at + written, data[written:]
