"""Turns at a host: one request at a time over all processes, and the delay kept."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import Engine

from storage.frontier.frontier import Frontier
from storage.frontier.rests import Answered, Heard, HostRests, Rest
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


def test_a_rest_is_kept_by_all_and_never_shortened(frontier: Frontier) -> None:
    assert frontier.let_rest(HOST, NOON, 120, "asked") is not None
    frontier.let_rest(HOST, NOON, 60, "asked for less")
    assert frontier.take_turn(HOST, "a/1/x", NOON, 1.0, 30) == pytest.approx(120)
    assert frontier.take_turn(HOST, "a/1/x", minutes(2), 1.0, 30) == 0.0
    frontier.let_rest(HOST, minutes(2), 420, "asked for more")
    frontier.end_turn(HOST, "a/1/x", minutes(2), 1.0)
    with pytest.raises(HostRests, match="asked for more") as resting:
        frontier.take_turn(HOST, "b/1/x", minutes(3), 1.0, 30)
    assert resting.value.rest.until == minutes(9)
    assert frontier.take_turn(HOST, "b/1/x", minutes(9), 1.0, 30) == 0.0


def test_a_rest_set_by_a_clock_that_was_put_back_counts_its_length_from_now(frontier: Frontier) -> None:
    frontier.let_rest(HOST, minutes(600), 3600, "asked")
    with pytest.raises(HostRests) as resting:
        frontier.take_turn(HOST, "a/1/x", NOON, 1.0, 30)
    assert resting.value.rest.until == minutes(60)
    assert frontier.take_turn(HOST, "a/1/x", minutes(60), 1.0, 30) <= 1.0


def test_a_moment_read_before_the_rest_was_set_does_not_shorten_it(frontier: Frontier) -> None:
    frontier.let_rest(HOST, NOON, 3600, "asked")
    for early in (-0.5, -30):
        with pytest.raises(HostRests) as resting:
            frontier.take_turn(HOST, "a/1/x", seconds(early), 1.0, 30)
        assert resting.value.rest.until == minutes(60)
        frontier.let_rest(HOST, seconds(early), 600, "asked for less")
    with pytest.raises(HostRests, match=r"asked$"):
        frontier.take_turn(HOST, "a/1/x", NOON, 1.0, 30)


def refused(frontier: Frontier, at: datetime) -> Rest | None:
    return heard(frontier, at, Heard(answered=Answered.REFUSED, words="403"))


def heard(frontier: Frontier, at: datetime, what: Heard) -> Rest | None:
    assert frontier.take_turn(HOST, "a/1/x", at, 0.0, 30) == 0.0
    return frontier.end_turn(HOST, "a/1/x", at, 0.0, what)


def test_three_refusals_in_a_row_begin_rests_that_grow_to_a_day(frontier: Frontier) -> None:
    at, hours = NOON, []
    assert refused(frontier, at) is None
    assert refused(frontier, at) is None
    for _ in range(8):
        rest = refused(frontier, at)
        assert rest is not None
        hours.append(rest.length_s / 3600)
        at = rest.until
    assert hours == [1, 2, 4, 8, 16, 24, 24, 24]
    assert "refused 10 times in a row, the last time with 403" in rest.reason


def test_a_page_that_came_counts_refusals_anew_and_another_status_does_not(frontier: Frontier) -> None:
    for answered in (Answered.REFUSED, Answered.NEITHER, Answered.REFUSED, Answered.WELL, Answered.REFUSED):
        assert heard(frontier, NOON, Heard(answered=answered, words="451")) is None
    assert refused(frontier, NOON) is None
    assert heard(frontier, NOON, Heard(answered=Answered.NEITHER)) is None
    assert refused(frontier, NOON) is not None


def test_a_rest_without_end_is_kept_for_a_year(frontier: Frontier) -> None:
    rest = frontier.let_rest(HOST, NOON, 1e300, "asked")
    assert rest is not None
    assert rest.length_s == 366 * 86400


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
