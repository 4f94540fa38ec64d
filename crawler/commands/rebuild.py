"""The command ``db rebuild``: the archive's rows made anew from its WARC files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.commands.archive import database
from crawler.commands.options import Dir, configured, opened
from crawler.commands.output import say
from crawler.commands.reading import alone, ended, judging, progress
from crawler.configuration.environment import WrongSetting

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from crawler.configuration.environment import Configuration
    from crawler.rebuild.rebuild import Report


@database.command("rebuild")
def db_rebuild(
    origin: Annotated[
        Path, typer.Option("--from", metavar="FOLDER", help="The folder with the archive's WARC files.")
    ],
    directory: Dir = None,
) -> None:
    """Make the archive's database anew from its WARC files (and tombstones); interrupted, it goes on."""
    from crawler.rebuild.place import bring, missing
    from crawler.rebuild.rebuild import Report
    from storage.database.opening import DatabaseRefused
    from storage.database.refusal import system_sentence
    from storage.database.upgrading import prepare_database
    from storage.warc.sent import point

    settings = configured(dir=directory)
    try:
        prepare_database(settings.url)
        with opened(settings) as engine:
            _need_empty(engine, settings)
            if settings.warc is not None:
                point(settings.warc_folder, settings.warc)
            report = Report()
            for said in bring(origin, settings.warc_folder, settings.dir, report.problem):
                say(said)
            for said in missing(origin, settings.warc_folder):
                report.problem(said)
            raise typer.Exit(ended(_work(engine, settings, report), report))
    except OSError as error:
        raise DatabaseRefused(system_sentence(error)) from error


def _need_empty(engine: Engine, settings: Configuration) -> None:
    from crawler.rebuild.files import PREFIX
    from storage.frontier.filed import others

    if number := others(engine, PREFIX):
        raise WrongSetting(
            f"the database of {settings.dir} holds {number} runs that are not made from WARC files: "
            "a rebuild goes into an empty one; put that database aside, or name another by --dir or "
            "NEWSARCHIVE_DATABASE_URL"
        )


async def _work(engine: Engine, settings: Configuration, report: Report) -> None:
    import asyncio

    from crawler.rebuild.rebuild import Rebuild
    from crawler.sources import all_sources
    from storage.tombstones import Tombstones

    rebuild = Rebuild(engine, settings.warc_folder, all_sources(), report)
    with progress("judged") as tell:
        async with alone(engine, "rebuild"), judging(engine, settings) as judge:
            await asyncio.to_thread(rebuild.file, say)
            report.need_tombstones(Tombstones(settings.dir))
            await rebuild.judge(judge, tell)
