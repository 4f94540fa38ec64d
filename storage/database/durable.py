"""Committed, and outliving a power cut too: for what is made final on the strength of it."""

from __future__ import annotations

import os
from pathlib import Path

from sqlalchemy import Engine

from storage.named_faults import naming


def make_durable(engine: Engine) -> None:
    """Force every committed transaction onto the disk.

    SQLite's ``synchronous=NORMAL`` leaves the last ones in its WAL file, unsynced, until a checkpoint;
    PostgreSQL syncs each commit itself. Raises OSError when the disk refuses.
    """
    if engine.dialect.name != "sqlite":
        return
    file = Path(f"{engine.url.database}-wal")
    try:
        log = os.open(file, os.O_RDONLY)
    except FileNotFoundError:
        return  # all of it is in the database file: a checkpoint syncs that
    try:
        with naming(file):
            os.fsync(log)
    finally:
        os.close(log)
