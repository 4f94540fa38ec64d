"""The command ``import``: captures of others into the archive."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.commands.options import Dir, configured, opened
from crawler.commands.reading import alone, judging
from crawler.configuration.environment import WrongSetting
from crawler.configuration.exit_codes import BELOW_EXPECTATION, HEALTHY, LEASE_HELD

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
    directory: Dir = None,
) -> None:
    """Take captures of others: where they came from and when they were made is kept; nothing is asked."""
    from storage.database.opening import DatabaseRefused, prepare_database

    settings = configured(dir=directory)
    read, problems = _given(files)
    try:
        prepare_database(settings.url)
        with opened(settings) as engine:
            raise typer.Exit(_imported(engine, settings, read, problems, generic=generic))
    except OSError as error:
        raise DatabaseRefused(f"the disk refused: {error}") from error


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


def _imported(
    engine: Engine, settings: Configuration, files: list[Given], problems: list[str], *, generic: bool
) -> int:
    from crawler.commands.output import harmless
    from crawler.imports.importer import Report
    from crawler.reading.process import ReadingUnavailable
    from crawler.run.lease import LeaseHeld

    report, stopped = Report(problems=problems), ""
    try:
        asyncio.run(_work(engine, settings, files, report, generic=generic))
    except LeaseHeld as held:
        typer.echo(f"newsarchive: {held}", err=True)
        return LEASE_HELD
    except ReadingUnavailable as error:
        stopped = f"stopped: {error}"
    except KeyboardInterrupt:
        stopped = "interrupted: the same command goes on"
    for line in report.lines():
        typer.echo(harmless(line))
    if stopped:
        typer.echo(f"newsarchive: {stopped}", err=True)
    return BELOW_EXPECTATION if stopped or report.undone else HEALTHY


async def _work(
    engine: Engine, settings: Configuration, files: list[Given], report: Report, *, generic: bool
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
    async with alone(engine, "import"), judging(engine, settings) as judge:
        importer = Importer(engine, intake, judge, report)
        try:
            await importer.finish_earlier()
            for one in files:
                typer.echo(f"newsarchive: reading {one.path}", err=True)
                await importer.file(one, _Progress(one.path.name))
        finally:
            intake.close()


class _Progress:
    """A line on stderr for every thousand pages."""

    def __init__(self, name: str) -> None:
        self._name, self._said = name, 0

    def __call__(self, looked_at: int) -> None:
        if looked_at // 1000 > self._said:
            self._said = looked_at // 1000
            typer.echo(f"newsarchive: {self._name}: {looked_at:,} pages looked at", err=True)
