"""Copies of the archive that lie elsewhere: backups, exports, packs, databases. Noted when made, so that
a takedown can name them.

``copies.jsonl`` in the archive's folder: one line for each copy, with the place of its manifest.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

FILE = "copies.jsonl"
DATABASE = "database"


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """One copy, as it was made."""

    kind: str
    """``backup``, ``export``, ``pack``, ``database``."""
    place: str
    """Its folder or file, absolute; of a database, as `storage.database.reaching.place_of` says."""
    manifest: str | None
    """The file that says what is in it; None: it has none."""
    at: str
    """When, ISO 8601."""


def note(folder: Path, kind: str, place: Path | str, manifest: Path | None, at: datetime) -> None:
    """Keep that a copy was made. Raises OSError: the archive's folder cannot be written."""
    made = Copy(
        kind=kind,
        place=place if isinstance(place, str) else str(place.absolute()),
        manifest=None if manifest is None else str(manifest.absolute()),
        at=at.isoformat(timespec="seconds"),
    )
    with (folder / FILE).open("a", encoding="utf-8") as file:
        file.write(json.dumps(asdict(made), ensure_ascii=False) + "\n")


def known(folder: Path) -> tuple[list[Copy], int]:
    """The newest copy of each kind and place, and how many lines are none."""
    try:
        lines = (folder / FILE).read_text("utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return [], 0
    copies = [_copy(line) for line in lines]
    found = {(one.kind, one.place): one for one in copies if one is not None}
    return sorted(found.values(), key=lambda one: one.at), copies.count(None)


def _copy(line: str) -> Copy | None:
    try:
        found = Copy(**json.loads(line))
        if datetime.fromisoformat(found.at).tzinfo is None:
            return None
    except (ValueError, TypeError, RecursionError):
        return None
    return found


@contextmanager
def filling(folder: Path, *, wait: bool) -> Iterator[None]:
    """Be the only one that fills a folder of copies, until the end or the process's death.

    Raises:
        BlockingIOError: another process is at it, and ``wait`` is off.
        OSError: the folder cannot be opened.
    """
    number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        try:
            fcntl.flock(number, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except OSError as error:
            if error.errno not in (errno.ENOLCK, errno.EOPNOTSUPP, errno.EBADF):  # of some network drives
                raise
        yield
    finally:
        os.close(number)
