"""Records that are forgotten: overwritten in place by a filler of their length, so that nothing else moves.

Doing it again is harmless: a record that a kill left half overwritten is overwritten whole.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from storage.clock import utc_now
from storage.records import WarcPlace
from storage.warc.at_hand import NotThere
from storage.warc.brought import AwayFiles
from storage.warc.file import bytes_of, find_file, is_name, write_at
from storage.warc.filler import filler, smallest
from storage.warc.holes import punch
from storage.warc.manifest import read_manifest, sha256_of, write_manifest
from storage.warc.members import Bytes, member_at
from storage.warc.removed import NOTE, is_cut

_MAGIC = b"\x1f\x8b\x08"
_PIECE = 64 * 1024


class CannotCut(Exception):
    """The record cannot be overwritten; the message is one sentence."""


class Cutter:
    """Cuts records in one folder; use `cutting`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._hashes: dict[str, str] = {}
        """File -> its hash in the list before anything was changed; away until `finish`."""
        self._expected: set[str] = set()
        self._changed: set[str] = set()
        self._away = AwayFiles(folder)
        self.freed = 0
        """Bytes of the disk that were given back, where it knows holes."""

    def expect(self, names: Iterable[str]) -> None:
        """Take files out of the list of hashes that may be changed: their hashes go before their bytes do.

        Of many at once: the list has a line for each file of the archive, and is written anew.
        """
        new = set(names) - self._expected
        if not new:
            return
        sums, _ = read_manifest(self._folder)
        if known := {name: sums.pop(name) for name in new & sums.keys()}:
            write_manifest(self._folder, sums)
            self._hashes |= known
        self._expected |= new

    def cut(self, place: WarcPlace, why: str) -> bool:
        """Overwrite a record; True where it was there, False where it had been cut before.

        Args:
            why: one word in ASCII, kept in the record.

        Raises:
            CannotCut: there is no such file, or no record of that length.
            OSError: the disk refused.
        """
        path = self._path(place.file)
        fd = os.open(path, os.O_RDWR)
        try:
            data = os.pread(fd, place.length, place.offset)
            if is_cut(data):
                return False
            note, now = NOTE + why, utc_now()
            if len(data) != place.length or not data.startswith(_MAGIC) or _goes_beyond(data):
                raise CannotCut(f"no record of {place.length} bytes begins at {place.file}:{place.offset}")
            if place.length < smallest(note, now):
                raise CannotCut(f"the record at {place.file}:{place.offset} is too short to be overwritten")
            self.expect([place.file])
            self._changed.add(place.file)
            self._away.changing(place.file)
            before = os.fstat(fd).st_blocks
            write_at(fd, place.offset, filler(place.length, note, now, b"\0"))
            os.fsync(fd)
            punch(fd, place.offset, place.length)
            self.freed += max(0, before - os.fstat(fd).st_blocks) * 512
        finally:
            os.close(fd)
        return True

    def cut_beside(self, place: WarcPlace, why: str) -> int:
        """Overwrite the metadata records that follow an answer, up to the next answer; gives how many.

        They say what was known of it: the hint of the list that named it. Raises as `cut`.
        """
        path = self._path(place.file)
        with bytes_of(path) as data:
            beside = list(_following(data, place))
        return sum(self.cut(one, why) for one in beside)

    def _path(self, name: str) -> Path:
        if not is_name(name):
            raise CannotCut(f"{name!r} is not the name of a WARC file of this archive")
        try:
            self._away.bring(name)
        except NotThere as error:
            raise CannotCut(f"the WARC file {error}") from error
        if (path := find_file(self._folder, name)) is None:
            raise CannotCut(f"the WARC file {name} is not in {self._folder}")
        return path

    def finish(self) -> None:
        """Give files that were changed their new hash, the others theirs, and the store what is the store's.

        Raises:
            StoreRefused, OSError: what lies in the store is as it was; the next round sends what is here.
        """
        if self._hashes:
            now = {name: self._hash_of(name) for name in self._hashes}
            sums, _ = read_manifest(self._folder)
            write_manifest(self._folder, sums | now)
            self._hashes.clear()
            self._expected.clear()
        self._away.give_back()

    def _hash_of(self, name: str) -> str:
        return sha256_of(self._folder / name) if name in self._changed else self._hashes[name]

    @property
    def versions(self) -> list[str]:
        """What the object store keeps of what was removed, each in a sentence; known after `finish`."""
        return self._away.versions

    def let_go(self) -> None:
        """Let other processes send and cut again."""
        self._away.let_go()


@contextmanager
def cutting(folder: Path) -> Iterator[Cutter]:
    """Cut records of a folder; the list of hashes is right afterwards."""
    cutter = Cutter(folder)
    try:
        yield cutter
    finally:
        try:
            cutter.finish()
        finally:
            cutter.let_go()


def _following(data: Bytes, place: WarcPlace) -> Iterator[WarcPlace]:
    at = place.offset + place.length
    while at < len(data) and (found := member_at(data, at)) is not None:
        if found.kind not in {"request", "metadata"}:
            return
        length = found.end - found.start
        if found.kind == "metadata":
            yield WarcPlace(file=place.file, offset=found.start, length=length)
        at = found.end


def _goes_beyond(data: bytes) -> bool:
    """Whether a whole record ends within: what follows is another's. Damaged ones are cut as they are."""
    stream = zlib.decompressobj(wbits=31)
    try:
        for at in range(0, len(data), _PIECE):
            stream.decompress(data[at : at + _PIECE])
            if stream.eof:
                return at + _PIECE < len(data) or bool(stream.unused_data)
    except zlib.error:
        return False
    return False
