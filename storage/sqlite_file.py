"""An SQLite file: as a database URL, and the files that SQLite keeps beside it."""

from __future__ import annotations

from pathlib import Path

LOG, SHARED, JOURNAL = "-wal", "-shm", "-journal"
BESIDE = (LOG, SHARED, JOURNAL)
"""Endings of the names of files that SQLite keeps beside one (sqlite.org/tempfiles.html, read 2026-11-27)."""


def url_of(file: Path) -> str:
    """The database URL of an SQLite file: SQLAlchemy 2.1 takes ``%`` and ``?`` in it for signs of its own."""
    return "sqlite:///" + str(file).replace("%", "%25").replace("?", "%3F")


def with_ends(file: Path, *ends: str) -> list[Path]:
    """The files beside an SQLite file that end so, whether they are there or not.

    >>> [one.name for one in with_ends(Path("news.db"), LOG)]
    ['news.db-wal']
    """
    return [file.with_name(file.name + end) for end in ends]
