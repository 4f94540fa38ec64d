"""A run's addresses: leased from the frontier, each given its one outcome."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from crawler import reader
from crawler.capture.past import read_past
from crawler.reading.process import ReadingUnavailable
from crawler.reading.question import Question, about
from crawler.run.boundary import StageBroke
from crawler.run.next_look import RETRIED, born_of, next_look
from crawler.run.opening import OpenRun
from crawler.run.turns import HostTurns, Resting, host_of
from crawler.sources import has_reader
from crawler.stages import as_known
from storage.archive.past import past_captures, standing_otherwise
from storage.archive.storing import NotStorable, TakenDown
from storage.clock import utc_now
from storage.records import Article, CapturedPage, Outcome
from storage.records.matching import Stored
from storage.records.runs import LeasedAddress, Settled
from storage.tombstones import TOMBSTONE

log = logging.getLogger("newsarchive")

ADDRESS_LEASE_S = 900.0
"""A leased address is another worker's after this: 16 in flight at one a second, three tries each."""
IN_FLIGHT = 16
"""Addresses leased at a time; a killed run leaves at most these to be leased again."""
LEASED_AT_ONCE = 8
"""In one look at the frontier: half of what may be in flight, so that neither waits for the other. A look for
each page cost as much as two turns at a host (measured 2026-11-26)."""


class RunAddresses:
    """The addresses of one open run.

    Args:
        reading: asks a reading process.
        on_ended: told when an address got its outcome, whoever gave it: there is room for another.
    """

    def __init__(
        self,
        run: OpenRun,
        turns: HostTurns,
        reading: Callable[[Question], Awaitable[Any]],
        on_ended: Callable[[LeasedAddress], None],
    ) -> None:
        self._run, self._turns, self._reading, self._on_ended = run, turns, reading, on_ended
        self._source = run.plan.source
        self._leased = 0

    async def lease(self, in_flight: int) -> list[LeasedAddress]:
        """The next addresses, newest first; none when the run's limit is reached, or enough are in flight."""
        room = 0 if self._run.boundary.ended else IN_FLIGHT - in_flight
        if room < LEASED_AT_ONCE:
            return []
        if self._run.plan.limit is not None:
            room = min(room, self._run.plan.limit - self._leased)
        if room <= 0:
            return []
        batch = await self._run.database.do(
            self._run.frontier.lease,
            self._run.id,
            self._source.name,
            self._run.owner,
            None,
            ADDRESS_LEASE_S,
            room,
            only_listed_in_run=self._run.plan.only_listed,
        )
        self._leased += len(batch)
        return batch

    @property
    def limit_reached(self) -> bool:
        """Whether as many addresses were asked as the run may ask."""
        return self._run.plan.limit is not None and self._leased >= self._run.plan.limit

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
        if self._run.boundary.ended:
            return
        with self._run.boundary.stage("settle", address.url):
            settled = self.settled(address, outcome, reason, capture_id, resting)
            await self._run.database.do(self._run.frontier.settle, settled)
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
        raise self._run.database.stop(f"The outcome of {address.url} cannot be kept: {again}") from again

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
        next_at = self._next_look(address, outcome, born, now, answered=capture_id is not None)
        rest = resting or self._turns.resting(host_of(address.url))
        taken_down = outcome is Outcome.BLOCKED and reason.startswith(TOMBSTONE)
        if taken_down:
            next_at = None
        elif rest is not None and outcome in RETRIED:
            next_at = rest.until  # not before, and not long after: it is still to be done
        return Settled(
            address_id=address.id,
            run_id=self._run.id,
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
        readings = await self._past(article, address)
        now = utc_now()
        with self._run.boundary.stage("store", address.url, declared=(NotStorable,)):
            stored = await self._run.database.do(
                self._run.writer.store,
                article,
                run_id=self._run.id,
                address_id=address.id,
                capture_id=capture_id,
                seen_at=now,
                next_fetch_at=self._next_look(address, Outcome.STORED, born_of(article, address), now),
                readings=readings,
            )
        self.ended(address, stored.outcome, stored.reason)
        return stored

    async def _past(self, article: Article, address: LeasedAddress) -> Mapping[int, Article]:
        """Capture -> what today's reader makes of it, of those that another read or left in quarantine.

        Rules that have no number may be others than yesterday's at any time: before they find an edit, they
        read what stands once more.
        Nothing is asked for a page that was never fetched or shown, and gives its own address as its own.
        """
        if address.unknown and article.url == address.url:
            return {}
        with self._run.boundary.stage("read again", address.url, declared=(ReadingUnavailable,)):
            past = await self._run.database.do(
                past_captures, self._run.engine, address.id, article.url, reader.READER
            )
            if not past and not has_reader(self._source.name):
                past = await self._run.database.do(standing_otherwise, self._run.engine, address.id, article)
            return await read_past(past, self._run.configuration.warc_folder, self._read)

    def _next_look(
        self,
        address: LeasedAddress,
        outcome: Outcome,
        born: datetime,
        now: datetime,
        *,
        answered: bool = True,
    ) -> datetime | None:
        """By the archive's clock, as every machine will ask for what is due."""
        present = now - timedelta(seconds=self._run.ahead_s)
        ages = self._run.configuration.recheck_ages
        return next_look(address, outcome, born, present, ages, answered=answered)

    async def refuse(self, address: LeasedAddress, why: TakenDown, capture_id: int | None) -> None:
        """The end of a page that was taken down and came back: under another address, or nearly the same."""
        from storage.forget.answers import forget_answers  # no other page need wait for it

        with self._run.boundary.stage("refuse", address.url):
            await self._run.database.do(self._run.tombstones.also, why.tombstone, why.urls)
            await self._run.database.do(
                forget_answers, self._run.engine, self._run.configuration.warc_folder, address.id, ()
            )
        await self.settle(address, Outcome.BLOCKED, str(why), capture_id)

    async def _read(self, page: CapturedPage) -> Article:
        """Today's reader over one page, in a reading process."""
        return as_known(await self._reading(about(page, self._source)), self._source)

    def ended(self, address: LeasedAddress, outcome: Outcome, reason: str) -> None:
        self._run.tally.address(outcome, reason)
        said = {
            "run": self._run.id,
            "source": self._source.name,
            "url": address.url,
            "outcome": outcome.value,
        }
        log.info("%s %s %s (%s)", self._source.name, outcome.value, address.url, reason, extra=said)
        self._on_ended(address)
