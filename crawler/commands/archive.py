"""The commands ``runs``, ``sql`` and ``db``: asking the archive, and its tables."""

from __future__ import annotations

from datetime import date
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer

from crawler.commands.option_types import Seconds, WholeNumber
from crawler.commands.options import (
    Dir,
    Format,
    configured,
    day_option,
    opened,
    read_page,
)
from crawler.commands.output import write_rows
from crawler.configuration.environment import WrongSetting

database = typer.Typer(help="The archive's database.", no_args_is_help=True)


def runs(
    limit: Annotated[int, typer.Option(parser=WholeNumber("--limit"), help="How many, newest first.")] = 20,
    output: Format = "table",
    directory: Dir = None,
) -> None:
    """What happened: the last runs, their verdicts and outcomes."""
    from crawler.commands.archive_rows import run_rows

    write_rows(output, *run_rows(configured(dir=directory).url, limit))


def sql(
    statement: Annotated[
        str | None,
        typer.Argument(metavar='"SELECT ..."', help="One statement; - reads standard input."),
    ] = None,
    file: Annotated[Path | None, typer.Option("--file", help="Read the statement from a file.")] = None,
    output: Format = "table",
    limit: Annotated[
        int,
        typer.Option(parser=WholeNumber("--limit"), help="Rows of a table; other formats give all."),
    ] = 1000,
    seconds: Annotated[
        float | None,
        typer.Option(parser=Seconds("--seconds"), help="How long it may take."),
    ] = None,
    as_of: Annotated[date | None, day_option("--as-of", "As the archive knew it that day.")] = None,
    directory: Dir = None,
) -> None:
    """Ask the archive. The database itself refuses a write; Ctrl-C stops a long statement."""
    from crawler.commands.archive_rows import known_at

    asked = _statement(statement, file)
    url = configured(dir=directory).url
    show_rows(url, known_at(asked, as_of, url) if as_of else asked, output, limit, seconds)


def _statement(statement: str | None, file: Path | None) -> str:
    if (statement is None) == (file is None):
        raise WrongSetting("give a statement, or --file FILE, or - for standard input")
    if file is not None:
        return read_page(file).decode("utf-8", "replace")
    return read_page(Path("-")).decode("utf-8", "replace") if statement == "-" else str(statement)


@database.command("upgrade")
def db_upgrade(directory: Dir = None) -> None:
    """Create the archive's database, or bring it to this version's schema."""
    from storage.database.opening import upgrade

    settings = configured(dir=directory)
    upgrade(settings.url, lambda said: typer.echo(f"newsarchive: {said}", err=True))
    typer.echo("the archive's database is up to date")


@database.command("reindex")
def db_reindex(directory: Dir = None) -> None:
    """Make the search index anew from the stored texts; crawls may go on meanwhile."""
    from storage.search.index import rebuild

    with opened(configured(dir=directory)) as engine:
        count = rebuild(engine, lambda done: typer.echo(f"newsarchive: {done} articles", err=True))
    typer.echo(f"{count} articles can be searched")


def show_rows(url: str, statement: str, output: str, limit: int, seconds: float | None) -> None:
    from storage.query.reader import run_select

    with run_select(url, statement, seconds) as (columns, rows):
        if output != "table":
            write_rows(output, columns, rows)
            return
        shown = list(islice(rows, limit))
        more = next(rows, None) is not None
        write_rows(output, columns, shown)
    if more:
        typer.echo("newsarchive: there are more; --limit shows more, --format csv or jsonl all", err=True)
