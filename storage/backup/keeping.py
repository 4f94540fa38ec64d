"""Where the archive has lost what its backup has still: the copy that is there is kept, and told.

A backup is renewed by night, also on the night in which the archive's disk was damaged.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection

from storage.archive.standing import lacking, said_of
from storage.database.refusal import DatabaseRefused
from storage.database.soundness import QUICK, TO_DO, damage_of_file
from storage.tombstones import FILE, KEY, Tombstones, TombstonesUnreadable
from storage.warc.recovery import scan_file


def worse(path: Path, former: Path) -> bool:
    """Whether a closed WARC file is damaged where its copy is not, or shorter than it.

    Both may be damaged: a takedown in such a file must reach its copy. A torn end may have been cut off.
    Raises OSError.
    """
    now, then = scan_file(path), scan_file(former)
    whole = then.holes[-1][0] if then.torn else former.stat().st_size
    return bool(set(now.holes) - set(then.holes)) or path.stat().st_size < whole


def lost_stones(archive: Path, backup: Path) -> str | None:
    """Why the backup's tombstones are better than the archive's; None: they are not. Raises OSError."""
    try:
        kept = {one.id for one in Tombstones(backup).all()}
    except TombstonesUnreadable:
        return None
    if not kept:
        return None
    try:
        lost = kept - {one.id for one in Tombstones(archive).all()}
    except TombstonesUnreadable as error:
        return str(error)
    return f"{archive} lacks {len(lost)} of the backup's tombstones" if lost else None


def without_stone(connection: Connection, folder: Path) -> Iterator[str]:
    """What a copy cannot keep from coming back: takedowns of its rows that have no tombstone in it."""
    try:
        for row in lacking(connection, Tombstones(folder)):
            yield f"{said_of(row)}: a crawl after a restore would end with 4"
    except TombstonesUnreadable as error:
        yield str(error)


def kept_stones(why: str, backup: Path, archive: Path) -> str:
    """What is told where the backup's tombstones stay."""
    return f"{why}; those of the backup stay: copy {FILE} and {KEY} from {backup} into {archive}"


def kept_file(name: str, backup: Path) -> str:
    """What is told where the backup's copy of a WARC file stays."""
    why = "is damaged or shorter than its copy, which stays"
    return f"{name} of the archive {why}: put {backup / name} in its place"


def unread_file(name: str, error: OSError, backup: Path | None) -> str:
    """What is told of a file that cannot be read; ``backup``: the folder that has a copy of it."""
    then = "it is not in the backup" if backup is None else f"its copy stays: {backup / name}"
    return f"{name} of the archive cannot be read ({error.strerror}): {then}"


def need_sound(copied: Path) -> None:
    """Raise DatabaseRefused where a copied database is damaged: the one that it was copied from is."""
    connection = sqlite3.connect(copied)
    try:
        said = damage_of_file(connection, QUICK)
    finally:
        connection.close()
    if said is not None:
        raise is_damaged(said)


def is_damaged(said: str) -> DatabaseRefused:
    """Why no copy is made of an archive's database, of which SQLite says this."""
    former = "no backup is made of it, and a former one is as it was"
    return DatabaseRefused(f"the archive's database is damaged ({said}): {former}; {TO_DO}")
