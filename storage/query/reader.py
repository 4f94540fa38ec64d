"""Questions in SQL. The database itself refuses every write; no statement is judged by its words alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

from storage.database.faults import is_the_databases
from storage.database.reading import directly
from storage.query.parameters import Value, WrongParameter, check
from storage.query.statement import Asked, Rows, WrongStatement
from storage.utf8 import is_utf8

if TYPE_CHECKING:
    from sqlalchemy import Engine

__all__ = ["Rows", "WrongStatement", "run_select"]


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
    statement = statement.removeprefix("\ufeff")  # a byte order mark, which PostgreSQL takes for a name
    _refuse_none(statement)
    statement = re.sub(r"[\s;]+\Z", "", statement)
    asks = Asked(statement=statement, values=values or {}, seconds=seconds, warn=warn)
    try:
        check(statement, asks.values)
    except WrongParameter as error:
        raise WrongStatement(str(error)) from error
    if (file := directly(url)) is not None:
        with _told_of(url), closing(file), _run("sqlite", file, asks) as answer:
            yield answer
        return
    with _by_sqlalchemy(url, asks) as answer:
        yield answer


@contextmanager
def _told_of(url: str) -> Iterator[None]:
    """What the database itself says no to is told as such: what tells it is loaded then alone."""
    try:
        yield
    except Exception as error:
        if not is_the_databases(error):
            raise
        from sqlalchemy import make_url

        from storage.database.refusal import refusals

        with refusals(make_url(url)):
            raise


_NOTHING = re.compile(r"(?>(?:[\s;]++|--[^\n]*+(?:\n|\Z)|/\*.*?\*/)*)\Z", re.DOTALL)


def _refuse_none(statement: str) -> None:
    """Raise WrongStatement where there is nothing to ask, or what no database takes."""
    if _NOTHING.match(statement):
        raise WrongStatement("there is no statement: begin it with SELECT")
    if "\x00" in statement:
        raise WrongStatement("the statement holds a null character, which no database takes")
    if not is_utf8(statement):
        raise WrongStatement("the statement is no text: its bytes are not UTF-8")


@contextmanager
def _by_sqlalchemy(url: str, asks: Asked) -> Iterator[tuple[list[str], Rows]]:
    from storage.database.opening import open_readonly, refusals
    from storage.database.tables import require_current
    from storage.database.unwritable import asked, is_lockless

    engine = open_readonly(url)
    try:
        if is_lockless(engine):
            with refusals(engine.url):
                answer = asked(partial(open_readonly, url), partial(_whole, asks), WrongStatement)
            yield answer
            return
        with _answer(engine, asks) as answer:
            yield answer
    except WrongStatement:
        require_current(engine)  # tables that are not there are not the statement's fault
        raise
    finally:
        engine.dispose()


@contextmanager
def _answer(engine: Engine, asks: Asked) -> Iterator[tuple[list[str], Rows]]:
    from storage.database.opening import refusals

    with refusals(engine.url), engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        connection.begin()
        try:
            with _run(engine.dialect.name, driver, asks) as answer:
                yield answer
        except KeyboardInterrupt:
            # In the middle of a command nothing can be rolled back: the pool would log that it failed.
            connection.invalidate()
            raise


def _run(backend: str, driver: Any, asks: Asked) -> AbstractContextManager[tuple[list[str], Rows]]:
    """On its database, whose driver alone is loaded."""
    if backend == "sqlite":
        from storage.query.on_sqlite import on_sqlite

        return on_sqlite(driver, asks)
    from storage.query.on_postgresql import on_postgresql

    return on_postgresql(driver, asks)


def _whole(asks: Asked, engine: Engine) -> tuple[list[str], Rows]:
    """All rows at once: they count only when the file has not moved by the last one."""
    with _answer(engine, asks) as (columns, rows):
        return columns, iter(list(rows))
