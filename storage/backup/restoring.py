"""Putting a backup back, into an archive that is not there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from shlex import quote

from sqlalchemy import make_url

from storage.backup.copied import one_state, restore_database, up_to_date
from storage.backup.manifest import DATABASE, WARC, Backup, File, NoBackup, alone, copy_file, read_backup
from storage.backup.rows import copy_rows, same_rows
from storage.database.opening import open_database, open_readonly
from storage.database.refusal import DatabaseRefused
from storage.database.tables import schema_state
from storage.database.upgrading import upgrade
from storage.search.index import fill, is_empty
from storage.sqlite_file import url_of
from storage.tombstones import FILE as TOMBSTONES
from storage.tombstones import KEY, Tombstones
from storage.warc.manifest import sha256_of

_STONES = frozenset({TOMBSTONES, KEY})
_GONE = "{} of the backup is not there"
_ANOTHER = "{} of the backup is not what was copied: its sha256 is another"


class Damaged(Exception):
    """A file of the backup that all else hangs on is not what was copied; the message names it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What was put back."""

    backup: Backup
    lost: tuple[str, ...] = ()
    """WARC files that the backup has no more, or has damaged: what is wrong with each, in a sentence."""


def restore(folder: Path, archive: Path, url: str, say: Callable[[str], None]) -> Restored:
    """Make an archive of a backup. Interrupted, it goes on where it was: the database comes last.

    A WARC file that is damaged is put back as it is, and one that is gone is passed over: the others are
    whole, and so are most records of the damaged one.

    Args:
        folder: the backup's.
        archive: the archive's folder, without an archive in it; tombstones that lie there stay.
        url: of the archive's database, which must be empty, or hold the backup's rows already: then a restore
            was killed behind its last step, and what it had to tell is told.

    Raises:
        NoBackup: the folder holds none, or the archive is there already.
        AtWork: another process puts one back there.
        Damaged: the digest of the database or of the tombstones is another than the manifest's.
        OSError, DBAPIError: the disk or the database refused.
    """
    backup = read_backup(folder)
    compared = not archive.exists() and _need_room(folder, url, say)
    archive.mkdir(parents=True, exist_ok=True)
    with alone(archive):
        if not compared:
            _need_room(folder, url, say)
        return _restored(backup, folder, archive, url, say)


def _restored(backup: Backup, folder: Path, archive: Path, url: str, say: Callable[[str], None]) -> Restored:
    lost: list[str] = []
    database = _sqlite_file(url)
    is_there = database is not None and database.exists()
    passed = {DATABASE, *(_STONES if _has_stones(folder, archive) else ())}
    # The key first: tombstones without it would stop every command.
    for name, file in sorted(backup.files.items(), key=lambda one: (one[0] != KEY, one[0])):
        if name in passed:
            continue
        say(name)
        try:
            if is_there:  # all of it came before: a crawl may have closed a file since, or sent it away
                _look_at(folder, name, file)
            else:
                _put_back(folder, archive, name, file)
        except Damaged as error:
            if not name.startswith(f"{WARC}/"):
                raise
            lost.append(str(error))
    say("the database")
    if not (folder / DATABASE).is_file() or sha256_of(folder / DATABASE) != backup.files[DATABASE].sha256:
        raise Damaged(
            f"{DATABASE} of the backup is not what was copied: newsarchive db rebuild "
            f"--from {quote(str(folder / WARC))} "
            "makes it anew, what that cannot know apart"
        )
    if database is not None and not is_there:
        database.parent.mkdir(parents=True, exist_ok=True)
        restore_database(folder / DATABASE, database, partial(_make_ready, say=say))
    elif database is None:
        _fill(folder / DATABASE, archive / f".{DATABASE}.restored", url, say)
    return Restored(backup=backup, lost=tuple(lost))


def _has_stones(folder: Path, archive: Path) -> bool:
    """Whether the archive's folder has tombstones already: then they are the backup's, and newer ones."""
    if not all((archive / name).is_file() for name in _STONES):
        return False
    ours = {one.id for one in Tombstones(archive).all()}
    if lost := {one.id for one in Tombstones(folder).all()} - ours:
        raise NoBackup(
            f"{archive} has tombstones of its own, without {len(lost)} of the backup's: move {TOMBSTONES} "
            f"and {KEY} away, restore, and take down again what was taken down since"
        )
    return True


def _put_back(folder: Path, archive: Path, name: str, file: File) -> None:
    target = archive / name
    if target.is_file() and target.stat().st_size == file.bytes and sha256_of(target) == file.sha256:
        return
    if not (folder / name).is_file():
        raise Damaged(_GONE.format(name))
    if copy_file(folder / name, target).sha256 != file.sha256:
        raise Damaged(_ANOTHER.format(name))


def _look_at(folder: Path, name: str, file: File) -> None:
    """Raises as :func:`_put_back` does."""
    if not (folder / name).is_file():
        raise Damaged(_GONE.format(name))
    if sha256_of(folder / name) != file.sha256:
        raise Damaged(_ANOTHER.format(name))


def _need_room(folder: Path, url: str, say: Callable[[str], None]) -> bool:
    """Whether the database is there with the backup's rows: all of them are read. Raises NoBackup."""
    database = _sqlite_file(url)
    if database is not None:
        if database.exists() and not _is_put_back(folder / DATABASE, database, url, say):
            raise NoBackup(
                f"{database} is there already: move it away, or restore into another folder (--dir)"
            )
        return database.exists()
    engine = open_database(url)
    try:
        if schema_state(engine) not in ("empty", "current"):
            raise NoBackup("the database holds tables of another version or of something else")
        return False
    finally:
        engine.dispose()


def _is_put_back(kept: Path, database: Path, url: str, say: Callable[[str], None]) -> bool:
    """Whether the backup's rows are there: a restore that was killed behind its last step told nothing."""
    try:
        engine = open_readonly(url)
        try:
            if schema_state(engine) != "current":
                return False
        finally:
            engine.dispose()
        beside = database.with_name(f".{database.name}.restored")
        with (
            up_to_date(kept, beside, say) as current,
            one_state(url_of(current)) as source,
            one_state(url) as there,
        ):
            return same_rows(source, there, say)
    except DatabaseRefused:
        return False  # one of the two is no database: what is there stays


def _sqlite_file(url: str) -> Path | None:
    parsed = make_url(url)
    return Path(str(parsed.database)).expanduser() if parsed.get_backend_name() == "sqlite" else None


def _make_ready(url: str, say: Callable[[str], None]) -> None:
    upgrade(url, say)
    _make_searchable(url, say)


def _make_searchable(url: str, say: Callable[[str], None]) -> None:
    """The copy of a PostgreSQL archive has no search index."""
    into = open_database(url)
    try:
        with into.begin() as connection:
            if not is_empty(connection):
                return
            say("the search index is made")
            fill(connection, say)
    finally:
        into.dispose()


def _fill(database: Path, beside: Path, url: str, say: Callable[[str], None]) -> None:
    """A database of another kind: its tables are made, and filled."""
    upgrade(url, say)
    into = open_database(url)
    try:
        with up_to_date(database, beside, say) as current, one_state(url_of(current)) as source:
            copy_rows(source, into, say)
    finally:
        into.dispose()
