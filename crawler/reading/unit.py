"""What a worker of a cluster is given: captures of one WARC file, or of a stretch of one, to be read.

The reading is the project's own, in a reading process with the same limits as everywhere: a page that kills
or hangs its process ends that, and not the worker. Nothing is written; the answers go back to the one writer.
"""

from __future__ import annotations

import asyncio
import multiprocessing
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from threading import Thread

from crawler import reader
from crawler.reading.limits import Limits
from crawler.reading.pool import ReadingPool, RulesBroke
from crawler.reading.process import ReadingDied, ReadingUnavailable
from crawler.reading.question import Broke, Lost, ReadCapture, ReadPage
from storage.records import Article
from storage.warc.objects import NoDriver, StoreRefused
from storage.warc.reading import CaptureDamaged, CaptureMissing

DAEMON = (
    "a Dask worker may not start processes: start it with --no-nanny, or with "
    "DASK_DISTRIBUTED__WORKER__DAEMON=false"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Died:
    """The page ended its process, twice, or every worker."""

    reason: str


Answered = Article | Lost | Broke | Died


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """Captures that lie side by side, and how they are read."""

    questions: tuple[ReadCapture | ReadPage, ...]
    limits: Limits
    reader: int
    """The number of the rules that have to read them."""


def read_unit(unit: Unit) -> list[Answered]:
    """The answers, one for each question, in their order. Doing it again gives the same.

    Raises:
        ReadingUnavailable: nothing can be read here, which says nothing of the captures.
    """
    if unit.reader != reader.READER:
        raise ReadingUnavailable(
            f"a worker of the cluster has the reader {reader.READER}, this program {unit.reader}: install "
            "the same version on both"
        )
    if multiprocessing.current_process().daemon:
        raise ReadingUnavailable(DAEMON)
    loop = _loop()
    return asyncio.run_coroutine_threadsafe(_read_all(unit), loop).result()


async def _read_all(unit: Unit) -> list[Answered]:
    pool = _pool(unit.limits)
    pool.try_again()
    return list(await asyncio.gather(*(_read(pool, one) for one in unit.questions)))


async def _read(pool: ReadingPool, question: ReadCapture | ReadPage) -> Answered:
    if isinstance(question, ReadCapture) and question.store is not None:
        # By the worker: the time and memory of a reading process are the page's.
        try:
            body = await asyncio.to_thread(question.body)
        except (CaptureMissing, CaptureDamaged) as error:
            return Lost(reason=str(error))
        except (StoreRefused, NoDriver) as error:
            raise ReadingUnavailable(str(error)) from error
        question = ReadPage(page=replace(question.page, body=body), source=question.source)
    try:
        answer: Article | Lost = await pool.ask_twice(question, question.page.url)
    except RulesBroke as broke:
        return Broke(reason=str(broke), trace=broke.trace)
    except ReadingDied as death:
        return Died(reason=str(death))
    return answer


@cache
def _loop() -> asyncio.AbstractEventLoop:
    """One for the life of the worker's process: its reading processes stay from one unit to the next."""
    loop = asyncio.new_event_loop()
    Thread(target=loop.run_forever, name="reading", daemon=True).start()
    return loop


@cache
def _pool(limits: Limits) -> ReadingPool:
    return ReadingPool(limits)


def in_units(questions: Sequence[ReadCapture | ReadPage], most: int) -> list[list[int]]:
    """The places of questions that make a unit: of one file, side by side, at most so many."""
    order = sorted(range(len(questions)), key=lambda number: _place(questions[number]))
    units: list[list[int]] = []
    for number in order:
        file = _place(questions[number])[0]
        if not units or len(units[-1]) == most or _place(questions[units[-1][0]])[0] != file:
            units.append([])
        units[-1].append(number)
    return units


def _place(question: ReadCapture | ReadPage) -> tuple[str, int]:
    """A page that brings its bytes lies nowhere: such pages make units among themselves."""
    if isinstance(question, ReadPage):
        return "", 0
    return question.place.file, question.place.offset
