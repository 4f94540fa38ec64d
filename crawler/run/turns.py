"""Turns at a host: one request at a time, no more than one each delay, whatever process sends it."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta

from crawler.run.boundary import Boundary
from crawler.run.database_thread import DatabaseThread
from storage.clock import utc_now
from storage.frontier.frontier import Frontier

LONGEST_SLEEP_S = 15.0
"""A host may come free earlier than it said: its holder ends, or its clock is set. One look then."""


class HostTurns:
    """The turns of one run.

    Args:
        owner: the run, as the host table names it.
        least_delay_s: seconds between two requests to a host that asks for no more.
        boundary: told of each wait, which is no standstill.
    """

    def __init__(
        self,
        database: DatabaseThread,
        frontier: Frontier,
        owner: str,
        least_delay_s: float,
        boundary: Boundary,
    ) -> None:
        self._database, self._frontier, self._owner = database, frontier, owner
        self._boundary = boundary
        self._least_delay_s = least_delay_s
        self.crawl_delays: dict[str, float] = {}
        """Host -> Crawl-delay of its robots.txt, seconds."""
        self._gates: dict[str, asyncio.Lock] = {}
        """Host -> held by the request of ours that waits for its turn or has it."""
        self._not_before: dict[str, float] = {}
        """Host -> when it may be asked again, by time.monotonic(): clocks are set, elapsed time is not."""

    async def take(self, host: str, hold_s: float) -> None:
        """Wait until this process may send one request to the host; ``end`` must follow."""
        # One of our own requests asks the archive, the others queue here: sixteen that asked in turn
        # asked six times for each request sent (2026-11-22).
        gate = self._gates.setdefault(host, asyncio.Lock())
        await gate.acquire()
        try:
            await self._wait(host, hold_s)
        except BaseException:
            gate.release()
            raise

    async def _wait(self, host: str, hold_s: float) -> None:
        while True:
            rest = self._not_before.get(host, 0.0) - time.monotonic()
            if rest > 0:
                await self._sleep(rest)
            wait = await self._database.do(
                self._frontier.take_turn, host, self._owner, utc_now(), self.delay(host), hold_s
            )
            if wait <= 0:
                return
            await self._sleep(min(wait, LONGEST_SLEEP_S))

    async def _sleep(self, seconds: float) -> None:
        with self._boundary.waits(seconds):
            await asyncio.sleep(seconds)

    async def end(self, host: str) -> None:
        """Give the host back; the delay counts from now."""
        self._rest(host, self.delay(host))
        try:
            await self._database.do(self._frontier.end_turn, host, self._owner, utc_now(), self.delay(host))
        finally:
            self._gates[host].release()

    async def defer(self, host: str, seconds: float) -> None:
        """Leave the host alone for a while (Retry-After); every process that shares the archive does."""
        self._rest(host, seconds)
        await self._database.do(self._frontier.defer, host, utc_now() + timedelta(seconds=seconds))

    def delay(self, host: str) -> float:
        """Seconds between two requests to the host: ours, or its Crawl-delay where that is longer."""
        return max(self._least_delay_s, self.crawl_delays.get(host, 0.0))

    def _rest(self, host: str, seconds: float) -> None:
        """Leave the host alone for so long by elapsed time; an earlier promise is kept."""
        self._not_before[host] = max(self._not_before.get(host, 0.0), time.monotonic() + seconds)
