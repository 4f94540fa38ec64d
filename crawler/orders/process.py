"""Running crawls in this process: Scrapy's process, the runs' endings, the exit code."""

from __future__ import annotations

import asyncio
import gc
import logging
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings

from crawler.configuration.environment import Configuration, check_delay
from crawler.configuration.exit_codes import BELOW_EXPECTATION, HEALTHY, LEASE_HELD, REFUSED
from crawler.extensions import RunExtension
from crawler.fetch import download  # noqa: F401  Scrapy loads it by its name: here, before the fork
from crawler.orders.sending import send_captures
from crawler.orders.signals import HeardSignals
from crawler.orders.told_to_stop import NotBegun, Told, stop_noted
from crawler.reading.server import start_as_fork
from crawler.run.beginning import prepare_archive
from crawler.run.own_room import ready_room
from crawler.spiders.source_spider import SourceSpider
from storage.records import Verdict

COLLECTED_AFTER = 5_000
"""New objects after which the youngest are looked through; Python's own number is 700, which made 1,133
collections for 445 pages: 0.83 s of 12.4 s; frozen and with this number 0.32 s of 12.1 s (2026-11-26)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlOrder:
    """One spider to run and its arguments."""

    spider: type[SourceSpider]
    arguments: Mapping[str, Any]
    name: str


def run_crawls(
    orders: Sequence[CrawlOrder], configuration: Configuration, *, progress: bool, prepared: bool = False
) -> int:
    """Run the spiders side by side in this process, which can be done once; the exit code comes back.

    Args:
        prepared: the database was made or checked already; it is once for each command.

    Raises:
        NotBegun: told to stop before any run was opened.
    """
    for order in orders:
        check_delay(configuration, order.name)
    ready_room()
    start_as_fork()
    with stop_noted() as told:
        if not prepared:
            prepare_archive(configuration)
        process = AsyncCrawlerProcess(_settings(configuration, progress=progress))
        # Its own lines of every request and item are made and thrown away: crawler.commands.log tells errors.
        logging.getLogger("scrapy").setLevel(logging.ERROR)
        crawlers = [process.create_crawler(order.spider) for order in orders]
        for crawler in crawlers:
            crawler.signals = HeardSignals(crawler)
        told.check()
        pairs = zip(orders, crawlers, strict=True)
        tasks = [process.crawl(crawler, **order.arguments) for order, crawler in pairs]
        with fewer_collections():
            _run_reactor(process, told)
    code = max(_ended(crawler, task) for crawler, task in zip(crawlers, tasks, strict=True))
    send_captures(configuration)
    return code


@contextmanager
def fewer_collections() -> Iterator[None]:
    """Leave what the start has loaded out of the garbage collections, and collect less often, meanwhile."""
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(COLLECTED_AFTER, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


class PoolThread(threading.Thread):
    """A thread of Twisted's pool, which waits at its end for one, too, that the system did not give."""

    def join(self, timeout: float | None = None) -> None:
        if self.ident is not None:
            super().join(timeout)


def _run_reactor(process: AsyncCrawlerProcess, told: Told) -> None:
    """Until every crawl has ended. Scrapy takes the signals over when the reactor has started."""
    from twisted.internet import reactor

    reactor.getThreadPool().threadFactory = PoolThread
    reactor.callWhenRunning(reactor.callLater, 0, told.pass_on)
    process.start()


def _ended(crawler: Crawler, task: asyncio.Task[None]) -> int:
    """The exit code of one crawl. One that broke before its first request raises here, not into the void."""
    if task.done():
        task.result()
        return exit_code(crawler)
    # Scrapy stops engines that run; one that was still opening its run is left behind by the loop.
    extension = crawler.get_extension(RunExtension) if crawler.extensions else None
    if extension is None or not extension.left_behind("stopped before its work was done"):
        raise NotBegun("told to stop before the crawl began")
    return BELOW_EXPECTATION


def _settings(configuration: Configuration, *, progress: bool) -> Settings:
    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    settings.set("NEWSARCHIVE", configuration, priority="cmdline")
    settings.set("NEWSARCHIVE_PREPARED", True, priority="cmdline")
    settings.set("NEWSARCHIVE_PROGRESS", progress, priority="cmdline")
    settings.set("USER_AGENT", configuration.user_agent(), priority="cmdline")
    # Scrapy's own delay backs the host's turn up; with a stand-in on this machine it may be zero.
    settings.set("DOWNLOAD_DELAY", configuration.delay, priority="cmdline")
    settings.set("LOG_INSTALL_ROOT_HANDLER", False, priority="cmdline")
    return settings


def exit_code(crawler: Crawler) -> int:
    """What one crawl's end means for a shell."""
    extension = RunExtension.of(crawler)
    if extension.lease_held is not None or (extension.run is not None and extension.run.lease_lost):
        return LEASE_HELD
    if extension.refusal is not None:
        return REFUSED
    if extension.ending is None or extension.ending.verdict is not Verdict.HEALTHY:
        return BELOW_EXPECTATION
    return HEALTHY
