"""What was taken down and is there again: from a backup of the database, or of a WARC file."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from storage.archive.standing import lacking, said_of, to_do
from storage.forget.taken import HAS_BYTES
from storage.models import AddressRow, AppearanceRow, CaptureRow
from storage.operations.problems import Problem
from storage.tombstones import Tombstones

_PIECE = 2000


def returned(engine: Engine, tombstones: Tombstones) -> Iterator[Problem]:
    """Takedowns without a tombstone here; addresses with one of which a page is stored, or bytes are there.

    Raises:
        TombstonesUnreadable: they cannot be read.
    """
    with Session(engine) as session:
        for row in lacking(session.connection(), tombstones):
            yield Problem(check="tombstones", what=said_of(row), to_do=to_do(tombstones))
    if not tombstones.all():
        return
    shown = select(AppearanceRow.id).where(AppearanceRow.address_id == AddressRow.id).exists()
    bytes_there = select(CaptureRow.id).where(CaptureRow.address_id == AddressRow.id, HAS_BYTES).exists()
    query = select(AddressRow.url).where(shown | bytes_there).order_by(AddressRow.id)
    with Session(engine) as session:
        for url in session.scalars(query.execution_options(yield_per=_PIECE)):
            if (stone := tombstones.at(url)) is not None:
                yield Problem(
                    check="tombstones",
                    what=f"{url} was taken down (tombstone {stone.id} of {stone.at}), and is there again",
                    to_do="newsarchive takedown takes it down again",
                )
