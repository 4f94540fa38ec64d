"""One capture judged as a crawl would: read in a reading process, stored, its address settled."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from crawler.fetch.ends import end_of_answer, end_of_stray, led_astray
from crawler.reading.question import Lost
from crawler.rereading.captures import CaptureReader
from crawler.run.boundary import reason_of
from crawler.run.next_look import born_of, next_look
from crawler.sources.base import Source
from crawler.stages import KIND_OUTCOMES
from storage.archive.storing import NotStorable, TakenDown
from storage.archive.writer import Writer
from storage.forget.answers import forget_answers
from storage.frontier.captures import mark_processed
from storage.frontier.filed import Waiting, address_now
from storage.frontier.frontier import Frontier
from storage.records import PAGE_STATUSES, Article, Outcome, PageKind
from storage.records.runs import LeasedAddress, Settled
from storage.tombstones import TOMBSTONE, Tombstones

log = logging.getLogger("newsarchive")

ASKED_AGAIN = "asked again in the same run"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """The end of one capture; ``outcome`` None: it was no end, the address was asked again."""

    waiting: Waiting
    outcome: Outcome | None
    reason: str
    broke: bool = False
    """Storing it threw what it does not declare: the failure is ours, and not what the site answered."""


class Judge:
    """Judges captures, each in transactions of its own. What was judged is not judged again."""

    def __init__(
        self,
        engine: Engine,
        captures: CaptureReader,
        writer: Writer,
        tombstones: Tombstones,
        sources: Mapping[str, Source],
        ages: Sequence[timedelta],
    ) -> None:
        self._engine, self._captures, self._writer = engine, captures, writer
        self._tombstones, self._sources, self._ages = tombstones, sources, ages
        self._frontier = Frontier(engine)

    @property
    def ahead(self) -> int:
        """As of `CaptureReader`."""
        return self._captures.ahead

    async def read(self, one: Waiting) -> Article | Lost | None:
        """The page's article, or why there is none to read; None: the answer is no page.

        Raises:
            ReadingUnavailable: nothing can be read here now, which says nothing of the capture.
        """
        capture = one.stored.capture
        if capture.http_status not in PAGE_STATUSES or one.asked_again:
            return None
        return await self._captures.read(one.stored, one.source)

    def end(self, one: Waiting, reading: Article | Lost | None) -> Judged:
        """Store what was read, and settle the address. Blocking.

        Raises:
            TombstonesUnreadable: nobody knows what must not be stored.
            sqlalchemy.exc.DBAPIError: the database refused.
        """
        if one.asked_again:
            mark_processed(self._engine, one.stored.id, one.stored.capture.fetched_at)
            return Judged(waiting=one, outcome=None, reason=ASKED_AGAIN)
        address = address_now(self._engine, one.address_id)
        try:
            return self._ended(one, address, reading)
        except (DBAPIError, OSError):
            raise  # the archive's, not the page's
        except Exception as error:  # the stage boundary: the outcome of this page, the others go on
            log.exception("%s cannot be stored", one.url)
            return replace(
                self._settled(one, address, Outcome.FAILED, f"store: {reason_of(error)}"), broke=True
            )

    def _ended(self, one: Waiting, address: LeasedAddress, reading: Article | Lost | None) -> Judged:
        capture = one.stored.capture
        if self._tombstones.at(one.url) is not None:
            return self._refused(one, address, TOMBSTONE)
        if capture.http_status not in PAGE_STATUSES:
            end = end_of_answer(one.url, capture.url, capture.http_status, {"address": address})
            return self._settled(one, address, *end)
        if self._stray(one):
            read = reading if isinstance(reading, Article) else None
            return self._settled(one, address, *end_of_stray(capture.url, read))
        assert reading is not None, "a page was read"
        if isinstance(reading, Lost):
            return self._settled(one, address, Outcome.QUARANTINED, reading.reason)
        if reading.kind is not PageKind.ARTICLE:
            outcome = KIND_OUTCOMES[reading.kind]
            return self._settled(one, address, outcome, reading.reason or outcome.value)
        return self._stored(one, address, reading)

    def _stored(self, one: Waiting, address: LeasedAddress, article: Article) -> Judged:
        at = one.stored.capture.fetched_at
        born = born_of(article, address)
        try:
            stored = self._writer.store(
                article,
                run_id=one.stored.run_id,
                address_id=one.address_id,
                capture_id=one.stored.id,
                seen_at=at,
                next_fetch_at=next_look(address, Outcome.STORED, born, at, self._ages),
            )
        except TakenDown as error:
            self._tombstones.also(error.tombstone, error.urls)
            return self._refused(one, address, str(error))
        except NotStorable as error:
            return self._settled(one, address, Outcome.QUARANTINED, str(error))
        return Judged(waiting=one, outcome=stored.outcome, reason=stored.reason)

    def _refused(self, one: Waiting, address: LeasedAddress, reason: str) -> Judged:
        """A page that was taken down: the bytes that came with it go too."""
        forget_answers(self._engine, self._captures.folder, one.address_id, ())
        return self._settled(one, address, Outcome.BLOCKED, reason)

    def _settled(self, one: Waiting, address: LeasedAddress, outcome: Outcome, reason: str) -> Judged:
        at = one.stored.capture.fetched_at
        born = address.published_at or address.first_seen_at
        taken_down = outcome is Outcome.BLOCKED and reason.startswith(TOMBSTONE)
        self._frontier.settle(
            Settled(
                address_id=one.address_id,
                run_id=one.stored.run_id,
                outcome=outcome,
                reason=reason,
                at=at,
                capture_id=one.stored.id,
                next_fetch_at=None if taken_down else next_look(address, outcome, born, at, self._ages),
            )
        )
        return Judged(waiting=one, outcome=outcome, reason=reason)

    def _stray(self, one: Waiting) -> bool:
        """Whether a redirect led to what is no article of the source."""
        source = self._sources.get(one.source)
        return source is not None and led_astray(source, one.url, one.stored.capture.url)
