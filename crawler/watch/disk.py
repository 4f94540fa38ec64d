"""The disks that an archive fills: what is free, what a day takes, how long it lasts."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from crawler.configuration.file import ScheduleFile
from crawler.watch.findings import Finding, Level, Surroundings
from storage.database.barred import no_inode

LEAST_FREE = 2 * 1024**3
"""Bytes: about three weeks of both sites: 10,000 pages a day of 72 kB, gzipped to a seventh, are 100 MB."""
NO_FREE = 256 * 1024**2
LOOK_BACK = timedelta(days=14)
"""Two weeks even out weekends; a change of what is crawled shows within one. Our choice, as the next two."""
SOON, AT_ONCE = timedelta(days=30), timedelta(days=2)
"""A disk that lasts for less is a warning, and a failure: time to buy one, time to make room."""
LEAST_SPAN = timedelta(days=1)
"""An archive younger than this says nothing of a day."""

_BEGUN = re.compile(r"newsarchive-(\d{14})\d*-")


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """What an archive takes of its disk in a day, and what that rests on."""

    bytes_a_day: float
    warc_bytes: int
    """Of the WARC files begun since then."""
    span: timedelta
    database_share: float
    """Bytes of the database file for each byte of WARC, as they lie now; 0.0 where it lies elsewhere."""

    def __str__(self) -> str:
        days = f"{self.span / timedelta(days=1):.1f} days"
        more = (
            f", and {self.database_share:.2f} bytes of the database for each" if self.database_share else ""
        )
        return f"{size(self.bytes_a_day)} a day: {size(self.warc_bytes)} of WARC files in {days}{more}"


def size(amount: float) -> str:
    """Bytes for a person: ``1.2 GiB``, ``340.0 MiB``."""
    return f"{amount / 1024**3:.1f} GiB" if amount >= 1024**3 else f"{amount / 1024**2:,.1f} MiB"


def growth(warc: dict[Path, int], database: int, now: datetime) -> Growth | None:
    """What a day takes, by the WARC files of the last days; None where the archive is too young to say.

    By the moment in each file's name, not by its time on the disk: a copied archive keeps that. Pure.

    Args:
        warc: file -> bytes.
        database: bytes of a database on the same disk, 0 where there is none.
    """
    begun = {path: at for path in warc if (at := _begun(path)) is not None}
    recent = [path for path, at in begun.items() if now - LOOK_BACK <= at <= now]
    if not recent:
        return None
    span = now - max(min(begun.values()), now - LOOK_BACK)
    if span < LEAST_SPAN:
        return None
    taken = sum(warc[path] for path in recent)
    share = database / total if (total := sum(warc.values())) else 0.0
    a_day = taken * (1 + share) / (span / timedelta(days=1))
    return Growth(bytes_a_day=a_day, warc_bytes=taken, span=span, database_share=share)


def _begun(path: Path) -> datetime | None:
    match = _BEGUN.match(path.name)
    try:
        return datetime.strptime(match[1], "%Y%m%d%H%M%S").replace(tzinfo=UTC) if match else None
    except ValueError:
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class DiskLeft:
    """One disk that the archive lies on."""

    place: Path
    free: int
    """Bytes."""
    growth: Growth | None
    """None: too young to say what a day takes."""
    no_inode: bool = False
    """Whether it takes no further file, however much is free."""

    @property
    def lasts_days(self) -> float | None:
        """Until it is full; None where that is not known, or nothing is taken."""
        if self.growth is None or not self.growth.bytes_a_day:
            return None
        return self.free / self.growth.bytes_a_day

    def __str__(self) -> str:
        said = f"{size(self.free)} free at {self.place}"
        if self.no_inode:
            return f"{said}, which has room for no more files (df -i)"
        if self.growth is None:
            return f"{said}; too young to say what a day takes"
        lasts = self.lasts_days
        return said if lasts is None else f"{said}; full in {lasts:,.0f} days at {self.growth}"


def disks_left(warc_folder: Path, database_url: str, now: datetime) -> Iterator[DiskLeft]:
    """The free space of each disk that the archive lies on, that of the WARC files first.

    Raises:
        OSError: a folder above them may not be looked into.
    """
    database = _database_file(database_url)
    places = [warc_folder, *([database.parent] if database else [])]
    disks = {existing(place).stat().st_dev: existing(place) for place in reversed(places)}
    warc_disk = existing(warc_folder).stat().st_dev
    for device, place in sorted(disks.items(), key=lambda one: one[0] != warc_disk):
        beside = database is not None and database.exists() and database.stat().st_dev == device
        found = growth(
            warc_sizes(warc_folder) if device == warc_disk else {},
            database.stat().st_size if database and beside else 0,
            now,
        )
        yield DiskLeft(
            place=place, free=shutil.disk_usage(place).free, growth=found, no_inode=no_inode(place)
        )


def disk(at: Surroundings) -> Iterator[Finding]:
    """The free space of each disk that the archive lies on, and for how long it lasts."""
    for one in disks_left(at.warc_folder, at.database_url, at.now):
        level = Level.FAIL if one.no_inode else _level(one.free, one.lasts_days)
        to_do = "" if level is Level.OK else "free space, or move the archive: a full disk stops every crawl"
        yield Finding(check="disk", level=level, said=str(one), to_do=to_do)


def _level(free: int, lasts: float | None) -> Level:
    if free < NO_FREE or (lasts is not None and lasts < AT_ONCE / timedelta(days=1)):
        return Level.FAIL
    soon = lasts is not None and lasts < SOON / timedelta(days=1)
    return Level.WARN if soon or free < LEAST_FREE else Level.OK


def existing(path: Path) -> Path:
    """The path, or its nearest parent that is there."""
    return next(one for one in (path.absolute(), *path.absolute().parents) if one.exists())


def warc_sizes(folder: Path) -> dict[Path, int]:
    """WARC file, finished or open -> bytes. One that gets its final name meanwhile is left out."""
    found = {}
    for path in (*folder.glob("**/*.warc.gz"), *folder.glob("**/*.warc.gz.open")):
        try:
            found[path] = path.stat().st_size
        except OSError:
            continue
    return found


def _database_file(database_url: str) -> Path | None:
    try:
        url = make_url(database_url)
    except ArgumentError:
        return None
    return Path(url.database).expanduser() if url.drivername.startswith("sqlite") and url.database else None


def told_files(file: ScheduleFile | None) -> Iterator[Finding]:
    """Whether the files for alarms and metrics can be written: what only a crawl's log says is not heard."""
    if file is None:
        return
    named = (("alarm file", file.alarms.json_file, True), ("metrics file", file.metrics.file, False))
    for check, path, appended in named:
        if path is None:
            continue
        why = _unwritable(path, appended=appended)
        said = f"{path} cannot be written: {why}" if why else f"{path} can be written"
        todo = (
            "give the crawler's user the right to write there, or name another in newsarchive.toml"
            if why
            else ""
        )
        yield Finding(check=check, level=Level.FAIL if why else Level.OK, said=said, to_do=todo)


def _unwritable(path: Path, *, appended: bool) -> str | None:
    """Why not, by trying: rights alone do not tell of read-only mounts, and root has them all."""
    try:
        if appended and path.exists():
            path.open("ab").close()
            return None
        if path.is_dir():
            return "it is a folder"
        with tempfile.TemporaryFile(dir=existing(path.parent)):
            return None
    except OSError as error:
        return error.strerror or str(error)
