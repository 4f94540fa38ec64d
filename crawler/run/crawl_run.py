"""One run: opened, its addresses and their outcomes, closed.

What a run is asked to do stands in plan, what it holds in opening, its answers in captures, its
end in end and closing.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Engine

from crawler import reader
from crawler.capture.past import read_past
from crawler.configuration.environment import Configuration
from crawler.configuration.exit_codes import BELOW_EXPECTATION, REFUSED
from crawler.configuration.file import PermissionTable
from crawler.reading.process import ReadingUnavailable
from crawler.reading.question import Question, about
from crawler.run.boundary import Boundary, StageBroke
from crawler.run.captures import RunCaptures
from crawler.run.closing import Closing, WorkDone
from crawler.run.database_thread import DatabaseThread, RunRefused
from crawler.run.end import schedule_file
from crawler.run.lease import HEARTBEAT_S, CrawlLease, LeaseHeld
from crawler.run.next_look import RETRIED, next_look
from crawler.run.opening import Opening, OpenRun
from crawler.run.plan import RunPlan
from crawler.run.turns import HostTurns, Resting
from crawler.stages import as_known
from crawler.verdict.expectation import Ending, Tally
from storage.archive.rereading import past_captures
from storage.archive.writer import NotStorable, TakenDown
from storage.clock import utc_now
from storage.database.opening import open_database
from storage.forget.answers import forget_answers
from storage.frontier import leases, runs
from storage.frontier.discovering import Entered, pieces
from storage.frontier.frontier import Frontier
from storage.ledger.channels import choose, keep_channels
from storage.records import (
    Article,
    CapturedPage,
    Channel,
    Discovery,
    LeasedAddress,
    Listing,
    Outcome,
    RunMode,
    SeedVisit,
    Settled,
    Stored,
)
from storage.tombstones import TOMBSTONE, Tombstones

log = logging.getLogger("newsarchive")

ADDRESS_LEASE_S = 900.0
"""A leased address is another worker's after this: 16 in flight at one a second, three tries each."""
IN_FLIGHT = 16
"""Addresses leased at a time; a killed run leaves at most these to be leased again."""
LEASED_AT_ONCE = 8
"""In one look at the frontier: half of what may be in flight, so that neither waits for the other. A look for
each page cost as much as two turns at a host (measured 2026-11-26)."""


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
        self.proven_ways: set[str] = set()
        """The unproven ways in of which a real answer was read in earlier runs."""
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
        self._held: OpenRun | None = None
        self._heart: asyncio.Task[None] | None = None
        self._leased = 0

    @property
    def opened(self) -> bool:
        """Whether there is a row of this run."""
        return self._held is not None

    @property
    def held(self) -> OpenRun:
        """What the run holds of the archive.

        Raises:
            RuntimeError: it is not open.
        """
        if self._held is None:
            raise RuntimeError("the run is not open")
        return self._held

    @property
    def id(self) -> int:
        return self.held.id

    @property
    def engine(self) -> Engine:
        return self.held.engine

    @property
    def frontier(self) -> Frontier:
        return self.held.frontier

    @property
    def captures(self) -> RunCaptures:
        return self.held.captures

    @property
    def tombstones(self) -> Tombstones:
        return self.held.tombstones

    @property
    def permissions(self) -> Mapping[str, PermissionTable]:
        return self.held.permissions

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
        if self.held.lease is not None:
            self._heart = asyncio.create_task(self._beat(self.held.lease))

    def _open(self) -> None:
        opening = Opening(
            plan=self.plan,
            configuration=self.configuration,
            owner=self.owner,
            database=self.database,
            boundary=self.boundary,
            prepared=self._prepared,
        )
        self._held = held = opening.open_run()
        stopped = lambda: self.told_to_stop()  # noqa: E731  it is set later
        least_s = self.configuration.delay
        self.turns = HostTurns(self.database, held.frontier, self.owner, least_s, self.boundary, stopped)
        opening.recover(held)

    async def _beat(self, lease: CrawlLease) -> None:
        try:
            while True:
                await asyncio.sleep(HEARTBEAT_S)
                renewed = self.database.do(lease.renew)
                if not await self.boundary.attempt("renew", renewed, True, moves=False):
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
        if self._held is None:
            return None
        await self.database.do_last(self.captures.close)
        if self.database.refusal is not None:
            await self.database.do_last(self._close_refused)
        return await self.database.do_once(self._close, finished, requests, received)

    async def _let_go(self) -> None:
        try:
            await self.boundary.attempt("release", self.database.do(self._release), None)
        finally:
            self.database.shutdown()

    def _close_refused(self) -> None:
        if not self.database.database_refused:
            self._closing().refused(str(self.database.refusal))

    def _close(self, finished: bool, requests: int, received: int) -> Ending:
        work = WorkDone(
            finished=finished,
            limited=self._limit_reached(),
            over=str(self.turns.over) if self.turns.over else None,
            stood_still=self.stood_still,
            requests=requests,
            received=received,
        )
        return self._closing().close(work)

    def _closing(self) -> Closing:
        return Closing(
            run=self.held,
            plan=self.plan,
            tally=self.tally,
            boundary=self.boundary,
            configuration=self.configuration,
        )

    def end_standing_still(self, why: str) -> None:
        """Nothing moves any more: end every stage at work, and use no thread that may not come back."""
        self.stood_still = why
        if self.database.at_work:
            self.database.forsake()
        self.boundary.cut_short(why)

    def force_end(self, why: str) -> int:
        """Close the run from another thread, with a connection of its own; the exit code."""
        if self._held is None:
            return REFUSED
        engine = open_database(self.configuration.url)
        self._held = replace(self._held, engine=engine, frontier=Frontier(engine))
        self._closing().forced(why)
        return BELOW_EXPECTATION

    def _release(self) -> None:
        if self._held is not None:
            self._held.release()

    # --- seeds and addresses ----------------------------------------------------------------------

    async def discover(self, seed: str, discoveries: Iterable[Discovery], *, ask: bool = False) -> Entered:
        """Put a listing's addresses into the frontier; what became of them.

        Args:
            ask: they are named to be asked, known or not.
        """
        found = [(self._without_hints(one), self.site_id(one.url)) for one in discoveries]
        seen_at, listed = utc_now(), Entered()
        for piece in pieces(found):  # between two pieces others write, this run's settled pages among them
            listed += await self.database.do(
                partial(self.frontier.discover, ask=ask), self.id, self.source.name, seed, piece, seen_at
            )
        self.tally.known += listed.known
        for sentence in listed.left_out:
            log.warning("%s %s: %s", self.source.name, seed, sentence)
        return listed

    def _without_hints(self, found: Discovery) -> Discovery:
        """What a list says of a page that was taken down is not kept; that it was listed is."""
        if self.tombstones.at(found.url) is None:
            return found
        return Discovery(url=found.url, position=found.position)

    def site_id(self, url: str) -> str | None:
        address = self.source.address(url)
        return address.site_id if address else None

    async def chosen_channels(self) -> tuple[Channel, ...] | None:
        """The channels whose lists are read; None where the source has none, or the run reads no list."""
        source = self.source
        if source.channels is None or self.plan.mode in (RunMode.FETCH, RunMode.RECHECK):
            return None
        wanted = schedule_file(self.configuration.config).publishers(source.name)
        known, also = source.default_channels, source.default_names
        chosen, missing = await self.database.do(
            choose, self.engine, source.name, wanted, known, also, utc_now()
        )
        for name in missing:
            log.warning("%s: no channel of %r is known: it is not read", source.name, name)
        return tuple(chosen)

    async def keep_channels(self, found: Sequence[Channel]) -> None:
        """Keep which channels a list of publishers names."""
        await self.database.do(keep_channels, self.engine, self.source.name, found, utc_now())

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
            unproven = visit.way is not None and visit.way not in self.proven_ways
            self.tally.seed(
                visit.outcome, visit.reason, seed=visit.seed, listed=visit.listed, unproven=unproven
            )

    async def lease(self, in_flight: int) -> list[LeasedAddress]:
        """The next addresses, newest first; none when the run's limit is reached, or enough are in flight."""
        room = 0 if self.stood_still else IN_FLIGHT - in_flight
        if room < LEASED_AT_ONCE:
            return []
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

    # --- captures and outcomes --------------------------------------------------------------------

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
                self.held.writer.store,
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
            await self.database.do(self._forget, address.id, ())
        await self.settle(address, Outcome.BLOCKED, str(why), capture_id)

    async def forget_list(self, listing: Listing, capture_id: int | None) -> None:
        """Cut the captured list that names a page which was taken down: it shows its headline, its lead."""
        named = any(self.tombstones.at(one.url) is not None for one in listing.discoveries)
        if named and capture_id is not None:
            await self.database.do(self._forget, None, (capture_id,))

    def _forget(self, address_id: int | None, captures_: Sequence[int]) -> None:
        forget_answers(self.engine, self.configuration.warc_folder, address_id, captures_)

    async def _read(self, page: CapturedPage) -> Article:
        """Today's reader over one page, in a reading process."""
        return as_known(await self._reading(about(page, self.source)), self.source)

    def ended(self, address: LeasedAddress, outcome: Outcome, reason: str) -> None:
        self.tally.address(outcome, reason)
        said = {"run": self.id, "source": self.source.name, "url": address.url, "outcome": outcome.value}
        log.info("%s %s %s (%s)", self.source.name, outcome.value, address.url, reason, extra=said)
        self.on_ended(address)
