"""The commands ``runs``, ``sql`` and ``db``: asking the archive, and its tables."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from crawler.commands.option_types import WholeNumber
from crawler.commands.options import (
    Dir,
    Format,
    configured,
    day_option,
    opened,
)
from crawler.commands.output import write_rows

database = typer.Typer(help="The archive's database.", no_args_is_help=True)


def runs(
    limit: Annotated[int, typer.Option(parser=WholeNumber("--limit"), help="How many, newest first.")] = 20,
    output: Format = "table",
    directory: Dir = None,
) -> None:
    """What happened: the last runs, their verdicts and outcomes."""
    from crawler.commands.output import run_rows

    write_rows(output, *run_rows(configured(dir=directory).url, limit))


def sql(
    statement: Annotated[str, typer.Argument(metavar='"SELECT ..."', help="One statement; read only.")],
    output: Format = "table",
    as_of: Annotated[date | None, day_option("--as-of", "As the archive knew it that day.")] = None,
    directory: Dir = None,
) -> None:
    """Ask the archive. The database itself refuses a write."""
    from crawler.commands.output import known_at

    url = configured(dir=directory).url
    show_rows(url, known_at(statement, as_of, url) if as_of else statement, output)


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


def show_rows(url: str, statement: str, output: str) -> None:
    from storage.query.reader import run_select

    with run_select(url, statement) as (columns, rows):
        write_rows(output, columns, rows)
