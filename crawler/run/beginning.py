"""Where an archive may begin: not beside the captures of another, and not under a disk that is not there.

A database that was lost, a folder whose disk is not mounted: a crawl that began anew there would be healthy
every night, and the archive be forgotten.
"""

from __future__ import annotations

import logging
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
from storage.warc.at_hand import sent_names
from storage.warc.file import OPEN, is_ours

log = logging.getLogger("newsarchive")

FSTAB, MOUNTED = Path("/etc/fstab"), Path("/proc/self/mountinfo")
UNITS = Path("/etc/systemd/system")
"""Where systemd.unit(5) has the administrator's own units; those of type ``.mount`` say ``Where=``."""
FOR_DISKS = tuple(map(Path, ("/mnt", "/media", "/run/media")))
"""Below these disks are mounted, and nothing else is (Filesystem Hierarchy Standard 3.0, 3.11, 3.12)."""
_ROOT = Path("/")
"""It is always there; within a chroot no line says so."""
_WHERE = re.compile(r"^Where=(/.*\S)", re.MULTILINE)
_OCTAL = re.compile(r"\\([0-7]{3})")


def prepare_archive(configuration: Configuration, *, attended: bool = True) -> None:
    """Create an archive that does not exist yet; refuse one of another version.

    Args:
        attended: False of what a schedule begins: nobody looks on, and an archive was to be there.

    Raises:
        DatabaseRefused: unreachable, unwritable, another program's, or an archive is to be here already.
    """
    if not configuration.warc_folder.exists():
        refuse_unmounted(configuration.dir)
    if _has_no_file(configuration.url):
        _refuse_captures(configuration)  # before a file is made
    prepare_database(configuration.url, partial(_begin, configuration, attended=attended))


def _begin(configuration: Configuration, *, attended: bool) -> None:
    _refuse_captures(configuration)
    log.log(
        logging.INFO if attended else logging.WARNING,
        "a new archive begins in %s: %s had no tables",
        configuration.dir,
        describe(make_url(configuration.url)),
    )


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
    here = {one.name.removesuffix(OPEN) for one in folder.iterdir()} if folder.is_dir() else set()
    if not any(map(is_ours, (*here, *sent_names(folder)))):
        return
    where = describe(make_url(configuration.url))
    raise DatabaseRefused(
        f"{where} is empty, and {folder} holds the captures of an archive, or says where they lie: put its "
        "database back (newsarchive restore, db copy, or the right NEWSARCHIVE_DATABASE_URL), or make it "
        f"anew from them (newsarchive db rebuild --from {quote(str(folder))})"
    )


def _has_no_file(url: str) -> bool:
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return False
    path = Path(str(parsed.database))
    return not path.exists() or (path.is_file() and path.stat().st_size == 0)


def refuse_unmounted(folder: Path) -> None:
    """Raise DatabaseRefused where the folder is to lie on a disk that is not mounted."""
    mounted = _text_of(MOUNTED)
    if not mounted:
        return  # a system that tells of its disks in another way
    units = "\n".join(map(_text_of, UNITS.glob("*.mount")))
    if (disk := unmounted(folder.resolve(), _text_of(FSTAB), mounted, units)) is not None:
        raise DatabaseRefused(
            f"{folder} is to lie on {disk}, where no disk is mounted: mount it; where "
            f"the archive is to begin on the disk below, make the folder {folder / 'warc'} before"
        )


def _text_of(path: Path) -> str:
    try:
        return path.read_text("utf-8", "replace")
    except OSError:
        return ""


def unmounted(folder: Path, fstab: str, mountinfo: str, units: str = "") -> Path | None:
    """Where the innermost disk of a folder is to be; None: it is there, or nobody says that there is one.

    Args:
        mountinfo: proc_pid_mountinfo(5).
        units: lines of units of systemd.
    """
    there = {*_places(mountinfo, 4)}
    wanted = {*_places(fstab, 1), *map(Path, _WHERE.findall(units)), *there, _ROOT}
    place = max(filter(folder.is_relative_to, wanted), key=lambda one: len(one.parts))
    if place not in there:
        return None if place == _ROOT else place
    return _left_to_disks(folder, place)


def _left_to_disks(folder: Path, lies_on: Path) -> Path | None:
    """The mount point above a folder that lies where disks are mounted, and on none of them."""
    for place in FOR_DISKS:
        if folder.is_relative_to(place) and not lies_on.is_relative_to(place):
            return Path(*folder.parts[: len(place.parts) + 1])
    return None


def _places(lines: str, column: int) -> Iterator[Path]:
    """The mount points of a file of the system; blanks in them are written in octal."""
    for line in lines.splitlines():
        words = line.split()
        if len(words) > column and not line.lstrip().startswith("#") and words[column].startswith("/"):
            yield Path(_OCTAL.sub(lambda found: chr(int(found[1], 8)), words[column]))
