"""All commands, and the program made of them: of the one that is asked for, where one is.

Making all of them loads twenty modules and takes 0.06 s, of which one command needs a twentieth (2026-11-26).
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Annotated, Any

import typer

from crawler.commands.examples import EXIT_CODES, epilog
from crawler.commands.loading import loading
from crawler.configuration.environment import configuration

CRAWL, ASK, WATCH, KEEP = "Crawl", "Ask", "Watch", "Keep"
PAGES, TRY = "Pages and sources", "Try it out"
COMMANDS = {
    CRAWL: {
        "crawl": "crawl.crawl",
        "fetch": "crawl.fetch",
        "import": "importing.import_files",
        "init": "schedule.init",
        "worker": "workers.worker",
    },
    ASK: {
        "search": "search.search",
        "sql": "archive.sql",
        "schema": "archive.schema",
        "export": "export.export",
        "serve": "serve.serve",
        "why": "identity.why",
        "diff": "identity.diff",
    },
    WATCH: {
        "runs": "archive.runs",
        "coverage": "coverage.coverage",
        "doctor": "health.doctor",
        "rests": "rests.rests",
        "report": "report.report",
        "workers": "workers.workers",
    },
    KEEP: {
        "backup": "backup.backup",
        "restore": "backup.restore",
        "verify": "verify.verify",
        "reextract": "reextract.reextract",
        "takedown": "takedown.takedown",
        "retention": "retention.retention",
        "relink": "identity.relink",
    },
    PAGES: {"extract": "pages.extract"},
    TRY: {"demo": "demo.demo", "twin": "demo.twin"},
}
"""As ``--help`` groups them: a command's name, and its function in a module beside this one."""
GROUPS = {
    CRAWL: {"schedule": "schedule.app"},
    KEEP: {"db": "archive.database", "warc": "warc.app"},
    PAGES: {"page": "pages.page", "source": "pages.source"},
}
"""Commands with commands of their own."""
PARTS = {"db": ("backup", "rebuild")}
"""Modules that have commands of a group beside the one in which it is found."""
READ_BY = {"report": "report.ReportCommand", "search": "words.SearchWords", "sql": "words.SqlWords"}
"""Commands whose words are read in a way of their own."""


def make_program(asked: str | None = None) -> typer.Typer:
    """The program.

    Args:
        asked: its first word. Where that names a command, the program has this one alone.
    """
    app = typer.Typer(
        name="newsarchive",
        help="Crawl Korean news into an archive that answers SQL.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
        epilog=EXIT_CODES,
    )
    app.callback()(root)
    names = {name for named in (*COMMANDS.values(), *GROUPS.values()) for name in named}
    wanted = {asked} if asked in names else names
    for panel, commands in COMMANDS.items():
        for name, place in commands.items():
            if name in wanted:
                how = _found(READ_BY[name]) if name in READ_BY else None
                app.command(name, cls=how, rich_help_panel=panel, epilog=epilog(name))(_found(place))
    for panel, groups in GROUPS.items():
        for name, place in groups.items():
            if name in wanted:
                for module in PARTS.get(name, ()):
                    import_module(f"crawler.commands.{module}")
                app.add_typer(_found(place), name=name, rich_help_panel=panel)
    return app


def _found(place: str) -> Any:
    module, name = place.split(".")
    return getattr(import_module(f"crawler.commands.{module}"), name)


def print_version(asked: bool) -> None:
    """``newsarchive --version``: the installed package's, and nothing else is done."""
    if asked:
        from importlib import metadata

        typer.echo(f"newsarchive {metadata.version('newsarchive')}")
        raise typer.Exit


def check_settings() -> None:
    """A wrong setting is told by every command, before it does anything."""
    with loading():
        url = configuration().database_url
    if url:
        from storage.database.address import check_url

        check_url(url)


def root(
    version: Annotated[
        bool, typer.Option("--version", callback=print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Crawl Korean news into an archive that answers SQL."""
    if not {"--help", "-h"} & set(sys.argv[1:]):
        check_settings()
