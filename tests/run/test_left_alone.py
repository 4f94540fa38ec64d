"""Hosts left alone though no answer of theirs asks for it: silent ones, and pages that refuse with 200."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import Engine

from crawler.run.boundary import Boundary
from crawler.run.database_thread import DatabaseThread
from crawler.run.turns import HostTurns
from storage.frontier.frontier import Frontier

HOST, OTHER = "www.fnnews.com", "v.daum.net"
Looks = Callable[[HostTurns], Awaitable[None]]


def left_alone(engine: Engine, looks: Looks) -> str | None:
    """Why the host is not asked any more after these looks; None: it is."""

    async def run() -> str | None:
        boundary = Boundary(lambda reason: None)
        turns = HostTurns(DatabaseThread("fnnews"), Frontier(engine), "me", 1.0, boundary, lambda: False)
        await looks(turns)
        assert turns.resting(OTHER) is None
        resting = turns.resting(HOST)
        return None if resting is None else str(resting).partition("(")[2]

    return asyncio.run(run())


@pytest.mark.parametrize(
    ("in_vain", "expected"),
    [
        ([True] * 5, None),
        ([True] * 5 + [False] + [True] * 5, None),
        ([True] * 6, "6 requests in a row without a whole answer in time)"),
    ],
)
def test_a_host_that_drops_what_is_sent_is_not_waited_for_hundreds_of_times(
    engine: Engine, in_vain: list[bool], expected: str | None
) -> None:
    """Each of 372 pages cost three times thirty seconds, nine hours in all."""

    async def looks(turns: HostTurns) -> None:
        for one in in_vain:
            await turns.waited_for(HOST, in_vain=one)
            await turns.waited_for(OTHER, in_vain=False)

    assert left_alone(engine, looks) == expected


@pytest.mark.parametrize(
    ("outages", "expected"),
    [
        (["answered 500"] * 17 + [None] + ["answered 500"] * 17, None),
        (
            ["answered 500"] * 9 + ["connection refused"] * 9,
            "18 requests for pages in a row failed, the last: connection refused)",
        ),
    ],
)
def test_a_server_that_is_down_is_not_asked_for_each_of_hundreds_of_pages(
    engine: Engine, outages: list[str | None], expected: str | None
) -> None:
    """Sixty listed pages cost 180 requests that were answered 500, and the next poll as many."""

    async def looks(turns: HostTurns) -> None:
        for one in outages:
            await turns.page_served(HOST, one)
            await turns.page_served(OTHER, None)

    assert left_alone(engine, looks) == expected


@pytest.mark.parametrize(
    ("refuse", "expected"),
    [
        ([True, True, False, True, True], None),
        ([False, True, True, True], "3 pages in a row that refuse, with 200)"),
    ],
)
def test_pages_that_refuse_with_200_are_refusals(
    engine: Engine, refuse: list[bool], expected: str | None
) -> None:
    async def looks(turns: HostTurns) -> None:
        for one in refuse:
            await turns.page_judged(HOST, refuses=one)
            await turns.page_judged(OTHER, refuses=False)

    assert left_alone(engine, looks) == expected
