"""Slots planned from what is known: nothing owed is forgotten, nothing is crawled twice."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.configuration.cron import parse_cron
from crawler.schedule.plan import (
    Known,
    LastCrawl,
    TooManySlots,
    began,
    cron_origin,
    extra_slot,
    known_until,
    plan_slots,
)
from storage.models import SlotState
from storage.operations.slots import PlannedSlot
from storage.seoul import SEOUL

HOURLY = parse_cron("@hourly")
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=SEOUL)
HOUR = timedelta(hours=1)


def test_one_slot_came_due() -> None:
    (slot,) = plan_slots(HOURLY, Known(until=NOON), NOON + HOUR)
    assert (slot.due_at, slot.state) == (NOON + HOUR, SlotState.DUE)


def test_nothing_came_due() -> None:
    assert plan_slots(HOURLY, Known(until=NOON), NOON + timedelta(minutes=59)) == []


def test_after_downtime_the_newest_is_crawled_and_the_others_end_in_it() -> None:
    known = Known(until=NOON, down_since=NOON + timedelta(minutes=5))
    planned = plan_slots(HOURLY, known, NOON + 5 * HOUR + timedelta(minutes=20))
    assert [slot.state for slot in planned] == [SlotState.COALESCED] * 4 + [SlotState.DUE]
    assert planned[0].reason == (
        "no scheduler was running after 2026-11-20 12:05; "
        "the slot of 2026-11-20 17:00 was crawled in its place"
    )


def test_slots_that_the_clock_passed_over_are_asleep() -> None:
    known = Known(until=NOON, asleep_since=NOON + HOUR * 1.5)
    planned = plan_slots(HOURLY, known, NOON + 4 * HOUR)
    assert [slot.state for slot in planned] == [
        SlotState.COALESCED,  # 13:00 was due before the sleep
        SlotState.ASLEEP,
        SlotState.ASLEEP,
        SlotState.DUE,
    ]


def test_a_slot_that_waits_behind_a_crawl_ends_in_the_next() -> None:
    waiting = PlannedSlot(due_at=NOON, origin=cron_origin(HOURLY))
    planned = plan_slots(HOURLY, Known(until=NOON, waiting=(waiting,)), NOON + HOUR)
    assert [slot.state for slot in planned] == [SlotState.COALESCED, SlotState.DUE]
    assert planned[0].reason == (
        "it was not begun in time: a crawl of the source was running, or nobody could begin one; "
        "the slot of 2026-11-20 13:00 was crawled in its place"
    ), "a scheduler whose database refused for minutes had no crawl that ran"


def test_a_clock_that_is_decades_off_plans_nothing() -> None:
    with pytest.raises(TooManySlots, match="is the clock right"):
        plan_slots(parse_cron("* * * * *"), Known(until=NOON), NOON + 30 * 365 * 24 * HOUR)


def test_a_clock_that_jumped_back_owes_nothing_twice() -> None:
    assert plan_slots(HOURLY, Known(until=NOON), NOON - 3 * HOUR) == []


def test_a_changed_line_owes_nothing_of_the_time_before_the_change() -> None:
    last, changed = (NOON - 9 * HOUR, "cron @daily"), NOON - 2 * HOUR
    daily = parse_cron("@daily")
    assert known_until(*last, HOURLY, in_force_since=changed, now=NOON) == changed
    assert known_until(*last, daily, in_force_since=changed, now=NOON) == last[0]
    assert known_until(*last, HOURLY, in_force_since=NOON + HOUR, now=NOON) == NOON  # a file of the future


LINES = st.sampled_from(["@hourly", "*/7 * * * *", "0 */5 * * 1-5", "30 4 1 * *", "0 0 * * 7"])


@given(LINES, st.lists(st.integers(1, 3000), min_size=1, max_size=15))
@settings(max_examples=80, deadline=None)
def test_however_it_is_looked_at_every_slot_is_accounted_for_once(line: str, looks: list[int]) -> None:
    """Planned at any moments, the slots are those of the line, and one look owes one crawl at most."""
    cron, now, seen = parse_cron(line), NOON, {}
    until, waiting = NOON, ()
    for minutes in looks:
        now += timedelta(minutes=minutes)
        planned = plan_slots(cron, Known(until=until, waiting=waiting), now)
        assert sum(slot.state is SlotState.DUE for slot in planned) <= 1
        for slot in planned:
            seen[slot.due_at] = slot.state
        waiting = tuple(slot for slot in planned if slot.state is SlotState.DUE)
        until = max([until, *(slot.due_at for slot in planned)])
    assert sorted(seen) == list(cron.between(NOON, now))
    assert all(state is SlotState.COALESCED for state in list(seen.values())[:-1])


@pytest.mark.parametrize(("seconds", "state"), [(0, "ran"), (60, "ran"), (61, "late"), (86400, "late")])
def test_late_begins_after_a_minute(seconds: int, state: str) -> None:
    assert began(NOON, NOON + timedelta(seconds=seconds)).value == state


def crawl(breaks: int, requests: int = 60) -> LastCrawl:
    return LastCrawl(started_at=NOON, requests=requests, breaks=breaks)


def extra_minutes(breaks: int, requests: int = 60) -> float | None:
    at = extra_slot(HOURLY, crawl(breaks, requests), NOON + timedelta(minutes=3), delay_s=1, share=0.5)
    return None if at is None else (at - NOON).total_seconds() / 60


def test_the_interval_is_halved_for_each_crawl_that_missed_something() -> None:
    assert extra_minutes(0) is None
    assert [extra_minutes(breaks) for breaks in (1, 2, 3)] == [31, 16, 8.5 // 1]


def test_the_interval_keeps_to_the_politeness_budget() -> None:
    """600 requests at one a second in half of the time: not more than one crawl in twenty minutes."""
    assert extra_minutes(9, requests=600) == 21
    assert extra_minutes(9, requests=3600) is None
