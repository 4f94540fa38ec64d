"""When the database or the disk says no: one clear sentence, without the password."""

from __future__ import annotations

import errno
import re
import sqlite3
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import URL
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from storage.database.barred import NO_LOCKS, barred, file_limit, has_no_room
from storage.database.faults import has_collided, is_connection_failure, is_the_databases
from storage.database.reaching import reached_at
from storage.database.reading import BUSY_SECONDS
from storage.database.server_words import NO_CONNECTION, STATES, at_connecting
from storage.database.shortage import shortage


class DatabaseRefused(Exception):
    """The database or the disk refused; the message is one sentence for the operator."""


class WrongUrl(DatabaseRefused):
    """The database's address cannot be used, whatever the database would say: wrong use, not a refusal."""


UNREADABLE_URL = (
    "The database URL cannot be read; it is sqlite:///PATH or postgresql://USER:PASSWORD@HOST/NAME "
    "(of several servers: postgresql://USER:PASSWORD@/NAME?host=ONE:5432&host=OTHER:5432)"
)
AN_AT_TOO_MANY = "The database URL has one @ too many: in a password it is written %40"

_UPGRADE = "The archive's tables are missing or of another version; run: newsarchive db upgrade"

# (words of the driver's message, our sentence); the driver's words are stable across versions,
# its exception classes are too coarse (SQLite says OperationalError for nearly all of them).
_SENTENCES = (
    (
        "unable to open database file",
        "{where} cannot be opened or made; is the folder there and writable?",
    ),
    ("file is not a database", "{where} is not an SQLite database"),
    (  # what a disk does not give (EIO) has no other word (SQLite 3.40: SQLITE_IOERR_CORRUPTFS)
        "database disk image is malformed",
        "{where} is damaged, or its disk cannot be read (the kernel's log tells): restore a backup, or mend "
        "the disk",
    ),
    ("database is locked", "{where} is locked by another process for longer than {busy:g} seconds"),
    ("disk is full", "The disk that holds {in_words} is full"),
    ("no space left on device", "The disk that holds {in_words} is full"),
    ("could not extend file", "The disk that holds {in_words} is full"),
    ("readonly database", "{where} may not be written"),
    (
        "disk i/o error",
        "{where} cannot be read or written: a fault of the disk, or its files were changed from outside",
    ),
    ("locking protocol", "{where} gives no locks just now: see to its file system (NFS: its lock service)"),
    ("no such table", _UPGRADE),
    ("no such column", _UPGRADE),
    ("password authentication failed", "{where} refused the user name or the password"),
    *((words, NO_CONNECTION) for words in ("too many clients", "too many connections", "connection slots")),
    (
        "conflict with recovery",
        "{where} is a standby and ended the statement: what it read was changed meanwhile; ask again",
    ),
)
_NO_OPTION = re.compile(
    r"invalid connection option|invalid integer value|invalid port number|bad value for connect_timeout"
    r'|invalid "?\w+"? value: |invalid value ".*" for m\w+ SSL|invalid SSL protocol|could not match \d+ '
    r'|definition of service ".*" not found'
)
"""What libpq (18) and psycopg (3.3) say of an option before they ask a server; its words have an SQLSTATE."""
_UPGRADE_STATES = frozenset({"42P01", "42703"})
"""PostgreSQL: undefined table, undefined column."""
_THERE_ALREADY = "23505"
"""PostgreSQL: unique violation. Of a number that a sequence gave, it is no fault of the row."""
_GIVEN_TWICE = (
    "{where} gives numbers that rows have already ({said}): others put them there (logical replication, a "
    "copy of rows alone); run: newsarchive db upgrade"
)


def busy_seconds(url: URL | None) -> float:
    """Seconds that a busy SQLite file is waited for: the URL's ``timeout``, else BUSY_SECONDS.

    Raises DatabaseRefused when it is no number of seconds.
    """
    said = None if url is None else url.query.get("timeout")
    if said is None:
        return BUSY_SECONDS
    try:
        seconds = float(str(said))
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds < float("inf"):
        raise WrongUrl("The timeout of the database URL must be a number of seconds, such as 60")
    return seconds


def describe(url: URL) -> str:
    """Name a database for a message: the file, or server and database; never the password."""
    if url.get_backend_name() == "sqlite":
        return f"The database file {url.database}"
    return f"The PostgreSQL database {url.database or '(none is named)'} {reached_at(url)}"


def refuse_missing(url: URL) -> None:
    """Raise DatabaseRefused where no SQLite file is that could be an archive: a writer would make one.

    A server says that itself, and so does a file that cannot be looked at.
    """
    if url.get_backend_name() != "sqlite":
        return
    file = Path(str(url.database))
    try:
        file.stat()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise DatabaseRefused(
            f"There is no archive in {file.parent} ({file.name} is not there): name its folder by --dir or "
            "NEWSARCHIVE_DIR, or make one by: newsarchive db upgrade"
        ) from error
    except OSError:
        return


def refuse_other(url: URL) -> None:
    """Raise DatabaseRefused where no file lies in an SQLite file's place: a pipe would be waited for."""
    with suppress(OSError):  # what cannot be looked at is told when it is opened
        kind = Path(str(url.database)).stat().st_mode
        if stat.S_ISDIR(kind):
            raise DatabaseRefused(f"{describe(url)} is a folder")
        if not stat.S_ISREG(kind):
            raise DatabaseRefused(f"{describe(url)} is no file, but a pipe or a device")


