"""One run's hold on the archive: its database thread, its WARC file, its leases, its run row.

Longer than other modules because it is the one place where an open run is held; what a run is asked
to do, how it ends and when a page is looked at again are in run_plan, run_end and next_look.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from typing import ParamSpec, TypeVar

from scrapy.exceptions import CloseSpider
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from crawler.deduplicate.match import decide
from crawler.linking import LIKENESSES
from crawler.next_look import next_look
from crawler.recovery import Unjudged, take_over
from crawler.run_end import RunFacts, conclude, schedule_file, tell
from crawler.run_plan import RunPlan
from crawler.schedule.configuration import PermissionTable
from crawler.settings import Configuration
from crawler.verdict import Ending, Tally
from storage import captures, leases, runs
from storage.clock import utc_now
from storage.database import (
    DatabaseRefused,
    open_database,
    refusals,
    require_current,
    schema_state,
    upgrade,
)
from storage.frontier import Frontier
from storage.reconnect import was_undone
from storage.records import (
    Article,
    Capture,
    Discovery,
    LeasedAddress,
    Outcome,
    SeedVisit,
    Settled,
    Stored,
)
from storage.warc import WarcWriter, recover
from storage.writer import Writer

P = ParamSpec("P")
T = TypeVar("T")

log = logging.getLogger("newsarchive")

ADDRESS_LEASE_S = 900.0
"""A leased address is another worker's after this: 16 in flight at one a second, three tries each."""
CRAWL_LEASE_S = 60.0
HEARTBEAT_S = 15.0
"""A quarter of the crawl lease: three beats may be lost before another run takes over."""
LOOK_S = 0.5
"""Between two looks at a lease that may be forsaken: our choice, 45 looks in all."""
IN_FLIGHT = 16
"""Addresses leased at once; a killed run leaves at most these to be leased again."""


