"""The commands ``crawl`` and ``fetch``: options to orders, orders to an exit code."""

from __future__ import annotations

import logging
import sys
from datetime import date
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from crawler.commands.loading import loading
from crawler.commands.option_types import SlotMoment, WebAddress
from crawler.commands.options import (
    Delay,
    Dir,
    Limit,
    Origins,
    check_origins,
    configured,
    crawl_mode,
    day_option,
    named_sources,
    window,
)
from crawler.configuration.environment import require_contact

if TYPE_CHECKING:
    from crawler.configuration.environment import Configuration


def crawl(
    sources: Annotated[list[str] | None, typer.Argument(help="Source names; none: all.")] = None,
    since: Annotated[date | None, day_option("--since", "First day of a backfill.")] = None,
    until: Annotated[date | None, day_option("--until", "Last day of a backfill.")] = None,
    mode: Annotated[
        str | None, typer.Option(help="latest, recheck (known pages that are due) or backfill.")
    ] = None,
    slot: Annotated[
        str | None,
        typer.Option(
            metavar="MOMENT",
            parser=SlotMoment("--slot"),
            help="For this slot of the schedule, or 'now'.",
        ),
    ] = None,
    limit: Limit = None,
    origin: Origins = None,
    delay: Delay = None,
    directory: Dir = None,
) -> None:
    """Crawl now: the newest articles, or with --since/--until past days."""
    with loading():
        from crawler.sources import all_sources

        settings = configured(origins=origin, delay=delay, dir=directory)
        known = all_sources()
    names = named_sources(sources, known)
    check_origins(settings, known)
    days = window(since, until)
    arguments = {"limit": limit, "window": days, "mode": crawl_mode(mode, days)}
    for name in names:
        require_contact(settings, name)

    live = start_log(settings)
    fork_readers()
    with loading():  # Scrapy and SQLAlchemy: most of a second that wrong use need not wait
        from crawler.orders.process import CrawlOrder
        from crawler.orders.slot import crawl_for
        from crawler.spiders.source_spider import SPIDERS

    orders = [CrawlOrder(spider=SPIDERS[name], arguments=arguments, name=name) for name in names]
    code = crawl_for(slot, orders, settings, progress=live)
    end_crawl(settings, code, len(orders) if live else 0)


def fetch(
    urls: Annotated[
        list[str],
        typer.Argument(
            metavar="URL...", parser=WebAddress("URL"), help="Article addresses of any news site."
        ),
    ],
    origin: Origins = None,
    delay: Delay = None,
    directory: Dir = None,
) -> None:
    """Capture, extract and store the named articles."""
    with loading():
        settings = configured(origins=origin, delay=delay, dir=directory)
    live = start_log(settings)
    fork_readers()
    with loading():
        from crawler.orders.named import orders_for
        from crawler.orders.process import run_crawls

    orders = orders_for(urls)
    for order in orders:
        require_contact(settings, order.name)
    code = run_crawls(orders, settings, progress=live)
    end_crawl(settings, code, len(orders) if live else 0)


def fork_readers() -> None:
    """Start the server of the reading processes while little more is loaded than what reads pages.

    They need neither Scrapy nor SQLAlchemy: a fork made later would hold twice as much, of which the program
    and its forks copy each page of memory that either writes to.
    """
    with loading():
        from crawler.reading.server import start_as_fork
        from crawler.sources import all_sources

        all_sources()  # their rules, the operator's own among them
    start_as_fork()


def end_crawl(settings: Configuration, code: int, shown: int) -> NoReturn:
    """Leave with the crawl's exit code; on a terminal a line for each run takes the live table's place."""
    from crawler.commands.archive_rows import run_lines
    from crawler.configuration.exit_codes import BELOW_EXPECTATION

    if shown and code <= BELOW_EXPECTATION:
        for line in run_lines(settings.url, shown):
            typer.echo(line)
    raise typer.Exit(code)


def start_log(settings: Configuration) -> bool:
    """Log to stderr: a live table on a terminal (returns True), plain lines or JSON elsewhere."""
    from crawler.commands.log import start

    live = sys.stderr.isatty() and settings.log_format == "text"
    start(settings.log_format, logging.WARNING if live else settings.log_level.upper())
    return live
