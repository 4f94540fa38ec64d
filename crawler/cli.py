"""The command line: options to calls, results to text. No logic lives here."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from crawler import commands_identity, commands_operations, commands_quality
from crawler.settings import Configuration, WrongSetting, configuration, require_contact
from storage.seoul import SEOUL

app = typer.Typer(
    name="newsarchive",
    help="Crawl Korean news into an archive that answers SQL.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
database = typer.Typer(help="The archive's database.", no_args_is_help=True)
app.add_typer(database, name="db")
app.add_typer(commands_identity.app)
commands_operations.register(app)
commands_quality.register(app)

Origins = Annotated[
    list[str] | None,
    typer.Option("--origin", metavar="SOURCE=URL", help="Send a source's requests to another server."),
]
Limit = Annotated[int | None, typer.Option(min=1, help="Fetch at most so many addresses of each source.")]
Delay = Annotated[
    float | None, typer.Option(min=0, help="Seconds between two requests to a host (below 1: own twin only).")
]
Dir = Annotated[Path | None, typer.Option("--dir", help="The archive's folder. [NEWSARCHIVE_DIR]")]


def fail(message: object, code: int) -> NoReturn:
    """One sentence on stderr and the exit code."""
    typer.echo(f"newsarchive: {message}", err=True)
    raise typer.Exit(code)


def configured(**options: Any) -> Configuration:
    """The environment's settings with the options that were given laid over them."""
    given = {name: value for name, value in options.items() if value is not None}
    if origins := given.pop("origins", None):
        given["origin"] = ",".join(origins)
    if "dir" in given and "database_url" not in given:
        given["database_url"] = configuration().database_url
    return Configuration(**(configuration().model_dump() | given))


@app.callback()
def root() -> None:
    """Crawl Korean news into an archive that answers SQL."""


@app.command()
def crawl(
    sources: Annotated[list[str] | None, typer.Argument(help="Source names; none: all.")] = None,
    since: Annotated[str | None, typer.Option(metavar="YYYY-MM-DD", help="First day of a backfill.")] = None,
    until: Annotated[str | None, typer.Option(metavar="YYYY-MM-DD", help="Last day of a backfill.")] = None,
    mode: Annotated[
        str | None, typer.Option(help="latest, recheck (known pages that are due) or backfill.")
    ] = None,
    slot: Annotated[
        str | None, typer.Option(metavar="MOMENT", help="For this slot of the schedule only, or 'now'.")
    ] = None,
    limit: Limit = None,
    origin: Origins = None,
    delay: Delay = None,
    directory: Dir = None,
) -> None:
    """Crawl now: the newest articles, or with --since/--until past days."""
    from crawler.sources import all_sources

    settings = configured(origins=origin, delay=delay, dir=directory)
    known = all_sources()
    names = named_sources(sources, known)
    check_origins(settings, known)
    days = window(since, until)
    arguments = {"limit": limit, "window": days, "mode": crawl_mode(mode, days)}
    for name in names:
        require_contact(settings, name)

    from crawler.crawl import CrawlOrder  # Scrapy: a second that wrong use need not wait
    from crawler.slots import crawl_for
    from crawler.spiders.source_spider import SPIDERS

    orders = [CrawlOrder(spider=SPIDERS[name], arguments=arguments, name=name) for name in names]
    live = start_log(settings)
    code = crawl_for(slot, orders, settings, progress=live)
    end_crawl(settings, code, len(orders) if live else 0)


@app.command()
def fetch(
    urls: Annotated[list[str], typer.Argument(metavar="URL...", help="Article addresses of any news site.")],
    origin: Origins = None,
    delay: Delay = None,
    directory: Dir = None,
) -> None:
    """Capture, extract and store the named articles."""
    from crawler.crawl import run_crawls
    from crawler.named import orders_for

    settings = configured(origins=origin, delay=delay, dir=directory)
    orders = orders_for(urls)
    for order in orders:
        require_contact(settings, order.name)
    live = start_log(settings)
    code = run_crawls(orders, settings, progress=live)
    end_crawl(settings, code, len(orders) if live else 0)


@app.command()
def extract(
    file: Annotated[Path, typer.Argument(help="A saved page; - reads standard input.")],
    url: Annotated[
        str | None, typer.Option(help="The page's address; none: the one it gives itself.")
    ] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Which rule gave what, and what was left out.")
    ] = False,
) -> None:
    """Print one page's article as a JSON object; no database, no network."""
    from crawler.named import article_in_file
    from crawler.normalise.article_json import as_json

    try:
        article = article_in_file(read_page(file), url)
    except ValueError as error:
        fail(error, 2)
    if explain:
        commands_quality.print_explanation(article)
        return
    typer.echo(json.dumps(as_json(article), ensure_ascii=False, indent=2))


@app.command()
def runs(
    limit: Annotated[int, typer.Option(min=1, help="How many, newest first.")] = 20,
    output: Annotated[str, typer.Option("--format", help="table, csv or jsonl")] = "table",
    directory: Dir = None,
) -> None:
    """What happened: the last runs, their verdicts and outcomes."""
    from crawler.rows import run_rows

    write_rows(output, *run_rows(configured(dir=directory).url, limit))


@app.command()
def sql(
    statement: Annotated[str, typer.Argument(metavar='"SELECT ..."', help="One statement; read only.")],
    output: Annotated[str, typer.Option("--format", help="table, csv or jsonl")] = "table",
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="YYYY-MM-DD", help="As the archive knew it that day.")
    ] = None,
    directory: Dir = None,
) -> None:
    """Ask the archive. The database itself refuses a write."""
    from crawler.rows import known_at

    url = configured(dir=directory).url
    show_rows(url, known_at(statement, day(as_of, "--as-of"), url) if as_of else statement, output)


