"""The command ``reextract``: today's reader over the captures."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping
from contextlib import contextmanager
from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crawler.commands.engines import LOCAL, EngineName, Readers, Scheduler, readers
from crawler.commands.option_types import OneOf, WebAddress, WholeNumber
from crawler.commands.options import Dir, configured, day_option, in_order, opened
from crawler.commands.output import harmless, say
from crawler.commands.reading import SAY_S, reading
from crawler.configuration.environment import WrongSetting
from crawler.configuration.exit_codes import BELOW_EXPECTATION, HEALTHY, INTERRUPTED
from storage.clock import utc_now

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

    from crawler.configuration.environment import Configuration
    from crawler.rereading.report import Report
    from crawler.rereading.sweep import Order
    from storage.archive.rereader import Applied
    from storage.archive.to_reread import Wanted

MOST_JOBS = 64
ALL_READ = (
    "today's reader has read all of these; after a change of a source of your own, whose rules have no "
    "number: newsarchive verify --all --repair"
)


def reextract(
    source: Annotated[str | None, typer.Option(help="Pages of this source only.")] = None,
    publisher: Annotated[
        str | None, typer.Option(help="Pages of this publisher only, by its whole name.")
    ] = None,
    since: Annotated[date | None, day_option("--since", "First day of publication.")] = None,
    until: Annotated[date | None, day_option("--until", "Last day of publication.")] = None,
    url: Annotated[
        str | None, typer.Option("--url", parser=WebAddress("--url"), help="This page only.")
    ] = None,
    outcome: Annotated[
        str | None,
        typer.Option(
            "--outcome", parser=OneOf("--outcome", "quarantined"), help="quarantined: these pages only."
        ),
    ] = None,
    page_class: Annotated[
        str | None,
        typer.Option("--page-class", metavar="NAME", help="Pages that this page class read, only."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would change, the losses first; change nothing.")
    ] = False,
    jobs: Annotated[
        int | None,
        typer.Option(
            parser=WholeNumber("--jobs", 1, MOST_JOBS), help="Reading processes; one for each core."
        ),
    ] = None,
    undo: Annotated[
        str | None,
        typer.Option("--undo", metavar="ID", help="Take back what the reextract of this ID changed."),
    ] = None,
    engine: EngineName = LOCAL,
    scheduler: Scheduler = None,
    directory: Dir = None,
) -> None:
    """Read the captures again with today's reader, without network: never an edit."""
    choice: dict[str, Any] = {
        "source": source,
        "publisher": publisher,
        "since": since,
        "until": until,
        "url": url,
        "outcome": outcome,
        "page_class": page_class,
    }
    by = readers(engine, scheduler)
    settings = configured(dir=directory)
    if undo is not None:
        if dry_run or jobs is not None or any(value is not None for value in choice.values()):
            raise WrongSetting("--undo takes back a whole reextract: it goes with no other option but --dir")
        raise typer.Exit(_undo(settings, undo))
    with opened(settings) as archive:
        raise typer.Exit(_reextract(archive, settings, choice, (jobs, by), dry=dry_run))


def _reextract(
    engine: Engine,
    settings: Configuration,
    choice: Mapping[str, Any],
    who: tuple[int | None, Readers],
    *,
    dry: bool,
) -> int:
    from crawler.reading.process import ReadingUnavailable
    from crawler.rereading.report import Report
    from crawler.rereading.sweep import Order
    from storage.archive.to_reread import count

    wanted = _wanted(engine, choice)
    batch = f"{utc_now():%Y%m%d-%H%M%S}-{secrets.token_hex(3)}"
    orders = [
        Order(wanted=wanted, batch=batch, dry=dry, quarantined=quarantined) for quarantined in _kinds(choice)
    ]
    total = sum(count(engine, wanted, quarantined=order.quarantined) for order in orders)
    report, stopped, interrupted = Report(), "", False
    if total and not dry:  # one that is killed, or whose disk is full, does not come to its end
        say(f"the ID of what this changes is {batch}")
    try:
        with _progress(total) as advance:
            import asyncio

            asyncio.run(_swept(engine, settings, orders, who, _both(report, advance)))
    except ReadingUnavailable as error:
        stopped = f"stopped: {error}"
    except KeyboardInterrupt:
        stopped, interrupted = "interrupted: the same command reads the rest", True
    _say(report, batch, dry=dry)
    if not total:
        say(ALL_READ)
    if stopped:
        say(stopped)
    if interrupted:
        return INTERRUPTED
    undone = bool(stopped) or bool(report.left_pages) or (dry and bool(report.worse))
    return BELOW_EXPECTATION if undone else HEALTHY


def _kinds(choice: Mapping[str, Any]) -> list[bool]:
    """Whether pages in quarantine are read: False, True, or one after the other."""
    if choice["outcome"] == "quarantined":
        return [True]
    return [False] if choice["publisher"] or choice["page_class"] else [False, True]


def _both(report: Report, advance: Callable[[], None]) -> Callable[[Applied], None]:
    def count(page: Applied) -> None:
        report.add(page)
        advance()

    return count


