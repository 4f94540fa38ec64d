"""The command ``doctor``: what is wrong, and what to do."""

from __future__ import annotations

import sys

import typer

from crawler.commands.options import Config, Dir, configured, know_store
from crawler.commands.output import answering_console
from crawler.configuration.exit_codes import BELOW_EXPECTATION, HEALTHY
from storage.clock import utc_now


def doctor(config: Config = None, directory: Dir = None) -> None:
    """Check what a crawl needs and say what to do; exit code 1 when something must be mended."""
    from rich.table import Table
    from rich.text import Text

    from crawler.fetch.authorities import lacking_authorities
    from crawler.sources import all_sources
    from crawler.watch.doctor import examine, healthy
    from crawler.watch.findings import Level, Surroundings

    settings = configured(dir=directory, config=config)
    if settings.dir.is_dir() or not settings.url.startswith("sqlite"):
        know_store(settings)
    findings = examine(
        Surroundings(
            config=settings.config,
            folder=settings.dir,
            warc_folder=settings.warc_folder,
            warc=settings.warc,
            database_url=settings.url,
            contact=settings.contact,
            played=frozenset(settings.origins),
            known_sources=tuple(sorted(all_sources())),
            unverified=settings.unverified,
            untrusting=lacking_authorities(),
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
    console = answering_console(width=None if sys.stdout.isatty() else 160)
    console.print(table)
    raise typer.Exit(HEALTHY if healthy(findings) else BELOW_EXPECTATION)
