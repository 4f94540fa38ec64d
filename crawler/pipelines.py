"""Item pipelines: the stages extract and store, plugged into Scrapy."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, replace
from typing import Self

from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem

from crawler.database_thread import RunRefused
from crawler.extensions import RunExtension
from crawler.extract import extract_page
from crawler.extract.generic import GenericPage
from crawler.normalise.article import normalise
from crawler.sources.base import Source
from storage.records import Article, CapturedPage, FetchSignals, LeasedAddress, Outcome, PageKind
from storage.writer import NotStorable

log = logging.getLogger("newsarchive")


@dataclass(frozen=True, slots=True, kw_only=True)
class PageItem:
    """A captured page on its way to an outcome."""

    address: LeasedAddress
    page: CapturedPage
    capture_id: int | None
    signals: FetchSignals
    article: Article | None = None
    error: str | None = None
    """Why the extractor broke on it."""


def article_of(page: CapturedPage, source: Source | None) -> Article:
    """The pure stages in one step: captured bytes -> typed article."""
    return normalise(extract_page(page, source), page, source)


class ExtractPipeline:
    """Extraction in a thread: one link-heavy page can hold the event loop for 90 ms (stack.md)."""

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


def unknown_template(source: Source, article: Article) -> str | None:
    """Why a page of a source with page classes cannot be stored when none of them knows it; else None.

    The generic path still finds a body there, but no byline, notice or section: stored, a redesign would
    be thousands of articles without a writer, and a revision of every page that is looked at again.
    """
    if not source.pages or article.extractor != GenericPage.name:
        return None
    return f"no page class of {source.name} knows this page, only {article.extractor} reads it"


KIND_OUTCOMES = {
    PageKind.NOT_ARTICLE: Outcome.NOT_ARTICLE,
    PageKind.GONE: Outcome.GONE,
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
