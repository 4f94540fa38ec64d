"""Named parameters in a statement (``:name``), the same on both databases. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime

from storage.seoul import written

Value = str | int | float | bool | date | datetime | None

_SCAN = re.compile(
    r"""(?<!\w)[eE]'(?:[^'\\]|''|\\.)*' | '(?:[^']|'')*' | "(?:[^"]|"")*"
      | --[^\n]* | /\*.*?\*/ | \$(?P<tag>\w*)\$.*?\$(?P=tag)\$
      | (?<![:\w])::? (?P<name>[^\W\d]\w*)""",
    re.VERBOSE | re.DOTALL,
)
"""Texts (PostgreSQL's ``E'it\\'s'`` too), names, comments, and what stands outside of them: ``:name``, and
PostgreSQL's cast ``::name``."""


class WrongParameter(ValueError):
    """A parameter that is missing, or that the statement does not ask for."""


def names_in(statement: str) -> list[str]:
    """The parameters that a statement asks for, in order, each once.

    >>> names_in("SELECT ':no', x::text FROM t WHERE a = :since AND b = :since -- :no")
    ['since']
    """
    return list(dict.fromkeys(found["name"] for found in _SCAN.finditer(statement) if _is_parameter(found)))


def check(statement: str, given: Mapping[str, Value]) -> None:
    """Raise WrongParameter unless the statement asks for exactly what is given."""
    asked = names_in(statement)
    for name in asked:
        if name not in given:
            raise WrongParameter(f"the statement asks for :{name}: give --param {name}=VALUE")
    for name in given:
        if name not in asked:
            there = ", ".join(f":{one}" for one in asked) or "none"
            raise WrongParameter(f"the statement has no :{name}; its parameters: {there}")


def numbered(statement: str) -> str:
    """The statement as PostgreSQL takes it: ``$1`` for the first name of :func:`names_in`, and so on."""
    places = {name: f"${number}" for number, name in enumerate(names_in(statement), start=1)}
    return _SCAN.sub(lambda found: places[found["name"]] if _is_parameter(found) else found[0], statement)


def outside(statement: str) -> str:
    """The statement with blanks in place of its texts, quoted names, comments and parameters."""
    return _SCAN.sub(lambda found: " " * len(found[0]), statement)


def _is_parameter(found: re.Match[str]) -> bool:
    return found["name"] is not None and not found[0].startswith("::")


def told(value: Value) -> str | int | float | None:
    """A value as the views show it: a time in Korea, a truth as 1 or 0.

    Raises:
        WrongParameter: a time without a zone: whose clock it is cannot be guessed; a number that neither
            database holds.
    """
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise WrongParameter(f"the time {value.isoformat()} has no zone")
        return written(value)
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        raise WrongParameter(f"the number {value} has more than 64 bits, which no database holds")
    return value.isoformat() if isinstance(value, date) else value


def as_text(value: Value) -> str | None:
    """A value for PostgreSQL, which takes a text for whatever type stands on the other side."""
    plain = told(value)
    return None if plain is None else str(plain)
