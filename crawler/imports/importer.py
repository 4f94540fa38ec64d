"""Files of others, one after the other: what is taken is judged block by block; all is in the ledger."""

from __future__ import annotations

import asyncio
import logging
import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from crawler.counted import counted
from crawler.imports.candidate import Address, Beside, Candidate, FileProblem, Found, Unreadable
from crawler.imports.intake import UNNAMED, Intake
from crawler.imports.kinds import Given
from crawler.judging.judge import Judge, Judged
from crawler.judging.line import BLOCK, judge_all
from crawler.run.boundary import reason_of
from storage.clock import utc_now
from storage.database.shortage import shortage
from storage.frontier.filed import to_judge
from storage.models import Fate
from storage.operations import imports as ledger
from storage.operations.imports import NOT_TAKEN, Entry, Former
from storage.records import Outcome
from storage.warc.manifest import sha256_of

log = logging.getLogger("newsarchive")

LIST_BLOCK = 1000
"""Addresses that are queued in one piece."""
MOST_TOLD = 20
"""Reasons of each kind that are told; all pages are in the view ``imports``."""


@dataclass(slots=True)
class Report:
    """What was found in the files, and what became of it."""

    files: int = 0
    fates: Counter[str] = field(default_factory=Counter)
    beside: Counter[str] = field(default_factory=Counter)
    reasons: Counter[tuple[str, str]] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    broken: int = 0
    """Pages that were taken and could not be stored."""
    before: list[str] = field(default_factory=list)
    """Of each file that was given before: what of it was not taken then."""
    problems: list[str] = field(default_factory=list)

    def entered(self, one: Entry) -> None:
        """Count one page."""
        self.fates[one.fate.value] += 1
        if one.fate in {Fate.LEFT, Fate.UNREADABLE, Fate.QUEUED}:
            self.reasons[one.fate.value, one.reason or ""] += 1

    def looked_at_again(self, one: Entry) -> None:
        """Count a page no more that became another thing since."""
        self.fates[one.fate.value] -= 1
        self.reasons[one.fate.value, one.reason or ""] -= 1

    def judged(self, one: Judged) -> None:
        """Count how a page ended that was taken."""
        self.outcomes["asked again" if one.outcome is None else one.outcome.value] += 1
        self.broken += one.broke
        if one.outcome in {Outcome.QUARANTINED, Outcome.FAILED}:
            self.reasons[one.outcome.value, one.reason] += 1

    @property
    def undone(self) -> bool:
        """Something was found that could not be read or stored, or nothing that could be taken."""
        got = self.fates[Fate.TAKEN.value] + self.fates[Fate.KNOWN.value] + self.fates[Fate.QUEUED.value]
        lost = self.fates[Fate.UNREADABLE.value] + self.broken
        return bool(self.problems) or lost > 0 or not got

    def lines(self) -> Iterator[str]:
        """The report."""
        yield from self.before
        for problem in self.problems:
            yield f"cannot be read: {problem}"
        reasons = +self.reasons  # without what became another thing
        for (fate, reason), number in reasons.most_common(MOST_TOLD):
            yield f"{fate}: {number:,}: {reason}"
        if len(reasons) > MOST_TOLD:
            yield f"{len(reasons) - MOST_TOLD:,} more reasons are in the view imports"
        fates = ", ".join(f"{self.fates[one.value]:,} {one.value}" for one in Fate)
        beside = ", ".join(f"{number:,} {kind}" for kind, number in sorted(self.beside.items()))
        yield f"{counted(self.files, 'file')}: {fates}" + (f"; beside them {beside}" if beside else "")
        ended = ", ".join(f"{number:,} {name}" for name, number in sorted(self.outcomes.items()))
        yield f"taken and judged: {ended or 'nothing'}"


