"""A statement that is asked, and what a database says of a wrong one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from storage.query.dictionary import meant
from storage.query.parameters import Value
from storage.query.signs import foreign

Rows = Iterator[Sequence[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A statement with what belongs to it."""

    statement: str
    values: Mapping[str, Value]
    seconds: float | None
    warn: Callable[[str], None]


class WrongStatement(Exception):
    """The database did not take the statement; the message is what it said."""


def columns_of(description: Sequence[Sequence[Any]] | None) -> list[str]:
    """The names of a cursor's columns.

    Raises:
        WrongStatement: the statement gives no rows.
    """
    if description is None:
        raise WrongStatement("the statement asks for no rows: begin it with SELECT")
    return [str(column[0]) for column in description]


def sentence(said: str, statement: str) -> str:
    """What the database said of it, in one line: of a foreign sign only what it took it for."""
    hint = f"; {sign}" if (sign := foreign(statement)) else meant(said)
    return f"the database did not take the statement: {first_line(said)}{hint}"


def first_line(said: str) -> str:
    """Its first line; the others point at a place in the statement."""
    return said.strip().splitlines()[0] if said.strip() else "no reason given"
