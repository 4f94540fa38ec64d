"""Making a backup, and renewing it: the database first, then the WARC files, which only grow.

So every record that a copied row names is in the copied files, also while a crawl writes both. What a crawl
has open is copied as it is: a torn record at its end is what a death would have left, and is mended likewise.
What takes another's place waits until all is there: a renewal that is interrupted leaves the former backup.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Engine

from storage.backup.copied import copy_database, counted, lacking_stones, named_files
from storage.backup.keeping import kept_file, kept_stones, lost_stones, unread_file, worse
from storage.backup.manifest import (
    DATABASE,
    MANIFEST,
    WARC,
    Backup,
    File,
    NoBackup,
    alone,
    copy_file,
    read_backup,
    write_backup,
)
from storage.clock import utc_now
from storage.copies import FILE as COPIES
from storage.copies import note
from storage.database.opening import describe
from storage.database.revisions import REVISIONS
from storage.tombstones import FILE as TOMBSTONES
from storage.tombstones import KEY
from storage.warc.at_hand import away
from storage.warc.file import OPEN
from storage.warc.sent import State, files_sent, store_of

_BESIDE = (KEY, TOMBSTONES, COPIES)
"""Files of the archive's folder that a backup holds. The key first: tombstones are nothing without it."""
STAGED = ".staged"
"""The folder in a backup where copies wait to take the place of former ones."""
_TRIES = 5
"""A crawl gives an open file its final name between two looks; not five times in a row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A backup that was made, and what is wrong with the archive."""

    backup: Backup
    problems: tuple[str, ...]


@dataclass(slots=True)
class _Making:
    """A backup while it is made."""

    source: Path
    folder: Path
    known: Mapping[str, File]
    """What the former backup holds."""
    say: Callable[[str], None]
    files: dict[str, File] = field(default_factory=dict)
    staged: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    stones: Path = field(init=False)
    """The folder with the tombstones that this backup has."""

    def __post_init__(self) -> None:
        self.stones = self.source

    def take(self, name: str) -> bool:
        """Copy a file of the archive's folder unless it is here; False: it is not there (any more)."""
        path, former = self.source / name, self.known.get(name)
        try:
            state = path.stat()
            if former is not None and self._is_here(name, former, state):
                self.files[name] = former
            elif name not in self.files and not self._kept(name, path, former):
                self.say(name)
                self.files[name] = copy_file(path, self.place(name))
        except FileNotFoundError:
            self.files.pop(name, None)
            return False
        except OSError as error:
            if error.filename != str(path):  # the copy's disk
                raise
            self._unread(name, former, error)
        return True

    def note(self) -> None:
        """Let takedowns know of the backup; an archive that cannot be written is copied all the same."""
        try:
            note(self.source, "backup", self.folder, self.folder / MANIFEST, utc_now())
        except OSError as error:
            why = f"{self.source} may not be written ({error.strerror})"
            self.problems.append(f"{why}: a takedown will not name {self.folder}")

    def _unread(self, name: str, former: File | None, error: OSError) -> None:
        """A file that the archive's disk does not give any more: all others are copied still."""
        kept = None
        if former is not None and (self.folder / name).is_file():
            self.files[name], kept = former, self.folder
        if (said := unread_file(name, error, kept)) not in self.problems:
            self.problems.append(said)

    def _is_here(self, name: str, former: File, state: os.stat_result) -> bool:
        here = self.folder / name
        same = (former.bytes, former.modified_ns) == (state.st_size, state.st_mtime_ns)
        return same and here.is_file() and here.stat().st_size == former.bytes

    def _kept(self, name: str, path: Path, former: File | None) -> bool:
        """Whether the former copy of a closed WARC file stays, since the archive's is worse."""
        here = self.folder / name
        if former is None or not name.endswith(".warc.gz") or not here.is_file() or not worse(path, here):
            return False
        self.problems.append(kept_file(name, self.folder))
        self.files[name] = former
        return True

    def take_beside(self) -> None:
        """Copy what lies beside the database; tombstones that the archive has lost stay in the backup."""
        why = lost_stones(self.source, self.folder) if {KEY, TOMBSTONES} <= self.known.keys() else None
        if why is not None:
            self.problems.append(kept_stones(why, self.folder, self.source))
            self.files.update({name: self.known[name] for name in (KEY, TOMBSTONES)})
            self.stones = self.folder
        for name in _BESIDE:
            if name not in self.files:
                self.take(name)

    def place(self, name: str) -> Path:
        """Where a copy is written: beside the former one where there is one, until all is there."""
        if not (self.folder / name).exists():
            return self.folder / name
        if name not in self.staged:
            self.staged.append(name)
        return self.folder / STAGED / name

    def finish(self, backup: Backup) -> None:
        """Let the new files take the places of the former ones."""
        for name in self.staged:
            if (self.folder / STAGED / name).exists():
                (self.folder / STAGED / name).replace(self.folder / name)
        write_backup(self.folder, backup)
        for path in sorted((self.folder / WARC).glob("*")):
            if f"{WARC}/{path.name}" not in self.files:
                path.unlink()
        shutil.rmtree(self.folder / STAGED, ignore_errors=True)