class Importer:
    """Goes through files; interrupted, the same command goes on behind what the ledger has."""

    def __init__(self, engine: Engine, intake: Intake, judge: Judge, report: Report) -> None:
        self._engine, self._intake, self._judge, self.report = engine, intake, judge, report
        self._files: set[int] = set()
        """Files of this import."""
        self._earlier: dict[int, Judged] = {}
        """Captures of an import that died -> how they ended now; their file may not know them."""

    async def finish_earlier(self) -> None:
        """Judge what an import that died took and did not judge, and say what it judged and did not say."""
        await asyncio.to_thread(ledger.complete, self._engine)
        if left := await asyncio.to_thread(ledger.unfinished_runs, self._engine):
            ended = await self._judged(await asyncio.to_thread(to_judge, self._engine, left))
            self._earlier = {one.waiting.stored.id: one for one in ended}

    async def file(self, given: Given, tell: Callable[[int], None]) -> None:
        """Read one file to its end.

        Args:
            tell: told how many pages were looked at so far.

        Raises:
            ReadingUnavailable: no process can be started to read pages; what is done stays.
            OSError: the disk refused.
        """
        self.report.files += 1
        name, now = printable(given.path.name), utc_now()
        try:
            digest, size = await asyncio.to_thread(sha256_of, given.path), given.path.stat().st_size
        except OSError as error:
            self.report.problems.append(f"{printable(str(given.path))}: {error.strerror}")
            return
        number = ledger.begin_file(self._engine, name, given.kind, digest, size, now)
        self._files.add(number)
        reading = _Reading(name=name, number=number, former=ledger.former(self._engine, number))
        self.report.before += told_before(name, reading.former)
        found = given.read(given.path)
        while True:
            taken, more = await asyncio.to_thread(self._block, found, reading)
            await self._judged(taken)
            tell(reading.looked_at)
            if not more:
                break
        ledger.end_file(self._engine, number, reading.beside, reading.problems, utc_now())

    async def revisits(self) -> None:
        """Take the revisits that were read before the page that they name, in this import or before."""
        after = 0
        while some := await asyncio.to_thread(ledger.now_named, self._engine, UNNAMED, after, BLOCK):
            after = some[-1].id
            taken = await asyncio.to_thread(self._named, some)
            await asyncio.to_thread(ledger.count_again, self._engine, {one.file_id for one in some})
            await self._judged(taken)

    def _named(self, some: Sequence[ledger.Waiting]) -> list[int]:
        taken: list[Entry] = []
        for one in some:
            now = self._taken(_revisit(one.entry), one.file)
            if now.fate is Fate.LEFT and now.reason == UNNAMED:
                continue  # what it names cannot be read
            ledger.enter(self._engine, one.file_id, [now], utc_now(), again={now.position})
            self.report.entered(now)
            if one.file_id in self._files:
                self.report.looked_at_again(one.entry)
            taken.append(now)
        return [one.capture_id for one in taken if one.fate is Fate.TAKEN and one.capture_id is not None]

    def _block(self, found: Iterator[Found], reading: _Reading) -> tuple[list[int], bool]:
        """Take the next few pages; their captures, and whether there may be more."""
        entries: list[Entry] = []
        addresses: list[Address] = []
        more = False
        for one in found:
            if isinstance(one, Address) and not self._is_done(one.position, reading):
                addresses.append(one)
            elif (entry := self._entry(one, reading)) is not None:
                entries.append(entry)
            if len(entries) == BLOCK * self._judge.ahead or len(addresses) == LIST_BLOCK:
                more = True
                break
        entries += self._intake.queue(addresses, reading.name)
        for entry in entries:
            self.report.entered(entry)
        now = utc_now()
        ledger.enter(self._engine, reading.number, entries, now, again=reading.former)
        taken = [one for one in entries if one.fate is Fate.TAKEN and not self._judged_before(one)]
        in_time = sorted(taken, key=lambda one: one.fetched_at or now)
        before, reading.to_store = reading.to_store, []
        return before + [one.capture_id for one in in_time if one.capture_id is not None], more

    def _judged_before(self, one: Entry) -> bool:
        """Whether an import died before it entered this; it was judged when this one began, which is told."""
        ended = None if one.capture_id is None else self._earlier.get(one.capture_id)
        if ended is not None:
            ledger.judged(self._engine, ended.waiting.stored.id, ended.outcome, ended.reason)
        return ended is not None

    def _entry(self, one: Found, reading: _Reading) -> Entry | None:
        if isinstance(one, FileProblem):
            reading.problems.append(one.reason)
            self.report.problems.append(f"{reading.name}: {one.reason}")
            return None
        if isinstance(one, Beside):
            reading.beside[one.kind] += 1
            self.report.beside[one.kind] += 1
            return None
        if isinstance(one, Address) or self._is_done(one.position, reading):
            return None
        return self._taken(one, reading.name)

    def _taken(self, one: Candidate | Unreadable, file: str) -> Entry:
        try:
            return (
                self._intake.not_taken(one) if isinstance(one, Unreadable) else self._intake.take(one, file)
            )
        except (DBAPIError, OSError):
            raise  # the archive's, not the page's
        except Exception as error:  # the stage boundary: the fate of this page, the others go on
            if shortage(error) is not None:
                raise  # this process's own
            log.exception("%s of %s cannot be taken", one.position, file)
            why = f"it cannot be taken: {reason_of(error)}"
            return Entry(
                position=one.position, fate=Fate.UNREADABLE, reason=why, url=one.url, record=one.record
            )

    def _is_done(self, position: str, reading: _Reading) -> bool:
        """Count a page that is looked at; whether the ledger has it."""
        reading.looked_at += 1
        known = reading.former.get(position)
        if known is None or known.fate in NOT_TAKEN:
            return False
        self.report.fates[Fate.KNOWN.value] += 1
        if known.failed and known.capture_id is not None:
            reading.to_store.append(known.capture_id)
        return True

    async def _judged(self, numbers: list[int]) -> list[Judged]:
        """Judge captures, and write into the ledger how each ended."""
        told: list[Judged] = []

        def ended(one: Judged) -> None:
            told.append(one)
            self.report.judged(one)
            ledger.judged(self._engine, one.waiting.stored.id, one.outcome, one.reason)

        await judge_all(self._engine, self._judge, numbers, ended)
        return told


