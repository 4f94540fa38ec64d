"""A statement asked of PostgreSQL."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg

from storage.database.faults import is_the_databases
from storage.database.opening import DatabaseRefused
from storage.query.acting import acting_functions, is_superuser
from storage.query.limits import stop_after
from storage.query.parameters import WrongParameter, as_text, names_in, numbered
from storage.query.postgresql_values import register
from storage.query.statement import Asked, Rows, WrongStatement, columns_of, first_line, sentence
from storage.search.outdated import OUTDATED, any_outdated, asks_the_index

_NOT_SELECT = ("explain", "show")
"""The only statements that PostgreSQL takes as a whole and not as a cursor."""
SUPERUSER = (
    "this role is a superuser of PostgreSQL: what is asked is held by one transaction only; "
    "ask as a role that may only read (docs/sql.md)"
)


@contextmanager
def on_postgresql(driver: psycopg.Connection[Any], asks: Asked) -> Iterator[tuple[list[str], Rows]]:
    """As a server-side cursor: PostgreSQL declares one for a reading statement only, one at a time."""
    if is_superuser(driver):
        asks.warn(SUPERUSER)
    if asks.seconds is not None:
        stop_after(driver, asks.seconds)
    register(driver)
    statement = numbered(asks.statement).rstrip().rstrip(";")
    whole = statement.lstrip().lower().startswith(_NOT_SELECT)
    cursor = psycopg.RawCursor(driver) if whole else psycopg.RawServerCursor(driver, "question")
    try:
        with _words_of_postgresql(asks):
            values = [as_text(asks.values[name]) for name in names_in(asks.statement)]
            _refuse_acting(driver, statement, values)
            older = any_outdated("postgresql").encode()
            if asks_the_index(asks.statement) and driver.execute(older).fetchone():
                asks.warn(OUTDATED)
            # As bytes: the user's own statement, in which % means nothing.
            cursor.execute(statement.encode(), values or None)
        yield columns_of(cursor.description), _rows(cursor, asks)
    finally:
        cursor.close()


@contextmanager
def _words_of_postgresql(asks: Asked) -> Iterator[None]:
    try:
        yield
    except psycopg.errors.InsufficientPrivilege as error:
        raise DatabaseRefused(f"The database refuses this role: {first_line(str(error))}") from error
    except psycopg.errors.QueryCanceled as error:
        raise WrongStatement(_too_long_there(error)) from error
    except (psycopg.Error, WrongParameter) as error:
        if is_the_databases(error) and not _is_of_parameters(error):
            raise
        raise WrongStatement(sentence(str(error), asks.statement)) from error


def _is_of_parameters(error: Exception) -> bool:
    """A ``$1`` of the statement's own: told in words of the protocol, and the session goes on."""
    return isinstance(error, psycopg.errors.ProtocolViolation) and error.diag.severity_nonlocalized == "ERROR"


def _refuse_acting(driver: psycopg.Connection[Any], statement: str, values: Sequence[str | None]) -> None:
    if statement.lstrip().lower().startswith("show"):
        return
    if acting := acting_functions(driver, statement, values):
        raise WrongStatement(f"a statement may only read: {', '.join(acting)}() does more than that")


def _rows(
    cursor: psycopg.Cursor[Any] | psycopg.ServerCursor[Any], asks: Asked
) -> Generator[Sequence[Any], None, None]:
    with _words_of_postgresql(asks):
        yield from cursor


def _too_long_there(error: psycopg.Error) -> str:
    """PostgreSQL cancels for a time limit, for an administrator and for Ctrl-C."""
    if "statement timeout" in str(error):
        return "the statement took longer than its time and was stopped: narrow it, or give --seconds"
    return "stopped"
