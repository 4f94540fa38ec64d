"""What a PostgreSQL server refuses, and what an operator does about it."""

from __future__ import annotations

import re

MAKE = "CREATE DATABASE \"{name}\" ENCODING 'UTF8' LOCALE 'C.UTF-8' TEMPLATE template0"

NO_CONNECTION = (
    "{where} has no free connection ({fatal}): end what holds them, or raise the limit "
    "(max_connections of the server, CONNECTION LIMIT of the role or the database)"
)

POOLED = (
    "{where} is reached through a pooler (pgbouncer or the like) that gives no session as it was asked for "
    "({fatal}): name the server itself in the URL; an archive holds a few connections for long"
)

NO_RIGHT = "42501"
"""PostgreSQL: insufficient privilege."""
STATES = {
    NO_RIGHT: "{where} gives the role {role} too few rights: {said}; GRANT them, or name the role that owns "
    "the tables",
    "3F000": "{where} gives the role {role} no schema to work in: {said}",
    "25006": "{where} may not be written: {said}; it is a standby (name its primary), or "
    "default_transaction_read_only is on for the role, the database or the server",
    "57014": "{where} ended a statement: {said}; where it was statement_timeout, that is too short for an "
    'archive: ALTER ROLE "{role}" SET statement_timeout = 0',  # else its administrator
    "55P03": "{where} is locked by another session for too long: {said}; end that session, or raise "
    "lock_timeout",
}
_AT_CONNECTING = (
    (
        re.compile(r'database ".*" does not exist'),
        "{where} is not there: mend its name in the URL, or make it by " + MAKE,
    ),
    (
        re.compile(r'role ".*" does not exist'),
        '{where} knows no role {role}: mend its name in the URL, or make it by CREATE ROLE "{role}" LOGIN',
    ),
    (
        re.compile("not permitted to log in"),
        '{where} lets the role {role} not log in: ALTER ROLE "{role}" LOGIN',
    ),
    (
        re.compile("not currently accepting connections"),
        '{where} takes no connections: ALTER DATABASE "{name}" ALLOW_CONNECTIONS true',
    ),
    (
        re.compile("unsupported startup parameter"),
        POOLED,
    ),
    (
        re.compile("no pg_hba.conf entry"),
        "{where} lets nobody in from here ({fatal}): a line of its pg_hba.conf must say so",
    ),
    (
        re.compile("could not write init file"),
        "{where} cannot be reached ({fatal}): the disk that its server writes on is full",
    ),
)
"""What a server says before there is a session, which carries no SQLSTATE; in a server that speaks another
language its own words stand alone."""


def at_connecting(said: str) -> str | None:
    """What is said of a refusal to begin a session; None: nothing of ours."""
    return next((sentence for shape, sentence in _AT_CONNECTING if shape.search(said)), None)
