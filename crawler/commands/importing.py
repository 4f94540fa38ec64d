"""The command ``import``: captures of others into the archive."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.commands.engines import LOCAL, EngineName, Readers, Scheduler, readers
from crawler.commands.options import Dir, configured, opened
from crawler.commands.output import say
from crawler.commands.reading import alone, ended, judging
from crawler.configuration.environment import WrongSetting

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from crawler.configuration.environment import Configuration
    from crawler.imports.importer import Report
    from crawler.imports.kinds import Given


def import_files(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE...", help="WARC, WACZ, manifest of saved pages, list of addresses, folder."
        ),
    ],
    generic: Annotated[
        bool, typer.Option("--generic", help="Take pages of sites that are no declared source, too.")
    ] = False,
    engine: EngineName = LOCAL,
    scheduler: Scheduler = None,
    directory: Dir = None,
) -> None:
    """Take captures of others: where they came from and when they were made is kept; nothing is asked."""
    from crawler.imports.importer import Report
    from crawler.orders.sending import send_captures
    from crawler.run.beginning import prepare_archive
    from storage.database.opening import DatabaseRefused
    from storage.database.refusal import system_sentence

    by = readers(engine, scheduler)
    settings = configured(dir=directory)
    read, problems = _given(files)
    try:
        prepare_archive(settings)
        with opened(settings) as archive:
            report = Report(problems=problems)
            code = ended(_work(archive, settings, read, report, by, generic=generic), report)
        send_captures(settings)
        raise typer.Exit(code)
    except OSError as error:
        raise DatabaseRefused(system_sentence(error)) from error


def _given(files: list[Path]) -> tuple[list[Given], list[str]]:
    """The files that can be read, and what is wrong with the others. Nothing usable at all is wrong use."""
    from crawler.imports.kinds import given

    found: list[Given] = []
    problems = []
    for path in files:
        try:
            found += given(path)
        except WrongSetting as error:
            problems.append(str(error))
    if not found:
        raise WrongSetting("; ".join(problems))
    return found, problems


async def _work(
    engine: Engine,
    settings: Configuration,
    files: list[Given],
    report: Report,
    by: Readers,
    *,
    generic: bool,
) -> None:
    from crawler.imports.importer import Importer
    from crawler.imports.intake import Intake
    from crawler.sources import all_sources
    from storage.tombstones import Tombstones

    intake = Intake(
        engine=engine,
        settings=settings,
        sources=all_sources(),
        tombstones=Tombstones(settings.dir),
        generic=generic,
    )
    async with alone(engine, "import"), judging(engine, settings, by) as judge:
        importer = Importer(engine, intake, judge, report)
        try:
            await asyncio.to_thread(_recover, engine, settings.warc_folder)
            await importer.finish_earlier()
            for one in files:
                say(f"reading {one.path}")
                await importer.file(one, _Progress(one.path.name))
            await importer.revisits()
        finally:
            intake.close()


def _recover(engine: Engine, folder: Path) -> None:
    """Close what a process that died left open, as a crawl does before it writes."""
    from storage.frontier.rowless import adopt
    from storage.warc.recovery import recover

    for one in recover(folder, partial(adopt, engine)):
        say(str(one))


class _Progress:
    """A line on stderr for every thousand pages."""

    def __init__(self, name: str) -> None:
        self._name, self._said = name, 0

    def __call__(self, looked_at: int) -> None:
        if looked_at // 1000 > self._said:
            self._said = looked_at // 1000
            say(f"{self._name}: {looked_at:,} pages looked at")
