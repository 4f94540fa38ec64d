"""Scrapy extensions: the run behind a crawl, and its progress for whoever watches."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, Protocol, Self
from weakref import WeakKeyDictionary

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.extensions.corestats import CoreStats
from scrapy.statscollectors import MemoryStatsCollector

from crawler.configuration.exit_codes import REFUSED
from crawler.run.standstill import Standstill
from storage.database.opening import DatabaseRefused

if TYPE_CHECKING:
    from rich.live import Live
    from rich.table import Table

    from crawler.run.crawl_run import CrawlRun
    from crawler.verdict.run_verdict import Ending

log = logging.getLogger("newsarchive")


class RunExtension:
    """Holds the run of this crawl and closes it, whatever ended the spider."""

    _made: ClassVar[WeakKeyDictionary[Crawler, RunExtension]] = WeakKeyDictionary()
    """Asked eight times a page: Scrapy looks through all of a crawl's extensions each time."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.run: CrawlRun | None = None
        self.ending: Ending | None = None
        self.lease_held: str | None = None
        self._standstill: Standstill | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        extension = cls._made[crawler] = cls(crawler)
        crawler.signals.connect(extension.spider_closed, signal=signals.spider_closed)
        return extension

    @classmethod
    def of(cls, crawler: Crawler) -> RunExtension:
        extension = cls._made.get(crawler)
        if extension is None:
            raise NotConfigured("crawler.extensions.RunExtension must be among EXTENSIONS")
        return extension

    @classmethod
    def run_of(cls, crawler: Crawler) -> CrawlRun:
        """The open run.

        Raises:
            RuntimeError: asked before the spider's start() opened it.
        """
        run = cls.of(crawler).run
        if run is None:
            raise RuntimeError("no run is open")
        return run

    def open_with(self, run: CrawlRun, end: Callable[[str], None]) -> CrawlRun:
        """Hold this run, and watch that something moves in it.

        Args:
            end: ends a run that stands still, on the event loop; told why.

        Raises:
            DatabaseRefused: the system gives no thread to watch it from.
        """
        loop = asyncio.get_running_loop()

        def from_the_watch(why: str) -> None:
            loop.call_soon_threadsafe(end, why)

        self.run = run
        self._standstill = Standstill(run.boundary, from_the_watch, run.force_end)
        with run.boundary.stage("watch"):
            self._standstill.start()
        return run

    def leave_in(self, seconds: float) -> None:
        """Leave the process after so long with the code of a refusal, whatever hangs; on the event loop."""
        if self._standstill is None or not self._standstill.leave_in(seconds):
            asyncio.get_running_loop().call_later(seconds, os._exit, REFUSED)

    @property
    def refusal(self) -> str | None:
        """Why the database or disk said no; None while it has not."""
        return str(self.run.database.refusal) if self.run and self.run.database.refusal else None

    def left_behind(self, why: str) -> bool:
        """Close the run of a crawl that the event loop has left; False where none was opened. Blocking.

        Raises:
            DatabaseRefused: the database or disk said no.
        """
        if self.run is None:
            return False
        try:
            return self.run.end_left_behind(why)
        finally:
            if self._standstill is not None:
                self._standstill.over()

    async def spider_closed(self, spider: Spider, reason: str) -> None:
        if self.run is None:
            return
        stats = self.crawler.stats
        try:
            self.ending = await self.run.close(
                finished=reason == "finished",
                requests=stats.get_value("downloader/request_count", 0),
                received=stats.get_value("capture/bytes", 0),
            )
        except DatabaseRefused:
            return  # the run said so when it happened
        finally:
            if self._standstill is not None:
                self._standstill.over()
        if self.ending is not None:
            log.info("%s ended %s: %s", spider.name, self.ending.verdict.value, self.ending.reason)


class PlainStats(MemoryStatsCollector):
    """Scrapy's counts. Its own class looks at each name that it is asked for, to warn of an argument that is
    given up: three hundredths of the event loop's time (2026-11-26)."""

    __getattribute__ = object.__getattribute__


class CountsExtension(CoreStats):
    """Scrapy's counts of a crawl, but for that of the pages that went through the pipelines, which they make
    themselves: a receiver of its signal is a task of its own for each page."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        counts = super().from_crawler(crawler)
        crawler.signals.disconnect(counts.item_scraped, signals.item_scraped)
        return counts


class Watched(Protocol):
    """A spider as the progress table sees it; the spiders import this module, never the other way."""

    name: str
    crawler: Crawler
    in_flight: set[int]
    """Addresses that are leased and have no outcome yet."""


class ProgressExtension:
    """A live table on a terminal; elsewhere the log's one line for each outcome is the progress."""

    def __init__(self, crawler: Crawler, live: Live) -> None:
        self.crawler = crawler
        self.live = live

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        if not crawler.settings.getbool("NEWSARCHIVE_PROGRESS") or not sys.stderr.isatty():
            raise NotConfigured
        extension = cls(crawler, shared_live())
        crawler.signals.connect(extension.spider_opened, signal=signals.spider_opened)
        crawler.signals.connect(extension.spider_closed, signal=signals.spider_closed)
        return extension

    def spider_opened(self, spider: Watched) -> None:
        WATCHED[spider.name] = spider
        _BEGAN[spider.name] = time.monotonic()
        self.live.start(refresh=True)

    def spider_closed(self, spider: Watched) -> None:
        self.live.refresh()
        WATCHED.pop(spider.name, None)
        if not WATCHED:
            self.live.stop()


WATCHED: dict[str, Watched] = {}
_BEGAN: dict[str, float] = {}
_LIVE: list[Live] = []


def shared_live() -> Live:
    """One live table for all crawls of this process: rich draws one at a time."""
    if not _LIVE:
        from rich.console import Console  # for a terminal alone, like all of rich
        from rich.live import Live

        _LIVE.append(
            Live(
                get_renderable=progress_table,
                console=Console(stderr=True),
                refresh_per_second=4,
                transient=True,
            )
        )
    return _LIVE[0]


def progress_table() -> Table:
    """A row for each running crawl: outcomes so far, how fast they come, what may be left."""
    from rich.table import Table

    table = Table("source", "done", "a minute", "left at most", "outcomes")
    for name, spider in WATCHED.items():
        run = RunExtension.of(spider.crawler).run
        counts = run.tally.addresses if run else {}
        ends = "  ".join(f"{outcome.value} {count}" for outcome, count in sorted(counts.items()))
        listed = max(0, sum(run.tally.listed_by.values()) - run.tally.known) if run else 0
        seconds = time.monotonic() - _BEGAN.get(name, time.monotonic())
        engine = spider.crawler.engine
        if engine is not None and not engine.running:
            ends = f"{ends}  stopping, {len(spider.in_flight)} in flight".strip()
        table.add_row(name, *pace(sum(counts.values()), listed, seconds), ends or "listing")
    return table


def pace(done: int, listed: int, seconds: float) -> tuple[str, str, str]:
    """How many addresses are done, how many a minute, and how long the rest takes at that pace.

    Args:
        listed: named by the lists that were read; what two lists name counts twice: the rest is at most that.

    >>> pace(30, 90, 60.0), pace(0, 90, 1.0), pace(90, 80, 60.0)
    (('30', '30', '2 min (60)'), ('0', '', '90'), ('90', '90', ''))
    """
    left = max(0, listed - done)
    if not done or not seconds:
        return str(done), "", str(left or "")
    a_minute = done / seconds * 60
    rest = f"{max(1, round(left / a_minute))} min ({left})" if left else ""
    return str(done), f"{a_minute:.0f}", rest
