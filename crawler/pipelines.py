"""Item pipelines: the stages extract and store, plugged into Scrapy."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from typing import Self

from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem

from crawler.extensions import RunExtension
from crawler.items import PageItem
from crawler.run.database_thread import RunRefused
from crawler.stages import article_of, unknown_template
from storage.archive.writer import NotStorable
from storage.records import Outcome, PageKind

log = logging.getLogger("newsarchive")


class ExtractPipeline:
    """Extraction in a thread: one link-heavy page can hold the event loop for 90 ms (docs/stack.md)."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_item(self, item: PageItem) -> PageItem:
        source = RunExtension.run_of(self.crawler).source
        known = source if source.pages else None
        try:
            article = await asyncio.to_thread(article_of, item.page, known)
        except Exception as error:  # the stage boundary: a page that breaks the extractor is quarantined
            log.exception("the extractor broke on %s", item.page.url)
            self.crawler.stats.inc_value("extract/exceptions")
            return replace(item, error=f"the extractor broke: {type(error).__name__}: {error}")
        self.crawler.stats.inc_value(f"extract/{article.extractor}")
        return replace(item, article=article)


KIND_OUTCOMES = {
    PageKind.NOT_ARTICLE: Outcome.NOT_ARTICLE,
    PageKind.GONE: Outcome.GONE,
    PageKind.BLOCKED: Outcome.BLOCKED,
    PageKind.QUARANTINED: Outcome.QUARANTINED,
}


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
        except RunRefused as refusal:
            raise DropItem(str(refusal)) from refusal  # the first refusal has closed the spider
        self.crawler.stats.inc_value(f"outcome/{outcome.value}")
        assert self.crawler.spider is not None
        self.crawler.spider.settled(item.address)  # type: ignore[attr-defined]
        return item

    async def _end(self, item: PageItem) -> Outcome:
        run = RunExtension.run_of(self.crawler)
        article = item.article
        if article is None:
            reason = item.error or "not extracted"
            await run.settle(item.address, Outcome.QUARANTINED, reason, item.capture_id)
            return Outcome.QUARANTINED
        if article.kind is not PageKind.ARTICLE:
            outcome = KIND_OUTCOMES[article.kind]
            await run.settle(item.address, outcome, article.reason or outcome.value, item.capture_id)
            return outcome
        if unknown := unknown_template(run.source, article):
            await run.settle(item.address, Outcome.QUARANTINED, unknown, item.capture_id)
            return Outcome.QUARANTINED
        run.tally.article(name for name in article.__slots__ if getattr(article, name) not in (None, (), ""))
        try:
            return (await run.store(article, item.address, item.capture_id)).outcome
        except NotStorable as error:
            await run.settle(item.address, Outcome.QUARANTINED, str(error), item.capture_id)
            return Outcome.QUARANTINED
