"""Item pipelines: the stages extract and store, plugged into Scrapy."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Self

from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem
from scrapy.pipelines import ItemPipelineManager

from crawler.extensions import RunExtension
from crawler.fetch.ends import end_of_stray, led_astray
from crawler.items import PageItem
from crawler.reading.extension import ReadingExtension
from crawler.reading.pool import RulesBroke
from crawler.reading.process import ReadingDied, ReadingUnavailable
from crawler.reading.question import about
from crawler.run.boundary import StageBroke
from crawler.run.crawl_run import CrawlRun
from crawler.run.database_thread import RunRefused
from crawler.run.turns import host_of
from crawler.stages import KIND_OUTCOMES, unknown_template
from storage.archive.storing import NotStorable, TakenDown
from storage.records import REFUSES, Article, Outcome, PageKind

log = logging.getLogger("newsarchive")


TRIES = 2
"""A page whose reading process was seen to die over it is given to one more."""
DEAD_RUNS = 4
"""A run that died while it had the page counts as a try too, but is weaker evidence: runs are killed for many
reasons, and no page is read in the run's own process. Two more than TRIES, so that kills in a row which found
the same good page in hand do not quarantine it."""


class BoundedPipelines(ItemPipelineManager):
    """The boundary of all pipelines: whatever one of them throws is the outcome of the page's address."""

    async def process_item_async(self, item: PageItem) -> PageItem:
        assert self.crawler is not None
        run = RunExtension.run_of(self.crawler)
        try:
            with run.boundary.stage("page", item.address.url, declared=(DropItem,)):
                done: PageItem = await super().process_item_async(item)
        except StageBroke as broke:
            await self._failed(run, item, broke)
            done = item
        except DropItem:  # left to the next run, and not waited for in this one
            run.on_ended(item.address)
            raise
        except RunRefused as refusal:
            raise DropItem(str(refusal)) from refusal  # the first refusal has closed the spider
        self.crawler.stats.inc_value("item_scraped_count")
        return done

    async def _failed(self, run: CrawlRun, item: PageItem, broke: StageBroke) -> None:
        try:
            await run.addresses.fail(item.address, broke, item.capture_id)
        except RunRefused as refusal:
            raise DropItem(str(refusal)) from refusal


class ExtractPipeline:
    """Pages are read in processes of their own; one that ends its process twice is quarantined."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_item(self, item: PageItem) -> PageItem:
        try:
            if why := await self._given_up_before(item):
                return replace(item, error=f"{why}; the same bytes are not read again")
            article = await self._read(item)
        except RunRefused as refusal:
            raise DropItem(str(refusal)) from refusal  # the first refusal has closed the spider
        except ReadingUnavailable as error:
            self._stop(error)
            raise DropItem(str(error)) from error  # captured: the next run reads it
        except ReadingDied as death:
            self.crawler.stats.inc_value("extract/died")
            return await self._given_up(item, str(death))
        except RulesBroke as broke:
            log.error("the extractor broke on %s:\n%s", item.page.url, broke.trace)
            self.crawler.stats.inc_value("extract/exceptions")
            RunExtension.run_of(self.crawler).tally.broke(f"extract broke: {broke}")
            return replace(item, error=f"the extractor broke: {broke}")
        self.crawler.stats.inc_value(f"extract/{article.extractor}")
        return replace(item, article=article)

    async def _given_up_before(self, item: PageItem) -> str | None:
        """Why these bytes were given up in an earlier run; asked only of an address last not understood."""
        if item.address.attempts <= 1 or item.capture_id is None:
            return None
        return await RunExtension.run_of(self.crawler).captures.given_up(item.capture_id)

    async def _given_up(self, item: PageItem, why: str) -> PageItem:
        if item.capture_id is not None:
            try:
                await RunExtension.run_of(self.crawler).captures.give_up(item.capture_id, why)
            except RunRefused as refusal:
                raise DropItem(str(refusal)) from refusal
        return replace(item, error=why)

    async def _read(self, item: PageItem) -> Article:
        """The page's article, from a process that has not died over it."""
        source = RunExtension.run_of(self.crawler).source
        question = about(item.page, source)
        pool = ReadingExtension.pool_of(self.crawler)
        tries = item.read_attempts if item.counted else await self._take_over(item)
        while True:
            try:
                article: Article = await pool.ask(question, fresh=tries > 1)
            except ReadingDied as death:
                log.warning("%s, at try %d: %s", death, tries, item.page.url)
                if tries >= TRIES:
                    raise ReadingDied(f"{death}; tried {tries} times") from death
                tries = await self._count(item, tries)
            else:
                return article

    async def _take_over(self, item: PageItem) -> int:
        """Count a page that an earlier run left; how often it was tried by then."""
        if item.read_attempts >= DEAD_RUNS:
            raise ReadingDied(f"{item.read_attempts} runs ended while they had it in hand; not read again")
        return await self._count(item, item.read_attempts)

    async def _count(self, item: PageItem, tries: int) -> int:
        """Count a try before it is made: a run that dies of it leaves word for the next."""
        if item.capture_id is None:
            return tries + 1
        return await RunExtension.run_of(self.crawler).captures.count_reading(item.capture_id)

    def _stop(self, error: ReadingUnavailable) -> None:
        """Nothing can be read here, so nothing more is asked."""
        RunExtension.run_of(self.crawler).database.stop(str(error))


class StorePipeline:
    """One article, one transaction, one outcome."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_item(self, item: PageItem) -> PageItem:
        try:
            outcome = await self._end(item)
        except ReadingUnavailable as error:
            raise DropItem(str(error)) from error  # an old capture is still to be read: the next run does
        self.crawler.stats.inc_value(f"outcome/{outcome.value}")
        return item

    async def _end(self, item: PageItem) -> Outcome:
        run = RunExtension.run_of(self.crawler)
        article = item.article
        if article is None:
            reason = item.error or "not extracted"
            await run.addresses.settle(item.address, Outcome.QUARANTINED, reason, item.capture_id)
            return Outcome.QUARANTINED
        refuses = article.kind is PageKind.BLOCKED and (article.reason or "").startswith(REFUSES)
        await run.turns.page_judged(host_of(item.page.url), refuses=refuses)
        if led_astray(run.source, item.address.url, item.page.url):
            outcome, reason = end_of_stray(item.page.url, article)
            await run.addresses.settle(item.address, outcome, reason, item.capture_id)
            return outcome
        if article.kind is not PageKind.ARTICLE:
            outcome = KIND_OUTCOMES[article.kind]
            await run.addresses.settle(
                item.address, outcome, article.reason or outcome.value, item.capture_id
            )
            return outcome
        if unknown := unknown_template(run.source, article):
            await run.addresses.settle(item.address, Outcome.QUARANTINED, unknown, item.capture_id)
            return Outcome.QUARANTINED
        try:
            stored = await run.addresses.store(article, item.address, item.capture_id)
        except TakenDown as error:
            await run.addresses.refuse(item.address, error, item.capture_id)
            return Outcome.BLOCKED
        except NotStorable as error:
            await run.addresses.settle(item.address, Outcome.QUARANTINED, str(error), item.capture_id)
            return Outcome.QUARANTINED
        run.tally.article(name for name in article.__slots__ if getattr(article, name) not in (None, (), ""))
        return stored.outcome
