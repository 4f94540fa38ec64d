"""One run's hold on the archive: its run row, its WARC file, its addresses and their outcomes.

A little longer than other modules because it is the one place where an open run is held; what a run is
asked to do, how it ends and when a page is looked at again are in plan, end and next_look, its thread, lease
and turns in database_thread, lease and turns.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from functools import partial
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Engine

from crawler import reader
from crawler.capture.past import read_past
from crawler.capture.unjudged import Unjudged, take_over
from crawler.configuration.environment import Configuration
from crawler.configuration.exit_codes import BELOW_EXPECTATION, REFUSED
from crawler.configuration.file import PermissionTable
from crawler.deduplicate.likenesses import LIKENESSES
from crawler.deduplicate.match import decide
from crawler.reading.process import ReadingUnavailable
from crawler.reading.question import Question, about
from crawler.run.boundary import Boundary, StageBroke
from crawler.run.closing import Closing
from crawler.run.database_thread import DatabaseThread, RunRefused, begun_again
from crawler.run.end import RunFacts, close_refused, schedule_file
from crawler.run.lease import HEARTBEAT_S, CrawlLease, LeaseHeld
from crawler.run.next_look import RETRIED, next_look
from crawler.run.plan import RunPlan
from crawler.run.turns import HostTurns, Resting
from crawler.stages import as_known
from crawler.verdict.expectation import Ending, Tally
from storage.archive.rereading import past_captures
from storage.archive.writer import NotStorable, TakenDown, Writer
from storage.clock import utc_now
from storage.database.durable import make_durable
from storage.database.opening import open_database, prepare_database, refusals
from storage.database.presence import DatabasePresence
from storage.frontier import captures, leases, runs
from storage.frontier.frontier import Frontier
from storage.frontier.rowless import restore_rows
from storage.ledger.run_ends import confirm, unended
from storage.records import (
    Article,
    Capture,
    CapturedPage,
    Discovery,
    LeasedAddress,
    Outcome,
    RunSettings,
    SeedVisit,
    Settled,
    Stored,
    WarcPlace,
)
from storage.tombstones import TOMBSTONE, Tombstones
from storage.warc.recovery import DeadFile, recover
from storage.warc.store import WarcWriter

log = logging.getLogger("newsarchive")

ADDRESS_LEASE_S = 900.0
"""A leased address is another worker's after this: 16 in flight at one a second, three tries each."""
IN_FLIGHT = 16
"""Addresses leased at once; a killed run leaves at most these to be leased again."""


