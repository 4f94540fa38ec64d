"""Turns at a host: one request at a time, no more than one each delay, whatever process sends it.

A host that rests for longer than is waited for is not asked again in this run: whoever wants its turn is told
so. A run that was told to stop ends every wait at once.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeVar
from urllib.parse import urlsplit

from scrapy.exceptions import IgnoreRequest

from crawler.run.boundary import Boundary
from crawler.run.database_thread import DatabaseThread
from storage.clock import utc_now
from storage.frontier.frontier import Frontier
from storage.frontier.rests import (
    FIRST_REST_S,
    LONGEST_WAIT_S,
    NOTHING,
    REFUSALS_BEFORE_REST,
    Heard,
    HostRests,
    Rest,
)
from storage.frontier.turns import TurnEnd
from storage.seoul import day_of, shown

T = TypeVar("T")

LONGEST_SLEEP_S = 15.0
"""A host may come free earlier than it said: its holder ends, or its clock is set. One look then."""
STALE_TURN_S = 15.0
"""A turn that took so long to come is given back: its hold, which ends 30 s after the longest download, began
long before. Half of those 30 s; our choice."""
STOP_LOOK_S = 0.25
"""Between two looks, while we wait, at whether the run was told to stop: our choice, at once to a person."""
LONGEST_FOR_A_RUN_S = 86400.0
"""A rest longer than a day ends the whole source's run: what asks for it is met by no schedule."""
ROBOTS_REST_S = 25 * 3600.0
"""A host whose robots.txt asks for more than a day between two requests is asked for that file again then:
RFC 9309 section 2.4 lets nobody go by a copy older than 24 hours; the hour makes it longer than a day."""


IN_VAIN_BEFORE_REST = 6
"""So many time-outs in a row are two pages, three tries each: three minutes at 30 s (our choice)."""
OUTAGES_BEFORE_REST = 18
"""So many requests in a row without a whole answer, or with an error of the server (5xx), are what six pages
cost, three tries each (our choice): a dead page or two are about themselves, six with no answer between about
the host."""
SILENT_REST_S = 600.0
"""Our choice: the next run but one of a source that is polled every five minutes."""


