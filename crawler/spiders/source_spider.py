"""One spider class for each declared source: what to visit, and the end of each visit."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Iterable, Sequence
from datetime import datetime
from typing import Any, Self, TypeVar

import scrapy
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.capture.exchange import as_sent
from crawler.capture.unjudged import Unjudged, page_of
from crawler.configuration.environment import Configuration, check_delay, require_contact
from crawler.extensions import RunExtension
from crawler.fetch.ends import capture_id, cause, end_of_answer, end_of_failure
from crawler.items import PageItem
from crawler.reading.extension import ReadingExtension
from crawler.run.boundary import StageBroke
from crawler.run.crawl_run import CrawlRun
from crawler.run.lease import LeaseHeld
from crawler.run.plan import RunPlan
from crawler.run.turns import Resting, ToldToStop
from crawler.sources import all_sources
from crawler.sources.base import Seed, Source, Window
from crawler.spiders.arguments import mode_of, whole_number
from crawler.spiders.seed_visits import SeedVisits
from storage.database.opening import DatabaseRefused
from storage.records import PAGE_STATUSES, Outcome
from storage.records.discovery import Discovery, Listing
from storage.records.runs import LeasedAddress
from storage.tombstones import TOMBSTONE

T = TypeVar("T")

log = logging.getLogger("newsarchive")

REFUSED_GRACE_S = 20.0
"""From the first refusal to the end of the process, come what may: what is not stored is captured
or leased, and the next run takes it on as after a kill."""
LEASE_TRIES = 3
"""In a row, before a run that can lease no address ends; our choice."""


class SourceSpider(scrapy.Spider):
    """Crawls one source: its seeds into the frontier, the frontier's addresses into captures."""

    source: Source
    named_by = "command line"
    """The seed of addresses that the plan names."""

    def __init__(
        self,
        *args: Any,
        limit: int | str | None = None,
        window: Window | None = None,
        urls: Iterable[str] = (),
        mode: str | None = None,
        slot: datetime | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.plan = RunPlan(
            source=self.source,
            mode=mode_of(mode, urls, window),
            limit=whole_number(limit),
            window=window,
            urls=tuple(urls),
            slot=slot,
        )
        self.in_flight: set[int] = set()
        self.seeds = SeedVisits(self)
        self._moved = asyncio.Event()
        self._closing: asyncio.Future[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        configuration: Configuration = crawler.settings["NEWSARCHIVE"]
        require_contact(configuration, spider.source.name)
        check_delay(configuration, spider.source.name)
        return spider

    @property
    def run(self) -> CrawlRun:
        return RunExtension.run_of(self.crawler)

    # --- start ------------------------------------------------------------------------------------

    async def start(self) -> AsyncIterator[Any]:
        if not await self._open():
            return
        async for item in self._unjudged():
            yield item
        if self.plan.urls:
            named = [Discovery(url=url) for url in self.plan.urls]
            asked = self.run.lists.discover(self.named_by, named, ask=True)
            await self.run.boundary.attempt("discover", asked, None)
        async for request in self.seeds.requests():
            yield request
        async for request in self._article_requests():
            yield request

    async def _open(self) -> bool:
        extension = RunExtension.of(self.crawler)
        made = CrawlRun(
            self.plan,
            self.crawler.settings["NEWSARCHIVE"],
            lambda question: ReadingExtension.pool_of(self.crawler).ask(question),
            prepared=self.crawler.settings.getbool("NEWSARCHIVE_PREPARED"),
        )
        made.on_ended = self.settled
        made.database.on_refused = self._stop
        made.on_lease_lost = self._give_way
        made.told_to_stop = self._is_closing
        try:
            await extension.open_with(made, self._stood_still).open()
        except LeaseHeld as held:
            extension.lease_held = str(held)
            log.warning("%s", held)
            return False
        except (DatabaseRefused, StageBroke):
            return False  # the extension tells it when it closes the run
        ReadingExtension.warm(self.crawler)
        return True

    def _stop(self) -> None:
        """Nothing more can be kept: close the spider, and leave within a set time whatever hangs."""
        RunExtension.of(self.crawler).leave_in(REFUSED_GRACE_S)
        self.run.note_refusal()
        self._close("refused")

    def _give_way(self) -> None:
        """Another run crawls this source by now: end, and leave it the rest."""
        self._close("lease lost")

    def _stood_still(self, why: str) -> None:
        """Nothing moves any more: end every stage that is at work, and the run with them."""
        self.run.end_standing_still(why)
        self._close("stood still")

    def _is_closing(self) -> bool:
        """Whether the crawl is to end: by a signal to Scrapy, or by ourselves."""
        return self._closing is not None or self.crawler.engine is None or not self.crawler.engine.running

    def _close(self, reason: str) -> None:
        assert self.crawler.engine is not None
        if self._closing is not None:
            return
        self._closing = asyncio.ensure_future(self.crawler.engine.close_spider_async(reason=reason))

    async def _unjudged(self) -> AsyncIterator[PageItem]:
        """Pages that a killed run captured but never judged: from the WARC file, without network."""
        nothing: list[Unjudged] = []
        left = await self.run.boundary.attempt(
            "take over", self.run.captures.unjudged(self.run.frontier), nothing
        )
        self.in_flight.update(one.address.id for one in left)
        for one in left:
            yield PageItem(
                address=one.address,
                page=one.page,
                capture_id=one.capture_id,
                read_attempts=one.read_attempts,
                counted=False,
            )
        while self.in_flight:  # or the frontier would hand them out to be fetched again
            self._moved.clear()
            await self._moved.wait()

    asks_known = False
    """Whether what its lists name is asked though it is known."""

    async def wanted(self, seed: Seed, listing: Listing) -> Sequence[Discovery]:
        """What of a list is to be asked for: all of it."""
        return listing.discoveries

    async def _article_requests(self) -> AsyncIterator[Request]:
        broken = 0
        while broken < LEASE_TRIES:
            self._moved.clear()
            batch = await self.run.boundary.attempt(
                "lease", self.run.addresses.lease(len(self.in_flight)), None
            )
            broken = broken + 1 if batch is None else 0
            for address in batch or ():
                self.in_flight.add(address.id)
                request = await self._bounded(address, None, self._asked(address))
                if request is not None:
                    yield request
            if batch == [] and not self.in_flight and not self.seeds.in_flight:
                return
            if batch == []:
                await self._moved.wait()
        self._close("no more addresses can be had")

    def settled(self, address: LeasedAddress) -> None:
        """An address got its outcome: there is room for another."""
        self.in_flight.discard(address.id)
        self.moved()

    def moved(self) -> None:
        """Something ended: there may be more to ask for, or nothing more to wait for."""
        self._moved.set()

    # --- articles ---------------------------------------------------------------------------------

    def article_request(self, address: LeasedAddress) -> Request:
        headers: dict[str, bytes] = {}
        if address.etag:
            headers["If-None-Match"] = as_sent(address.etag)
        if address.last_modified:
            headers["If-Modified-Since"] = as_sent(address.last_modified)
        return Request(
            address.url,
            headers=headers,
            callback=self.parse_article,
            errback=self.article_failed,
            dont_filter=True,
            meta={"address": address},
        )

    async def _asked(self, address: LeasedAddress) -> Request | None:
        """The request for an address; None for one that was taken down: nobody is asked for it."""
        if self.run.tombstones.at(address.url) is not None:
            await self.run.addresses.settle(address, Outcome.BLOCKED, TOMBSTONE)
            return None
        return self.article_request(address)

    async def parse_article(self, response: Response) -> AsyncIterator[PageItem]:
        address: LeasedAddress = response.meta["address"]
        item = await self._bounded(address, response.request, self._judged(address, response))
        if item is not None:
            yield item

    async def article_failed(self, failure: Failure) -> None:
        request: Request = failure.request  # type: ignore[attr-defined]
        address: LeasedAddress = request.meta["address"]
        await self._bounded(address, request, self._not_answered(address, request, failure))

    async def _bounded(
        self, address: LeasedAddress, request: Request | None, work: Awaitable[T | None]
    ) -> T | None:
        """The boundary of an address: whatever is thrown is its outcome. What it gives goes on with it."""
        try:
            with self.run.boundary.stage("article", address.url):
                return await work
        except StageBroke as broke:
            await self.run.addresses.fail(address, broke, capture_id(request))
        return None

    async def _judged(self, address: LeasedAddress, response: Response) -> PageItem | None:
        """A page to be read, or None when the answer is the address's end."""
        capture = capture_id(response.request)
        if response.status not in PAGE_STATUSES:
            end = end_of_answer(address.url, response.url, response.status, response.meta)
            await self.run.addresses.settle(address, *end, capture)
            return None
        return self._page_item(address, response)

    async def _not_answered(self, address: LeasedAddress, request: Request, failure: Failure) -> None:
        error = cause(failure)
        if isinstance(error, ToldToStop):
            return  # the run gives it back when it closes
        resting = error if isinstance(error, Resting) else None
        await self.run.addresses.settle(address, *end_of_failure(error), capture_id(request), resting=resting)

    def _page_item(self, address: LeasedAddress, response: Response) -> PageItem:
        number, capture = response.meta["capture"]
        return PageItem(
            address=address,
            page=page_of(capture, response.url, response.body),
            capture_id=number,
            read_attempts=1,
            counted=True,
        )


def spider_of(source: Source) -> type[SourceSpider]:
    """The spider class of one source, named after it."""
    name = f"{source.name.title().replace('_', '')}Spider"
    return type(name, (SourceSpider,), {"name": source.name, "source": source, "__module__": __name__})


# Scrapy finds spider classes as attributes of this module: `scrapy list` prints every source.
SPIDERS = {source.name: spider_of(source) for source in all_sources().values()}
globals().update({spider.__name__: spider for spider in SPIDERS.values()})
