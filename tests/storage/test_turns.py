"""Turns at a host: one request at a time over all processes, and the delay kept."""

from __future__ import annotations

import os
from datetime import timedelta
from itertools import pairwise

import pytest
from sqlalchemy import Engine

from storage.frontier.frontier import Frontier
from tests.storage.processes import Start, lines
from tests.storage.samples import NOON, minutes
from tests.storage.worker import DELAY, now

HOST = "example.com"


@pytest.fixture
def frontier(engine: Engine) -> Frontier:
    return Frontier(engine)


def seconds(count: float) -> object:
    return NOON + timedelta(seconds=count)


def test_one_at_a_time_and_not_before_the_delay(frontier: Frontier) -> None:
    take = frontier.take_turn
    assert take(HOST, "a/1/x", NOON, 1.0, 30) == 0.0
    assert take("other.com", "b/1/x", NOON, 1.0, 30) == 0.0
    assert take(HOST, "b/1/x", seconds(0.4), 1.0, 30) == pytest.approx(0.6)
    assert 0 < take(HOST, "b/1/x", seconds(5), 1.0, 30) <= 1.0  # held: look again soon
    assert 0 < take(HOST, "a/1/x", seconds(5), 1.0, 30) <= 1.0  # the holder's second request waits too
    frontier.end_turn(HOST, "b/1/x", seconds(6), 1.0)  # not its turn to end
    assert take(HOST, "b/1/x", seconds(6), 1.0, 30) > 0
    frontier.end_turn(HOST, "a/1/x", seconds(6), 1.0)
    assert take(HOST, "b/1/x", seconds(6.5), 1.0, 30) == pytest.approx(0.5)
    assert take(HOST, "b/1/x", seconds(7), 1.0, 30) == 0.0


def test_a_hold_ends_by_itself(frontier: Frontier) -> None:
    assert frontier.take_turn(HOST, "a/1/x", NOON, 1.0, 30) == 0.0
    assert frontier.take_turn(HOST, "b/1/x", seconds(29), 1.0, 30) > 0
    assert frontier.take_turn(HOST, "b/1/x", seconds(30), 1.0, 30) == 0.0


def test_retry_after_is_kept_by_all_and_never_shortened(frontier: Frontier) -> None:
    frontier.defer(HOST, minutes(2))
    frontier.defer(HOST, minutes(1))
    assert frontier.take_turn(HOST, "a/1/x", NOON, 1.0, 30) == pytest.approx(120)
    assert frontier.take_turn(HOST, "a/1/x", minutes(2), 1.0, 30) == 0.0
    frontier.defer(HOST, minutes(9))
    frontier.end_turn(HOST, "a/1/x", minutes(2), 1.0)
    assert frontier.take_turn(HOST, "a/1/x", minutes(3), 1.0, 30) == pytest.approx(360)


def test_a_clock_put_back_makes_nobody_wait_for_hours(frontier: Frontier) -> None:
    assert frontier.take_turn(HOST, "a/1/x", minutes(300), 1.0, 30) == 0.0  # and it never ends
    assert frontier.take_turn(HOST, "b/1/x", NOON, 1.0, 30) == pytest.approx(1.0)
    assert frontier.take_turn(HOST, "b/1/x", seconds(1), 1.0, 30) == 0.0
    frontier.end_turn(HOST, "b/1/x", minutes(300), 1.0)
    assert frontier.take_turn(HOST, "a/1/x", NOON, 2.0, 30) == pytest.approx(2.0)


def test_a_long_delay_is_no_jump_of_the_clock(frontier: Frontier) -> None:
    assert frontier.take_turn(HOST, "a/1/x", NOON, 3600.0, 30) == 0.0
    frontier.end_turn(HOST, "a/1/x", NOON, 3600.0)
    assert frontier.take_turn(HOST, "b/1/x", seconds(1), 3600.0, 30) == pytest.approx(3599)


def test_no_delay_at_all(frontier: Frontier) -> None:
    for _ in range(3):
        assert frontier.take_turn(HOST, "a/1/x", NOON, 0.0, 30) == 0.0
        frontier.end_turn(HOST, "a/1/x", NOON, 0.0)


def test_two_processes_are_as_polite_as_one(database_url: str, start: Start) -> None:
    workers = [start("turns", database_url, "8") for _ in range(2)]
    turns = sorted((float(w[1]), float(w[2])) for worker in workers for w in lines(worker))
    assert len(turns) == 16
    for (_, ended), (began, _) in pairwise(turns):
        assert began - ended >= DELAY * 0.95  # two clocks: wall time decides, monotonic time measures


def test_a_killed_holder_gives_its_turn_up_at_once_but_the_delay_stands(
    frontier: Frontier, database_url: str, start: Start
) -> None:
    holder = start("hold", database_url, "crawl:daum")
    assert holder.stdout is not None
    assert holder.stdout.readline().startswith("holding")
    holder.kill()
    os.waitid(os.P_PID, holder.pid, os.WEXITED | os.WNOWAIT)  # a zombie is dead too
    began = now() + timedelta(seconds=DELAY)
    assert frontier.take_turn(HOST, "b/1/x", began, 1.0, 30) == 0.0
