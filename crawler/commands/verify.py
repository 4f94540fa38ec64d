"""The command ``verify``: does the archive hold together, and what to do where it does not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from crawler.commands.engines import LOCAL, EngineName, Readers, Scheduler, readers
from crawler.commands.option_types import WholeNumber
from crawler.commands.options import Dir, configured, opened
from crawler.commands.output import harmless, say
from crawler.commands.reading import now_and_then, reading
from crawler.configuration.environment import WrongSetting
from crawler.configuration.exit_codes import BELOW_EXPECTATION, HEALTHY
from storage.clock import utc_now

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from crawler.configuration.environment import Configuration
    from crawler.rereading.captures import CaptureReader
    from crawler.verify.look import Look
    from storage.operations.problems import Problem

SAMPLE = 500
"""Captures, over the whole age of the archive: some ten seconds of one core (2026-11). Our choice."""


def verify(
    sample: Annotated[
        int | None,
        typer.Option(parser=WholeNumber("--sample"), help=f"Read back so many captures; {SAMPLE}."),
    ] = None,
    whole: Annotated[
        bool, typer.Option("--all", help="Read every file, record and page; write the files' hashes.")
    ] = False,
    repair: Annotated[bool, typer.Option("--repair", help="Mend what can be mended.")] = False,
    engine: EngineName = LOCAL,
    scheduler: Scheduler = None,
    directory: Dir = None,
) -> None:
    """Prove the archive: files, rows, texts, index. Exit code 1 when anything is found, mended or not."""
    import asyncio

    from crawler.reading.process import ReadingUnavailable

    if whole and sample is not None:
        raise WrongSetting("--sample and --all exclude each other")
    by = readers(engine, scheduler)
    settings = configured(dir=directory)
    number = None if whole else sample or SAMPLE
    with opened(settings) as archive:
        try:
            found = asyncio.run(_looked(archive, settings, number, by, repair=repair))
        except ReadingUnavailable as error:
            say(f"stopped: {error}")
            raise typer.Exit(BELOW_EXPECTATION) from error
    raise typer.Exit(BELOW_EXPECTATION if found else HEALTHY)


async def _looked(
    engine: Engine, settings: Configuration, number: int | None, by: Readers, *, repair: bool
) -> int:
    from storage.operations.problems import keep

    begun = utc_now()
    async with reading(settings, by=by) as captures:
        look = _look(engine, settings, captures, number, repair=repair)
        async for one in look.problems():
            look.found.add(one)
            _show(one)
    _sum_up(look)  # before the look is kept: whoever may only read hears what was found
    keep(
        engine,
        "all" if number is None else f"sample {number}",
        begun,
        utc_now(),
        look.files.captures,
        look.found,
    )
    return look.found.number


def _look(
    engine: Engine, settings: Configuration, captures: CaptureReader, number: int | None, *, repair: bool
) -> Look:
    from crawler import reader
    from crawler.deduplicate.likenesses import LIKENESSES
    from crawler.deduplicate.match import decide
    from crawler.verify.look import Look
    from crawler.verify.texts import Texts
    from storage.archive.rereader import Rereader
    from storage.operations.files import Files
    from storage.tombstones import Tombstones

    now = utc_now()
    return Look(
        engine=engine,
        files=Files(engine=engine, folder=settings.warc_folder, repair=repair, told=now_and_then()),
        texts=Texts(
            engine,
            captures,
            Rereader(engine, decide, LIKENESSES, reader.READER),
            f"verify-{now:%Y%m%d-%H%M%S}",
            repair=repair,
        ),
        tombstones=Tombstones(settings.dir),
        sample=number,
        say=lambda what: say(f"verifying {what}"),
        turn=int(now.timestamp() // 60),
    )


def _show(one: Problem) -> None:
    do = "mended" if one.mended else one.to_do
    typer.echo(harmless(f"{one.check}: {' '.join(one.what.split())} -> {do}"))


def _sum_up(look: Look) -> None:
    for why, number in look.files.removed.most_common():
        typer.echo(f"{number:,} captures have no bytes any more, as was meant: {why}")
    for why, number in look.texts.removed.most_common():
        typer.echo(f"{number:,} pages cannot be compared with their captures any more: {why}")
    if look.texts.waiting:
        typer.echo(
            f"{look.texts.waiting:,} pages were read by another reader than today's and are not compared: "
            "newsarchive reextract reads them again"
        )
    found, mended = look.found.number, look.found.mended
    typer.echo(
        f"{look.files.captures:,} captures read back, {look.texts.compared:,} pages compared: {found:,} found"
        + (f", {mended:,} mended" if mended else "")
    )
