"""Reading an SQLite file that cannot be written: another user's archive, a read-only mount, a full disk.

A file in WAL mode needs its -shm file, which a reader must make where no writer has made it. Where it cannot,
SQLite reads such a file only as one that nobody changes (``immutable=1``), without locks. So
its size, its time and the change counter of its header are compared before and after, and what moved is
asked again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Engine
from sqlalchemy.exc import DatabaseError

from storage.database.barred import has_no_room, owner_of
from storage.database.faults import sqlite_code
from storage.database.reading import connect, would_leave_files
from storage.database.refusal import DatabaseRefused

T = TypeVar("T")

TRIES = 5
"""A file that moves while it is read is being written, and its writer's -shm file lets the next try in."""
_NEEDS_PERMISSION = ("unable to open database file", "readonly database")


@dataclass(frozen=True, slots=True)
class Mark:
    """What changes when an SQLite file changes."""

    size: int
    modified_ns: int
    counters: bytes
    """File change counter and version-valid-for (sqlite.org/fileformat2.html, 1.3.7 and 1.3.18)."""


_MARKS: WeakKeyDictionary[Engine, tuple[Path, Mark]] = WeakKeyDictionary()


def mark_of(path: Path) -> Mark:
    """Raises OSError when the file cannot be read."""
    with path.open("rb") as file:
        header = file.read(100)
    state = path.stat()
    return Mark(state.st_size, state.st_mtime_ns, header[24:28] + header[92:96])


def connect_readonly(path: Path, timeout: float) -> tuple[sqlite3.Connection, Mark | None]:
    """A connection that only reads, and the file's mark where it is read without locks.

    Raises:
        sqlite3.Error: the file cannot be read at all, or is no database.
        DatabaseRefused: its newest transactions lie where only a writer can get at them.
    """
    if not would_leave_files(path):
        connection = connect(path, "mode=ro", timeout)
        try:
            connection.execute("SELECT count(*) FROM sqlite_master")
        except sqlite3.Error as error:
            connection.close()
            barred = any(words in str(error) for words in _NEEDS_PERMISSION)
            if not (barred or (_is_full(error, path) and not _has_log(path))) or not path.is_file():
                raise
        else:
            return connection, None
    _refuse_lost_log(path)
    mark = mark_of(path)
    return connect(path, "immutable=1", timeout), mark


def _is_full(error: sqlite3.Error, path: Path) -> bool:
    """Whether the disk had no room for the -shm file, which SQLite calls a fault of the disk."""
    return sqlite_code(error) in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR) and has_no_room(path)


def _log_of(path: Path) -> Path:
    return path.with_name(path.name + "-wal")


def _has_log(path: Path) -> bool:
    log = _log_of(path)
    return log.exists() and log.stat().st_size > 0


def _refuse_lost_log(path: Path) -> None:
    if _has_log(path):
        log = _log_of(path)
        raise DatabaseRefused(
            f"The newest transactions of {path} lie in {log.name}, which cannot be read without write "
            f"permission: open the archive once with it, as {owner_of(log)} (newsarchive runs)"
        )


def remember(engine: Engine, path: Path, mark: Mark) -> None:
    """Note what the engine reads without locks; the oldest mark counts."""
    _MARKS.setdefault(engine, (path, mark))


def moved(engine: Engine) -> bool:
    """Whether what the engine reads without locks has changed since it began."""
    if engine not in _MARKS:
        return False
    path, mark = _MARKS[engine]
    return mark_of(path) != mark


def is_lockless(engine: Engine) -> bool:
    """Whether the engine reads a file that it cannot lock: what it reads counts once it has not moved."""
    return engine in _MARKS


def refuse_moved(engine: Engine) -> None:
    """Raise DatabaseRefused when what was read may be of two minds."""
    if moved(engine):
        raise DatabaseRefused(
            f"The database file {engine.url.database} is being written while it is read without write "
            "permission: ask again"
        )


def asked(
    open_: Callable[[], Engine], work: Callable[[Engine], T], told_as: type[Exception] = DatabaseError
) -> T:
    """The answer of ``work``, from a file that did not move meanwhile: else asked again, TRIES times.

    Args:
        work: reads everything it gives; may be called again.
        told_as: what ``work`` makes of the database's errors: a file that moves looks damaged.

    Raises:
        DatabaseRefused: it moved each time.
    """
    for attempt in range(1, TRIES + 1):
        engine = open_()
        try:
            answer = work(engine)
            if attempt < TRIES and moved(engine):
                continue
            refuse_moved(engine)
        except (DatabaseError, told_as):
            if attempt == TRIES or not moved(engine):
                raise
            continue
        else:
            return answer
        finally:
            engine.dispose()
    raise AssertionError("the last try returns or raises")
