"""One spider class for each declared source: what to visit, and the end of each visit."""

from __future__ import annotations

import asyncio
import logging
import os
import re
import threading
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, Self

import scrapy
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.capture.unjudged import page_of
from crawler.configuration.environment import Configuration, WrongSetting, check_delay, require_contact
from crawler.configuration.exit_codes import REFUSED
from crawler.extensions import RunExtension
from crawler.fetch.ends import end_of_failure, end_of_status
from crawler.items import PageItem
from crawler.reading.extension import ReadingExtension
from crawler.reading.lists import read_list
from crawler.reading.question import ReadList, seed_place
from crawler.run.crawl_run import CrawlRun
from crawler.run.lease import LeaseHeld
from crawler.run.plan import RunPlan
from crawler.sources import all_sources
from crawler.sources.base import Seed, Source, Window
from storage.clock import utc_now
from storage.database.opening import DatabaseRefused
from storage.records import (
    Capture,
    Discovery,
    LeasedAddress,
    Listing,
    Outcome,
    RunMode,
    SeedVisit,
)

log = logging.getLogger("newsarchive")

REFUSED_GRACE_S = 20.0
"""From the first refusal to the end of the process, come what may: what is not stored is captured
or leased, and the next run takes it on as after a kill."""
SEED_PRIORITY = 100
"""Lists before articles: the newest address is asked first."""


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
        self.seeds_in_flight = 0
        self._moved = asyncio.Event()

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
            await self.run.discover(self.named_by, [Discovery(url=url) for url in self.plan.urls])
        for request in self._seed_requests():
            yield request
        async for request in self._article_requests():
            yield request

    async def _open(self) -> bool:
        extension = RunExtension.of(self.crawler)
        extension.run = CrawlRun(
            self.plan,
            self.crawler.settings["NEWSARCHIVE"],
            lambda question: ReadingExtension.pool_of(self.crawler).ask(question),
            prepared=self.crawler.settings.getbool("NEWSARCHIVE_PREPARED"),
        )
        extension.run.on_ended = self.settled
        extension.run.database.on_refused = self._stop
        extension.run.on_lease_lost = self._give_way
        try:
            await extension.run.open()
        except LeaseHeld as held:
            extension.lease_held = str(held)
            log.warning("%s", held)
            return False
        except DatabaseRefused:
            return False  # the extension tells it when it closes the run
        ReadingExtension.warm(self.crawler)
        return True

    def _stop(self) -> None:
        """Nothing more can be kept: close the spider, and leave within a set time whatever hangs."""
        self._close("refused")
        watchdog = threading.Timer(REFUSED_GRACE_S, os._exit, (REFUSED,))
        watchdog.daemon = True
        watchdog.start()

    def _give_way(self) -> None:
        """Another run crawls this source by now: end, and leave it the rest."""
        self._close("lease lost")

    def _close(self, reason: str) -> None:
        assert self.crawler.engine is not None
        self._closing = asyncio.ensure_future(self.crawler.engine.close_spider_async(reason=reason))

    async def _unjudged(self) -> AsyncIterator[PageItem]:
        """Pages that a killed run captured but never judged: from the WARC file, without network."""
        left = await self.run.unjudged()
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

    def _seed_requests(self) -> Iterator[Request]:
        self._seeds = self.plan.seeds  # asked once: an address may move with the clock
        for seed in self._seeds:
            self.seeds_in_flight += 1
            yield self.seed_request(seed, seed.url, page=1)

    async def _article_requests(self) -> AsyncIterator[Request]:
        while True:
            self._moved.clear()
            batch = await self.run.lease(len(self.in_flight))
            for address in batch:
                self.in_flight.add(address.id)
                yield self.article_request(address)
            if not batch and not self.in_flight and not self.seeds_in_flight:
                return
            if not batch:
                await self._moved.wait()

    def settled(self, address: LeasedAddress) -> None:
        """An address got its outcome: there is room for another."""
        self.in_flight.discard(address.id)
        self._moved.set()

    # --- seeds ------------------------------------------------------------------------------------

    def seed_request(self, seed: Seed, url: str, page: int) -> Request:
        return Request(
            url,
            headers=dict(seed.headers),
            callback=self.parse_seed,
            errback=self.seed_failed,
            priority=SEED_PRIORITY,
            dont_filter=True,
            meta={"seed": seed, "page": page, "needs_explicit_robots": seed.needs_explicit_robots},
        )

    async def parse_seed(self, response: Response) -> AsyncIterator[Request]:
        seed: Seed = response.meta["seed"]
        follow: Request | None = None
        if response.status != 200:
            outcome, reason = end_of_status(response.status, response.meta)
            await self._seed_ended(response.request, outcome, reason)
        else:
            listing = await self._read(seed, response)
            follow = self._next_page(response, seed, listing)
            await self._listed(response, seed, listing)
        if follow is not None:
            yield follow
        else:
            self._seed_done()

    async def _read(self, seed: Seed, response: Response) -> Listing:
        """What the list names, read in a reading process."""
        question = ReadList(
            seed=seed_place(self.source, self.plan.windows, self._seeds, seed),
            body=response.body,
            url=response.url,
            seen_at=utc_now(),
        )
        return await read_list(ReadingExtension.pool_of(self.crawler), question)

    async def _listed(self, response: Response, seed: Seed, listing: Listing) -> None:
        self.crawler.stats.inc_value("seed/rejected_links", listing.rejected)
        await self.run.discover(seed.url, await self.wanted(seed, listing))
        if not listing.recognised:
            reason = listing.reason or "not the list it should be"
            if response.meta.get("redirect_urls"):
                reason = f"redirected to {response.url}: {reason}"
            await self._seed_ended(response.request, Outcome.QUARANTINED, reason)
            return
        await self._seed_ended(response.request, Outcome.STORED, "listed", listed=len(listing.discoveries))

    async def wanted(self, seed: Seed, listing: Listing) -> Sequence[Discovery]:
        """What of a list is to be asked for: all of it."""
        return listing.discoveries

    def _next_page(self, response: Response, seed: Seed, listing: Listing) -> Request | None:
        page = response.meta["page"]
        if not listing.next_url or not listing.discoveries or page >= seed.max_pages:
            return None
        return self.seed_request(seed, listing.next_url, page + 1)

    async def seed_failed(self, failure: Failure) -> None:
        outcome, reason = end_of_failure(cause(failure))
        await self._seed_ended(failure.request, outcome, reason)  # type: ignore[attr-defined]
        self._seed_done()

    async def _seed_ended(
        self, request: Request | None, outcome: Outcome, reason: str, listed: int = 0
    ) -> None:
        assert request is not None
        seed: Seed = request.meta["seed"]
        visit = SeedVisit(
            run_id=self.run.id,
            seed=seed.url,
            kind=seed.kind,
            section=seed.section,
            outcome=outcome,
            reason=reason,
            listed=listed,
            at=utc_now(),
            capture_id=capture_id(request),
        )
        await self.run.record_seed(visit)
        log.info("%s list %s %s (%s, %d listed)", self.name, outcome.value, seed.url, reason, listed)

    def _seed_done(self) -> None:
        self.seeds_in_flight -= 1
        self._moved.set()

    # --- articles ---------------------------------------------------------------------------------

    def article_request(self, address: LeasedAddress) -> Request:
        headers = {}
        if address.etag:
            headers["If-None-Match"] = address.etag
        if address.last_modified:
            headers["If-Modified-Since"] = address.last_modified
        return Request(
            address.url,
            headers=headers,
            callback=self.parse_article,
            errback=self.article_failed,
            dont_filter=True,
            meta={"address": address},
        )

    async def parse_article(self, response: Response) -> AsyncIterator[PageItem]:
        address: LeasedAddress = response.meta["address"]
        if response.status != 200:
            await self._settle(address, *end_of_status(response.status, response.meta), response.request)
        elif (stray := self._stray(response)) is not None:
            await self._settle(address, Outcome.NOT_ARTICLE, stray, response.request)
        else:
            yield self._page_item(address, response)

    def _stray(self, response: Response) -> str | None:
        """Why a redirect's target is no article of this source; None when it is one."""
        if not response.meta.get("redirect_urls") or self.source.address(response.url):
            return None
        return f"redirected to {response.url}"

    def _page_item(self, address: LeasedAddress, response: Response) -> PageItem:
        number, capture = response.meta["capture"]
        return PageItem(
            address=address,
            page=page_of(capture, response.url, response.body),
            capture_id=number,
            read_attempts=1,
            counted=True,
        )

    async def article_failed(self, failure: Failure) -> None:
        request: Request = failure.request  # type: ignore[attr-defined]
        outcome, reason = end_of_failure(cause(failure))
        await self._settle(request.meta["address"], outcome, reason, request)

    async def _settle(
        self, address: LeasedAddress, outcome: Outcome, reason: str, request: Request | None
    ) -> None:
        assert request is not None
        await self.run.settle(address, outcome, reason, capture_id(request))


