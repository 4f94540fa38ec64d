"""Whether each takedown that the database knows has its tombstone here.

Tombstones are files of a folder, the database is every machine's: what one machine took down, another one
would ask for and store again. So does a folder that was made anew, or put back, without these two files.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, bindparam, select

from storage.database.prepared import Prepared
from storage.models import TakedownRow
from storage.models.base import table_of
from storage.tombstones import FILE, KEY, Tombstones, TombstonesUnreadable

_TAKEDOWN = table_of(TakedownRow).c
_NEWER = Prepared(
    select(_TAKEDOWN.id, _TAKEDOWN.tombstone, _TAKEDOWN.url, _TAKEDOWN.by, _TAKEDOWN.begun_at)
    .where(_TAKEDOWN.id > bindparam("proven"))
    .order_by(_TAKEDOWN.id)
)
"""Asked with every page that is stored."""
LOOK_S = 1.0
"""Between two looks of a run that stores nothing meanwhile; our choice: a statement is a millisecond."""


@dataclass(frozen=True, slots=True)
class Lacking:
    """A takedown without its tombstone here."""

    id: int
    tombstone: str
    url: str
    by: str
    begun_at: datetime


def lacking(connection: Connection, tombstones: Tombstones) -> list[Lacking]:
    """Takedowns without their tombstone here, oldest first; those that were found once are not asked for.

    Raises:
        TombstonesUnreadable: they cannot be read.
    """
    tombstones.all()  # where one went away, every takedown is asked for anew
    proven = tombstones.proven
    rows = [Lacking(*row) for row in _NEWER.run(connection, {"proven": proven})]
    if not rows:
        return []
    # After the rows: whoever sees a row sees its tombstone, and a takedown may have been given meanwhile.
    here = {stone.id for stone in tombstones.all()}
    gone = [row for row in rows if row.tombstone not in here]
    if not gone and tombstones.proven == proven:
        tombstones.proven = rows[-1].id
    return gone


def said_of(row: Lacking) -> str:
    """That its tombstone is not here, in a sentence."""
    return f"{row.url} was taken down on {row.begun_at:%Y-%m-%d} by {row.by}, and its tombstone is not here"


def to_do(tombstones: Tombstones) -> str:
    """What brings a tombstone here."""
    return (
        f"copy {FILE} and {KEY} into {tombstones.folder}, from the machine on which it was taken down or "
        "from a backup; where they are lost, give newsarchive takedown with its address again"
    )


def need_standing(connection: Connection, tombstones: Tombstones) -> None:
    """Raise TombstonesUnreadable where a takedown has no tombstone here: nobody knows what it stands for."""
    refuse(lacking(connection, tombstones), tombstones)


def refuse(gone: Sequence[Lacking], tombstones: Tombstones) -> None:
    """Raise TombstonesUnreadable where there are any."""
    if gone:
        more = f" (nor are those of {len(gone) - 1} more)" if len(gone) > 1 else ""
        raise TombstonesUnreadable(f"{said_of(gone[0])}{more}: {to_do(tombstones)}")


class Standing:
    """The same, asked while a run goes on: another machine may take something down at any moment."""

    def __init__(self, engine: Engine, tombstones: Tombstones) -> None:
        self._engine, self._tombstones = engine, tombstones
        self._looked: float | None = None

    def need(self) -> None:
        """Raises as `need_standing`; a look within a second of the last one is none."""
        now = time.monotonic()
        if self._looked is not None and now - self._looked < LOOK_S:
            return
        with self._engine.connect() as connection:
            need_standing(connection, self._tombstones)
        self._looked = now
