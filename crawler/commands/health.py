"""The commands ``doctor`` and ``report``: what is wrong and what to do, what each host was asked."""

from __future__ import annotations

import sys
from datetime import date, timedelta
from typing import Annotated

import typer

from crawler.commands.option_types import OneOf
from crawler.commands.options import (
    Config,
    Dir,
    configured,
    day_option,
    in_order,
    opened,
    seoul_today,
)
from crawler.commands.output import write_rows
from crawler.configuration.environment import WrongSetting
from crawler.configuration.exit_codes import BELOW_EXPECTATION, HEALTHY
from storage.clock import utc_now


def doctor(config: Config = None, directory: Dir = None) -> None:
    """Check what a crawl needs and say what to do; exit code 1 when something must be mended."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from crawler.sources import all_sources
    from crawler.watch.doctor import examine, healthy
    from crawler.watch.findings import Level, Surroundings

    settings = configured(dir=directory, config=config)
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
    raise typer.Exit(HEALTHY if healthy(findings) else BELOW_EXPECTATION)


def report(
    politeness: Annotated[
        bool, typer.Option("--politeness", help="What each host was asked, by hour.")
    ] = False,
    since: Annotated[date | None, day_option("--since", "First day; yesterday.")] = None,
    until: Annotated[date | None, day_option("--until", "Last day; today.")] = None,
    host: Annotated[str | None, typer.Option(help="One host only.")] = None,
    output: Annotated[
        str,
        typer.Option(
            "--format",
            parser=OneOf("--format", "table", "markdown", "csv", "jsonl"),
            help="table, markdown, csv or jsonl",
        ),
    ] = "table",
    directory: Dir = None,
) -> None:
    """Reports that can be sent on; --politeness is the one there is."""
    from crawler.watch.politeness import COLUMNS, as_markdown, notes_of, politeness_report, rows_of
    from storage.seoul import day_start

    if not politeness:
        raise WrongSetting("say which report: --politeness")
    last = until or seoul_today()
    first = since or last - timedelta(days=1)
    in_order(first, last)
    with opened(configured(dir=directory), readonly=True) as engine:
        made = politeness_report(engine, day_start(first), day_start(last + timedelta(days=1)), host)
    if output == "markdown":
        typer.echo(as_markdown(made))
        return
    write_rows(output, COLUMNS, rows_of(made))
    if output == "table":
        for note in notes_of(made):
            typer.echo(note)
