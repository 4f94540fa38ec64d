"""Long changes beside others that write."""

from __future__ import annotations

import time
from pathlib import Path

from storage.database.opening import open_database
from storage.database.pieces import size_after
from storage.database.waiting import let_others_write

LOOKS_AGAIN_S = 0.1
"""The longest pause of SQLite's own busy handler (sqliteDefaultBusyCallback in main.c)."""


def test_between_two_pieces_whoever_waits_for_sqlite_has_looked_again(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'archive.db'}")
    began = time.monotonic()
    let_others_write(engine)
    assert time.monotonic() - began > LOOKS_AGAIN_S
    engine.dispose()


def test_a_long_change_finds_the_size_of_its_pieces() -> None:
    size, sizes = 25, []
    for cost in [0.001] * 5 + [0.02] * 3 + [0.5] * 2:
        size = size_after(size, size * cost, most=200)
        sizes.append(size)
    assert sizes == [50, 100, 200, 200, 200, 15, 15, 15, 1, 1]
