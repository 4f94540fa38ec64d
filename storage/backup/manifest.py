"""What a backup holds: ``backup.json`` in its folder, written last, so that a backup with one is whole."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from storage.copies import filling

MANIFEST = "backup.json"
DATABASE = "newsarchive.db"
WARC = "warc"
_PIECE = 1024 * 1024


class NoBackup(Exception):
    """The folder holds no backup, or one that cannot be used; the message is one sentence."""


class AtWork(Exception):
    """Another process fills the same folder; the message is one sentence."""


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Be the only one that fills a folder, until the end or the process's death.

    A nightly backup that takes longer than a night: the second would take away what the first has laid
    beside, and the first give its manifest to the files of before.

    Raises:
        AtWork: another process is at it.
    """
    with ExitStack() as held:
        try:
            held.enter_context(filling(folder, wait=False))
        except BlockingIOError as error:
            raise AtWork(f"another process is filling {folder}; nothing was done") from error
        yield


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """One file of a backup."""

    bytes: int
    sha256: str
    modified_ns: int
    """Of the file that it was copied from: what has this time and size is not copied again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """A backup as its manifest tells it."""

    made_at: str
    archive: str
    """The folder that it is a copy of."""
    database: str
    """What the database was, without its password."""
    revision: str
    """Of the tables."""
    rows: Mapping[str, int] = field(default_factory=dict)
    files: Mapping[str, File] = field(default_factory=dict)
    """Path in the folder -> what lies there, the database's own file included."""
    missing: tuple[str, ...] = ()
    """WARC files that captures name and that the archive did not have, or could not read."""
    store: str | None = None
    """The object store that has the files of ``away``."""
    away: Mapping[str, Mapping[str, str | int | None]] = field(default_factory=dict)
    """WARC file -> its bytes and sha256, of those that were sent to the store and are not copied here."""


def read_backup(folder: Path) -> Backup:
    """The manifest. Raises NoBackup."""
    path = folder / MANIFEST
    try:
        found = json.loads(path.read_text("utf-8"))
        files = _files(found.pop("files"))
        return Backup(**found | {"missing": tuple(found["missing"])}, files=files)
    except FileNotFoundError as error:
        raise NoBackup(f"{folder} holds no backup that was finished: {MANIFEST} is not there") from error
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise NoBackup(f"{path} is no manifest of a backup") from error


def _files(told: Mapping[str, Mapping[str, Any]]) -> dict[str, File]:
    files = {_within(name): File(**one) for name, one in told.items()}
    if DATABASE not in files:
        raise KeyError(DATABASE)
    return files


def _within(name: str) -> str:
    """A name that stays in the folder: whoever made the manifest, nothing is written elsewhere."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts:
        raise ValueError(name)
    return name


def write_backup(folder: Path, backup: Backup) -> None:
    """Write the manifest, whole or not at all."""
    text = json.dumps(asdict(backup), ensure_ascii=False, indent=1, sort_keys=True)
    with replaced(folder / MANIFEST) as file:
        file.write(text.encode() + b"\n")


class replaced:  # noqa: N801  reads as what it does
    """A file that takes another's place when it is whole and on the disk; nothing is left of it otherwise."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._beside = path.with_name(f".{path.name}.new")

    def __enter__(self) -> BinaryIO:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._file = self._beside.open("wb")
        return self._file

    def __exit__(self, kind: object, *_: object) -> None:
        try:
            if kind is None:
                self._file.flush()
                os.fsync(self._file.fileno())
        finally:
            self._file.close()
        if kind is None:
            self._beside.replace(self._path)
        else:
            self._beside.unlink(missing_ok=True)


def copy_file(source: Path, target: Path) -> File:
    """Copy one file as it is now; one that grows is copied to where it ended when it was opened.

    Raises:
        FileNotFoundError: it is not there any more.
        OSError: the disk refused, by the name of the file that it refused; an earlier copy stays.
    """
    digest, done = hashlib.sha256(), 0
    with source.open("rb") as file:
        state = os.fstat(file.fileno())
        try:
            with replaced(target) as copy:
                while done < state.st_size and (piece := _read(file, source, state.st_size - done)):
                    digest.update(piece)
                    copy.write(piece)
                    done += len(piece)
        except OSError as error:
            raise OSError(error.errno, error.strerror, error.filename or str(target)) from error
        target.chmod(state.st_mode & 0o777)
    return File(bytes=done, sha256=digest.hexdigest(), modified_ns=state.st_mtime_ns)


def _read(file: BinaryIO, source: Path, left: int) -> bytes:
    try:
        return file.read(min(_PIECE, left))
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(source)) from error