@contextmanager
def refusals(url: URL | None = None) -> Iterator[None]:
    """Turn what SQLAlchemy, a driver or the system raises into :class:`DatabaseRefused`.

    Only what an operator can put right is turned. A broken constraint or a wrong statement of ours
    is a bug, and passes through as it is.
    """
    try:
        yield
    except (ArgumentError, NoSuchModuleError) as error:
        raise WrongUrl(UNREADABLE_URL) from error
    except _drivers_errors() as error:
        if (refusal := refusal_of(error, url)) is None:
            raise
        raise refusal from error
    except PoolTimeout as error:
        raise DatabaseRefused(f"{_where(url)} gave no connection in time") from error
    except BrokenPipeError:
        raise  # whoever reads our answer went away: that is not the archive's
    except OSError as error:
        raise DatabaseRefused(system_sentence(error)) from error
    except (MemoryError, RuntimeError) as error:
        if (short := shortage(error)) is None:
            raise
        raise DatabaseRefused(short) from error


def refusal_of(error: Exception, url: URL | None = None) -> DatabaseRefused | None:
    """What a driver's error, or SQLAlchemy's of one, says to an operator; None: it is a fault of ours."""
    orig = error.orig if isinstance(error, DBAPIError) else error
    if getattr(orig, "sqlstate", None) is None and _NO_OPTION.search(str(orig)):
        said = _first_line(str(orig), url)
        return WrongUrl(f"The database URL has an option that PostgreSQL does not take: {said}")
    lost = isinstance(error, DBAPIError) and error.connection_invalidated
    sentence = _sentence(orig, url, lost=lost)
    return None if sentence is None else DatabaseRefused(sentence)


def _where(url: URL | None) -> str:
    return "The database" if url is None else describe(url)


def _sentence(orig: BaseException | None, url: URL | None, *, lost: bool) -> str | None:
    """What a driver's error says to an operator; None: it is a fault of ours.

    Args:
        lost: the connection is gone.
    """
    said = str(orig)
    state = getattr(orig, "sqlstate", None)
    told = _told(said, url)
    if state in _UPGRADE_STATES or state in STATES:
        return STATES.get(state, _UPGRADE).format(**told)
    if state == _THERE_ALREADY and "(id)=(" in said:
        return _GIVEN_TWICE.format(**told)
    if (file := _sqlite_file(url)) is not None:
        if (why := barred(said.lower(), file)) is not None:
            return f"{_where(url)} {why}"
        if "disk i/o error" in said.lower() and has_no_room(file):
            said = "disk is full"  # SQLite's word for an index of the WAL that cannot grow
    for words, sentence in _SENTENCES:
        if words in said.lower():
            return sentence.format(**told, busy=busy_seconds(url))
    if lost or is_connection_failure(orig):
        at_once = at_connecting(said) if state is None else None
        return (at_once or "{where} cannot be reached: {said}").format(**told)
    if is_the_databases(orig) and not has_collided(orig):
        return f"{_where(url)} could not do what it was asked: {_first_line(said, url)}"
    return None


def _told(said: str, url: URL | None) -> dict[str, str]:
    """What a sentence may name."""
    where = _where(url)
    return {
        "where": where,
        "in_words": where[0].lower() + where[1:],
        "role": (url.username if url else None) or "that asks",
        "name": (url.database if url else None) or "NAME",
        "said": _first_line(said, url),
        "fatal": _first_line(said, url).rpartition("FATAL:  ")[2],
    }


def _sqlite_file(url: URL | None) -> Path | None:
    if url is None or url.get_backend_name() != "sqlite" or not url.database:
        return None
    return Path(url.database)


def _drivers_errors() -> tuple[type[Exception], ...]:
    """SQLAlchemy's, and those of a driver that was asked past it: a VACUUM, a statement of the user's."""
    psycopg = sys.modules.get("psycopg")  # without it nothing of PostgreSQL's has happened
    own = () if psycopg is None else (psycopg.Error,)
    return (DBAPIError, sqlite3.Error, *own)


def _first_line(said: str, url: URL | None) -> str:
    line = said.strip().splitlines()[0] if said.strip() else "no reason given"
    secret = None if url is None else url.password
    return line.replace(str(secret), "***") if secret else line


def system_sentence(error: OSError, place: object = "the archive folder") -> str:
    """What the system refused, in words.

    Args:
        place: what was read or written, where the error does not say it: of an open file it never does.
    """
    if error.errno is None and str(error):
        return str(error)  # a sentence of ours: what was written is lost
    if (short := shortage(error)) is not None:
        return short
    name = error.filename or place
    if error.errno == errno.ENOSPC:
        return f"The disk that holds {error.filename2 or name} is full"  # of a copy, the second is written
    if error.errno == errno.EFBIG:
        return f"A file of the archive cannot grow: {file_limit()}"
    if error.errno in (errno.EEXIST, errno.ENOTDIR) and not Path(str(name)).is_dir():
        return f"{name} is no folder, or lies in none"
    if error.errno in (errno.ENOLCK, errno.ENOSYS):
        return f"The file system of {name} {NO_LOCKS.format(said=error.strerror)}"
    return f"The system refused {name}: {error.strerror or error}"
