"""The command line: the program, its commands, and the exit code of whatever they raise."""

from __future__ import annotations

import sys
from importlib import metadata
from typing import Annotated

import typer

from crawler.commands import (
    archive,
    backup,
    coverage,
    crawl,
    demo,
    export,
    health,
    identity,
    importing,
    pages,
    rebuild,
    reextract,
    retention,
    schedule,
    search,
    takedown,
    verify,
)
from crawler.commands.option_types import WrongWord
from crawler.configuration.environment import WrongSetting, configuration
from crawler.configuration.exit_codes import BELOW_EXPECTATION, REFUSED, WRONG_USE

app = typer.Typer(
    name="newsarchive",
    help="Crawl Korean news into an archive that answers SQL.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in (
    crawl.crawl,
    crawl.fetch,
    pages.extract,
    schedule.init,
    archive.runs,
    search.search,
    export.export,
    reextract.reextract,
    verify.verify,
    takedown.takedown,
    retention.retention,
    backup.backup,
    backup.restore,
    archive.sql,
    archive.schema,
    coverage.coverage,
    health.doctor,
    health.report,
    demo.twin,
    demo.demo,
):
    app.command()(command)
app.command("import")(importing.import_files)
app.add_typer(schedule.app, name="schedule")
archive.database.command("rebuild")(rebuild.db_rebuild)
app.add_typer(archive.database, name="db")
app.add_typer(pages.page, name="page")
app.add_typer(pages.source, name="source")
app.add_typer(identity.app)


def print_version(asked: bool) -> None:
    """``newsarchive --version``: the installed package's, and nothing else is done."""
    if asked:
        typer.echo(f"newsarchive {metadata.version('newsarchive')}")
        raise typer.Exit


def check_settings() -> None:
    """A wrong setting is told by every command, before it does anything."""
    url = configuration().database_url
    if url:
        from storage.database.opening import check_url

        check_url(url)


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Crawl Korean news into an archive that answers SQL."""
    if not {"--help", "-h"} & set(sys.argv[1:]):
        check_settings()


def main() -> None:
    """The entry point: the program, and its end even where a thread of it does not come back."""
    try:
        _main()
    except SystemExit as end:
        if "crawler.run.standstill" in sys.modules:  # a run was made
            from crawler.run.standstill import leave_if_stood_still

            leave_if_stood_still(int(end.code or 0))
        raise


def _main() -> None:
    """Every expected failure is one sentence and its exit code."""
    try:
        app()
    except Exception as error:
        code = _code_of(error)
        if code is None:
            raise
        typer.echo(f"newsarchive: {_sentence(error)}", err=True)
        sys.exit(code)


def _code_of(error: Exception) -> int | None:
    """The exit code of an expected failure; None: it is a fault of ours.

    What a database refuses is asked for here and not above: ``--help`` need not load SQLAlchemy to end well.
    """
    from pydantic import ValidationError

    from crawler.orders.told_to_stop import NotBegun
    from storage.database.opening import DatabaseRefused, WrongUrl
    from storage.query.reader import WrongStatement

    if isinstance(error, (WrongWord, WrongSetting, WrongStatement, WrongUrl, ValidationError)):
        return WRONG_USE
    if isinstance(error, NotBegun):
        return BELOW_EXPECTATION
    return REFUSED if isinstance(error, DatabaseRefused) else None


def _sentence(error: Exception) -> str:
    from pydantic import ValidationError

    return error.errors()[0]["msg"] if isinstance(error, ValidationError) else str(error)


if __name__ == "__main__":
    main()
