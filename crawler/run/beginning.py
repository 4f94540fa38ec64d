"""Where an archive may begin: not beside the captures of another, and not under a disk that is not there.

A database that was lost, a folder whose disk is not mounted: a crawl that began anew there would be healthy
every night, and the archive be forgotten.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from shlex import quote

from sqlalchemy import make_url

from crawler.configuration.variables import Configuration
from storage.database.opening import describe, open_database
from storage.database.refusal import DatabaseRefused
from storage.database.tables import schema_state
from storage.database.upgrading import prepare_database
from storage.warc.file import OPEN, is_ours

FSTAB, MOUNTED = Path("/etc/fstab"), Path("/proc/self/mountinfo")
_ROOT = Path("/")
"""It is always there; within a chroot no line says so."""
_OCTAL = re.compile(r"\\([0-7]{3})")


def prepare_archive(configuration: Configuration) -> None:
    """Create an archive that does not exist yet; refuse one of another version.

    Raises:
        DatabaseRefused: unreachable, unwritable, another program's, or an archive is to be here already.
    """
    if not configuration.warc_folder.exists():
        refuse_unmounted(configuration.dir)
    if _has_no_file(configuration.url):
        _refuse_captures(configuration)  # before a file is made
    prepare_database(configuration.url, partial(_refuse_captures, configuration))


def refuse_remains(configuration: Configuration) -> None:
    """Raise DatabaseRefused where the folder holds captures and the database has no tables."""
    if _has_no_file(configuration.url):
        _refuse_captures(configuration)
        return
    engine = open_database(configuration.url)
    try:
        if schema_state(engine) == "empty":
            _refuse_captures(configuration)
    finally:
        engine.dispose()


def _refuse_captures(configuration: Configuration) -> None:
    folder = configuration.warc_folder
    there = folder.iterdir() if folder.is_dir() else ()
    if not any(is_ours(one.name.removesuffix(OPEN)) for one in there):
        return
    where = describe(make_url(configuration.url))
    raise DatabaseRefused(
        f"{where} is empty, and {folder} holds the captures of an archive: put its database back "
        "(newsarchive restore, db copy, or the right NEWSARCHIVE_DATABASE_URL), or make it anew from them "
        f"(newsarchive db rebuild --from {quote(str(folder))})"
    )


def _has_no_file(url: str) -> bool:
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return False
    path = Path(str(parsed.database))
    return not path.exists() or (path.is_file() and path.stat().st_size == 0)


def refuse_unmounted(folder: Path) -> None:
    """Raise DatabaseRefused where the folder is to lie on a disk that is not mounted."""
    try:
        wanted, mounted = FSTAB.read_text("utf-8", "replace"), MOUNTED.read_text("utf-8", "replace")
    except OSError:
        return  # a system that tells of its disks in another way
    if (disk := unmounted(folder.resolve(), wanted, mounted)) is not None:
        raise DatabaseRefused(
            f"{folder} is to lie on {disk}, which {FSTAB} names and which is not mounted: mount it; where "
            f"the archive is to begin on the disk below, make the folder {folder / 'warc'} before"
        )


def unmounted(folder: Path, fstab: str, mountinfo: str) -> Path | None:
    """Where the innermost disk of a folder is to be, of those that ``fstab`` names; None: it is there."""
    there = set(_places(mountinfo, 4))
    for place in sorted(_places(fstab, 1), key=lambda one: len(one.parts), reverse=True):
        if folder.is_relative_to(place):
            return None if place in there or place == _ROOT else place
    return None


def _places(lines: str, column: int) -> Iterator[Path]:
    """The mount points of a file of the system; blanks in them are written in octal."""
    for line in lines.splitlines():
        words = line.split()
        if len(words) > column and not line.lstrip().startswith("#") and words[column].startswith("/"):
            yield Path(_OCTAL.sub(lambda found: chr(int(found[1], 8)), words[column]))
