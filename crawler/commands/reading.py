"""What the commands share that read pages without a crawl: the reading processes, a judge, and progress."""

from __future__ import annotations

import os
import sys
import time
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Any, Protocol

import typer

from crawler.commands.output import harmless, say
from crawler.configuration.exit_codes import BELOW_EXPECTATION, HEALTHY, INTERRUPTED, LEASE_HELD

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Coroutine, Iterator

    from sqlalchemy import Engine

    from crawler.commands.engines import Readers
    from crawler.configuration.environment import Configuration
    from crawler.judging.judge import Judge
    from crawler.rereading.captures import CaptureReader

SAY_S = 10.0
"""Where there is no terminal, a line of progress comes so often."""


class Told(Protocol):
    """What was found and done, as it grows."""

    @property
    def undone(self) -> bool:
        """Something was left that the operator should know of."""

    def lines(self) -> Iterator[str]:
        """In words."""


def ended(work: Coroutine[Any, Any, None], report: Told) -> int:
    """Work to its end, and say how it ended, whatever ended it; the exit code."""
    import asyncio

    from crawler.reading.process import ReadingUnavailable
    from crawler.run.lease import LeaseHeld

    stopped, interrupted = "", False
    try:
        asyncio.run(work)
    except LeaseHeld as held:
        say(str(held))
        return LEASE_HELD
    except ReadingUnavailable as error:
        stopped = f"stopped: {error}"
    except KeyboardInterrupt:
        stopped, interrupted = "interrupted: the same command goes on", True
    for line in report.lines():
        typer.echo(harmless(line))
    if stopped:
        say(stopped)
    if interrupted:
        return INTERRUPTED
    return BELOW_EXPECTATION if stopped or report.undone else HEALTHY


@asynccontextmanager
async def reading(
    settings: Configuration, processes: int | None = None, by: Readers | None = None
) -> AsyncIterator[CaptureReader]:
    """A reader of captures until the end of the block.

    Args:
        processes: None: as many as are set, else one for each core.
        by: None: processes of this machine.

    Raises:
        WrongSetting: there is no cluster.
    """
    from crawler.commands.engines import Readers
    from crawler.rereading.captures import CaptureReader
    from crawler.sources import all_sources

    # Before anything is forked, which has loaded then what is loaded here: a process that is renewed after
    # 500 pages would load it from files that an upgrade may have replaced meanwhile.
    sources = all_sources()
    number = processes or settings.reading_processes or len(os.sched_getaffinity(0))
    pool = (by or Readers()).pool(settings, number)
    try:
        yield CaptureReader(pool, settings.warc_folder, sources)
    finally:
        await pool.close()


@asynccontextmanager
async def judging(engine: Engine, settings: Configuration, by: Readers | None = None) -> AsyncIterator[Judge]:
    """A judge with reading processes until the end of the block.

    Raises:
        WrongSetting: there is no cluster.
        TombstonesUnreadable: nobody knows what must not be stored.
    """
    from crawler import reader
    from crawler.deduplicate.likenesses import LIKENESSES
    from crawler.deduplicate.match import decide
    from crawler.judging.judge import Judge
    from crawler.sources import all_sources
    from storage.archive.standing import Standing
    from storage.archive.writer import Writer
    from storage.tombstones import Tombstones

    tombstones = Tombstones(settings.dir)
    Standing(engine, tombstones).need()  # what is not known is told before anything is stored
    async with reading(settings, by=by) as captures:
        yield Judge(
            engine,
            captures,
            Writer(engine, decide, LIKENESSES, reader.READER, tombstones),
            tombstones,
            all_sources(),
            settings.recheck_ages,
        )


@asynccontextmanager
async def alone(engine: Engine, what: str) -> AsyncIterator[None]:
    """Hold the archive's lease of that name: two at once would take the same twice.

    Raises:
        LeaseHeld: another process has it.
    """
    import asyncio

    from crawler.run.lease import CRAWL_LEASE_S, HEARTBEAT_S, LeaseHeld
    from storage.frontier import leases

    owner = leases.this_process(what)
    holder = leases.acquire(engine, what, owner, None, CRAWL_LEASE_S)
    if holder is not None:
        raise LeaseHeld(f"another {what} is at work ({holder}); nothing was done")

    async def beat() -> None:
        held = True
        while held:
            await asyncio.sleep(HEARTBEAT_S)
            held = await asyncio.to_thread(leases.renew, engine, what, owner, None, CRAWL_LEASE_S)

    beating = asyncio.create_task(beat())
    try:
        yield
    finally:
        beating.cancel()
        leases.release(engine, what, owner)


@contextmanager
def progress(what: str) -> Iterator[Callable[[int, int], None]]:
    """Told (done, total): a bar on a terminal, a line now and then elsewhere."""
    if sys.stderr.isatty():
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, transient=True) as bar:
            task = bar.add_task(what, total=None)
            yield lambda done, total: bar.update(task, completed=done, total=total)
        return
    tell = now_and_then()
    yield lambda done, total: tell(done, total, what)


def now_and_then() -> Callable[[int, int, str], None]:
    """Told (done, total, of what): a line every :data:`SAY_S` on standard error."""
    said = time.monotonic()

    def tell(done: int, total: int, what: str) -> None:
        nonlocal said
        if time.monotonic() - said >= SAY_S:
            said = time.monotonic()
            say(f"{done:,} of {total:,} {what}")

    return tell