def _lived_s() -> float:
    """Seconds that go on during a suspend too."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


class Resting(IgnoreRequest):
    """The request is not sent: its host rests, or one that ends the run does. The message is the reason."""

    def __init__(self, reason: str, until: datetime) -> None:
        super().__init__(reason)
        self.until = until


class ToldToStop(IgnoreRequest):
    """The request is not sent: the run was told to stop while it waited. Its address is given back."""


def host_of(url: str) -> str:
    """The host of an address as turns and the host table name it: lower case, with its port."""
    return urlsplit(url).netloc.rpartition("@")[2].lower()


class HostTurns:
    """The turns of one run.

    Args:
        owner: the run, as the host table names it.
        least_delay_s: seconds between two requests to a host that asks for no more.
        boundary: told of each wait, which is no standstill.
        stopped: whether the run was told to stop.
        unrelated_hosts: they are of many owners: one that asks for more than a day ends no other's turns.
    """

    def __init__(
        self,
        database: DatabaseThread,
        frontier: Frontier,
        owner: str,
        least_delay_s: float,
        boundary: Boundary,
        stopped: Callable[[], bool],
        *,
        unrelated_hosts: bool = False,
    ) -> None:
        self._database, self._frontier, self._owner = database, frontier, owner
        self._boundary, self._stopped = boundary, stopped
        self._least_delay_s, self._unrelated_hosts = least_delay_s, unrelated_hosts
        self.crawl_delays: dict[str, float] = {}
        """Host -> Crawl-delay of its robots.txt, seconds."""
        self._gates: dict[str, asyncio.Lock] = {}
        """Host -> held by the request of ours that waits for its turn or has it."""
        self._not_before: dict[str, float] = {}
        """Host -> when it may be asked again, by time.monotonic(): clocks are set, elapsed time is not."""
        self._pages_refused: dict[str, int] = {}
        """Host -> pages in a row that answered 200 and refused."""
        self._in_vain: dict[str, int] = {}
        """Host -> requests in a row that were waited for to the end of the download time-out."""
        self._outages: dict[str, int] = {}
        """Host -> requests for pages in a row without a whole answer, or with an error of its server."""
        self._resting: dict[str, Resting] = {}
        """Host -> why it is not asked again in this run."""
        self.over: Resting | None = None
        """Why no host of the source is asked any more."""

    async def take(self, host: str, hold_s: float) -> None:
        """Wait until this process may send one request to the host; ``end`` must follow.

        Raises:
            Resting: the host is not to be asked in this run any more.
            ToldToStop: the run is to end.
        """
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
            self._check(host)
            rest = self._not_before.get(host, 0.0) - time.monotonic()
            if rest > 0:
                await self._sleep(rest)
            asked_at = _lived_s()
            wait = await self._asked(host, hold_s)
            if wait <= 0 and _lived_s() - asked_at < STALE_TURN_S:
                return
            if wait <= 0:  # we were stopped or cut off meanwhile: another may have the host soon
                await self._ended(TurnEnd(host=host, owner=self._owner, delay_s=self.delay(host)))
            await self._sleep(min(wait, LONGEST_SLEEP_S))

    async def _asked(self, host: str, hold_s: float) -> float:
        try:
            return await self._database.do(
                self._frontier.take_turn, host, self._owner, None, self.delay(host), hold_s
            )
        except HostRests as resting:
            raise self._rests(host, resting.rest) from resting

    def _check(self, host: str) -> None:
        if self._stopped():
            raise ToldToStop("not asked: the run was told to stop")
        if (resting := self.resting(host)) is not None:
            raise Resting(str(resting), resting.until)

    async def _sleep(self, seconds: float) -> None:
        ends = time.monotonic() + seconds
        with self._boundary.waits(seconds):
            while (left := ends - time.monotonic()) > 0:
                if self._stopped():
                    raise ToldToStop("not asked: the run was told to stop")
                await asyncio.sleep(min(left, STOP_LOOK_S))

    async def end(self, host: str, heard: Heard = NOTHING) -> None:
        """Give the host back; the delay counts from now, and what was heard of it is kept first."""
        await self.end_with(host, heard, self._ended)

    async def _ended(self, end: TurnEnd) -> tuple[None, Rest | None]:
        return None, await self._database.do(
            self._frontier.end_turn, end.host, end.owner, end.now, end.delay_s, end.heard
        )

    async def end_with(
        self, host: str, heard: Heard, work: Callable[[TurnEnd], Awaitable[tuple[T, Rest | None]]]
    ) -> T:
        """The same by other work than a transaction of its own; gives what the work gives.

        Args:
            work: ends the turn, also where it fails; gives the rest that the host has then.
        """
        self._put_off(host, self.delay(host))
        turn = TurnEnd(host=host, owner=self._owner, delay_s=self.delay(host), heard=heard)
        try:
            done, rest = await work(turn)
            self._learn(host, rest)
        finally:
            self._gates[host].release()
        return done

    async def let_rest(self, host: str, seconds: float, reason: str) -> None:
        """Leave the host alone for so long, in every process that shares the archive and every later run."""
        self._learn(host, await self._database.do(self._frontier.let_rest, host, None, seconds, reason))

    async def page_judged(self, host: str, *, refuses: bool) -> None:
        """A page that came with 200 was read: three in a row that refuse are what three answers 403 are."""
        count = self._in_a_row(self._pages_refused, host, again=refuses)
        if count >= REFUSALS_BEFORE_REST:
            await self.let_rest(host, FIRST_REST_S, f"{count} pages in a row that refuse, with 200")

    async def waited_for(self, host: str, *, in_vain: bool) -> None:
        """A request was answered, or not in time: a host that drops what we send is not waited for hundreds
        of times."""
        count = self._in_a_row(self._in_vain, host, again=in_vain)
        if count >= IN_VAIN_BEFORE_REST:
            said = f"{count} requests in a row without a whole answer in time"
            await self.let_rest(host, SILENT_REST_S, said)

    async def page_served(self, host: str, outage: str | None) -> None:
        """A page was asked for: a host that is down is not asked for each of hundreds of pages three times.

        Args:
            outage: why no whole answer came, or the server's error; None: the host serves.
        """
        count = self._in_a_row(self._outages, host, again=outage is not None)
        if count >= OUTAGES_BEFORE_REST:
            said = f"{count} requests for pages in a row failed, the last: {outage}"
            await self.let_rest(host, SILENT_REST_S, said)

    def _in_a_row(self, counts: dict[str, int], host: str, *, again: bool) -> int:
        """How often by now; 0 of a host that rests already."""
        counts[host] = counts.get(host, 0) + 1 if again else 0
        return counts[host] if self.resting(host) is None else 0

    def resting(self, host: str) -> Resting | None:
        """Why the host is not asked in this run any more; None: it is."""
        return self.over or self._resting.get(host)

    def delay(self, host: str) -> float:
        """Seconds between two requests to the host: ours, or its Crawl-delay where that is longer.

        A Crawl-delay longer than is waited for is a rest, which begins after each page and list.
        """
        asked = self.crawl_delays.get(host, 0.0)
        return max(self._least_delay_s, asked if asked <= LONGEST_WAIT_S else 0.0)

    def keep_crawl_delay(self, host: str, seconds: float) -> None:
        """What the host's robots.txt asks for between two requests, its own among them; 0: nothing."""
        self.crawl_delays[host] = seconds
        if seconds:
            self._put_off(host, self.delay(host))

    def _learn(self, host: str, rest: Rest | None) -> None:
        if rest is None:
            return
        if rest.left_s > LONGEST_WAIT_S:
            self._rests(host, rest)
        else:
            self._put_off(host, rest.left_s)

    def _rests(self, host: str, rest: Rest) -> Resting:
        resting = self._resting[host] = Resting(told(rest), rest.until)
        too_long = rest.length_s > LONGEST_FOR_A_RUN_S and not self._unrelated_hosts
        if too_long and self.over is None:
            self.over = Resting(f"the run ends: {host}{told(rest).removeprefix('host')}", rest.until)
        return self.over or resting

    def _put_off(self, host: str, seconds: float) -> None:
        """Leave the host alone for so long by elapsed time; an earlier promise is kept."""
        self._not_before[host] = max(self._not_before.get(host, 0.0), time.monotonic() + seconds)


def told(rest: Rest) -> str:
    """A rest as a reason: ``host rests until 13:05 (Retry-After of 3600 s, with 429)``; Asia/Seoul."""
    until = shown(rest.until)
    today = day_of(rest.until) == day_of(utc_now())
    return f"host rests until {until[-5:] if today else until} ({rest.reason})"
