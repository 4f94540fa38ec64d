"""A long change in pieces, so that a crawl beside it never waits long for its turn to write."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import Engine

from storage.database.opening import writing
from storage.database.waiting import let_others_write

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

HELD_S = 0.3
"""How long one piece should hold the writer (our choice: a crawl is to wait for no second). Pieces of 200
articles held it for 5 s where other processes had the machine (`relink`, 2026-11-28)."""


class Pieces:
    """How many rows make a piece, by how long the last ones took."""

    def __init__(self, engine: Engine, most: int) -> None:
        """``most``: rows of a piece at most; the first has an eighth."""
        self._engine, self._most, self.size = engine, most, max(1, most // 8)
        self._is_first = True

    @contextmanager
    def next(self) -> Iterator[Session]:
        """The transaction of one piece of ``size`` rows. Between two whoever waits to write has its turn."""
        if not self._is_first:
            let_others_write(self._engine)
        self._is_first = False
        with writing(self._engine) as session:
            began = time.monotonic()
            yield session
        self.size = size_after(self.size, time.monotonic() - began, self._most)


def size_after(size: int, seconds: float, most: int) -> int:
    """Rows of the next piece, where so many took so long.

    >>> size_after(200, 3.0, most=200), size_after(25, 0.01, most=200), size_after(1, 9.0, most=200)
    (20, 50, 1)
    """
    fitting = int(size * HELD_S / max(seconds, 0.001))
    return max(1, min(fitting, 2 * size, most))