async def _swept(
    engine: Engine,
    settings: Configuration,
    orders: list[Order],
    who: tuple[int | None, Readers],
    tell: Callable[[Applied], None],
) -> None:
    from crawler import reader
    from crawler.deduplicate.likenesses import LIKENESSES
    from crawler.deduplicate.match import decide
    from crawler.rereading.sweep import Sweep
    from storage.archive.rereader import Rereader
    from storage.tombstones import Tombstones

    async with reading(settings, *who) as captures:
        rereader = Rereader(engine, decide, LIKENESSES, reader.READER, Tombstones(settings.dir))
        for order in orders:
            await Sweep(engine, captures, rereader, tell).run(order)


# --- what is asked for ------------------------------------------------------------------------------


def _wanted(engine: Engine, choice: Mapping[str, Any]) -> Wanted:
    from crawler import reader
    from storage.archive.to_reread import Wanted
    from storage.seoul import day_start

    first, last = choice["since"], choice["until"]
    in_order(first, last)
    if choice["outcome"] and (choice["publisher"] or choice["page_class"]):
        raise WrongSetting("what is in quarantine has no publisher and no page class: leave that option out")
    _check_known(engine, choice)
    return Wanted(
        reader=reader.READER,
        source=choice["source"],
        publisher=choice["publisher"],
        since=day_start(first) if first else None,
        until=day_start(last + timedelta(days=1)) if last else None,
        urls=_urls(choice),
        extractor=choice["page_class"],
    )


def _check_known(engine: Engine, choice: Mapping[str, Any]) -> None:
    """A name that the archive does not know would read nothing, and look well."""
    from storage.archive.to_reread import known_names, knows_url

    names = known_names(engine)
    for option, known in (
        ("source", names.sources),
        ("publisher", names.publishers),
        ("page_class", names.extractors),
    ):
        if (given := choice[option]) is not None and given not in known:
            shown = ", ".join(sorted(known)[:20]) + (" ..." if len(known) > 20 else "")
            what = option.replace("_", " ")
            raise WrongSetting(f"the archive has no {what} {given!r}; it has: {shown or 'none'}")
    urls = _urls(choice)
    if urls and not knows_url(engine, urls):
        raise WrongSetting(f"the archive has no page at {choice['url']}")


def _urls(choice: Mapping[str, Any]) -> tuple[str, ...]:
    from crawler.sources import spellings

    return () if choice["url"] is None else spellings(choice["url"])


# --- what is said -----------------------------------------------------------------------------------


@contextmanager
def _progress(total: int) -> Iterator[Callable[[], None]]:
    """A bar on a terminal, a line now and then elsewhere; both on stderr."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    if not console.is_terminal:
        yield _lines(total)
        return
    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[rate]}"), TimeRemainingColumn())
    with Progress(*columns, console=console) as bar:
        task = bar.add_task("", total=total, rate="")
        begun = time.monotonic()

        def advance() -> None:
            done = bar.tasks[0].completed + 1
            bar.update(task, advance=1, rate=f"{done / max(time.monotonic() - begun, 0.001):,.0f}/s")

        yield advance


def _lines(total: int) -> Callable[[], None]:
    begun = said = time.monotonic()
    done = 0

    def advance() -> None:
        nonlocal done, said
        done += 1
        now = time.monotonic()
        if now - said >= SAY_S or done == total:
            said, rate = now, done / max(now - begun, 0.001)
            left = f", {max(total - done, 0) / rate:,.0f} s left" if rate else ""
            say(f"{done:,}/{total:,} pages, {rate:,.0f}/s{left}")

    return advance


def _say(report: Report, batch: str, *, dry: bool) -> None:
    for line in report.lines(dry=dry):
        typer.echo(harmless(line))
    if dry:
        typer.echo("nothing was changed: without --dry-run it would be")
    elif report.changed:
        typer.echo(f"to take it back: newsarchive reextract --undo {batch}")


# --- taking it back -----------------------------------------------------------------------------------


def _undo(settings: Configuration, batch: str) -> int:
    from crawler.deduplicate.likenesses import LIKENESSES
    from crawler.deduplicate.match import decide
    from storage.archive.placing import Placing
    from storage.archive.undo import appearances_in, batches, known_batch, undo

    with opened(settings) as engine:
        if not known_batch(engine, batch):
            last = ", ".join(batches(engine)) or "none"
            raise WrongSetting(f"there was no reextract {batch!r}; those that can be taken back: {last}")
        placing = Placing(decide, LIKENESSES)
        pages = restored = left = 0
        for number in appearances_in(engine, batch):
            done = undo(engine, placing, batch, number, utc_now())
            pages += 1
            restored += bool(done.restored)
            left += bool(done.left)
            for why in done.left:
                typer.echo(harmless(f"left as it is: {done.url}: {why}"))
    if not pages:
        typer.echo(f"nothing of {batch} is left to take back: it was taken back before")
        return BELOW_EXPECTATION
    typer.echo(
        f"{pages:,} pages of {batch}: {restored:,} put back to what the former reader read, {left:,} not or "
        "not wholly; no crawl reads their old captures again until the next reextract"
    )
    return BELOW_EXPECTATION if left else HEALTHY
