"""What a PostgreSQL statement would do besides reading, as the database's own catalogue has it.

A reading transaction writes no table, but ``pg_sleep`` waits in it, ``pg_advisory_lock`` holds up the
writers, and a superuser's ``pg_read_file`` reads the server's files. PostgreSQL marks such functions as
volatile. Which functions a statement calls is told by its plan, in any spelling and behind any view; what a
plan does not show (rows of VALUES, LIMIT, frames of windows) must be named in the statement itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import psycopg

_HARMLESS = frozenset(
    {
        *("random", "random_normal", "setseed", "clock_timestamp", "timeofday", "gen_random_uuid", "uuidv4"),
        *("uuidv7", "pg_relation_size", "pg_table_size", "pg_indexes_size", "pg_total_relation_size"),
        "pg_database_size",
    }
)
"""Volatile, and yet they only tell something."""
_CALLED = re.compile(r"([a-z_][a-z0-9_$]*)\s*\(")
_EXPLAIN = re.compile(
    r"\A\s*explain\b\s*(?:\((?:[^()]|\([^()]*\))*\)\s*|(?:analyze|analyse|verbose)\b\s*)*", re.IGNORECASE
)
_ACTING = """
SELECT DISTINCT proname FROM pg_catalog.pg_proc JOIN pg_catalog.pg_language AS made ON made.oid = prolang
WHERE proname = ANY(%s) AND provolatile = 'v' AND made.lanname IN ('internal', 'c') ORDER BY 1"""


def acting_functions(
    driver: psycopg.Connection[Any], statement: str, values: Sequence[str | None]
) -> list[str]:
    """The functions of PostgreSQL that the statement calls and that do more than read.

    Functions that the operator has written in SQL or PL/pgSQL are the operator's own doing.

    Raises:
        psycopg.Error: what the database says of a wrong statement.
    """
    inner = _EXPLAIN.sub("", statement)
    with psycopg.RawCursor(driver) as cursor:
        cursor.execute(f"EXPLAIN (VERBOSE, COSTS OFF) {inner}".encode(), values)
        plan = "\n".join(str(row[0]) for row in cursor)
    called = {*_CALLED.findall(bare(plan)), *_CALLED.findall(bare(statement))} - _HARMLESS
    return [str(row[0]) for row in driver.execute(_ACTING, (sorted(called),))]


def is_superuser(driver: psycopg.Connection[Any]) -> bool:
    """Whether the session may do everything."""
    asked = "SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user"
    found = driver.execute(asked).fetchone()
    return found is not None and bool(found[0])


# --- a statement without its texts and comments ---------------------------------------------------

_PARTS = re.compile(
    r"""(?P<text>\bE'(?:[^'\\]|\\.|'')*' | '(?:[^']|'')*' | \$(?P<tag>\w*)\$.*?\$(?P=tag)\$)
      | (?P<coded>\bU&)?"(?P<name>(?:[^"]|"")*)" | (?P<line>--[^\n]*) | (?P<open>/\*) | (?P<close>\*/)""",
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)


def bare(statement: str) -> str:
    """A statement in lower case without texts and comments (which nest); quoted names as they are.

    >>> bare("SELECT 'a()', \\"B\\"(1) /* x /* y */ z() */ -- w()")
    'select , B(1)  '
    """
    return re.sub(r"\buescape\b", "", "".join(_bare(statement)))


def _bare(statement: str) -> Iterator[str]:
    place, depth = 0, 0
    while found := _next(statement, place, within=depth > 0):
        if not depth:
            yield statement[place : found.start()].lower()
            if found["name"] is not None:
                yield re.sub(r"\W", "_", _uncoded(found["name"]) if found["coded"] else found["name"])
        depth += (found["open"] is not None) - (found["close"] is not None and depth > 0)
        place = found.end()
    if not depth:
        yield statement[place:].lower()


_COMMENT = re.compile(r"(?P<open>/\*)|(?P<close>\*/)|(?P<name>(?!))|(?P<coded>(?!))")


def _next(statement: str, place: int, *, within: bool) -> re.Match[str] | None:
    return (_COMMENT if within else _PARTS).search(statement, place)


def _uncoded(name: str) -> str:
    r"""A name written as ``U&"d\0061t"``; with an escape of its own (UESCAPE) each sign may be one."""
    return re.sub(r"\W\+?([0-9a-fA-F]{6}|[0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), name)
