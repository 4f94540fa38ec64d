"""What was taken down and is there again: from a backup of the database, or of a WARC file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from sqlalchemy import Connection, Engine, select
from sqlalchemy.orm import Session

from storage.archive.standing import lacking, said_of, to_do
from storage.forget.taken import HAS_BYTES
from storage.models import AddressRow, AppearanceRow, CaptureRow, TakedownRow
from storage.operations.problems import Problem
from storage.tombstones import FILE, KEY, Tombstones

_PIECE = 2000


def returned(engine: Engine, tombstones: Tombstones) -> Iterator[Problem]:
    """Takedowns without a tombstone here; addresses with one of which a page is stored, or bytes are there.

    Raises:
        TombstonesUnreadable: they cannot be read.
    """
    with Session(engine) as session:
        for row in lacking(session.connection(), tombstones):
            yield Problem(check="tombstones", what=said_of(row), to_do=to_do(tombstones))
    yield from there_again(engine, tombstones)


def taken_down_there(engine: Engine, former: Path, archive: Path) -> Iterator[Problem]:
    """Pages of a backup put back beside the archive it was made of, where they were taken down since.

    Args:
        former: the folder of the archive that the backup was made of, where it is still there.
        archive: the folder of the one that it was put back into.
    """
    to_do = f"copy {FILE} and {KEY} from {former} into {archive}, and newsarchive takedown takes it down"
    try:
        if former.resolve() == archive.resolve() or not (former / FILE).is_file():
            return
        for one in there_again(engine, Tombstones(former)):
            yield replace(one, to_do=to_do)
    except OSError as error:  # another user's folder; tombstones that cannot be read
        yield Problem(check="tombstones", what=str(error), to_do=to_do)


def older_database(connection: Connection, tombstones: Tombstones) -> bool:
    """Whether a tombstone stands here that the log of takedowns does not name: made after these rows, then.

    So it is, too, where ``db rebuild`` made them from files that nothing is left in. Costs a row a takedown.

    Raises:
        TombstonesUnreadable: they cannot be read.
    """
    stones = {stone.id for stone in tombstones.all()}
    return bool(stones) and not stones <= set(connection.scalars(select(TakedownRow.tombstone)))


def there_again(engine: Engine, tombstones: Tombstones) -> Iterator[Problem]:
    """Addresses with a tombstone of which a page is stored, or bytes are there. Reads every address.

    Raises:
        TombstonesUnreadable: they cannot be read.
    """
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
