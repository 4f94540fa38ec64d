"""SQLite's own check of its file: a damaged page is read by nobody for months, and then is in each backup."""

from __future__ import annotations

import sqlite3
from typing import cast

from sqlalchemy import Engine
from sqlalchemy.exc import DatabaseError

TO_DO = "restore a backup, or make the database anew from the WARC files (newsarchive db rebuild)"
QUICK, DEEP = "quick_check", "integrity_check"
"""Every page; and every index against its table, which takes twice as long or more."""


def damage_of_file(connection: sqlite3.Connection, check: str) -> str | None:
    """What is damaged in a database, in SQLite's words; None: nothing."""
    try:
        said = str(connection.execute(f"PRAGMA {check}(1)").fetchone()[0])
    except sqlite3.DatabaseError as error:
        return str(error)
    return None if said == "ok" else " ".join(said.split())


def damage(engine: Engine, check: str) -> str | None:
    """As `damage_of_file`; None of a PostgreSQL database, which proves its pages itself where told to."""
    if engine.dialect.name != "sqlite":
        return None
    try:
        with engine.connect() as connection:
            return damage_of_file(cast(sqlite3.Connection, connection.connection.driver_connection), check)
    except DatabaseError as error:  # damaged where opening it reads
        return str(error.orig)
