"""The commands of running for years: schedule, init, coverage, doctor, report. Options to calls, no logic."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from crawler.settings import Configuration, WrongSetting, configuration
from storage.clock import utc_now

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from crawler.coverage_report import CoverageReport
    from crawler.schedule.configuration import ScheduleFile

Dir = Annotated[Path | None, typer.Option("--dir", help="The archive's folder. [NEWSARCHIVE_DIR]")]
Config = Annotated[
    Path | None, typer.Option("--config", help="The schedule file. [NEWSARCHIVE_CONFIG, ./newsarchive.toml]")
]
Format = Annotated[str, typer.Option("--format", help="table, csv or jsonl")]

schedule_app = typer.Typer(
    help="Crawl each source when newsarchive.toml says, until told to stop.", invoke_without_command=True
)


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.add_typer(schedule_app, name="schedule")
    for command in (init, coverage, doctor, report):
        app.command()(command)


# --- schedule -------------------------------------------------------------------------------------


@schedule_app.callback(invoke_without_command=True)
def schedule(context: typer.Context, config: Config = None, directory: Dir = None) -> None:
    """Crawl each source when newsarchive.toml says, until SIGTERM; SIGHUP reads the file anew."""
    if context.invoked_subcommand is not None:
        return
    from crawler.cli import start_log
    from crawler.run import prepare_database

    settings = settings_of(directory, config)
    file = schedule_file(settings)
    from crawler.settings import require_contact

    for source in file.sources:
        require_contact(settings, source)
    start_log(settings)
    prepare_database(settings.url)
    from crawler.scheduled import scheduler_of

    with opened(settings) as engine:
        scheduler_of(settings, engine).run()


@schedule_app.command()
def show(config: Config = None, directory: Dir = None, output: Format = "table") -> None:
    """The next slot of each source and mode, and what became of the last."""
    settings = settings_of(directory, config)
    file = schedule_file(settings)
    from crawler.schedule.show import COLUMNS, schedule_rows

    with opened_if_there(settings) as engine:
        write(output, COLUMNS, schedule_rows(file, engine, utc_now()))


def init(config: Config = None) -> None:
    """Write an annotated newsarchive.toml; what is there already is left alone."""
    from crawler.schedule.configuration import WrongFile, write_example

    path = settings_of(None, config).config
    try:
        write_example(path)
    except WrongFile as error:
        raise WrongSetting(str(error)) from error
    typer.echo(f"wrote {path}: set the times, then start `newsarchive schedule`")


# --- coverage -------------------------------------------------------------------------------------


def coverage(
    since: Annotated[str | None, typer.Option(metavar="YYYY-MM-DD", help="First day; 90 days ago.")] = None,
    until: Annotated[str | None, typer.Option(metavar="YYYY-MM-DD", help="Last day; today.")] = None,
    output: Annotated[Path | None, typer.Option("--output", help="Draw to FILE.svg or FILE.png.")] = None,
    fill: Annotated[bool, typer.Option("--fill", help="Crawl the gaps that can still be filled.")] = False,
    sections: Annotated[bool, typer.Option("--sections", help="Numbers of each section and day.")] = False,
    form: Format = "table",
    origin: Annotated[
        list[str] | None,
        typer.Option("--origin", metavar="SOURCE=URL", help="With --fill: send requests to another server."),
    ] = None,
    delay: Annotated[
        float | None, typer.Option(min=0, help="With --fill: seconds between two requests to a host.")
    ] = None,
    config: Config = None,
    directory: Dir = None,
) -> None:
    """What is there and what is missing: a calendar of each source, and every gap with its reason."""
    from crawler.cli import configured
    from crawler.coverage_report import SECTION_COLUMNS, coverage_report, section_rows

    if sections and fill:
        raise WrongSetting("--sections shows numbers, --fill crawls: give one of them")
    settings = configured(origins=origin, delay=delay, config=config, dir=directory)
    first, last, today = days_shown(since, until)
    with opened(settings, readonly=True) as engine:
        if sections:
            write(form, SECTION_COLUMNS, section_rows(engine, first, last))
            return
        found = coverage_report(engine, first, last, today)
    show_coverage(found, form)
    if output is not None:
        draw_to(output, found.days, found.gaps, first, last)
    if fill:
        raise typer.Exit(fill_gaps(settings, found, first, last, today))


def days_shown(since: str | None, until: str | None) -> tuple[date, date, date]:
    """The first and the last day asked for, and today."""
    today = seoul_today()
    last = day_of(until, "--until") or today
    first = day_of(since, "--since") or last - timedelta(days=89)
    if first > last:
        raise WrongSetting(f"--since {first} lies after --until {last}")
    return first, last, today


def show_coverage(found: CoverageReport, form: str) -> None:
    """Calendars, gaps and the lists' memory; the gaps alone where a machine reads them."""
    from crawler.coverage_report import GAP_COLUMNS, gap_rows

    if form != "table":
        write(form, GAP_COLUMNS, gap_rows(found))
        return
    draw_calendars(found.days, found.gaps)
    if found.gaps:
        write("table", GAP_COLUMNS, gap_rows(found))
    else:
        typer.echo("no gap")
    for line in found.memory_lines():
        typer.echo(line)


