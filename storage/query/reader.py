"""Questions in SQL. The database itself refuses every write; no statement is judged by its words."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

import psycopg
from psycopg.adapt import Buffer, Loader
from sqlalchemy import Engine

from storage.database.opening import DatabaseRefused, open_readonly, refusals
from storage.database.unwritable import asked, is_lockless
from storage.query.acting import acting_functions, is_superuser
from storage.query.dictionary import meant
from storage.query.korean import register, written_out
from storage.query.parameters import Value, WrongParameter, as_text, check, names_in, numbered, told
from storage.search.question import WrongQuestion

Rows = Iterator[Sequence[Any]]
_Cursor: TypeAlias = sqlite3.Cursor | psycopg.RawCursor[Any] | psycopg.RawServerCursor[Any]

_NOT_SELECT = ("explain", "show")
"""The only statements that PostgreSQL takes as a whole and not as a cursor."""
LARGEST_VALUE = 2**28
"""Bytes of one value on SQLite (our choice): a statement can ask for a text as large as the memory."""
SUPERUSER = (
    "this role is a superuser of PostgreSQL: what is asked is held by one transaction only; "
    "ask as a role that may only read (docs/sql.md)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """A statement with what belongs to it."""

    statement: str
    values: Mapping[str, Value]
    seconds: float | None
    warn: Callable[[str], None]


class WrongStatement(Exception):
    """The database did not take the statement; the message is what it said."""


@contextmanager
def run_select(
    url: str,
    statement: str,
    seconds: float | None = None,
    values: Mapping[str, Value] | None = None,
    warn: Callable[[str], None] = lambda said: None,
) -> Iterator[tuple[list[str], Rows]]:
    """Run one reading statement: column names, and rows as they come.

    Args:
        seconds: how long it may take; None: as long as it does (on PostgreSQL an hour).
        values: of the statement's parameters ``:name``.
        warn: told in a sentence what the operator should know of the connection.

    Raises:
        DatabaseRefused: there is no such database, or it cannot be read.
        WrongStatement: a wrong statement, a second one behind it, one that would write or act, a parameter
            that is missing, or one that took too long or was stopped by Ctrl-C.
    """
    asks = _Asked(statement=statement, values=values or {}, seconds=seconds, warn=warn)
    try:
        check(statement, asks.values)
    except WrongParameter as error:
        raise WrongStatement(str(error)) from error
    engine = open_readonly(url)
    try:
        if is_lockless(engine):
            with refusals(engine.url):
                answer = asked(partial(open_readonly, url), partial(_whole, asks), WrongStatement)
            yield answer
            return
        with _answer(engine, asks) as answer:
            yield answer
    finally:
        engine.dispose()


@contextmanager
def _answer(engine: Engine, asks: _Asked) -> Iterator[tuple[list[str], Rows]]:
    with refusals(engine.url), engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        connection.begin()
        run = _on_sqlite if engine.dialect.name == "sqlite" else _on_postgresql
        with run(driver, asks) as answer:
            yield answer


def _whole(asks: _Asked, engine: Engine) -> tuple[list[str], Rows]:
    """All rows at once: they count only when the file has not moved by the last one."""
    with _answer(engine, asks) as (columns, rows):
        return columns, iter(list(rows))


@contextmanager
def _on_sqlite(driver: sqlite3.Connection, asks: _Asked) -> Iterator[tuple[list[str], Rows]]:
    register(driver)
    driver.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LARGEST_VALUE)
    stop = _Stop(asks.seconds)
    driver.set_progress_handler(stop, _Stop.EVERY)
    try:
        values = {name: told(value) for name, value in asks.values.items()}
        cursor = driver.execute(written_out(asks.statement, values), values)
    except (sqlite3.Error, sqlite3.Warning, WrongQuestion, WrongParameter) as error:
        raise WrongStatement(stop.said or _sentence(str(error))) from error
    rows = _rows(cursor, stop)
    try:
        yield _columns(cursor), rows
    finally:
        rows.close()
        cursor.close()


class _Stop:
    """Asked by SQLite while a statement runs: a time that is over, or Ctrl-C, ends it."""

    EVERY = 20_000
    """Instructions of SQLite's machine between two looks: about a millisecond (measured November 2026)."""

    def __init__(self, seconds: float | None) -> None:
        self._deadline = None if seconds is None else time.monotonic() + seconds
        self._seconds = seconds
        self.said: str | None = None

    def __call__(self) -> int:
        try:
            if self._deadline is not None and time.monotonic() > self._deadline:
                self.said = _too_long(self._seconds)
        except KeyboardInterrupt:
            self.said = "stopped"
        return int(self.said is not None)


