"""After a death: the WARC files it left open are made whole, and nothing whole in them is lost.

A file whose lock is held belongs to a living process and is left alone, and so is everything that is no
file of ours. Where bytes are damaged, they are kept aside and a filler of their length takes their
place: every whole record keeps its offset, and every WARC reader gets through the file.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from storage.clock import utc_now
from storage.warc.bytes_of_file import BytesOfFile
from storage.warc.file import OPEN, bytes_of, is_ours, lock_if_still_there, rename_durably, write_at
from storage.warc.filler import filler, smallest, widened
from storage.warc.members import ANSWERS, Member, Scan, scan

_COPY = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Damage:
    """A stretch that was no whole record, and what became of it."""

    offset: int
    length: int
    aside: str
    """The file beside the WARC file that holds its bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovered:
    """What `recover` did with one file that a dead process left open."""

    file: str
    """Its final name; there is no such file when it held no whole record. Its present name when left."""
    kept_bytes: int
    cut_bytes: int
    """Bytes that are no whole record: cut away at the end, filled up elsewhere."""
    records: int = 0
    """Whole records that were kept."""
    damaged: tuple[Damage, ...] = ()
    left: str | None = None
    """Why the file was left as it is, None when it was not."""

    def __str__(self) -> str:
        if self.left is not None:
            return f"{self.file} is left as it is: {self.left}"
        said = f"recovered {self.file}, left open by a run that died: {self.records} records kept"
        torn = self.cut_bytes - sum(one.length for one in self.damaged)
        if torn:
            said += f", a torn last one of {torn} bytes cut away"
        for one in self.damaged:
            said += f", {one.length} damaged bytes at {one.offset} kept aside in {one.aside}"
        return said


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadFile:
    """A file that a dead process left, made whole and not yet given its final name."""

    path: Path
    file: str
    """Its final name, as rows have it."""
    scan: Scan


def recover(folder: Path, adopt: Callable[[DeadFile], object] = lambda _file: None) -> list[Recovered]:
    """Close the files that dead processes left open, one after the other; to be called before a run writes.

    Args:
        adopt: called for each file with a whole record before it gets its final name. When it raises,
            the file stays open and the next call does it again: nothing that must be done for the
            records of a dead process is forgotten.

    Raises:
        OSError: the folder cannot be changed, the disk is full.
    """
    done = []
    for path in sorted(folder.glob("*.warc.gz" + OPEN)):
        recovered = _recover_one(path, adopt) if is_ours(path.name.removesuffix(OPEN)) else None
        if recovered is not None:
            done.append(recovered)
    return done


def _recover_one(path: Path, adopt: Callable[[DeadFile], object]) -> Recovered | None:
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            return _left(path, "it is no plain file")
        fd = os.open(path, os.O_RDWR | os.O_NOFOLLOW)
    except FileNotFoundError:  # another process recovered it between the listing and now
        return None
    except PermissionError as error:
        return _left(path, f"{error.strerror}: it is another user's")
    try:
        if not lock_if_still_there(fd, path):
            return None
        if path.with_name(path.name.removesuffix(OPEN)).exists():
            return _left(path, "a file of its final name is there already")
        return _closed(fd, path, adopt)
    finally:
        os.close(fd)


def _left(path: Path, why: str) -> Recovered:
    return Recovered(file=path.name, kept_bytes=0, cut_bytes=0, left=why)


def _closed(fd: int, path: Path, adopt: Callable[[DeadFile], object]) -> Recovered:
    size = os.fstat(fd).st_size
    final = path.with_name(path.name.removesuffix(OPEN))
    found = scan(BytesOfFile(fd, str(path)))
    kept = sum(one.end - one.start for one in found.members)
    damaged = _mend(fd, size, final, found)
    os.fsync(fd)
    if found.members:
        adopt(DeadFile(path=path, file=final.name, scan=found))
        rename_durably(path, final)
    else:
        path.unlink()
    return Recovered(
        file=final.name,
        kept_bytes=kept,
        cut_bytes=size - kept,
        records=len(found.members),
        damaged=damaged,
    )


def _mend(fd: int, size: int, final: Path, found: Scan) -> tuple[Damage, ...]:
    """Put what is damaged aside, and fillers in its place; cut the file behind its last whole record."""
    holes = list(found.holes)
    torn = holes.pop() if found.torn else None
    damaged = [_aside(fd, final, start, end) for start, end in holes]
    for hole, kept in zip(holes, damaged, strict=True):
        if hole[1] < size:
            _fill(fd, hole, kept, found.members)
    if torn or (holes and holes[-1][1] == size):
        os.ftruncate(fd, found.members[-1].end if found.members else 0)
    return tuple(damaged)


def cut_tail(path: Path, found: Scan) -> Damage | None:
    """Cut a torn last record off a closed file, its bytes kept aside; None where there is none.

    Raises:
        OSError: the file cannot be changed.
    """
    if not found.torn:
        return None
    start, end = found.holes[-1]
    fd = os.open(path, os.O_RDWR | os.O_NOFOLLOW)
    try:
        kept = _aside(fd, path, start, end)
        os.ftruncate(fd, start)
        os.fsync(fd)
    finally:
        os.close(fd)
    return kept


def dead_files(folder: Path) -> list[tuple[Path, Scan]]:
    """The files that dead processes left open, as they are; nothing is changed."""
    found = []
    for path in sorted(folder.glob("*.warc.gz" + OPEN)):
        if not is_ours(path.name.removesuffix(OPEN)):
            continue
        try:
            fd = os.open(path, os.O_RDWR | os.O_NOFOLLOW)
        except OSError:
            continue  # another process closed it, or it is not ours
        try:
            if lock_if_still_there(fd, path):
                found.append((path, scan(BytesOfFile(fd, str(path)))))
        finally:
            os.close(fd)
    return found


def scan_file(path: Path) -> Scan:
    """Every whole record of a closed file, wherever a link to it leads. Raises OSError."""
    with bytes_of(path) as data:
        return scan(data)


def _aside(fd: int, final: Path, start: int, end: int) -> Damage:
    """Keep the bytes in a file beside the WARC file. One that is there is an earlier try's: it stays."""
    for number in range(1, 1000):
        again = f"-{number}" if number > 1 else ""
        target = final.with_name(f"{final.name}.damaged-{start}{again}")
        try:
            copy = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
        except FileExistsError:
            continue
        try:
            _copy(fd, copy, start, end)
        except OSError:
            target.unlink()
            raise
        finally:
            os.close(copy)
        return Damage(offset=start, length=end - start, aside=target.name)
    raise OSError(f"there is no name left for the damaged bytes of {final.name}")


def _copy(fd: int, copy: int, start: int, end: int) -> None:
    for at in range(start, end, _COPY):
        data = os.pread(fd, min(_COPY, end - at), at)
        while data:
            data = data[os.write(copy, data) :]
    os.fsync(copy)


def _fill(fd: int, hole: tuple[int, int], kept: Damage, members: tuple[Member, ...]) -> None:
    """A filler where the hole is long enough for one; else the record beside it is made longer."""
    start, end = hole
    now, note = utc_now(), f"{end - start} damaged bytes were here; they are kept in {kept.aside}"
    if end - start >= smallest(note, now):
        write_at(fd, start, filler(end - start, note, now))
        return
    for member in members:
        if hole[0] != member.end and hole[1] != member.start:
            continue
        if member.kind in ANSWERS:
            continue  # its row says where it begins and how long it is
        wider = widened(os.pread(fd, member.end - member.start, member.start), end - start)
        if wider is not None:
            write_at(fd, min(start, member.start), [wider])
            return
