"""What of a WARC folder lies in an object store: two small files of the folder say it.

``STORE`` holds the address of the store, one line. Every reader is given the folder alone, so the folder has
to say where the rest of it is; no row does. ``SENT.jsonl`` grows by a line for each thing that happens to a
file; the last one of a file tells its state. A file whose last line says ``sent`` may lie there alone.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import BinaryIO

from storage.clock import utc_now
from storage.warc.file import is_name, rename_durably

STORE, SENT = "STORE", "SENT.jsonl"
_LOCK = ".sending"
_REMEMBERED = 4096
"""Bytes before what is new by which the ledger is known again: some 20 lines."""


class State(StrEnum):
    """What is known of a file and the store."""

    BEGUN = "begun"
    """It is on its way, or was when the process died: what lies there under its name is this archive's."""
    SENT = "sent"
    """It was read back from there, whole and right."""
    CHANGED = "changed"
    """Something was removed from it here: what lies there is not what may lie there."""
    FAILED = "failed"
    """A try did not end well, which changes nothing of what is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One line: what happened to a file."""

    file: str
    state: State
    at: str
    """ISO 8601, UTC."""
    store: str
    bytes: int | None = None
    sha256: str | None = None
    why: str | None = None
    """Of a try that failed."""


def store_of(folder: Path) -> str | None:
    """The address that the folder's closed files go to; None: they stay here. Raises OSError."""
    try:
        return (folder / STORE).read_text("utf-8", errors="replace").strip() or None
    except FileNotFoundError:
        return None


def point(folder: Path, url: str) -> str | None:
    """Have the folder say that its closed files lie there; gives what it said before. Raises OSError."""
    before = store_of(folder)
    if before != url:
        folder.mkdir(parents=True, exist_ok=True)
        beside = folder / f".{STORE}.{os.getpid()}"
        with beside.open("w", encoding="utf-8") as file:
            file.write(url + "\n")
            file.flush()
            os.fsync(file.fileno())
        rename_durably(beside, folder / STORE)
    return before


def files_sent(folder: Path) -> dict[str, Sent]:
    """File -> its state, whatever tries have failed since. Raises OSError."""
    return _ledger(folder / SENT).files()


class _Ledger:
    """The ledger as far as it was read: it grows by lines, of which a file of an archive of years takes two.

    Each file that is sent or fetched asks it: to read 120,000 lines anew takes a second (2026-11-28).
    """

    def __init__(self, path: Path) -> None:
        self._path, self._lock = path, Lock()
        self._forget(None)

    def _forget(self, inode: int | None) -> None:
        self._inode, self._read, self._last = inode, 0, b""
        self._files: dict[str, Sent] = {}

    def files(self) -> dict[str, Sent]:
        """Raises OSError."""
        with self._lock:
            try:
                file = self._path.open("rb")
            except FileNotFoundError:
                self._forget(None)
                return {}
            with file:
                whole, part = self._new(file)
            self._files |= _states(whole)
            return self._files | _states(part)

    def _new(self, file: BinaryIO) -> tuple[bytes, bytes]:
        """Whole lines that came since, and what has no end yet; of another file than before all lines."""
        inode = os.fstat(file.fileno()).st_ino
        file.seek(self._read - len(self._last))
        if inode != self._inode or file.read(len(self._last)) != self._last:  # put back, or edited
            self._forget(inode)
            file.seek(0)
        new = file.read()
        end = new.rfind(b"\n") + 1
        self._read, self._last = self._read + end, (self._last + new[:end])[-_REMEMBERED:]
        return new[:end], new[end:]


_ledger = lru_cache(maxsize=8)(_Ledger)


def _states(lines: bytes) -> dict[str, Sent]:
    told = (_line(line) for line in lines.decode("utf-8", errors="replace").splitlines())
    return {one.file: one for one in told if one is not None and one.state is not State.FAILED}


def failures(folder: Path) -> dict[str, Sent]:
    """File -> its last try, where that failed. Raises OSError."""
    last = {one.file: one for one in _lines(folder)}
    return {name: one for name, one in last.items() if one.state is State.FAILED}


def _lines(folder: Path) -> Iterator[Sent]:
    """A line that is none was torn by a death: what it would have said is done again."""
    try:
        lines = (folder / SENT).read_text("utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return
    yield from (one for line in lines if (one := _line(line)) is not None)


def _line(line: str) -> Sent | None:
    """One line, every value checked: the file may have been edited."""
    try:
        found = json.loads(line)
        one = Sent(**found | {"state": State(found["state"])})
        aware = datetime.fromisoformat(one.at).tzinfo is not None
        text = all(isinstance(value, str | None) for value in (one.store or None, one.sha256, one.why))
        whole = is_name(one.file) and aware and text and isinstance(one.bytes, int | None)
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    return one if whole else None


def is_sent(folder: Path, name: str) -> bool:
    """Whether the file may lie in the store alone. Raises OSError."""
    one = files_sent(folder).get(name)
    return one is not None and one.state is State.SENT


def keep(
    folder: Path,
    name: str,
    state: State,
    store: str,
    *,
    size: int | None = None,
    sha256: str | None = None,
    why: str | None = None,
) -> Sent:
    """Write what happened, onto the disk itself: files go away on the strength of it. Raises OSError."""
    at = utc_now().isoformat(timespec="seconds")
    one = Sent(file=name, state=state, at=at, store=store, bytes=size, sha256=sha256, why=why)
    told = {key: value for key, value in asdict(one).items() if value is not None}
    path = folder / SENT
    torn = path.exists() and path.stat().st_size > 0 and _last_byte(path) != b"\n"
    with path.open("a", encoding="utf-8") as file:
        file.write(("\n" if torn else "") + json.dumps(told, ensure_ascii=False) + "\n")
        file.flush()
        os.fsync(file.fileno())
    return one


def _last_byte(path: Path) -> bytes:
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1)


@contextmanager
def alone(folder: Path, *, wait: bool) -> Iterator[bool]:
    """Hold what one process at a time may do with closed files: send them, overwrite something in them.

    Gives False where another has it and ``wait`` is off. Raises OSError.
    """
    with (folder / _LOCK).open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
            return
        yield True