def _revisit(entry: Entry) -> Candidate:
    """As its file said it; the headers that came with it are not kept."""
    assert entry.url is not None
    assert entry.fetched_at is not None
    return Candidate(
        position=entry.position,
        url=entry.url,
        fetched_at=entry.fetched_at,
        status=200,
        headers=(),
        body=b"",
        record=entry.record,
        digest=entry.digest,
        revisit=True,
    )


@dataclass(slots=True)
class _Reading:
    """How far a file was read."""

    name: str
    number: int
    former: dict[str, Former]
    looked_at: int = 0
    to_store: list[int] = field(default_factory=list)
    """Captures that were taken before and could not be stored: they are judged once more."""
    beside: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)


def printable(name: str) -> str:
    """A file's name as text, whose bytes may be in any code page."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def told_before(name: str, former: Mapping[str, Former]) -> Iterator[str]:
    """What of a file was not taken when it was given before; nothing where all was, or it is new."""
    fates = Counter(one.fate for one in former.values())
    failed = sum(one.failed for one in former.values())
    if missing := sum(fates[one] for one in NOT_TAKEN):
        yield (
            f"{name} was given before: of its {len(former):,} pages {missing:,} were not taken then "
            f"({fates[Fate.LEFT]:,} left, {fates[Fate.UNREADABLE]:,} unreadable); they are looked at again"
        )
    if failed:
        yield (
            f"{name} was given before: {failed:,} pages that were taken failed then; "
            "they are judged once more"
        )
