"""The WARC files against the rows: what is missing, damaged, torn, without a row or without a record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from storage.frontier.captures import warc_place
from storage.frontier.rowless import adopt, rowless
from storage.models import CaptureRow
from storage.operations.problems import Problem
from storage.operations.rowless_files import TO_DO, older_than, rowless_files
from storage.warc.answers import NoAnswer, read_answer
from storage.warc.at_hand import NotThere, WarcFile, away, closed_files
from storage.warc.cutting import cutting
from storage.warc.file import OPEN, find_file
from storage.warc.manifest import MANIFEST, read_manifest, sha256_of, write_manifest
from storage.warc.members import ANSWERS, Scan, unread
from storage.warc.objects import Spoilt, StoreRefused
from storage.warc.records import OfFile, OfStore, Records
from storage.warc.recovery import DeadFile, cut_tail, dead_files, recover, scan_file
from storage.warc.removed import is_cut, nothing_but_removed
from storage.warc.sent import files_sent, store_of

RESTORE = "restore the file from a backup"
OTHER_MACHINE = "where several machines crawl it may lie on another: crawl there, and it is sent to the store"
_PIECE = 500


@dataclass(slots=True)
class Files:
    """All WARC files of an archive, one after the other."""

    engine: Engine
    folder: Path
    repair: bool
    told: Callable[[int, int, str], None] = lambda _done, _total, _what: None
    """How many are looked at, of how many, of what."""
    captures: int = 0
    """Read back so far."""
    removed: Counter[str] = field(default_factory=Counter)
    """Why -> captures whose bytes were removed on purpose."""
    _sums: dict[str, str] = field(default_factory=dict)
    _silent_at: str | None = None
    """The file at which the object store ceased to answer: each further one would wait for it as long."""
    _unasked: set[str] = field(default_factory=set)

    def all(self) -> Iterator[Problem]:
        """Every file and every record; the hashes of sound files are written into the manifest."""
        yield from self._left_open()
        self._sums, spoilt = read_manifest(self.folder)
        if spoilt:
            what = f"{MANIFEST}: {spoilt} lines are no hash of a file"
            to_do = "restore it from a backup; --repair writes it anew from the files as they are"
            yield Problem(check="hashes", what=what, to_do=to_do, mended=self.repair)
        before = None if spoilt and self.repair else dict(self._sums)
        names = self._names()
        for done, name in enumerate(names):
            self.told(done, len(names), "WARC files")
            yield from self._told(name, self._file(name))
        yield from self._not_looked_at()
        if self._sums == before or (spoilt and not self.repair):
            return
        try:
            write_manifest(self.folder, self._sums)
        except OSError as error:
            what = f"{MANIFEST} cannot be written: {error.strerror}"
            yield Problem(check="hashes", what=what, to_do=f"give this user the right to write {self.folder}")

    def sample(self, numbers: Sequence[int]) -> Iterator[Problem]:
        """These captures only, each read back from its place."""
        yield from self._left_open()
        yield from self._told(str(self.folder), self._behind())
        with Session(self.engine) as session:
            query = select(CaptureRow).where(CaptureRow.id.in_(numbers))
            rows = list(session.scalars(query.order_by(CaptureRow.warc_file, CaptureRow.warc_offset)))
        lost: dict[str, None] = {}
        for row in rows:
            yield from self._told(row.warc_file, self._sampled(row, lost))
        yield from self._not_looked_at()
        for name in lost:
            yield self._missing(name)

    def _behind(self) -> Iterator[Problem]:
        """That the database is older than the files."""
        if names := rowless_files(self.engine, self.folder):
            yield Problem(check="records without row", what=older_than(names), to_do=TO_DO)

    def _sampled(self, row: CaptureRow, lost: dict[str, None]) -> Iterator[Problem]:
        found = self._records(row.warc_file)
        if found is None:
            lost[row.warc_file] = None
            return
        with found:
            yield from self._capture(row, found, None)

    def _records(self, name: str) -> Records | None:
        """The records of a file, wherever it lies; None: nowhere. Raises StoreRefused."""
        path = find_file(self.folder, name)
        if path is not None:
            return OfFile(path)
        store = away(self.folder)
        size = None if store is None else store.size(name)
        return None if store is None or size is None else OfStore(store, name, size)

    def _told(self, name: str, problems: Iterator[Problem]) -> Iterator[Problem]:
        """What is found in a file, and what keeps it from being looked at."""
        if self._silent_at is not None and find_file(self.folder, name) is None:
            self._unasked.add(name)
            return
        try:
            yield from problems
        except OSError as error:
            if isinstance(error, StoreRefused) and not isinstance(error, Spoilt):
                self._silent_at = name
            yield _unreadable(name, error)

    def _not_looked_at(self) -> Iterator[Problem]:
        if unasked := len(self._unasked - {self._silent_at}):
            what = f"{unasked} more files lie in an object store that does not answer: not looked at"
            yield Problem(check="warc files", what=what, to_do="run it again when the store answers")

    def _names(self) -> list[str]:
        with Session(self.engine) as session:
            named = set(session.scalars(select(CaptureRow.warc_file).distinct()))
        here = (one.name for one in closed_files(self.folder))
        return sorted(named.union(here, self._sums))

    def _missing(self, name: str) -> Problem:
        with Session(self.engine) as session:
            ours = select(func.count()).select_from(CaptureRow).where(CaptureRow.warc_file == name)
            number = session.scalar(ours) or 0
        there = "is no file" if (self.folder / name).exists() else "is not there"
        if (sent := files_sent(self.folder).get(name)) is not None:
            there += (
                f", and not in {store_of(self.folder)}, where it should be (it was put into {sent.store})"
            )
        what = f"{name} {there}; {number} captures lie in it"
        return Problem(check="warc files", what=what, to_do=f"{RESTORE}; {OTHER_MACHINE}")

    def _left_open(self) -> Iterator[Problem]:
        """What dead runs left: told, and closed as the next crawl would."""
        left = dead_files(self.folder) if self.folder.is_dir() else []
        mended = {one.file: one for one in recover(self.folder, self._adopt)} if self.repair and left else {}
        for path, found in left:
            torn = f", torn behind its last whole record at {found.holes[-1][0]}" if found.torn else ""
            done = mended.get(path.name.removesuffix(OPEN))
            yield Problem(
                check="torn tails" if found.torn else "warc files",
                what=f"{path.name} was left open by a run that died{torn}",
                to_do="the next crawl closes it, or --repair",
                mended=done is not None and done.left is None,
            )

    def _adopt(self, dead: DeadFile) -> None:
        adopt(self.engine, dead)

    # --- one file ---------------------------------------------------------------------------------

    def _file(self, name: str) -> Iterator[Problem]:
        path = find_file(self.folder, name)
        if path is not None and path.name.endswith(OPEN):
            # A living run writes it: its rows are asked, its end is not known yet.
            yield from self._rows(name, path, None)
            return
        if path is None and not self._away(name):
            yield self._missing(name)
            return
        try:
            with WarcFile(self.folder, name).at_hand() as at:
                yield from self._closed(name, at)
        except NotThere as error:
            yield Problem(check="hashes", what=str(error), to_do=RESTORE)
        except OSError as error:
            if path is None or error.filename != str(path):  # another disk's: that of what is mended
                raise
            what = f"{name} cannot be opened or read ({error.strerror}): nothing of it was verified"
            yield Problem(check="warc files", what=what, to_do=RESTORE)

    def _away(self, name: str) -> bool:
        store = away(self.folder)
        return store is not None and store.size(name) is not None

    def _closed(self, name: str, path: Path) -> Iterator[Problem]:
        found = scan_file(path)
        problems = [*self._holes(name, path, found), *self._rowless(name, path, found)]
        problems += self._rows(name, path, found)
        yield from problems
        yield from self._hash(name, path, sound=all(one.mended for one in problems))

    def _hash(self, name: str, path: Path, *, sound: bool) -> Iterator[Problem]:
        digest, known = sha256_of(path), self._sums.get(name)
        if sound and (known is None or (known != digest and nothing_but_removed(path))):
            self._sums[name] = digest  # what was removed elsewhere: its rows and the rest were proven above
        elif known is not None and known != digest:
            what = f"{name} is not the file that was verified before: its sha256 is not that of {MANIFEST}"
            to_do = f"{RESTORE}; if you changed it yourself, take its line out of {MANIFEST}"
            yield Problem(check="hashes", what=what, to_do=to_do)

    def _holes(self, name: str, path: Path, found: Scan) -> Iterator[Problem]:
        torn = found.holes[-1] if found.torn else None
        for start, end in found.holes:
            if (start, end) == torn:
                yield self._torn(name, path, found)
            else:
                what = f"{name}: the {end - start} bytes from {start} are no whole record"
                yield Problem(check="damaged records", what=what, to_do=RESTORE)
        for said in unread(found):
            yield Problem(check="damaged records", what=f"{name}: {said}", to_do=RESTORE)

    def _torn(self, name: str, path: Path, found: Scan) -> Problem:
        start, end = found.holes[-1]
        with Session(self.engine) as session:
            in_it = select(CaptureRow.id).where(CaptureRow.warc_file == name, CaptureRow.warc_offset >= start)
            needed = session.scalar(in_it.limit(1)) is not None
        what = f"{name} is torn: behind {start} lie {end - start} bytes that are no whole record"
        if needed:
            return Problem(check="torn tails", what=f"{what}, and a capture's row names them", to_do=RESTORE)
        here = path.parent == self.folder  # what was fetched to be looked at is no file to be mended
        kept = cut_tail(path, found) if self.repair and here else None
        aside = f" (kept in {kept.aside})" if kept else ""
        return Problem(
            check="torn tails", what=what, to_do=f"--repair cuts them off{aside}", mended=kept is not None
        )

    def _rowless(self, name: str, path: Path, found: Scan) -> Iterator[Problem]:
        dead = DeadFile(path=path, file=name, scan=found)
        members = list(rowless(self.engine, dead))
        if not members:
            return
        made = adopt(self.engine, dead) if self.repair else 0
        shown = ", ".join(str(one.start) for one in members[:5]) + (" ..." if len(members) > 5 else "")
        yield Problem(
            check="records without row",
            what=f"{name}: {len(members)} answers have no row (at {shown})",
            to_do=TO_DO,
            mended=made == len(members),
        )

    def _rows(self, name: str, path: Path, found: Scan | None) -> Iterator[Problem]:
        query = select(CaptureRow).where(CaptureRow.warc_file == name).order_by(CaptureRow.warc_offset)
        with Session(self.engine) as session, OfFile(path) as records:
            for row in session.scalars(query.execution_options(yield_per=_PIECE)):
                yield from self._capture(row, records, found)

    def _capture(self, row: CaptureRow, records: Records, found: Scan | None) -> Iterator[Problem]:
        self.captures += 1
        what = f"capture {row.id} of {row.url} ({row.warc_file}:{row.warc_offset})"
        size = records.size
        if row.warc_offset < 0 or not 0 < row.warc_length <= size - row.warc_offset:
            why = f"its place lies outside of the file, which has {size} bytes"
            yield Problem(check="rows without record", what=f"{what}: {why}", to_do=RESTORE)
            return
        record = records.read(row.warc_offset, row.warc_length)
        if row.cut_at is not None:
            yield from self._removed(row, record, what)
            return
        try:
            capture = read_answer(record, row.warc_file, row.warc_offset).capture
        except NoAnswer as error:
            check = _whose(row, found)
            yield Problem(check=check, what=f"{what}: {error}", to_do=RESTORE)
            return
        told = [
            f"{field} is {getattr(capture, field)!r} in the file, {getattr(row, field)!r} in the row"
            for field in ("url", "http_status", "payload_digest", "payload_length")
            if getattr(capture, field) != getattr(row, field)
        ]
        if told:
            to_do = f"the row was changed: restore the database, or {RESTORE}"
            yield Problem(check="digests", what=f"{what}: {'; '.join(told)}", to_do=to_do)

    def _removed(self, row: CaptureRow, record: bytes, what: str) -> Iterator[Problem]:
        """What was removed is not to be there: a file that was put back from a backup has it again."""
        why = row.cut_why or "not said why"
        self.removed[why] += 1
        if is_cut(record):
            return
        if self.repair:
            place = warc_place(row)
            with cutting(self.folder) as cutter:
                cutter.cut(place, why)
                cutter.cut_beside(place, why)
        told = f"{what}: its bytes were removed ({why}), and are there again"
        to_do = "--repair removes them once more"
        yield Problem(check="removed captures", what=told, to_do=to_do, mended=self.repair)


def _whose(row: CaptureRow, found: Scan | None) -> str:
    """Whether the bytes at a row's place are damaged, or no record begins there."""
    if found is None or any(start <= row.warc_offset < end for start, end in found.holes):
        return "damaged records"
    place = (row.warc_offset, row.warc_offset + row.warc_length)
    is_answer = any((one.start, one.end) == place and one.kind in ANSWERS for one in found.members)
    return "damaged records" if is_answer else "rows without record"


def _unreadable(name: str, error: OSError) -> Problem:
    silent = isinstance(error, StoreRefused) and not isinstance(error, Spoilt)
    to_do = (
        "see to the network and the keys: it says nothing of the captures"
        if silent
        else f"see to the disk and the file's rights; else {RESTORE}"
    )
    return Problem(check="warc files", what=f"{name} cannot be read: {error.strerror}", to_do=to_do)
