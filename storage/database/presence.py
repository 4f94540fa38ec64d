"""Whether an open archive still lies where it was opened: writes to a deleted SQLite file succeed."""

from __future__ import annotations

import os
from pathlib import Path

from sqlalchemy import Engine

from storage.database.refusal import DatabaseRefused, describe


class DatabasePresence:
    """The SQLite file behind an open engine. A PostgreSQL server tells of its own losses.

    Args:
        engine: just opened for writing, its file made.
    """

    def __init__(self, engine: Engine) -> None:
        self._where = describe(engine.url)
        self._path = Path(str(engine.url.database)) if engine.dialect.name == "sqlite" else None
        self._held = None if self._path is None else self._path.stat()

    def check(self) -> None:
        """Cheap: one look at the file's name.

        Raises:
            DatabaseRefused: the file was deleted, moved, replaced or emptied while it was open.
        """
        if self._path is None or self._held is None:
            return
        try:
            named = self._path.stat()
        except OSError as error:
            raise DatabaseRefused(f"{self._where} was deleted or moved while it was in use") from error
        if not os.path.samestat(named, self._held):
            raise DatabaseRefused(f"{self._where} was replaced by another while it was in use")
        if named.st_size == 0:
            raise DatabaseRefused(f"{self._where} was emptied while it was in use")
