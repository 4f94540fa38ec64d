"""What it costs to read a page in a reading process instead of here: the hop, and pages a second."""

from __future__ import annotations

import asyncio
import os
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from crawler.quality.corpus import Example, own_examples, shared_examples
from crawler.reading.limits import Limits, processes_for
from crawler.reading.pool import ReadingPool
from crawler.reading.question import Question, ReadPage, place_of
from crawler.sources import all_sources

ROOT = Path(__file__).parents[1]
ROUNDS = 7
SIZES = {"9 kB": (5_000, 15_000), "70 kB": (40_000, 120_000)}
"""Bytes of the saved pages of each row: as the twin's are, and as real ones of 2026 are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingCost:
    """Inline and in a process, taken in turn in one run: only their relation says something.

    The times of a page are the best of ROUNDS, which other work on the machine disturbs least.
    """

    pages: int
    kilobytes: float
    inline_ms: float
    apart_ms: float
    inline_per_second: float
    apart_per_second: float
    """With as many processes as a crawl on this machine would have, and pages waiting for them."""

    @property
    def hop_ms(self) -> float:
        return self.apart_ms - self.inline_ms

    def __str__(self) -> str:
        return (
            f"{self.pages} pages, median {self.kilobytes:.0f} kB: inline {self.inline_ms:.2f} ms, "
            f"in a reading process {self.apart_ms:.2f} ms, hop {self.hop_ms:.2f} ms "
            f"(ratio {self.apart_ms / self.inline_ms:.3f}); "
            f"{self.inline_per_second:.0f} a second inline, {self.apart_per_second:.0f} in processes"
        )


def reading_costs(root: Path) -> dict[str, ReadingCost]:
    """A row for each size that saved pages have: the repository's, and others' where they lie beside it."""
    examples = own_examples(root) + shared_examples(root)
    groups = {
        name: [one for one in examples if least <= len(one.page.body) <= most]
        for name, (least, most) in SIZES.items()
    }
    return {name: asyncio.run(_cost(group)) for name, group in groups.items() if group}


async def _cost(examples: Sequence[Example]) -> ReadingCost:
    """Medians over the pages, after one round that nobody counts."""
    questions = [_question(one) for one in examples]
    processes = processes_for(len(os.sched_getaffinity(0)))
    pool = ReadingPool(Limits(processes=processes, seconds=60, memory_mb=512, pages=10**6))
    try:
        await _together(pool, questions)
        inline, apart = await _in_turn(pool, questions)
        whole = min([await _together(pool, questions) for _ in range(ROUNDS)])
    finally:
        await pool.close()
    return ReadingCost(
        pages=len(questions),
        kilobytes=statistics.median(len(one.page.body) for one in examples) / 1000,
        inline_ms=statistics.median(inline) * 1000,
        apart_ms=statistics.median(apart) * 1000,
        inline_per_second=len(questions) / sum(inline),
        apart_per_second=len(questions) / whole,
    )


def _question(example: Example) -> ReadPage:
    place = place_of(all_sources()[example.source]) if example.source else None
    return ReadPage(page=example.page, source=place)


async def _in_turn(pool: ReadingPool, questions: Sequence[Question]) -> tuple[list[float], list[float]]:
    """The best time of each page, here and there."""
    inline = [float("inf")] * len(questions)
    apart = [float("inf")] * len(questions)
    for number, question in list(enumerate(questions)) * ROUNDS:
        began = time.perf_counter()
        question.answer()
        between = time.perf_counter()
        await pool.ask(question)
        inline[number] = min(inline[number], between - began)
        apart[number] = min(apart[number], time.perf_counter() - between)
    return inline, apart


async def _together(pool: ReadingPool, questions: Sequence[Question]) -> float:
    """Seconds for all of them, each asked as soon as a process is free."""
    began = time.perf_counter()
    await asyncio.gather(*map(pool.ask, questions))
    return time.perf_counter() - began


def main() -> None:
    """The rows alone: ``python -m bench.reading``."""
    for name, cost in reading_costs(ROOT).items():
        print(f"{name}, {cost}")


if __name__ == "__main__":
    main()
