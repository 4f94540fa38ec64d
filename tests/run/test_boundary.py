"""What leaves a stage, what a run waits for, and what an error is told as."""

from __future__ import annotations

import asyncio
import time

import pytest
from scrapy.exceptions import IgnoreRequest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from crawler.run.boundary import MAX_WORDS, Boundary, StageBroke, caught, given, reason_of
from storage.database.opening import DatabaseRefused, open_database


@pytest.fixture
def noted() -> list[str]:
    return []


@pytest.fixture
def boundary(noted: list[str]) -> Boundary:
    return Boundary(noted.append)


def test_an_error_is_noted_once_by_the_innermost_stage(boundary: Boundary, noted: list[str]) -> None:
    broken = pytest.raises(StageBroke, match="inner broke: KeyError: 'x'")
    with broken, boundary.stage("outer"), boundary.stage("inner"):
        raise KeyError("x")
    assert noted == ["inner broke: KeyError: 'x'"]


@pytest.mark.parametrize("meant", [IgnoreRequest("no"), DatabaseRefused("no"), KeyboardInterrupt()])
def test_declared_ends_pass(boundary: Boundary, noted: list[str], meant: BaseException) -> None:
    with pytest.raises(type(meant)), boundary.stage("stage"):
        raise meant
    assert noted == []


def test_a_cancelled_task_is_cancelled_and_a_cancelled_future_is_a_fault(boundary: Boundary) -> None:
    async def stage(wait: asyncio.Future[None]) -> None:
        with boundary.stage("stage"):
            await wait

    async def both() -> None:
        loop = asyncio.get_running_loop()
        task = asyncio.create_task(stage(loop.create_future()))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        dead = loop.create_future()
        dead.cancel()
        with pytest.raises(StageBroke, match="stage broke: CancelledError"):
            await stage(dead)

    asyncio.run(both())


def test_a_standstill_ends_the_stages_at_work(boundary: Boundary, noted: list[str]) -> None:
    async def stage() -> None:
        with boundary.stage("outer", "x"), boundary.stage("inner", "x"):
            await asyncio.Event().wait()

    async def run() -> None:
        task = asyncio.create_task(stage())
        await asyncio.sleep(0)
        assert boundary.at_work() == "inner x"
        boundary.cut_short("stood still")
        with pytest.raises(StageBroke, match="inner broke: stood still"):
            await task

    asyncio.run(run())
    assert boundary.at_work() == "no stage"
    assert noted == []  # the run's own end tells it


def test_a_declared_wait_is_no_standstill(boundary: Boundary) -> None:
    with boundary.waits(3600):
        assert boundary.quiet_s() < -3000
    before = boundary.quiet_s()
    assert before >= 0
    with boundary.waits(-5):  # one that is over: it should have ended
        time.sleep(0.01)
        assert boundary.quiet_s() > before


@pytest.mark.parametrize("thrown", [StopIteration(), SystemExit(3), asyncio.CancelledError(), KeyError()])
def test_a_thread_may_throw_anything(boundary: Boundary, thrown: BaseException) -> None:
    def work() -> None:
        raise thrown

    async def stage() -> None:
        with boundary.stage("stage"):
            given(*await asyncio.to_thread(caught, work))

    with pytest.raises(StageBroke):
        asyncio.run(asyncio.wait_for(stage(), timeout=20))


class Untellable(Exception):
    def __str__(self) -> str:
        raise ValueError


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (ValueError("two\nlines\x00 \ud83d"), "ValueError: two lines"),
        (MemoryError(), "MemoryError"),
        (Untellable(), "Untellable: its words cannot be had (ValueError)"),
        (IntegrityError("INSERT " + "가" * 9999, {}, OSError("full")), "OSError: full"),
    ],
)
def test_reasons_are_one_line_that_any_database_keeps(error: BaseException, reason: str) -> None:
    assert reason_of(error) == reason


def test_a_reason_quotes_no_row(postgresql_url: str) -> None:
    """PostgreSQL's own words do: "Failing row contains (...)"; a text may be taken down, its reason stays."""
    engine = open_database(postgresql_url)
    try:
        with engine.begin() as connection:
            connection.execute(text("CREATE TEMPORARY TABLE kept (body text, id integer NOT NULL)"))
            with pytest.raises(IntegrityError) as refused:
                connection.execute(text("INSERT INTO kept (body) VALUES ('다리가 다시 열렸다')"))
    finally:
        engine.dispose()
    assert "다리가" in str(refused.value.orig)
    assert reason_of(refused.value).startswith("NotNullViolation: null value in column")
    assert "다리가" not in reason_of(refused.value)


def test_a_long_reason_says_that_it_is_cut() -> None:
    reason = reason_of(ValueError("가" * 12_345))
    assert reason == f"ValueError: {'가' * MAX_WORDS} ... (12,345 characters in all)"


def test_a_task_of_its_own_does_not_end_the_event_loop(boundary: Boundary) -> None:
    async def work() -> None:
        raise SystemExit(7)

    async def run() -> None:
        task = asyncio.ensure_future(boundary.whole("task", "x", work()))
        with pytest.raises(StageBroke, match="task broke: SystemExit: 7"):
            await asyncio.shield(task)

    asyncio.run(run())
