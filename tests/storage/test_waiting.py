"""Long changes beside others that write."""

from __future__ import annotations

import time
from pathlib import Path

from storage.database.opening import open_database
from storage.database.waiting import let_others_write

LOOKS_AGAIN_S = 0.1
"""The longest pause of SQLite's own busy handler (sqliteDefaultBusyCallback in main.c)."""


def test_between_two_pieces_whoever_waits_for_sqlite_has_looked_again(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'archive.db'}")
    began = time.monotonic()
    let_others_write(engine)
    assert time.monotonic() - began > LOOKS_AGAIN_S
    engine.dispose()
