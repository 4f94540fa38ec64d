"""Captures judged in the order of their fetch: while one block is stored the next is read."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from sqlalchemy import Engine

from crawler.judging.judge import Judge, Judged
from crawler.reading.question import Lost
from storage.frontier.filed import Waiting, waiting
from storage.records import Article

BLOCK = 64
"""Pages read at once: some seconds of two processes at most, and what an interrupted command reads again."""

Read = tuple[Waiting, Article | Lost | None]


async def judge_all(
    engine: Engine, judge: Judge, numbers: Sequence[int], tell: Callable[[Judged], None]
) -> None:
    """Judge the captures of these numbers in this order.

    Raises:
        ReadingUnavailable: no process can be started to read pages; what is done stays.
    """
    storing: asyncio.Task[None] | None = None
    size = BLOCK * judge.ahead
    try:
        for start in range(0, len(numbers), size):
            block = await asyncio.to_thread(waiting, engine, numbers[start : start + size])
            read = list(zip(block, await asyncio.gather(*(judge.read(one) for one in block)), strict=True))
            if storing is not None:
                await storing
            storing = asyncio.create_task(asyncio.to_thread(_store, judge, read, tell))
    finally:
        if storing is not None:
            await storing


def _store(judge: Judge, block: Sequence[Read], tell: Callable[[Judged], None]) -> None:
    for one, reading in block:
        tell(judge.end(one, reading))