def capture_id(request: Request) -> int | None:
    """The capture of the request's last answer; None when it got none."""
    captured: tuple[int, Capture] | None = request.meta.get("capture")
    return captured[0] if captured else None


def cause(failure: Failure) -> BaseException:
    return failure.value or RuntimeError("failed without an error")


def mode_of(named: str | None, urls: Iterable[str], window: Window | None) -> RunMode:
    """The mode named, or the one that the addresses or days imply.

    Raises:
        WrongSetting: there is no such mode (``scrapy crawl -a mode=...`` gives text).
    """
    if named is None:
        return RunMode.FETCH if urls else RunMode.BACKFILL if window else RunMode.LATEST
    try:
        return RunMode(named)
    except ValueError as error:
        raise WrongSetting(f"mode is {', '.join(RunMode)}; got {named!r}") from error


def whole_number(value: int | str | None) -> int | None:
    """``scrapy crawl -a limit=10`` gives text.

    Raises:
        WrongSetting: not a whole number above zero.
    """
    if value is None:
        return None
    if not re.fullmatch("[0-9]{1,9}", str(value)) or int(value) < 1:
        raise WrongSetting(f"limit must be a whole number above zero, got {value!r}")
    return int(value)


def spider_of(source: Source) -> type[SourceSpider]:
    """The spider class of one source, named after it."""
    name = f"{source.name.title().replace('_', '')}Spider"
    return type(name, (SourceSpider,), {"name": source.name, "source": source, "__module__": __name__})


# Scrapy finds spider classes as attributes of this module: `scrapy list` prints every source.
SPIDERS = {source.name: spider_of(source) for source in all_sources().values()}
globals().update({spider.__name__: spider for spider in SPIDERS.values()})
