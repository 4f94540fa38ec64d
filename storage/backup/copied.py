"""The database of a backup: copied as it is at one moment, and asked what it holds."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from functools import partial
from pathlib import Path

from sqlalchemy import Connection, Engine, select

from storage.backup.keeping import is_damaged, need_sound, without_stone
from storage.backup.manifest import File, copy_file
from storage.backup.rows import copy_rows, counts
from storage.database.address import parse_url
from storage.database.faults import sqlite_code
from storage.database.opening import open_database, open_readonly
from storage.database.reading import BUSY_SECONDS
from storage.database.tables import schema_state
from storage.database.unwritable import connect_readonly, refuse_moved
from storage.database.upgrading import upgrade
from storage.models import CaptureRow
from storage.sqlite_file import BESIDE, url_of, with_ends
from storage.warc.file import rename_durably
from storage.warc.manifest import sha256_of


@contextmanager
def one_state(url: str) -> Iterator[Connection]:
    """The archive for reading, as it is at this moment, whatever is written meanwhile."""
    engine = open_readonly(url)
    try:
        level = {} if engine.dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ"}
        with engine.connect().execution_options(**level) as connection, connection.begin():
            yield connection
    finally:
        engine.dispose()


def copy_database(engine: Engine, url: str, target: Path, say: Callable[[str], None]) -> None:
    """Copy the archive's database into a file of SQLite, which is there whole or not at all.

    Of PostgreSQL without the search index, which takes two thirds of the time: `restore` makes it.

    Raises:
        DatabaseRefused: it is damaged, or one of the two refused.
        OSError: the disk of the copy refused.
    """
    beside = target.with_name(f".{target.name}.copy")
    target.parent.mkdir(parents=True, exist_ok=True)
    _without(beside)
    with _nothing_left(beside):
        _copied(engine, url, beside, say)
    rename_durably(beside, target)
    _without(beside)


def restore_database(source: Path, target: Path, make_ready: Callable[[str], None]) -> None:
    """Put a backup's database in its place, where it is there whole and up to date, or not at all.

    Args:
        make_ready: given the URL of the copy before it gets its name; what it raises is raised.

    Raises OSError: the disk refused.
    """
    beside = target.with_name(f".{target.name}.restored")
    _without(beside)
    with _nothing_left(beside):
        copy_file(source, beside)
        make_ready(url_of(beside))
        _in_one_file(beside)
    rename_durably(beside, target)
    _without(beside)


@contextmanager
def up_to_date(source: Path, beside: Path, say: Callable[[str], None]) -> Iterator[Path]:
    """A backup's database with today's tables: itself, or a copy at ``beside`` that goes again.

    Raises OSError: the disk of the copy refused.
    """
    engine = open_readonly(url_of(source))
    try:
        state = schema_state(engine)
    finally:
        engine.dispose()
    _without(beside)
    if state == "current":
        yield source
        return
    try:
        copy_file(source, beside)
        upgrade(url_of(beside), say)
        yield beside
    finally:
        _without(beside)


def _copied(engine: Engine, url: str, beside: Path, say: Callable[[str], None]) -> None:
    if engine.dialect.name == "sqlite":
        _online(Path(str(engine.url.database)), beside, say)
        refuse_moved(engine)
        need_sound(beside)
    else:
        upgrade(url_of(beside))
        into = open_database(url_of(beside))
        try:
            with one_state(url) as source:
                copy_rows(source, into, say, searched=False)
        finally:
            into.dispose()
    _in_one_file(beside)


def _in_one_file(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode = DELETE")  # one file, whole by itself
    connection.close()
    with path.open("rb") as file:
        os.fsync(file.fileno())


@contextmanager
def _nothing_left(path: Path) -> Iterator[None]:
    """Of a copy that did not come to its end: it would keep the disk that it filled full, for crawls too."""
    try:
        yield
    except BaseException:
        _without(path)
        raise


@contextmanager
def whole_or_not(url: str) -> Iterator[Engine]:
    """A database to be filled; an SQLite file that was not there before is there whole, or not at all."""
    parsed = parse_url(url)
    file = Path(str(parsed.database))
    is_new = parsed.drivername == "sqlite" and not file.exists()
    with _nothing_left(file) if is_new else nullcontext():
        into = open_database(url)
        try:
            yield into
        finally:
            into.dispose()  # before its file goes


def _without(path: Path) -> None:
    for one in with_ends(path, "", *BESIDE):
        one.unlink(missing_ok=True)


_STEP = 4096
"""Pages of a step: 16 MB. Our choice, some hundredths of a second of a quiet disk."""


_SAID = 2**18
"""Pages, after which it says how far it is: 1 GB. Our choice."""


def _online(source: Path, target: Path, say: Callable[[str], None]) -> None:
    """SQLite's online backup of one state, which the transaction keeps; it holds no writer up.

    In steps, between which Ctrl-C is heard: of 0.9 GB one step kept it waiting for 11 s (2026-11-28).
    A file that cannot be written, as on a disk that its faults have made read-only, is read without locks.
    """
    try:
        reading, _ = connect_readonly(source, BUSY_SECONDS)
    except sqlite3.DatabaseError as error:
        if sqlite_code(error) != sqlite3.SQLITE_CORRUPT:
            raise
        raise is_damaged(str(error)) from error
    copying = sqlite3.connect(target)
    try:
        reading.execute("BEGIN")
        reading.execute("SELECT 1 FROM sqlite_master").fetchone()  # from here on it sees one state
        reading.backup(copying, pages=_STEP, progress=partial(_tell, say))
    finally:
        copying.close()
        reading.close()


def _tell(say: Callable[[str], None], _status: int, rest: int, total: int) -> None:
    done = total - rest
    if done // _SAID > (done - _STEP) // _SAID:
        say(f"{done:,} of {total:,} pages of the database")


@contextmanager
def _read(database: Path) -> Iterator[Connection]:
    """A copied database."""
    engine = open_readonly(url_of(database))
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def named_files(database: Path) -> set[str]:
    """WARC files that captures in a copied database name."""
    with _read(database) as connection:
        return set(connection.scalars(select(CaptureRow.warc_file).distinct()))


def lacking_stones(database: Path, stones: Path) -> list[str]:
    """What is told of its takedowns that have no tombstone in the folder ``stones``."""
    with _read(database) as connection:
        return list(without_stone(connection, stones))


def counted(database: Path) -> tuple[dict[str, int], File]:
    """Rows of each table, and the file itself."""
    with _read(database) as connection:
        rows = counts(connection)
    state = database.stat()
    return rows, File(bytes=state.st_size, sha256=sha256_of(database), modified_ns=state.st_mtime_ns)
