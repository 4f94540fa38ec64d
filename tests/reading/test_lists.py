"""A list is read by its seed's own parser in a reading process, and whatever it does, a listing says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from crawler.packing import MAX_LIST
from crawler.reading.lists import read_list
from crawler.reading.pool import ReadingPool
from crawler.sources.base import Window
from storage.records.discovery import Listing

from .asking import hostile_list, limits, with_pool

DAY = Window(since=date(2026, 11, 1), until=date(2026, 11, 2))


@pytest.mark.parametrize(
    "windows", [(None,), (DAY,), (DAY, Window(since=date(2026, 10, 1), until=date(2026, 10, 1)))]
)
@pytest.mark.parametrize("seed", [0, 1], ids=["fixed address", "address that moves with the clock"])
def test_the_seed_is_found_in_the_process_by_source_and_address(
    windows: tuple[Window | None, ...], seed: int
) -> None:
    question = hostile_list("", *windows, seed=seed)

    async def work(pool: ReadingPool) -> Listing:
        return await read_list(pool, question)

    listing = with_pool(work)
    assert listing.recognised
    assert [(found.title_hint, found.time_hint) for found in listing.discoveries] == [
        (question.url, question.seen_at)
    ]


def test_a_list_that_came_cut_off_is_not_recognised_and_what_it_names_is_kept() -> None:
    async def work(pool: ReadingPool) -> Listing:
        return await read_list(pool, replace(hostile_list("", None), truncated=True))

    listing = with_pool(work)
    assert (listing.recognised, listing.reason) == (False, "The list is cut off: the fetch ended early.")
    assert len(listing.discoveries) == 1


@pytest.mark.parametrize(
    ("does", "reason", "started"),
    [
        ("hang", "reading it took longer than 1 s; tried twice", 2),
        ("crash", "it killed its reading process (signal 11); tried twice", 2),
        ("eat", "reading it needed more than 128 MB; tried twice", 2),
        ("refuse x", "the list's parser broke: ValueError: half a pair", 1),
        ("x" * (MAX_LIST + 1), "The list has 52428801 bytes", 0),
    ],
    ids=["hang", "crash", "eat", "refuse", "big"],
)
def test_a_poison_list_is_not_recognised_and_says_why(does: str, reason: str, started: int) -> None:
    async def work(pool: ReadingPool) -> tuple[Listing, int]:
        return await read_list(pool, hostile_list(does, None)), pool.started

    listing, processes = with_pool(work, limits(seconds=1 if does == "hang" else 60, memory_mb=128))
    assert not listing.recognised
    assert listing.discoveries == ()
    assert (listing.reason or "").startswith(reason)
    assert processes == started
