"""One run: opened, its addresses and their outcomes, closed.

What a run is asked to do stands in plan, what it holds in opening; its lists, addresses and captures in
modules of their names, its end in end and closing.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Engine

from crawler.configuration.environment import Configuration
from crawler.configuration.exit_codes import BELOW_EXPECTATION, REFUSED
from crawler.configuration.file import PermissionTable
from crawler.reading.question import Question
from crawler.run.addresses import RunAddresses
from crawler.run.boundary import Boundary, StageBroke
from crawler.run.captures import RunCaptures
from crawler.run.closing import Closing, WorkDone
from crawler.run.database_thread import DatabaseThread, RunRefused
from crawler.run.lease import HEARTBEAT_S, CrawlLease, LeaseHeld
from crawler.run.lists import RunLists
from crawler.run.opening import Opening, OpenRun
from crawler.run.plan import RunPlan
from crawler.run.turns import HostTurns
from crawler.verdict.run_verdict import Ending, Tally
from storage.clock import utc_now
from storage.database.opening import DatabaseRefused, open_database, refusals
from storage.database.shortage import shortage
from storage.frontier import leases
from storage.frontier.frontier import Frontier
from storage.frontier.refused import Note, drop_note, keep_note
from storage.records.runs import LeasedAddress
from storage.tombstones import Tombstones

log = logging.getLogger("newsarchive")


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
        self.boundary = Boundary(self.tally.broke)
        self.database = DatabaseThread(plan.source.name)
        self.boundary.short = self.database.short
        self.on_lease_lost: Callable[[], None] = lambda: None
        """Called once, when another run has taken this one's lease: it was suspended for too long."""
        self.on_ended: Callable[[LeasedAddress], None] = lambda address: None
        """Called when an address got its outcome, whoever gave it: there is room for another."""
        self.told_to_stop: Callable[[], bool] = lambda: False
        """Whether the crawl is to end: what waits for a host's turn ends at once then."""
        self._held: OpenRun | None = None
        self._row_is_closed = False
        self._refusal_in_row = False
        """The row says why the database or disk said no."""
        self._heart: asyncio.Task[None] | None = None

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
    def lease_lost(self) -> bool:
        """Whether another run has taken this one's lease."""
        return self._held is not None and self._held.lease is not None and self._held.lease.lost

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
            tally=self.tally,
            prepared=self._prepared,
        )
        self._held = held = opening.open_run()
        stopped = lambda: self.told_to_stop()  # noqa: E731  it is set later
        least_s = self.configuration.delay
        apart = self.plan.source.unrelated_hosts
        self.turns = HostTurns(
            self.database, held.frontier, self.owner, least_s, self.boundary, stopped, unrelated_hosts=apart
        )
        self.lists = RunLists(held)
        self.addresses = RunAddresses(held, self.turns, self._reading, lambda address: self.on_ended(address))
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
        except RunRefused as refused:
            # Short of memory where it was closed, it may have enough for one row.
            if self._held is not None and not self._refusal_in_row and shortage(refused) is not None:
                await self.boundary.attempt("end", self.database.do_last(self._close_refused), None)
            raise
        except StageBroke as broke:
            if not self.boundary.ended:
                refusal = self.database.refuse(f"The run could not be closed: {broke}")
                await self.boundary.attempt("end", self.database.do_last(self._close_refused), None)
                raise refusal from broke
            return await self._closed(False, requests, received)  # it was the end that stood still
        finally:
            await self._let_go()

    async def _closed(self, finished: bool, requests: int, received: int) -> Ending | None:
        # Told to stop while the run is opened: the thread is at work yet, and will have made its row.
        await self.database.do_last(lambda: None)
        if self._held is None:
            return None
        await self.database.do_last(self.captures.close)
        if self.held.lease is not None and self.lease_lost:
            self.database.refuse(self.held.lease.why_lost)
        if self.database.refusal is not None:
            await self.database.do_last(self._close_refused)
        ending = await self.database.do_once(self._close, finished, requests, received)
        self._row_is_closed = True
        return ending

    async def _let_go(self) -> None:
        try:
            if self._row_is_closed:
                await self.database.do_last(self.held.let_go)
            elif self._refusal_in_row:  # the database takes it, though the run may write nothing more
                await self.boundary.attempt("release", self.database.do_last(self._release_if_taken), None)
            else:
                await self.boundary.attempt("release", self.database.do(self._release), None)
        finally:
            if self.database.refusal is not None and not self._refusal_in_row:
                self.note_refusal()
            self.database.shutdown()

    def note_refusal(self) -> None:
        """Leave a note that this run ended by a refusal, for its row: the database may not take it now."""
        if self._held is None or self.database.refusal is None:
            return
        note = Note(run=self.id, owner=self.owner, at=utc_now().isoformat(), why=str(self.database.refusal))
        try:
            keep_note(self.configuration.dir, note)
        except OSError as error:
            log.error("that run %d ended so could not be noted either: %s", self.id, error)

    def _close_refused(self) -> None:
        if self.lease_lost:
            self._closing().forced(str(self.database.refusal))
            self._row_is_closed = self._refusal_in_row = True
        elif not self.database.database_refused:
            self._refusal_in_row = self._closing().refused(str(self.database.refusal))
        if self._refusal_in_row:
            drop_note(self.configuration.dir, self.id)

    def _close(self, finished: bool, requests: int, received: int) -> Ending:
        work = WorkDone(
            finished=finished,
            limited=self.addresses.limit_reached,
            over=str(self.turns.over) if self.turns.over else None,
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
        if self.database.at_work:
            self.database.forsake()
        self.boundary.cut_short(why)

    def end_left_behind(self, why: str) -> bool:
        """Close a run that the event loop left while it was being opened; False where none was. Blocking.

        Raises:
            DatabaseRefused: the database or disk said no.
        """
        self.database.shutdown()  # what it is at work with is done first
        if self._held is None:
            return False
        with refusals(self.engine.url):
            self._closing().forced(why)
        return True

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

    def _release_if_taken(self) -> None:
        """On a disk that is full one row may be taken and the next not: leases end with their process too."""
        try:
            with refusals(self.engine.url):
                self._release()
        except DatabaseRefused as error:
            log.error("the leases of run %d stay until they end: %s", self.id, error)
            self.held.let_go()
