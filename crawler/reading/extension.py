"""Where Scrapy opens and closes the reading processes, and where spiders and pipelines ask them."""

from __future__ import annotations

import asyncio
import logging
import os
from typing import ClassVar, Self
from weakref import WeakKeyDictionary

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from crawler.configuration.environment import Configuration
from crawler.reading.limits import Limits, processes_for
from crawler.reading.pool import ReadingPool
from crawler.reading.process import ReadingUnavailable

log = logging.getLogger("newsarchive")

Shared = tuple[ReadingPool, set["ReadingExtension"]]
"""The pool of an event loop, and the crawls that ask it."""


class ReadingExtension:
    """The reading processes of a crawl; crawls side by side in one program share them."""

    _shared: ClassVar[WeakKeyDictionary[asyncio.AbstractEventLoop, Shared]] = WeakKeyDictionary()

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._warming: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        extension = cls(limits_of(crawler.settings["NEWSARCHIVE"]))
        crawler.signals.connect(extension.spider_closed, signal=signals.spider_closed)
        return extension

    @classmethod
    def pool_of(cls, crawler: Crawler) -> ReadingPool:
        """The reading processes of a crawl, opened with the first question."""
        extension = crawler.get_extension(cls)
        if extension is None:
            raise NotConfigured("crawler.reading.extension.ReadingExtension must be among EXTENSIONS")
        return extension.pool()

    def pool(self) -> ReadingPool:
        loop = asyncio.get_running_loop()
        if loop not in self._shared:
            self._shared[loop] = (ReadingPool(self.limits), set())
        pool, users = self._shared[loop]
        users.add(self)
        return pool

    @classmethod
    def warm(cls, crawler: Crawler) -> None:
        """Start the first process while the first request waits for its turn."""
        if (extension := crawler.get_extension(cls)) is not None:
            extension._warming = asyncio.ensure_future(extension._warm())

    async def _warm(self) -> None:
        try:
            await self.pool().warm()
        except ReadingUnavailable as error:
            log.error("%s", error)

    async def spider_closed(self, spider: Spider) -> None:
        if self._warming is not None:
            await self._warming
        pool, users = self._shared.get(asyncio.get_running_loop(), (None, set()))
        users.discard(self)
        if pool is not None and not users:
            del self._shared[asyncio.get_running_loop()]
            await pool.close()


def limits_of(configuration: Configuration) -> Limits:
    """The limits that the operator set, or the defaults."""
    return Limits(
        processes=configuration.reading_processes or processes_for(len(os.sched_getaffinity(0))),
        seconds=configuration.reading_seconds,
        memory_mb=configuration.reading_memory_mb,
        pages=configuration.reading_pages,
    )