@database.command("upgrade")
def db_upgrade(directory: Dir = None) -> None:
    """Create the archive's database, or bring it to this version's schema."""
    from storage.database import upgrade

    settings = configured(dir=directory)
    upgrade(settings.url)
    typer.echo("the archive's database is up to date")


@app.command()
def twin(
    port: Annotated[int, typer.Option(min=0, max=65535, help="0: any free port.")] = 8765,
    scenario: Annotated[str, typer.Option(help="calm, rough, down, robots_closed, ...")] = "calm",
    pages: Annotated[Path | None, typer.Option(help="Folder of saved real pages to serve too.")] = None,
    now: Annotated[str | None, typer.Option(help="The twin's clock, 2026-11-20T18:00+09:00.")] = None,
    articles: Annotated[int, typer.Option(min=1, help="How many stories it has.")] = 360,
) -> None:
    """Play both sites on loopback, for trying things out."""
    from crawler.twin.command import serve

    clock = instant(now, "--now") if now else None
    raise typer.Exit(serve(port=port, scenario=scenario, pages=pages, now=clock, articles=articles))


@app.command()
def demo(
    directory: Annotated[Path, typer.Option("--dir", help="Where the demo's archive goes.")] = Path(
        "demo-archive"
    ),
) -> None:
    """Both sites as a bundled twin on loopback: crawl, then a few SQL answers."""
    from crawler.demo import run_demo

    raise typer.Exit(run_demo(directory, configuration().database_url))


# --- what the commands share ------------------------------------------------------------------------


def named_sources(names: list[str] | None, known: Iterable[str]) -> list[str]:
    """The sources asked for, all when none is named; an unknown one ends the command."""
    for name in names or ():
        if name not in known:
            raise WrongSetting(f"there is no source {name!r}; there are: {', '.join(sorted(known))}")
    return list(dict.fromkeys(names or sorted(known)))


def check_origins(settings: Configuration, known: Iterable[str]) -> None:
    for name in settings.origins:
        if name not in known:
            raise WrongSetting(f"--origin names no source: {name!r}; there are: {', '.join(sorted(known))}")


def crawl_mode(mode: str | None, days: Any) -> str:
    """The mode asked for, or the one that the days imply."""
    implied = "latest" if days is None else "backfill"
    if mode is None:
        return implied
    if mode not in ("latest", "recheck", "backfill"):
        raise WrongSetting(f"--mode is latest, recheck or backfill; got {mode!r}")
    if (mode == "backfill") != (days is not None):
        raise WrongSetting("--mode backfill goes with --since and --until, and the other modes without")
    return mode


def window(since: str | None, until: str | None) -> Any:
    """The backfill's days, None without --since and --until."""
    from crawler.sources.base import Window

    if since is None and until is None:
        return None
    if since is None:
        raise WrongSetting("--until needs --since: the first day of the backfill")
    last = day(until, "--until") if until else datetime.now(SEOUL).date()
    first = day(since, "--since")
    if first > last:
        raise WrongSetting(f"--since {first} lies after --until {last}")
    return Window(since=first, until=last)


def day(text: str, option: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise WrongSetting(f"{option} takes a day as YYYY-MM-DD, got {text!r}") from error


def instant(text: str, option: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise WrongSetting(f"{option} takes a time as 2026-11-20T18:00+09:00, got {text!r}") from error


def read_page(file: Path) -> bytes:
    if str(file) == "-":
        return sys.stdin.buffer.read()
    try:
        return file.read_bytes()
    except OSError as error:
        raise WrongSetting(f"{file} cannot be read: {error.strerror}") from error


def show_rows(url: str, statement: str, output: str) -> None:
    from storage.reader import run_select

    with run_select(url, statement) as (columns, rows):
        write_rows(output, columns, rows)


def write_rows(output: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    from crawler.rows import WRITERS

    if output not in WRITERS:
        raise WrongSetting(f"--format is one of {', '.join(WRITERS)}; got {output!r}")
    WRITERS[output](columns, rows, sys.stdout)


def end_crawl(settings: Configuration, code: int, shown: int) -> NoReturn:
    """Leave with the crawl's exit code; on a terminal a line for each run takes the live table's place."""
    from crawler.exit_codes import BELOW_EXPECTATION
    from crawler.rows import run_lines

    if shown and code <= BELOW_EXPECTATION:
        for line in run_lines(settings.url, shown):
            typer.echo(line)
    raise typer.Exit(code)


def start_log(settings: Configuration) -> bool:
    """Log to stderr: a live table on a terminal (returns True), plain lines or JSON elsewhere."""
    from crawler.log import start

    live = sys.stderr.isatty() and settings.log_format == "text"
    start(settings.log_format, logging.WARNING if live else settings.log_level.upper())
    return live


def main() -> None:
    """The entry point: every expected failure is one sentence and its exit code."""
    from pydantic import ValidationError

    from storage.database import DatabaseRefused
    from storage.reader import WrongStatement

    try:
        app()
    except (WrongSetting, WrongStatement) as error:
        typer.echo(f"newsarchive: {error}", err=True)
        sys.exit(2)
    except ValidationError as error:
        typer.echo(f"newsarchive: {error.errors()[0]['msg']}", err=True)
        sys.exit(2)
    except DatabaseRefused as error:
        typer.echo(f"newsarchive: {error}", err=True)
        sys.exit(4)


if __name__ == "__main__":
    main()