class CrawlRun:
    """Everything of one run that outlives a request. All database work is done on one thread."""

    def __init__(
        self,
        plan: RunPlan,
        configuration: Configuration,
        reading: Callable[[Question], Awaitable[Any]],
        *,
        prepared: bool = False,
    ) -> None:
        """Nothing is opened yet.

        Args:
            prepared: whoever started the run has made or checked the database already.
        """
        self.plan = plan
        self._prepared = prepared
        self._reading = reading
        self.source = plan.source
        self.configuration = configuration
        self.origin = configuration.origins.get(plan.source.name)
        self.owner = leases.this_process(f"{plan.mode}-{plan.source.name}")
        self.tally = Tally()
        self.permissions: Mapping[str, PermissionTable] = {}
        """Host -> what its owner permitted the operator past its robots.txt."""
        self.boundary = Boundary(self.tally.broke)
        self.database = DatabaseThread(plan.source.name)
        self.on_lease_lost: Callable[[], None] = lambda: None
        """Called once, when another run has taken this one's lease: it was suspended for too long."""
        self.on_ended: Callable[[LeasedAddress], None] = lambda address: None
        """Called when an address got its outcome, whoever gave it: there is room for another."""
        self.told_to_stop: Callable[[], bool] = lambda: False
        """Whether the crawl is to end: what waits for a host's turn ends at once then."""
        self.stood_still: str | None = None
        """Why the run ended itself, once nothing moved in it any more."""
        self._engine: Engine | None = None
        self._id: int | None = None
        self._lease: CrawlLease | None = None
        self._heart: asyncio.Task[None] | None = None
        self._leased = 0
        self._rowless: set[WarcPlace] = set()
        """Records whose rows were not kept."""

    @property
    def opened(self) -> bool:
        """Whether there is a row of this run."""
        return self._id is not None

    @property
    def id(self) -> int:
        if self._id is None:
            raise RuntimeError("the run is not open")
        return self._id

    @property
    def engine(self) -> Engine:
        if self._engine is None:
            raise RuntimeError("the run is not open")
        return self._engine

    # --- opening and closing ----------------------------------------------------------------------

    async def open(self) -> None:
        """Take the lease, make good what a killed run left, write the run row.

        Raises:
            LeaseHeld: another run crawls this source.
            DatabaseRefused: the database or disk said no.
            StageBroke: another error.
        """
        with self.boundary.stage("open", declared=(LeaseHeld,)):
            await self.database.do_once(self._open)
        if self._lease is not None:
            self._heart = asyncio.create_task(self._beat(self._lease))

    def _open(self) -> None:
        self._started_at = utc_now()
        permissions = schedule_file(self.configuration.config).permissions
        self.permissions = {
            host: permission for host, permission in permissions.items() if host in self.source.fetch_hosts
        }
        if not self._prepared:  # ``scrapy crawl`` starts here
            prepare_database(self.configuration.url)
        self._engine = open_database(self.configuration.url)
        self.database.url = self._engine.url
        self.database.guard = DatabasePresence(self._engine).check
        if self.plan.exclusive:
            lease = CrawlLease(engine=self.engine, source=self.source.name, owner=self.owner)
            begun_again(lease.take, self._engine.url)
            self._lease = lease
        self.frontier = Frontier(self.engine)
        self.turns = HostTurns(
            self.database,
            self.frontier,
            self.owner,
            self.configuration.delay,
            self.boundary,
            lambda: self.told_to_stop(),
        )
        self.tombstones = Tombstones(self.configuration.dir)
        self.tombstones.all()  # what cannot be read is told before anything is asked
        self.writer = Writer(self.engine, decide, LIKENESSES, reader.READER, self.tombstones)
        begun_again(self._register, self._engine.url)
        self._id = begun_again(self._open_row, self._engine.url)
        self.warc = WarcWriter(
            self.configuration.warc_folder,
            software=self.configuration.user_agent(),
            contact=self.configuration.contact,
            facts={"run": self._id, "source": self.source.name},
            rows_are_safe=self._rows_are_safe,
        )
        self._recover()

    def _register(self) -> None:
        runs.register_source(self.engine, self.source.name, self.source.title, self.source.homepage)

    def _open_row(self) -> int:
        return runs.open_run(
            self.engine,
            self.source.name,
            self.plan.mode,
            self.owner,
            self._started_at,
            self._settings(),
            slot=self.plan.slot,
        )

    def _recover(self) -> None:
        """Close the WARC files of dead runs, and keep a row for every record of theirs."""
        folder = self.configuration.warc_folder
        folder.mkdir(parents=True, exist_ok=True)
        for one in recover(folder, self._adopt):
            log.log(logging.WARNING if one.damaged or one.left else logging.INFO, "%s", one)

    def _adopt(self, dead: DeadFile) -> None:
        with self.boundary.stage("recover", dead.file), refusals(self.engine.url):
            if made := restore_rows(self.engine, dead, self.id):
                log.info("%d records of %s had no row: it is made now", made, dead.file)
                make_durable(self.engine)

    def _settings(self) -> RunSettings:
        """What the politeness report and the ledger need to know of this run later."""
        window = self.plan.window
        return RunSettings(
            user_agent=self.configuration.user_agent(),
            delay_s=self.configuration.delay,
            origin=self.origin,
            limit=self.plan.limit,
            permission="; ".join(one.words(host) for host, one in sorted(self.permissions.items())) or None,
            since=window.since if window else None,
            until=window.until if window else None,
        )

    async def _beat(self, lease: CrawlLease) -> None:
        try:
            while True:
                await asyncio.sleep(HEARTBEAT_S)
                if not await self.boundary.attempt("renew", self.database.do(lease.renew), True):
                    break
        except RunRefused:
            return  # the thread has told it
        log.error("%s stopped: another run has taken over its lease", self.source.name)
        self.on_lease_lost()

    async def close(self, *, finished: bool, requests: int, received: int) -> Ending | None:
        """Close the run row with its verdict; give every lease back.

        Args:
            finished: False when the run was stopped before its work was done.
            requests: requests sent, robots.txt and retries included.
            received: bytes of all answers' bodies.
        """
        if self._heart is not None:
            self._heart.cancel()
        try:
            with self.boundary.stage("end"):
                return await self._closed(finished, requests, received)
        except StageBroke as broke:
            if self.stood_still is None:
                refusal = self.database.refuse(f"The run could not be closed: {broke}")
                await self.boundary.attempt("end", self.database.do_last(self._close_refused), None)
                raise refusal from broke
            return await self._closed(False, requests, received)  # it was the end that stood still
        finally:
            await self._let_go()

    async def _closed(self, finished: bool, requests: int, received: int) -> Ending | None:
        if self._id is None:
            return None
        await self.database.do_last(self._close_warc)
        if self.database.refusal is not None:
            await self.database.do_last(self._close_refused)
        return await self.database.do_once(self._close, finished, requests, received)

    async def _let_go(self) -> None:
        try:
            await self.boundary.attempt("release", self.database.do(self._release), None)
        finally:
            self.database.shutdown()

    def _close_warc(self) -> None:
        """Give the file its final name, even after a refusal; a file that cannot have it is a loss."""
        if self.database.forsaken:
            return  # its thread may be in the middle of a record: the next run recovers the file
        try:
            self.warc.close()
        except OSError as error:
            self._save_warc()
            self.database.refuse(f"The WARC file could not be closed: {error}")

    def _save_warc(self) -> None:
        try:
            saved = self.warc.write_anew()
        except OSError as error:
            log.error("what the deleted WARC file held could not be written anew: %s", error)
            return
        if saved is not None:
            log.warning("what the deleted WARC file held was written anew as %s", saved)

    def _close_refused(self) -> None:
        if not self.database.database_refused:
            close_refused(
                self.engine, self.plan, self.id, str(self.database.refusal), self.configuration.config
            )

    def _close(self, finished: bool, requests: int, received: int) -> Ending:
        counts = self.frontier.outcomes(self.id)
        listed = self.frontier.listed(self.id)
        self._confirm(counts)
        facts = RunFacts(
            run_id=self.id,
            started_at=self._started_at,
            counts=counts,
            listed=listed,
            unended=unended(self.engine, self.id, self.owner),
            finished=finished,
            limited=self._limit_reached(),
            over=str(self.turns.over) if self.turns.over else None,
        )
        closing = self._closing()
        opinion = closing.judged(facts, self.stood_still)
        stats = {"requests": requests, "bytes": received, "listed": listed}
        closing.written(self.id, opinion.ending, counts, stats)
        self._confirm(counts)
        ending = closing.told(facts, opinion)
        if ending != opinion.ending:
            closing.written(self.id, ending, counts, stats)
        return ending

    def _closing(self) -> Closing:
        config = self.configuration.config
        return Closing(
            engine=self.engine, plan=self.plan, tally=self.tally, boundary=self.boundary, config=config
        )

    def _confirm(self, counts: Mapping[str, int]) -> None:
        """What was written can be read by others: a verdict over rows that nobody sees would be a lie."""
        confirm(self.configuration.url, self.id, self.owner, sum(counts.values()))

    def end_standing_still(self, why: str) -> None:
        """Nothing moves any more: end every stage at work, and use no thread that may not come back."""
        self.stood_still = why
        if self.database.at_work:
            self.database.forsake()
        self.boundary.cut_short(why)

    def force_end(self, why: str) -> int:
        """Close the run from another thread, with a connection of its own; the exit code."""
        if self._id is None:
            return REFUSED
        self._engine = open_database(self.configuration.url)
        self.frontier = Frontier(self.engine)
        closing, counts = self._closing(), self.frontier.outcomes(self.id)
        listed = self.frontier.listed(self.id)
        closing.written(self.id, closing.interrupted(why), counts, {"listed": listed})
        self._release()
        return BELOW_EXPECTATION

    def _release(self) -> None:
        if self._engine is None:
            return
        if self._id is not None:
            self.frontier.release(self.owner, utc_now())
        if self._lease is not None:
            self._lease.release()
        self.engine.dispose()

    # --- seeds and addresses ----------------------------------------------------------------------

    async def discover(self, seed: str, discoveries: Iterable[Discovery]) -> int:
        """Put a listing's addresses into the frontier; returns how many this run had not seen."""
        found = [(self._without_hints(one), self.site_id(one.url)) for one in discoveries]
        return await self.database.do(
            self.frontier.discover, self.id, self.source.name, seed, found, utc_now()
        )

    def _without_hints(self, found: Discovery) -> Discovery:
        """What a list says of a page that was taken down is not kept; that it was listed is."""
        if self.tombstones.at(found.url) is None:
            return found
        return Discovery(url=found.url, position=found.position)

    def site_id(self, url: str) -> str | None:
        address = self.source.address(url)
        return address.site_id if address else None

    async def record_seed(self, visit: SeedVisit, *, ended: bool = True) -> None:
        """Keep what became of a seed; nothing in a run that stood still.

        Args:
            ended: False while further pages of it are read.
        """
        if self.stood_still is not None:
            return
        with self.boundary.stage("record", visit.seed):
            await self.database.do(runs.record_seed, self.engine, visit)
        if ended:
            self.tally.seed(visit.outcome, visit.reason, seed=visit.seed, listed=visit.listed)

    async def lease(self, in_flight: int) -> list[LeasedAddress]:
        """The next addresses, newest first; none when the run's limit is reached."""
        room = 0 if self.stood_still else IN_FLIGHT - in_flight
        if self.plan.limit is not None:
            room = min(room, self.plan.limit - self._leased)
        if room <= 0:
            return []
        batch = await self.database.do(
            self.frontier.lease,
            self.id,
            self.source.name,
            self.owner,
            utc_now(),
            ADDRESS_LEASE_S,
            room,
            only_listed_in_run=self.plan.only_listed,
        )
        self._leased += len(batch)
        return batch

    def _limit_reached(self) -> bool:
        return self.plan.limit is not None and self._leased >= self.plan.limit

    async def unjudged(self) -> list[Unjudged]:
        """What a killed run captured and never judged; each is now this run's to settle."""
        return await self.database.do(
            take_over, self.frontier, self.engine, self.configuration.warc_folder, self.source.name, self.id
        )

    # --- captures and outcomes --------------------------------------------------------------------

    async def record_capture(
        self, written: Callable[[], Capture], address_id: int | None
    ) -> tuple[int, Capture]:
        """Write an answer's record and its row, in one visit to the thread; gives the row's number too.

        Args:
            written: writes the record.
        """
        return await self.database.do_once(self._captured, written, address_id)

    def _captured(self, written: Callable[[], Capture], address_id: int | None) -> tuple[int, Capture]:
        capture = written()
        self._rowless.add(capture.warc)
        at_once = address_id is not None and capture.http_status == HTTPStatus.OK
        row = partial(captures.record_capture, self.engine, capture, self.id, address_id, int(at_once))
        number = begun_again(row, self._engine.url if self._engine else None)
        self._rowless.discard(capture.warc)
        return number, capture

    def _rows_are_safe(self, file: str) -> bool:
        """Whether every record of a WARC file has its row, and every row is on the disk."""
        make_durable(self.engine)
        return not any(place.file == file for place in self._rowless)

    async def count_reading(self, capture_id: int) -> int:
        """Count that a page is handed to a reading process; gives how often it was by now."""
        return await self.database.do_once(captures.count_reading, self.engine, capture_id)

    async def give_up(self, capture_id: int, reason: str) -> None:
        """Keep that a page ended its reading process as often as it may."""
        await self.database.do(captures.give_up, self.engine, capture_id, reason)

    async def given_up(self, capture_id: int) -> str | None:
        """Why the same bytes were given up before; None: they were not."""
        return await self.database.do(captures.given_up, self.engine, capture_id)

    async def settle(
        self,
        address: LeasedAddress,
        outcome: Outcome,
        reason: str,
        capture_id: int | None = None,
        *,
        resting: Resting | None = None,
    ) -> None:
        """Give an address its one outcome of this run; none in one that stood still, which gives it back.

        Args:
            resting: why it was not asked: a host's rest.
        """
        if self.stood_still is not None:
            return
        with self.boundary.stage("settle", address.url):
            settled = self.settled(address, outcome, reason, capture_id, resting)
            await self.database.do(self.frontier.settle, settled)
        self.ended(address, outcome, reason)

    async def fail(self, address: LeasedAddress, broke: StageBroke, capture_id: int | None) -> None:
        """The end of an address on which a stage broke.

        Raises:
            RunRefused: not even this can be written, which ends the run.
        """
        for capture in (capture_id, None):  # without its capture, should that be what stands in the way
            try:
                return await self.settle(address, Outcome.FAILED, str(broke), capture)
            except StageBroke as error:
                again = error
        raise self.database.stop(f"The outcome of {address.url} cannot be kept: {again}") from again

    def settled(
        self,
        address: LeasedAddress,
        outcome: Outcome,
        reason: str,
        capture_id: int | None,
        resting: Resting | None,
    ) -> Settled:
        now = utc_now()
        born = address.published_at or address.first_seen_at
        next_at = next_look(address, outcome, born, now, self.configuration.recheck_ages)
        rest = resting or self.turns.resting(urlsplit(address.url).netloc.lower())
        taken_down = outcome is Outcome.BLOCKED and reason.startswith(TOMBSTONE)
        if taken_down:
            next_at = None
        elif rest is not None and outcome in RETRIED:
            next_at = rest.until  # not before, and not long after: it is still to be done
        return Settled(
            address_id=address.id,
            run_id=self.id,
            outcome=outcome,
            reason=reason,
            at=now,
            capture_id=capture_id,
            next_fetch_at=next_at,
            asked=(resting is None and not taken_down) or capture_id is not None,
        )

    async def store(self, article: Article, address: LeasedAddress, capture_id: int | None) -> Stored:
        """Store an article and settle its address, in one transaction.

        Raises:
            NotStorable: it is no article that can be stored; TakenDown: it was taken down.
            ReadingUnavailable: an old capture of the page is to be read again, and nothing can be read now.
            StageBroke: any other error, the database's included.
        """
        with self.boundary.stage("read again", address.url, declared=(ReadingUnavailable,)):
            past = await self.database.do(past_captures, self.engine, address.id, article.url, reader.READER)
            readings = await read_past(past, self.configuration.warc_folder, self._read)
        now = utc_now()
        with self.boundary.stage("store", address.url, declared=(NotStorable,)):
            born = article.published.at if article.published else address.first_seen_at
            stored = await self.database.do(
                self.writer.store,
                article,
                run_id=self.id,
                address_id=address.id,
                capture_id=capture_id,
                seen_at=now,
                next_fetch_at=next_look(address, Outcome.STORED, born, now, self.configuration.recheck_ages),
                readings=readings,
            )
        self.ended(address, stored.outcome, stored.reason)
        return stored

    async def refuse(self, address: LeasedAddress, why: TakenDown, capture_id: int | None) -> None:
        """The end of a page that was taken down and came back: under another address, or nearly the same."""
        with self.boundary.stage("refuse", address.url):
            await self.database.do(self.tombstones.also, why.tombstone, why.urls)
        await self.settle(address, Outcome.BLOCKED, str(why), capture_id)

    async def _read(self, page: CapturedPage) -> Article:
        """Today's reader over one page, in a reading process."""
        return as_known(await self._reading(about(page, self.source)), self.source)

    def ended(self, address: LeasedAddress, outcome: Outcome, reason: str) -> None:
        self.tally.address(outcome, reason)
        log.info("%s %s %s (%s)", self.source.name, outcome.value, address.url, reason)
        self.on_ended(address)