class RunRefused(DatabaseRefused, CloseSpider):
    """The database or disk said no in mid-run: nothing more can be kept, so nothing more is asked."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.args = (sentence,)
        self.reason = "refused"


class LeaseHeld(Exception):
    """Another run crawls this source now."""


def prepare_database(url: str) -> None:
    """Create an archive that does not exist yet; refuse one of another version.

    Raises:
        DatabaseRefused: unreachable, unwritable, or its schema is not this program's.
    """
    engine = open_database(url)
    try:
        if schema_state(engine) == "empty":
            upgrade(url)
        require_current(engine)
    finally:
        engine.dispose()


class CrawlRun:
    """Everything of one run that outlives a request. All database work is done on one thread."""

    def __init__(self, plan: RunPlan, configuration: Configuration) -> None:
        self.plan = plan
        self.source = plan.source
        self.configuration = configuration
        self.origin = configuration.origins.get(plan.source.name)
        self.owner = leases.this_process(f"{plan.mode}-{plan.source.name}")
        self.tally = Tally()
        self.permissions: Mapping[str, PermissionTable] = {}
        """Host -> what its owner permitted the operator past its robots.txt."""
        self.crawl_delays: dict[str, float] = {}
        """Host -> Crawl-delay of its robots.txt, seconds."""
        self._engine: Engine | None = None
        self._id: int | None = None
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="database")
        self._heart: asyncio.Task[None] | None = None
        self._leased = 0
        self._gates: dict[str, asyncio.Lock] = {}
        """Host -> held by the request of ours that waits for its turn or has it."""
        self._not_before: dict[str, float] = {}
        """Host -> when it may be asked again, by time.monotonic(): clocks are set, elapsed time is not."""
        self.on_refused: Callable[[], None] = lambda: None
        """Called once, when the database or disk first says no."""
        self.refusal: RunRefused | None = None
        """Why the database or disk said no, once it has."""
        self._said_no: DatabaseRefused | None = None
        """The same, as the database thread knows it."""

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

    async def in_database(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run blocking storage work off the event loop, in order.

        Raises:
            RunRefused: the database or disk said no, now or earlier in this run. Scrapy ends the crawl
                on it without a traceback.
        """
        if self.refusal is not None:
            raise self.refusal
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._thread, partial(self._refusing, work, *args, **kwargs))
        except DatabaseRefused as error:
            if self.refusal is None:
                self.refusal = RunRefused(str(error))
                log.error("%s stopped: %s", self.source.name, error)  # now: the end may be cut short
                self.on_refused()
            raise self.refusal from error

    def _refusing(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """On the database thread. What is queued behind a refusal does not wait for another one."""
        if self._said_no is not None:
            raise self._said_no
        try:
            return self._work(work, *args, **kwargs)
        except DatabaseRefused as error:
            self._said_no = error
            raise

    def _work(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        with refusals(self._engine.url if self._engine is not None else None):
            try:
                return work(*args, **kwargs)
            except DBAPIError as error:
                # Everything but these two is one transaction, or harmless when begun a second time.
                if not was_undone(error) or work in (self._open, self._close):
                    raise
                log.warning("the database was away; its last transaction is begun again")
            return work(*args, **kwargs)

    # --- opening and closing ----------------------------------------------------------------------

    async def open(self) -> None:
        """Take the lease, make good what a killed run left, write the run row.

        Raises:
            LeaseHeld: another run crawls this source.
            DatabaseRefused: the database or disk said no.
        """
        await self.in_database(self._open)
        self._heart = asyncio.create_task(self._beat())

    def _open(self) -> None:
        self._started_at = utc_now()
        permissions = schedule_file(self.configuration.config).permissions
        self.permissions = {
            host: permission for host, permission in permissions.items() if host in self.source.fetch_hosts
        }
        prepare_database(self.configuration.url)
        self._engine = open_database(self.configuration.url)
        self._take_lease()
        self.frontier = Frontier(self.engine)
        self.writer = Writer(self.engine, decide, LIKENESSES)
        runs.register_source(self.engine, self.source.name, self.source.title, self.source.homepage)
        self.warc = self._open_warc()
        self._id = runs.open_run(
            self.engine,
            self.source.name,
            self.plan.mode,
            self.owner,
            self._started_at,
            self._settings(),
            slot=self.plan.slot,
        )

    def _open_warc(self) -> WarcWriter:
        folder = self.configuration.warc_folder
        folder.mkdir(parents=True, exist_ok=True)
        for restored in recover(folder):
            log.info("recovered %s, left open by a run that died", restored.file)
        return WarcWriter(
            folder, software=self.configuration.user_agent(), contact=self.configuration.contact
        )

    def _take_lease(self) -> None:
        if not self.plan.exclusive:
            return
        forsaken = self._watch_lease()  # raises where its holder is seen to live
        holder = leases.acquire(
            self.engine, self._lease_name, self.owner, utc_now(), CRAWL_LEASE_S, forsaken=forsaken
        )
        if holder is not None:
            raise LeaseHeld(f"another run is crawling {self.source.name} ({holder}); nothing was done")

    def _watch_lease(self) -> datetime | None:
        """Wait for the heart-beat of a holder whose lease does not fit the clock.

        Gives the lease's end once it was watched for longer than a heart-beat takes and did not move.

        Raises:
            LeaseHeld: it moved, and still does not fit: the holder lives under another clock.
        """
        deadline = time.monotonic() + 1.5 * HEARTBEAT_S
        first = latest = self._doubtful()
        while latest is not None and latest == first and time.monotonic() < deadline:
            time.sleep(LOOK_S)
            latest = self._doubtful()
        if latest is not None and latest != first:
            raise LeaseHeld(
                f"another run is crawling {self.source.name} under another clock; nothing was done"
            )
        return latest

    def _doubtful(self) -> datetime | None:
        return leases.doubtful(self.engine, self._lease_name, self.owner, utc_now(), CRAWL_LEASE_S)

    @property
    def _lease_name(self) -> str:
        return f"crawl:{self.source.name}"

    def _settings(self) -> Mapping[str, str]:
        """What the politeness report needs to know of this run later."""
        return {
            "user_agent": self.configuration.user_agent(),
            "delay_s": str(self.configuration.delay),
            "origin": self.origin or "",
            "limit": str(self.plan.limit or ""),
            "permission": "; ".join(one.words(host) for host, one in sorted(self.permissions.items())),
            "since": self.plan.window.since.isoformat() if self.plan.window else "",
            "until": self.plan.window.until.isoformat() if self.plan.window else "",
        }

    async def _beat(self) -> None:
        while self.plan.exclusive:
            await asyncio.sleep(HEARTBEAT_S)
            await self.in_database(
                leases.renew, self.engine, self._lease_name, self.owner, utc_now(), CRAWL_LEASE_S
            )

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
            ending = await self._closed(finished, requests, received)
            await self.in_database(self._release)
        finally:
            self._thread.shutdown()
        return ending

    async def _closed(self, finished: bool, requests: int, received: int) -> Ending | None:
        if self._id is None:
            return None
        await asyncio.get_running_loop().run_in_executor(self._thread, self._close_warc)
        return await self.in_database(self._close, finished, requests, received)

    def _close_warc(self) -> None:
        """Give the file its final name, even when the database refuses; a full disk is told once."""
        try:
            self.warc.close()
        except OSError as error:
            log.error("the WARC file could not be closed: %s", error)

    def _close(self, finished: bool, requests: int, received: int) -> Ending:
        counts = self.frontier.outcomes(self.id)
        listed = self.frontier.listed(self.id)
        facts = RunFacts(
            run_id=self.id,
            started_at=self._started_at,
            counts=counts,
            listed=listed,
            finished=finished,
            limited=self._limit_reached(),
        )
        opinion = conclude(self.engine, self.plan, self.tally, facts)
        ending = opinion.ending
        stats = {"requests": requests, "bytes": received, "listed": listed}
        runs.close_run(self.engine, self.id, utc_now(), ending.verdict, ending.reason, counts, stats)
        if self.plan.exclusive:
            tell(self.engine, self.plan, facts, opinion, self.configuration.config, utc_now())
        return ending

    def _release(self) -> None:
        if self._engine is None:
            return
        if self._id is not None:
            self.frontier.release(self.owner, utc_now())
        if self.plan.exclusive:
            leases.release(self.engine, self._lease_name, self.owner)
        self.engine.dispose()

    # --- seeds and addresses ----------------------------------------------------------------------

    async def discover(self, seed: str, discoveries: Iterable[Discovery]) -> int:
        """Put a listing's addresses into the frontier; returns how many this run had not seen."""
        found = [(discovery, self.site_id(discovery.url)) for discovery in discoveries]
        return await self.in_database(
            self.frontier.discover, self.id, self.source.name, seed, found, utc_now()
        )

    def site_id(self, url: str) -> str | None:
        address = self.source.address(url)
        return address.site_id if address else None

    async def record_seed(self, visit: SeedVisit) -> None:
        self.tally.seed(visit.outcome, visit.reason)
        await self.in_database(runs.record_seed, self.engine, visit)

    async def lease(self, in_flight: int) -> list[LeasedAddress]:
        """The next addresses, newest first; none when the run's limit is reached."""
        room = IN_FLIGHT - in_flight
        if self.plan.limit is not None:
            room = min(room, self.plan.limit - self._leased)
        if room <= 0:
            return []
        batch = await self.in_database(
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
        return await self.in_database(
            take_over, self.frontier, self.engine, self.configuration.warc_folder, self.source.name, self.id
        )

    # --- captures and outcomes --------------------------------------------------------------------

    async def record_capture(self, capture: Capture, address_id: int | None) -> int:
        return await self.in_database(captures.record_capture, self.engine, capture, self.id, address_id)

    async def settle(
        self, address: LeasedAddress, outcome: Outcome, reason: str, capture_id: int | None = None
    ) -> None:
        """Give an address its one outcome of this run."""
        settled = self.settled(address, outcome, reason, capture_id)
        await self.in_database(self.frontier.settle, settled)
        self.ended(address, outcome, reason)

    def settled(
        self, address: LeasedAddress, outcome: Outcome, reason: str, capture_id: int | None
    ) -> Settled:
        now = utc_now()
        born = address.published_at or address.first_seen_at
        return Settled(
            address_id=address.id,
            run_id=self.id,
            outcome=outcome,
            reason=reason,
            at=now,
            capture_id=capture_id,
            next_fetch_at=next_look(address, outcome, born, now, self.configuration.recheck_ages),
        )

    async def store(self, article: Article, address: LeasedAddress, capture_id: int | None) -> Stored:
        """Store an article and settle its address, in one transaction."""
        now = utc_now()
        born = article.published.at if article.published else address.first_seen_at
        stored = await self.in_database(
            self.writer.store,
            article,
            run_id=self.id,
            address_id=address.id,
            capture_id=capture_id,
            seen_at=now,
            next_fetch_at=next_look(address, Outcome.STORED, born, now, self.configuration.recheck_ages),
        )
        self.ended(address, stored.outcome, stored.reason)
        return stored

    def ended(self, address: LeasedAddress, outcome: Outcome, reason: str) -> None:
        self.tally.address(outcome)
        log.info("%s %s %s (%s)", self.source.name, outcome.value, address.url, reason)

    # --- politeness -------------------------------------------------------------------------------

    async def take_turn(self, host: str, hold_s: float) -> None:
        """Wait until this process may send one request to the host; ``end_turn`` must follow."""
        # One of our own requests asks the archive, the others queue here: sixteen that asked in turn
        # asked six times for each request sent (2026-11-22).
        gate = self._gates.setdefault(host, asyncio.Lock())
        await gate.acquire()
        try:
            await self._wait_for_turn(host, hold_s)
        except BaseException:
            gate.release()
            raise

    async def _wait_for_turn(self, host: str, hold_s: float) -> None:
        while True:
            rest = self._not_before.get(host, 0.0) - time.monotonic()
            if rest > 0:
                await asyncio.sleep(rest)
            wait = await self.in_database(
                self.frontier.take_turn, host, self.owner, utc_now(), self.delay(host), hold_s
            )
            if wait <= 0:
                return
            await asyncio.sleep(min(wait, HEARTBEAT_S))

    def _rest(self, host: str, seconds: float) -> None:
        """Leave the host alone for so long by elapsed time; an earlier promise is kept."""
        self._not_before[host] = max(self._not_before.get(host, 0.0), time.monotonic() + seconds)

    async def end_turn(self, host: str) -> None:
        self._rest(host, self.delay(host))
        try:
            await self.in_database(self.frontier.end_turn, host, self.owner, utc_now(), self.delay(host))
        finally:
            self._gates[host].release()

    def delay(self, host: str) -> float:
        """Seconds between two requests to the host: ours, or its Crawl-delay where that is longer."""
        return max(self.configuration.delay, self.crawl_delays.get(host, 0.0))

    async def defer(self, host: str, seconds: float) -> None:
        """Leave the host alone for a while (Retry-After); every process that shares the archive does."""
        self._rest(host, seconds)
        await self.in_database(self.frontier.defer, host, utc_now() + timedelta(seconds=seconds))
