"""The command ``db rebuild``: the archive's rows made anew from its WARC files."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.commands.options import Dir, configured, opened
from crawler.commands.reading import alone, judging, progress
from crawler.configuration.environment import WrongSetting
from crawler.configuration.exit_codes import BELOW_EXPECTATION, HEALTHY, LEASE_HELD

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Engine

    from crawler.configuration.environment import Configuration
    from crawler.rebuild.rebuild import Report


def db_rebuild(
    origin: Annotated[
        Path, typer.Option("--from", metavar="FOLDER", help="The folder with the archive's WARC files.")
    ],
    directory: Dir = None,
) -> None:
    """Make the archive's database anew from its WARC files (and tombstones); interrupted, it goes on."""
    from crawler.rebuild.place import bring
    from storage.database.opening import DatabaseRefused, prepare_database

    settings = configured(dir=directory)
    try:
        prepare_database(settings.url)
        with opened(settings) as engine:
            _need_empty(engine, settings)
            for said in bring(origin, settings.warc_folder, settings.dir):
                _say(said)
            raise typer.Exit(_rebuilt(engine, settings))
    except OSError as error:
        raise DatabaseRefused(f"the disk refused: {error}") from error


def _say(said: str) -> None:
    typer.echo(f"newsarchive: {said}", err=True)


def _need_empty(engine: Engine, settings: Configuration) -> None:
    from crawler.rebuild.files import PREFIX
    from storage.frontier.filed import others

    if number := others(engine, PREFIX):
        raise WrongSetting(
            f"the database of {settings.dir} holds {number} runs that are not made from WARC files: "
            "a rebuild goes into an empty one; put that database aside, or name another by --dir or "
            "NEWSARCHIVE_DATABASE_URL"
        )


def _rebuilt(engine: Engine, settings: Configuration) -> int:
    from crawler.reading.process import ReadingUnavailable
    from crawler.rebuild.rebuild import Report
    from crawler.run.lease import LeaseHeld

    report, stopped = Report(), ""
    try:
        with progress("judged") as tell:
            asyncio.run(_work(engine, settings, report, tell))
    except LeaseHeld as held:
        _say(str(held))
        return LEASE_HELD
    except ReadingUnavailable as error:
        stopped = f"stopped: {error}"
    except KeyboardInterrupt:
        stopped = "interrupted: the same command goes on"
    for line in report.lines():
        typer.echo(line)
    if stopped:
        _say(stopped)
    return BELOW_EXPECTATION if stopped or report.problem_count or report.unreadable else HEALTHY


async def _work(
    engine: Engine, settings: Configuration, report: Report, tell: Callable[[int, int], None]
) -> None:
    from crawler.rebuild.rebuild import Rebuild
    from crawler.sources import all_sources

    rebuild = Rebuild(engine, settings.warc_folder, all_sources(), report)
    async with alone(engine, "rebuild"), judging(engine, settings) as judge:
        await asyncio.to_thread(rebuild.file, _say)
        await rebuild.judge(judge, tell)
