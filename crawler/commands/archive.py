"""The commands ``runs``, ``sql``, ``schema`` and ``db``: asking the archive, and its tables."""

from __future__ import annotations

import re
from contextlib import nullcontext
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.commands.option_types import OneOf, Seconds, WholeNumber, shown
from crawler.commands.options import (
    Dir,
    Format,
    configured,
    day_option,
    opened,
    read_page,
)
from crawler.commands.output import say, write_report, write_rows
from crawler.configuration.environment import WrongSetting

if TYPE_CHECKING:
    from crawler.configuration.environment import Configuration

FORMS = ("table", "csv", "tsv", "json", "jsonl", "parquet")

database = typer.Typer(help="The archive's database.", no_args_is_help=True)


def runs(
    limit: Annotated[int, typer.Option(parser=WholeNumber("--limit"), help="How many, newest first.")] = 20,
    output: Format = "table",
    directory: Dir = None,
) -> None:
    """What happened: the last runs, their verdicts and outcomes."""
    from crawler.commands.archive_rows import flat, run_rows, show_runs

    columns, rows = run_rows(configured(dir=directory).url, limit)
    if output == "table":
        show_runs(rows)
    else:
        write_report(output, columns, flat(rows) if output in ("csv", "tsv") else rows)


def sql(
    statement: Annotated[
        str | None,
        typer.Argument(metavar='"SELECT ..."', help="One statement; - reads standard input."),
    ] = None,
    file: Annotated[Path | None, typer.Option("--file", help="Read the statement from a file.")] = None,
    form: Annotated[
        str | None,
        typer.Option(
            "--format",
            parser=OneOf("--format", *FORMS),
            help=f"{', '.join(FORMS[:-1])} or {FORMS[-1]}; none: by the ending of --output, else table.",
        ),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", help="Write to a file, whole or not at all.")
    ] = None,
    param: Annotated[
        list[str] | None,
        typer.Option("--param", metavar="NAME=VALUE", help="The value of :NAME in the statement."),
    ] = None,
    limit: Annotated[
        int,
        typer.Option(parser=WholeNumber("--limit"), help="Rows of a table; other formats give all."),
    ] = 1000,
    seconds: Annotated[
        float | None,
        typer.Option(parser=Seconds("--seconds"), help="How long it may take."),
    ] = None,
    as_of: Annotated[
        date | None, day_option("--as-of", "Articles, appearances, revisions as known that day.")
    ] = None,
    directory: Dir = None,
) -> None:
    """Ask the archive. The database itself refuses a write; Ctrl-C stops a long statement."""
    from crawler.commands.asking import Asking, answer, known_at
    from crawler.commands.copies import noted

    asked = _statement(statement, file)
    settings = configured(dir=directory)
    url = settings.url
    answer(
        Asking(
            url=url,
            statement=known_at(asked, as_of, url) if as_of else asked,
            form=_form(form, output),
            output=output,
            values=_values(param or []),
            limit=limit,
            seconds=seconds,
            noting=nullcontext() if output is None else noted(settings, output),
        )
    )


def _form(form: str | None, output: Path | None) -> str:
    from crawler.commands.files import ending as ending_of

    ending = "" if output is None else ending_of(output)
    if form is None and output is not None and ending not in FORMS:
        raise WrongSetting(f"--format is not given, and the file's ending is none of {', '.join(FORMS)}")
    if (form or ending) == "parquet" and output is None:
        raise WrongSetting("Parquet is written to a file: name it with --output")
    return form or ending or "table"


def _values(given: list[str]) -> dict[str, str | int]:
    """``name=value`` each; a whole number is one."""
    values: dict[str, str | int] = {}
    for said in given:
        name, equals, value = said.partition("=")
        if not equals or not name.isidentifier():
            raise WrongSetting(f"--param takes NAME=VALUE, got {shown(said)}")
        if name in values:
            raise WrongSetting(f"--param {name} is given twice")
        whole = re.fullmatch(r"-?(0|[1-9][0-9]{0,17})", value)
        values[name] = int(value) if whole else value
    return values


def _statement(statement: str | None, file: Path | None) -> str:
    if (statement is None) == (file is None):
        raise WrongSetting("give a statement, or --file FILE, or - for standard input")
    if file is not None:
        return _text(file)
    return _text(Path("-")) if statement == "-" else str(statement)


def _text(file: Path) -> str:
    """A file that holds a statement; ``-``: standard input.

    Raises:
        WrongSetting: it cannot be read, or is in another coding than UTF-8: letters would be asked for that
            nobody wrote.
    """
    try:
        return read_page(file).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        name = "standard input" if str(file) == "-" else file
        raise WrongSetting(f"{name} is not UTF-8 (byte {error.start + 1}): save it in UTF-8") from error


def schema(
    view: Annotated[str | None, typer.Argument(help="A view or table; none: the views.")] = None,
    output: Format = "table",
    duckdb: Annotated[
        bool, typer.Option("--duckdb", help="SQL for DuckDB: the views with the types of their numbers.")
    ] = False,
    directory: Dir = None,
) -> None:
    """What the archive's views and their columns mean."""
    from storage.query.dictionary import entries, near_views

    if duckdb:
        _print_for_duckdb(configured(dir=directory).url)
        return
    known = entries()
    if view is None:
        rows = [(one.name, one.meaning) for one in known.values() if one.is_view]
        write_rows(output, ("view", "meaning"), rows)
        return
    if view.lower() not in known:
        near = ", ".join(near_views(view))
        where = f"near it: {near}" if near else "newsarchive schema names them"
        raise WrongSetting(f"there is no view or table {shown(view)}; {where}")
    entry = known[view.lower()]
    if output == "table" and entry.meaning:
        typer.echo(entry.meaning)
    write_rows(output, ("column", "meaning"), list(entry.columns.items()))


def _print_for_duckdb(url: str) -> None:
    from sqlalchemy import make_url

    from storage.query.duckdb import statements

    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        raise WrongSetting("--duckdb is for an archive in SQLite: DuckDB reads PostgreSQL's types itself")
    for statement in statements(Path(str(parsed.database)).expanduser().resolve()):
        typer.echo(f"{statement};")


@database.command("upgrade")
def db_upgrade(directory: Dir = None) -> None:
    """Create the archive's database, or bring it to this version's schema."""
    from crawler.run.beginning import refuse_remains
    from storage.database.upgrading import upgrade

    settings = configured(dir=directory)
    refuse_remains(settings)
    upgrade(settings.url, say)
    _renew_jobs(settings.url)
    typer.echo("the archive's database is up to date")
    _tell_of_older_rules(settings)


def _tell_of_older_rules(settings: Configuration) -> None:
    from storage.search.outdated import OUTDATED, outdated

    with opened(settings, readonly=True) as engine, engine.connect() as connection:
        if outdated(connection):
            say(OUTDATED)


def _renew_jobs(url: str) -> None:
    """The jobs' own tables follow their library, where both are there; they are no part of the archive."""
    from importlib.util import find_spec

    if url.startswith("sqlite") or find_spec("procrastinate") is None:
        return
    from crawler.schedule.jobs import renew_tables

    if renew_tables(url):
        say("the jobs' tables were made anew: what is due is handed over again")


@database.command("reindex")
def db_reindex(directory: Dir = None) -> None:
    """Make the search index anew from the stored texts; crawls may go on meanwhile."""
    from crawler.commands.reading import progress
    from storage.search.index import rebuild

    with opened(configured(dir=directory)) as engine, progress("articles") as tell:
        count = rebuild(engine, tell)
    typer.echo(f"{count} articles can be searched")
