"""The command ``coverage``: what is there, what is missing, and filling it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crawler.commands.files import ending, whole_file
from crawler.commands.options import (
    Config,
    Delay,
    Dir,
    Format,
    Origins,
    answered,
    day_option,
    in_order,
    opened,
    seoul_today,
)
from crawler.commands.output import answering_console, write_rows
from crawler.configuration.environment import WrongSetting
from storage.clock import utc_now

PICTURES = ("svg", "png")

if TYPE_CHECKING:
    from crawler.configuration.environment import Configuration
    from crawler.watch.coverage import CoverageReport


def coverage(
    since: Annotated[date | None, day_option("--since", "First day; 90 days ago.")] = None,
    until: Annotated[date | None, day_option("--until", "Last day; today.")] = None,
    output: Annotated[Path | None, typer.Option("--output", help="Draw to FILE.svg or FILE.png.")] = None,
    fill: Annotated[bool, typer.Option("--fill", help="Crawl the gaps that can still be filled.")] = False,
    sections: Annotated[bool, typer.Option("--sections", help="Numbers of each section and day.")] = False,
    form: Format = "table",
    origin: Origins = None,
    delay: Delay = None,
    config: Config = None,
    directory: Dir = None,
) -> None:
    """What is there and what is missing: a calendar of each source, and every gap with its reason."""
    from crawler.commands.options import configured
    from crawler.watch.coverage import SECTION_COLUMNS, coverage_report, section_rows

    if sections and fill:
        raise WrongSetting("--sections shows numbers, --fill crawls: give one of them")
    if output is not None and ending(output) not in PICTURES:
        raise WrongSetting(f"--output ends in .{' or .'.join(PICTURES)}; got {output.name!r}")
    settings = configured(origins=origin, delay=delay, config=config, dir=directory)
    first, last, today = days_shown(since, until)
    if sections:
        write_rows(form, SECTION_COLUMNS, answered(settings, lambda db: [*section_rows(db, first, last)]))
        return
    found = answered(settings, lambda db: coverage_report(db, first, last, today))
    show_coverage(found, form)
    if output is not None:
        draw_to(output, found.days, found.gaps, first, last)
    if fill:
        raise typer.Exit(fill_gaps(settings, found, first, last, today))


def days_shown(since: date | None, until: date | None) -> tuple[date, date, date]:
    """The first and the last day asked for, and today."""
    today = seoul_today()
    last = until or today
    first = since or last - timedelta(days=89)
    in_order(first, last)
    return first, last, today


def show_coverage(found: CoverageReport, form: str) -> None:
    """Calendars, gaps and the lists' memory; the gaps alone where a machine reads them."""
    from crawler.watch.coverage import GAP_COLUMNS, gap_rows

    if form != "table":
        write_rows(form, GAP_COLUMNS, gap_rows(found))
        return
    draw_calendars(found.days, found.gaps)
    if found.gaps:
        write_rows("table", GAP_COLUMNS, gap_rows(found))
    else:
        typer.echo("no gap")
    for line in found.memory_lines():
        typer.echo(line)


def fill_gaps(settings: Configuration, found: CoverageReport, first: date, last: date, today: date) -> int:
    """Crawl what can still fill the gaps, say what became of each; the exit code.

    0: all that could be filled is; 1: something stayed open; 3 and 4 as for a crawl.
    """
    from crawler.commands.crawl import start_log
    from crawler.configuration.environment import require_contact
    from crawler.configuration.exit_codes import REFUSED
    from crawler.orders.fill import exit_code, fill_orders, filled, why_unread
    from crawler.orders.process import run_crawls
    from crawler.watch.coverage import coverage_report

    with opened(settings, readonly=True) as engine:
        orders = fill_orders(engine, found.gaps)
    for order in orders:
        require_contact(settings, order.source)
    for order in orders:
        typer.echo(f"filling {order}")
    code, began = 0, utc_now()
    if orders:
        code = run_crawls([one.crawl_order() for one in orders], settings, progress=start_log(settings))
        if code == REFUSED:
            return code
    with opened(settings, readonly=True) as engine:
        now = coverage_report(engine, first, last, today)
        unread = partial(why_unread, engine, began=began)
        ends = list(filled(found.gaps, found.days, now.days, now.gaps, unread))
    for end in ends:
        typer.echo(str(end))
    if not orders:
        typer.echo("nothing can be filled" if found.gaps else "there is nothing to fill")
    return exit_code(code, ends)


def draw_calendars(days: Sequence[Any], gaps: Sequence[Any]) -> None:
    """Calendars on the terminal, with what the signs mean."""

    from crawler.watch.calendar import calendars, terminal

    console = answering_console(highlight=False, soft_wrap=True)
    for calendar in calendars(days, gaps):
        for line in terminal(calendar, console.width):
            console.print(line)
    console.print("░▒▓█ few to many listed   · nothing   ! gap, can be filled   x gap, cannot\n")


def draw_to(path: Path, days: Sequence[Any], gaps: Sequence[Any], first: date, last: date) -> None:
    """The picture as a file."""
    from crawler.watch.calendar import calendars, picture, write_picture

    with whole_file(path) as unfinished:
        write_picture(picture(calendars(days, gaps), first, last), unfinished, ending(path))
    typer.echo(f"drawn to {path}")