def fill_gaps(settings: Configuration, found: CoverageReport, first: date, last: date, today: date) -> int:
    """Crawl what can still fill the gaps, say what became of each; the exit code.

    0: all that could be filled is; 1: something stayed open; 3 and 4 as for a crawl.
    """
    from crawler.cli import start_log
    from crawler.coverage_report import coverage_report
    from crawler.crawl import run_crawls
    from crawler.exit_codes import REFUSED
    from crawler.fill import exit_code, fill_orders, filled, why_unread
    from crawler.settings import require_contact

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
    from crawler.coverage_picture import calendars, terminal

    console = Console(highlight=False, soft_wrap=True)
    for calendar in calendars(days, gaps):
        for line in terminal(calendar, console.width):
            console.print(line)
    console.print("░▒▓█ few to many listed   · nothing   ! gap, can be filled   x gap, cannot\n")


def draw_to(path: Path, days: Sequence[Any], gaps: Sequence[Any], first: date, last: date) -> None:
    """The picture as a file."""
    from crawler.coverage_picture import calendars, picture, write_picture

    try:
        write_picture(picture(calendars(days, gaps), first, last), path)
    except ValueError as error:
        raise WrongSetting(str(error)) from error
    except OSError as error:
        raise WrongSetting(f"{path} cannot be written: {error.strerror}") from error
    typer.echo(f"drawn to {path}")


# --- doctor and report ----------------------------------------------------------------------------


def doctor(config: Config = None, directory: Dir = None) -> None:
    """Check what a crawl needs and say what to do; exit code 1 when something must be mended."""
    from crawler.doctor import Level, Surroundings, examine, healthy
    from crawler.sources import all_sources

    settings = settings_of(directory, config)
    findings = examine(
        Surroundings(
            config=settings.config,
            folder=settings.dir,
            warc_folder=settings.warc_folder,
            database_url=settings.url,
            contact=settings.contact,
            played=frozenset(settings.origins),
            known_sources=tuple(sorted(all_sources())),
            now=utc_now(),
        )
    )
    table = Table("check", "", "found", "what to do")
    colours = {Level.OK: "green", Level.WARN: "yellow", Level.FAIL: "bold red"}
    for one in findings:
        level = Text(one.level.value, style=colours[one.level])
        table.add_row(
            Text(one.check), level, Text(one.said, overflow="fold"), Text(one.to_do, overflow="fold")
        )
    console = Console(width=None if sys.stdout.isatty() else 160)
    console.print(table)
    raise typer.Exit(0 if healthy(findings) else 1)


def report(
    politeness: Annotated[
        bool, typer.Option("--politeness", help="What each host was asked, by hour.")
    ] = False,
    since: Annotated[str | None, typer.Option(metavar="YYYY-MM-DD", help="First day; yesterday.")] = None,
    until: Annotated[str | None, typer.Option(metavar="YYYY-MM-DD", help="Last day; today.")] = None,
    host: Annotated[str | None, typer.Option(help="One host only.")] = None,
    output: Annotated[str, typer.Option("--format", help="table, markdown, csv or jsonl")] = "table",
    directory: Dir = None,
) -> None:
    """Reports that can be sent on; --politeness is the one there is."""
    from crawler.politeness_report import COLUMNS, as_markdown, notes_of, politeness_report, rows_of
    from storage.ledger import day_start

    if not politeness:
        raise WrongSetting("say which report: --politeness")
    last = day_of(until, "--until") or seoul_today()
    first = day_of(since, "--since") or last - timedelta(days=1)
    with opened(settings_of(directory, None), readonly=True) as engine:
        made = politeness_report(engine, day_start(first), day_start(last + timedelta(days=1)), host)
    if output == "markdown":
        typer.echo(as_markdown(made))
        return
    write(output, COLUMNS, rows_of(made))
    if output == "table":
        for note in notes_of(made):
            typer.echo(note)


# --- what the commands share ----------------------------------------------------------------------


def seoul_today() -> date:
    from storage.seoul import SEOUL

    return datetime.now(SEOUL).date()


def settings_of(directory: Path | None, config: Path | None) -> Configuration:
    """The environment's settings with the options laid over them."""
    given = {name: value for name, value in (("dir", directory), ("config", config)) if value is not None}
    return Configuration(**(configuration().model_dump() | given))


def schedule_file(settings: Configuration) -> ScheduleFile:
    """The schedule file; one sentence and exit code 2 when it cannot be used."""
    from crawler.schedule.configuration import WrongFile, read_file
    from crawler.sources import all_sources

    try:
        return read_file(settings.config, sorted(all_sources()))
    except WrongFile as error:
        raise WrongSetting(str(error)) from error


@contextmanager
def opened(settings: Configuration, *, readonly: bool = False) -> Iterator[Engine]:
    """The archive's database, its tables up to date; what it refuses is DatabaseRefused."""
    from storage.database import open_database, open_readonly, refusals, require_current

    engine = open_readonly(settings.url) if readonly else open_database(settings.url)
    try:
        with refusals(engine.url):
            require_current(engine)
            yield engine
    finally:
        engine.dispose()


@contextmanager
def opened_if_there(settings: Configuration) -> Iterator[Engine | None]:
    """The archive for reading; None, and the reason on stderr, where there is none to read."""
    from storage.database import DatabaseRefused

    with ExitStack() as stack:
        engine = None
        try:
            engine = stack.enter_context(opened(settings, readonly=True))
        except DatabaseRefused as error:
            typer.echo(f"newsarchive: {error}; the coming slots alone are shown", err=True)
        yield engine


def day_of(text: str | None, option: str) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise WrongSetting(f"{option} takes a day as YYYY-MM-DD, got {text!r}") from error


def write(output: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    from crawler.rows import WRITERS

    if output not in WRITERS:
        raise WrongSetting(f"--format is one of {', '.join(WRITERS)}; got {output!r}")
    WRITERS[output](columns, rows, sys.stdout)
