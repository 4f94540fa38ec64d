"""A statement asked of SQLite."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NoReturn

from storage.database.faults import is_the_databases
from storage.query.parameters import WrongParameter, told
from storage.query.statement import Asked, Rows, WrongStatement, columns_of, sentence
from storage.search.question import WrongQuestion

LARGEST_VALUE = 2**28
"""Bytes of one value (our choice): a statement can ask for a text as large as the memory."""


@contextmanager
def on_sqlite(driver: sqlite3.Connection, asks: Asked) -> Iterator[tuple[list[str], Rows]]:
    """Column names, and rows as they come."""
    driver.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LARGEST_VALUE)
    stop = _Stop(asks)
    driver.set_progress_handler(stop, _Stop.EVERY)
    try:
        values = {name: told(value) for name, value in asks.values.items()}
        statement = _prepared(driver, asks, values)
        cursor = driver.execute(statement, values)
    except (sqlite3.Error, sqlite3.Warning, WrongQuestion, WrongParameter) as error:
        _raise(stop.reason(error), error)
    rows = _rows(cursor, stop)
    try:
        yield columns_of(cursor.description), rows
    finally:
        rows.close()
        cursor.close()


def _prepared(driver: sqlite3.Connection, asks: Asked, values: Mapping[str, str | int | float | None]) -> str:
    """The statement as SQLite takes it. What searches need is loaded where one is asked."""
    if "korean_" not in asks.statement.lower():
        return asks.statement
    from storage.query.korean import register, written_out
    from storage.search.outdated import OUTDATED, any_outdated, asks_the_index

    register(driver)
    if asks_the_index(asks.statement) and driver.execute(any_outdated("sqlite")).fetchone():
        asks.warn(OUTDATED)
    return written_out(asks.statement, values)


class _Stop:
    """Asked by SQLite while a statement runs: a time that is over, or Ctrl-C, ends it."""

    EVERY = 20_000
    """Instructions of SQLite's machine between two looks: about a millisecond (measured November 2026)."""

    def __init__(self, asks: Asked) -> None:
        self._deadline = None if asks.seconds is None else time.monotonic() + asks.seconds
        self._asks = asks
        self._said: str | None = None

    def __call__(self) -> int:
        if self._deadline is not None and time.monotonic() > self._deadline:
            self._said = _too_long(self._asks.seconds)
        return int(self._said is not None)

    def reason(self, error: Exception) -> WrongStatement | KeyboardInterrupt | None:
        """Why the statement ended with an error, to be raised; None: the error is the database's own.

        A KeyboardInterrupt in here, or on the way here, ends the statement and is lost: SQLite then says
        that it was interrupted, which nobody else has it say.
        """
        if self._said is None and getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT:
            return KeyboardInterrupt()
        if self._said is None and is_the_databases(error):
            return None
        return WrongStatement(self._said or sentence(str(error), self._asks.statement))


def _rows(cursor: sqlite3.Cursor, stop: _Stop) -> Generator[Sequence[Any], None, None]:
    try:
        yield from cursor
    except sqlite3.Error as error:
        _raise(stop.reason(error), error)


def _raise(reason: BaseException | None, error: Exception) -> NoReturn:
    if reason is None:
        raise error
    raise reason from error


def _too_long(seconds: float | None) -> str:
    return f"the statement took longer than {seconds:g} seconds and was stopped: narrow it, or give --seconds"
