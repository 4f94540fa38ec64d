"""What the doctor says of takedowns: one that was begun, unreadable tombstones, pages that are back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Engine

from crawler.watch.findings import Finding, Level
from storage.archive.standing import lacking, said_of, to_do
from storage.forget.returned import older_database, there_again
from storage.forget.takedown import unfinished
from storage.tombstones import Tombstones, TombstonesUnreadable

CHECK = "takedowns"


def takedowns(engine: Engine, folder: Path) -> Iterator[Finding]:
    """Nothing where nothing was ever taken down.

    Args:
        folder: the archive's.
    """
    try:
        stones = Tombstones(folder)
        stand = len(stones.all())
        with engine.connect() as connection:
            gone = lacking(connection, stones)
    except TombstonesUnreadable as error:
        todo = "until then no crawl stores anything"
        yield Finding(check=CHECK, level=Level.FAIL, said=str(error), to_do=todo)
        return
    for row in gone:
        yield Finding(check=CHECK, level=Level.FAIL, said=said_of(row), to_do=to_do(stones))
    begun = unfinished(engine)
    for url, at in begun:
        said = f"the takedown of {url} was begun at {at:%Y-%m-%d %H:%M} UTC and is not finished"
        todo = "give the same command again; newsarchive verify tells what is left"
        yield Finding(check=CHECK, level=Level.FAIL, said=said, to_do=todo)
    back = _back(engine, stones)
    if back is not None:
        yield back
    if stand and not begun and not gone and back is None:
        yield Finding(check=CHECK, level=Level.OK, said=f"tombstones that stand: {stand}")


def _back(engine: Engine, stones: Tombstones) -> Finding | None:
    """Pages that were taken down and are there again.

    Looked for where a tombstone is newer than the database alone: each address is read then.
    """
    with engine.connect() as connection:
        if not older_database(connection, stones):
            return None
    again = list(there_again(engine, stones))
    if not again:
        return None
    more = f" (and {len(again) - 1} more)" if len(again) > 1 else ""
    todo = f"{again[0].to_do}; newsarchive verify names each"
    return Finding(check=CHECK, level=Level.FAIL, said=f"{again[0].what}{more}", to_do=todo)