def make_backup(engine: Engine, url: str, archive: Path, folder: Path, say: Callable[[str], None]) -> Made:
    """Make the folder a copy of the archive as it is now; what it has already is not copied again.

    Args:
        engine: the archive's database; ``url``: its address, with the password.
        archive: the archive's folder.
        say: told what is copied.

    Raises:
        NoBackup: the folder holds something that is no backup of this archive.
        AtWork: another process fills it.
        OSError, DBAPIError: the disk or the database refused; a former backup is as it was.
    """
    _former(folder, archive)
    folder.mkdir(parents=True, exist_ok=True)
    with alone(folder):
        return _made(engine, url, archive, folder, say)


def _made(engine: Engine, url: str, archive: Path, folder: Path, say: Callable[[str], None]) -> Made:
    former = _former(folder, archive)
    shutil.rmtree(folder / STAGED, ignore_errors=True)
    made_at = utc_now().isoformat(timespec="seconds")
    making = _Making(archive, folder, {} if former is None else former.files, say)
    making.note()  # before it holds anything
    say("the database")
    database = making.place(DATABASE)
    copy_database(engine, url, database, say)
    making.take_beside()  # behind the rows: each takedown that they tell of has its tombstone by then
    rows, making.files[DATABASE] = counted(database)
    say("the WARC files")
    _copy_warc(making)
    there = {name.removeprefix(f"{WARC}/").removesuffix(OPEN) for name in making.files}
    named = named_files(database)
    lying_away = _away(archive / WARC, named - there)
    backup = Backup(
        made_at=made_at,
        archive=str(archive.absolute()),
        database=describe(engine.url),
        revision=REVISIONS[-1],
        rows=rows,
        files=making.files,
        missing=tuple(sorted(named - there - lying_away.keys())),
        store=store_of(archive / WARC),
        away=lying_away,
    )
    making.problems += lacking_stones(database, making.stones)
    making.finish(backup)
    return Made(backup=backup, problems=tuple(making.problems))


def _former(folder: Path, archive: Path) -> Backup | None:
    """The backup that is renewed; None: the folder is empty, or an unfinished one."""
    if folder.resolve() == archive.resolve():
        raise NoBackup(f"{folder} is the archive itself")
    if folder.resolve().is_relative_to(archive.resolve()):
        raise NoBackup(f"{folder} lies in the archive's folder, and would be lost with it")
    if folder.exists() and not folder.is_dir():
        raise NoBackup(f"{folder} is a file: name a folder")
    if (folder / MANIFEST).exists():
        former = read_backup(folder)
        if former.archive != str(archive.absolute()):
            raise NoBackup(f"{folder} is a backup of {former.archive}, not of {archive.absolute()}")
        return former
    ours = {DATABASE, WARC, "lost+found", *_BESIDE}
    there = sorted(path.name for path in folder.glob("*")) if folder.is_dir() else []
    others = [name for name in there if name not in ours and not name.startswith(".")]
    if others:
        raise NoBackup(f"{folder} holds other files ({', '.join(others[:3])}): name an empty folder")
    return None


def _copy_warc(making: _Making) -> None:
    """Every file of the archive's WARC folder.

    Closed files that the archive has lost stay in the backup; open ones that are closed by now, and damaged
    bytes that were removed, do not.
    """
    folder = making.source / WARC
    for _ in range(_TRIES):
        there = sorted(path.name for path in folder.glob("*") if path.is_file() and path.name[0] != ".")
        gone = [name for name in there if not making.take(f"{WARC}/{name}")]
        if not gone:
            break
    for name, file in making.known.items():
        if name.endswith(".warc.gz") and name not in making.files and (making.folder / name).is_file():
            making.files[name] = file


def _away(folder: Path, wanted: set[str]) -> dict[str, dict[str, str | int | None]]:
    """Of files that are not here, those that lie in the object store, and what they should be there.

    What another machine of the archive has sent is in no ledger here: the store is asked for its size.
    """
    known = {name: one for name, one in files_sent(folder).items() if one.state is State.SENT}
    store = away(folder) if wanted - known.keys() else None
    found: dict[str, dict[str, str | int | None]] = {}
    for name in sorted(wanted):
        if name in known:
            found[name] = {"bytes": known[name].bytes, "sha256": known[name].sha256}
        elif store is not None and (size := store.size(name)) is not None:
            found[name] = {"bytes": size, "sha256": None}
    return found
