"""Proving a backup: every file by its digest, the database by its own check and by being asked."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from storage.backup.keeping import without_stone
from storage.backup.manifest import DATABASE, WARC, Backup, read_backup
from storage.backup.rows import counts
from storage.database.opening import open_readonly
from storage.database.refusal import DatabaseRefused
from storage.database.tables import schema_state
from storage.frontier.captures import stored_capture
from storage.models import CaptureRow
from storage.operations.health import sample_captures
from storage.sqlite_file import url_of
from storage.warc.file import places_of
from storage.warc.manifest import sha256_of
from storage.warc.objects import NoDriver, StoreRefused, store_at
from storage.warc.reading import CaptureDamaged, CaptureMissing, read_payload
from storage.warc.store import payload_digest

SAMPLE = 200
"""Captures that are read back from the copied files, spread over their age: some seconds (our choice)."""


@dataclass(slots=True)
class Checked:
    """What the check saw of a backup that it could open."""

    backup: Backup
    articles: int = 0
    newest: str | None = None
    captures: int = 0
    found: list[str] = field(default_factory=list)
    """Each problem in a sentence."""


def check_backup(folder: Path) -> Checked:
    """Look at a backup. Raises NoBackup where there is none."""
    seen = Checked(read_backup(folder))
    seen.found += _files(folder, seen.backup)
    seen.found += _away(seen.backup)
    seen.found += [
        f"{name} was not in the archive, or could not be read, when the backup was made"
        for name in seen.backup.missing
    ]
    if (folder / DATABASE).is_file():
        seen.found += _database(folder / DATABASE)
    if not any(DATABASE in said for said in seen.found):
        seen.found += _asked(folder, seen)
    return seen


def _files(folder: Path, backup: Backup) -> Iterator[str]:
    for name, file in sorted(backup.files.items()):
        path = folder / name
        if not path.is_file():
            yield f"{name} is not there"
        elif path.stat().st_size != file.bytes:
            yield f"{name} has {path.stat().st_size} bytes, not {file.bytes}"
        elif sha256_of(path) != file.sha256:
            yield f"{name} is not what was copied: its sha256 is another"
    for path in sorted((folder / WARC).glob("*.warc.gz*")):
        if f"{WARC}/{path.name}" not in backup.files:
            yield f"{WARC}/{path.name} is in the folder, and not of this backup"


def _away(backup: Backup) -> Iterator[str]:
    """What lies in the object store is no part of the folder; that it lies there is a part of the backup."""
    if backup.store is None or not backup.away:
        return
    try:
        store = store_at(backup.store)
        for name, file in sorted(backup.away.items()):
            there = store.size(name)
            if there is None:
                yield f"{name} is not in {backup.store}"
            elif there != file["bytes"]:
                yield f"{name} has {there} bytes in {backup.store}, not {file['bytes']}"
    except (StoreRefused, NoDriver) as error:
        yield f"{len(backup.away)} WARC files lie in {backup.store}, which cannot be asked: {error}"


def _database(path: Path) -> Iterator[str]:
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    try:
        said = [row[0] for row in connection.execute("PRAGMA integrity_check(3)")]
        broken = connection.execute("PRAGMA foreign_key_check").fetchall()
    except sqlite3.DatabaseError as error:
        said, broken = [str(error)], []
    finally:
        connection.close()
    if said != ["ok"]:
        yield f"{DATABASE} is damaged: {said[0]}"
    if broken:
        yield f"{DATABASE}: {len(broken)} rows refer to nothing"


def _asked(folder: Path, seen: Checked) -> Iterator[str]:
    """The copy answers what the archive would, and its captures can be read from its own files."""
    try:
        engine = open_readonly(url_of(folder / DATABASE))
    except DatabaseRefused as error:
        yield str(error)
        return
    try:
        state = schema_state(engine)
        if state != "current":
            made_by = seen.backup.revision
            yield f"{DATABASE} has {state} tables: check it with the version that made it ({made_by})"
            return
        with engine.connect() as connection:
            for name, rows in counts(connection).items():
                if rows != seen.backup.rows.get(name):
                    yield f"{DATABASE}: {name} has {rows} rows, not {seen.backup.rows.get(name)}"
            asked = "SELECT count(*), max(published_at) FROM articles"
            seen.articles, seen.newest = connection.execute(text(asked)).one()
            yield from without_stone(connection, folder)
        numbers = [one.id for one in sample_captures(engine, SAMPLE, 0)]
        with Session(engine) as session:
            for row in session.scalars(select(CaptureRow).where(CaptureRow.id.in_(numbers))):
                seen.captures += 1
                yield from _capture(folder / WARC, row)
    finally:
        engine.dispose()


def _capture(folder: Path, row: CaptureRow) -> Iterator[str]:
    capture = stored_capture(row).capture
    if not any(path.is_file() for path in places_of(folder, capture.warc.file)):
        return  # told with the files, or with those of the object store
    try:
        _, _, body = read_payload(folder, capture.warc)
    except (CaptureMissing, CaptureDamaged) as error:
        yield f"the capture {row.id} of {row.url} cannot be read from the copy: {error}"
        return
    if row.payload_length and payload_digest(body) != row.payload_digest:
        yield f"the capture {row.id} of {row.url} is another in the copy"
