"""The command line: the program, its commands, and the exit code of whatever they raise."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
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
    report,
    retention,
    schedule,
    search,
    serve,
    streams,
    takedown,
    verify,
    warc,
    workers,
)
from crawler.commands.examples import EXIT_CODES, epilog
from crawler.commands.option_types import WrongWord
from crawler.commands.output import say
from crawler.configuration.environment import WrongSetting, configuration
from crawler.configuration.exit_codes import BELOW_EXPECTATION, HEALTHY, INTERRUPTED, REFUSED, WRONG_USE

app = typer.Typer(
    name="newsarchive",
    help="Crawl Korean news into an archive that answers SQL.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=EXIT_CODES,
)
CRAWL, ASK, WATCH, KEEP = "Crawl", "Ask", "Watch", "Keep"
PAGES, TRY = "Pages and sources", "Try it out"
COMMANDS = {
    CRAWL: (crawl.crawl, crawl.fetch, importing.import_files, schedule.init, workers.worker),
    ASK: (
        *(search.search, archive.sql, archive.schema, export.export, serve.serve),
        *(identity.why, identity.diff),
    ),
    WATCH: (archive.runs, coverage.coverage, health.doctor, report.report, workers.workers),
    KEEP: (
        *(backup.backup, backup.restore, verify.verify, reextract.reextract, takedown.takedown),
        *(retention.retention, identity.relink),
    ),
    PAGES: (pages.extract,),
    TRY: (demo.demo, demo.twin),
}
"""As ``--help`` groups them."""
READ_BY = {"report": report.ReportCommand, "search": search.SearchCommand}
"""Commands whose words are read in a way of their own."""
GROUPS = (
    (schedule.app, "schedule", CRAWL),
    (archive.database, "db", KEEP),
    (warc.app, "warc", KEEP),
    (pages.page, "page", PAGES),
    (pages.source, "source", PAGES),
)


def name_of(command: Callable[..., None]) -> str:
    """A command is called like its function, but where that word is Python's."""
    return "import" if command is importing.import_files else command.__name__


archive.database.command("rebuild")(rebuild.db_rebuild)
for panel, commands in COMMANDS.items():
    for command in commands:
        called = name_of(command)
        how = READ_BY.get(called)
        app.command(called, cls=how, rich_help_panel=panel, epilog=epilog(called))(command)
for group, name, panel in GROUPS:
    app.add_typer(group, name=name, rich_help_panel=panel)


def print_version(asked: bool) -> None:
    """``newsarchive --version``: the installed package's, and nothing else is done."""
    if asked:
        from importlib import metadata

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
    streams.open_closed()
    try:
        _main()
    except SystemExit as end:
        if "crawler.run.standstill" in sys.modules:  # a run was made
            from crawler.run.standstill import leave_if_stood_still

            leave_if_stood_still(int(end.code or 0))
        raise
    finally:
        # Python looks through all objects three times as it ends: 0.35 s after a crawl, 0.03 s after --help
        # (2026-11-26). The system takes them back all the same; what must be closed is closed by now.
        gc.freeze()


def _main() -> None:
    """Every expected failure is one sentence and its exit code."""
    try:
        try:
            app()
        finally:
            streams.flush()
    except KeyboardInterrupt:
        say("interrupted")
        sys.exit(INTERRUPTED)
    except BrokenPipeError:  # whoever read our answer has enough
        streams.forsake_output()
        sys.exit(HEALTHY)
    except Exception as error:
        code = _code_of(error)
        if code is None:
            raise
        if streams.is_of_output(error):
            streams.forsake_output()
        say(_sentence(error))
        sys.exit(code)


def _code_of(error: Exception) -> int | None:
    """The exit code of an expected failure; None: it is a fault of ours.

    What a database refuses is asked for here and not above: ``--help`` need not load SQLAlchemy to end well.
    """
    from pydantic import ValidationError

    from crawler.orders.told_to_stop import NotBegun
    from storage.database.opening import DatabaseRefused, WrongUrl
    from storage.database.shortage import shortage
    from storage.query.reader import WrongStatement

    if isinstance(error, (WrongWord, WrongSetting, WrongStatement, WrongUrl, ValidationError)):
        return WRONG_USE
    if isinstance(error, OSError | UnicodeEncodeError) or shortage(error) is not None:
        return REFUSED
    if isinstance(error, NotBegun):
        return BELOW_EXPECTATION
    return REFUSED if isinstance(error, DatabaseRefused) else None


def _sentence(error: Exception) -> str:
    from pydantic import ValidationError

    from storage.database.shortage import shortage

    if isinstance(error, UnicodeEncodeError):
        return streams.letters(error)
    if (short := shortage(error)) is not None:
        return short
    if isinstance(error, OSError) and error.errno is not None:
        return streams.sentence(error)
    return error.errors()[0]["msg"] if isinstance(error, ValidationError) else str(error)


if __name__ == "__main__":
    main()
