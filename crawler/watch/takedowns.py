"""What the doctor says of takedowns: one that was begun, tombstones that nobody can read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Engine

from crawler.watch.findings import Finding, Level
from storage.archive.standing import lacking, said_of, to_do
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
    if stand and not begun and not gone:
        yield Finding(check=CHECK, level=Level.OK, said=f"tombstones that stand: {stand}")