def _too_long(seconds: float | None) -> str:
    return f"the statement took longer than {seconds:g} seconds and was stopped: narrow it, or give --seconds"


@contextmanager
def _on_postgresql(driver: psycopg.Connection[Any], asks: _Asked) -> Iterator[tuple[list[str], Rows]]:
    """As a server-side cursor: PostgreSQL declares one for a reading statement only, one at a time."""
    if asks.seconds is not None:
        driver.execute("SELECT set_config('statement_timeout', %s, true)", (str(int(asks.seconds * 1000)),))
    if is_superuser(driver):
        asks.warn(SUPERUSER)
    driver.adapters.register_loader("numeric", _Number)
    statement = numbered(asks.statement).rstrip().rstrip(";")
    whole = statement.lstrip().lower().startswith(_NOT_SELECT)
    cursor = psycopg.RawCursor(driver) if whole else psycopg.RawServerCursor(driver, "question")
    try:
        with _words_of_postgresql():
            values = [as_text(asks.values[name]) for name in names_in(asks.statement)]
            _refuse_acting(driver, statement, values)
            # As bytes: the user's own statement, in which % means nothing.
            cursor.execute(statement.encode(), values or None)
        yield _columns(cursor), _rows(cursor)
    finally:
        cursor.close()


@contextmanager
def _words_of_postgresql() -> Iterator[None]:
    try:
        yield
    except psycopg.errors.InsufficientPrivilege as error:
        raise DatabaseRefused(f"The database refuses this role: {_first_line(str(error))}") from error
    except psycopg.errors.QueryCanceled as error:
        raise WrongStatement(_too_long_there(error)) from error
    except (psycopg.Error, WrongParameter) as error:
        raise WrongStatement(_sentence(str(error))) from error


def _refuse_acting(driver: psycopg.Connection[Any], statement: str, values: Sequence[str | None]) -> None:
    if statement.lstrip().lower().startswith("show"):
        return
    if acting := acting_functions(driver, statement, values):
        raise WrongStatement(f"a statement may only read: {', '.join(acting)}() does more than that")


class _Number(Loader):
    """PostgreSQL gives the sum of whole numbers as ``numeric``: as SQLite does, a whole number or a float."""

    def load(self, data: Buffer) -> int | float:
        text = bytes(data).decode()
        return int(text) if text.lstrip("-").isdigit() else float(text)


def _columns(cursor: _Cursor) -> list[str]:
    if cursor.description is None:
        raise WrongStatement("the statement asks for no rows: begin it with SELECT")
    return [column[0] for column in cursor.description]


def _rows(cursor: _Cursor, stop: _Stop | None = None) -> Generator[Sequence[Any], None, None]:
    try:
        yield from cursor
    except psycopg.errors.QueryCanceled as error:
        raise WrongStatement(_too_long_there(error)) from error
    except (sqlite3.Error, psycopg.Error) as error:
        raise WrongStatement((stop and stop.said) or _sentence(str(error))) from error


def _too_long_there(error: psycopg.Error) -> str:
    """PostgreSQL cancels for a time limit, for an administrator and for Ctrl-C."""
    if "statement timeout" in str(error):
        return "the statement took longer than its time and was stopped: narrow it, or give --seconds"
    return "stopped"


def _sentence(said: str) -> str:
    return f"the database did not take the statement: {_first_line(said)}{meant(said)}"


def _first_line(said: str) -> str:
    return said.strip().splitlines()[0] if said.strip() else "no reason given"
