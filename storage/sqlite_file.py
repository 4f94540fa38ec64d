"""How an SQLite file is called where a database URL is wanted."""

from __future__ import annotations

from pathlib import Path


def url_of(file: Path) -> str:
    """The database URL of an SQLite file: SQLAlchemy 2.1 takes ``%`` and ``?`` in it for signs of its own."""
    return "sqlite:///" + str(file).replace("%", "%25").replace("?", "%3F")
