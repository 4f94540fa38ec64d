"""The address of a database: its URL, read strictly, with its driver named."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from storage.database.refusal import AN_AT_TOO_MANY, UNREADABLE_URL, WrongUrl, busy_seconds

_DRIVERS = {"postgresql", "postgres", "postgresql+psycopg", "sqlite", "sqlite+pysqlite"}


def check_url(url: str) -> None:
    """Raise WrongUrl unless this is the address of a database that an archive can be kept in."""
    parse_url(url)


def parse_url(url: str) -> URL:
    """The URL with its driver named; WrongUrl when it is none or of another database."""
    try:
        parsed = make_url(url)
        backend = parsed.get_backend_name()
    except (ValueError, ArgumentError, NoSuchModuleError) as error:
        raise WrongUrl(UNREADABLE_URL) from error
    if parsed.drivername not in _DRIVERS:
        raise WrongUrl(
            f"{parsed.drivername} is not supported: the archive is kept in SQLite or PostgreSQL (psycopg)"
        )
    if backend != "sqlite":
        if "@" in (parsed.host or ""):
            raise WrongUrl(AN_AT_TOO_MANY)  # else part of it would be told as the host
        return parsed.set(drivername="postgresql+psycopg")
    if not parsed.database or parsed.database == ":memory:":
        raise WrongUrl("The archive needs a file: name one as sqlite:///PATH")
    if unknown := sorted(set(parsed.query) - {"timeout"}):
        raise WrongUrl(f"The database URL of an SQLite file takes ?timeout= alone, not {unknown[0]}")
    busy_seconds(parsed)  # a wrong one is told before anything is opened
    try:
        database = str(Path(parsed.database).expanduser())
    except RuntimeError as error:
        raise WrongUrl(
            f"{parsed.database} begins with ~ and names no user's home: write the whole path"
        ) from error
    return parsed.set(drivername="sqlite", database=database)
