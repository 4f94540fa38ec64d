"""A source's own history as its expectation."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from crawler.verdict.usual import odd_counts, still_since, usual
from storage.ledger.run_history import PastRun
from storage.records import Verdict
from storage.seoul import SEOUL

SUNDAY = datetime(2026, 11, 22, 9, 0, tzinfo=SEOUL)


def history(weeks: int, *, new: int = 40, night: int = 2) -> list[PastRun]:
    """A run every hour: many articles by day, few by night."""
    return [
        PastRun(
            id=hours,
            started_at=SUNDAY - timedelta(hours=hours),
            verdict=Verdict.HEALTHY,
            listed=300,
            new=(new if (SUNDAY - timedelta(hours=hours)).hour in range(7, 22) else night) + hours % 3,
        )
        for hours in range(1, weeks * 168 + 1)
    ]


def test_too_little_history_expects_nothing() -> None:
    assert usual(history(3), SUNDAY) is None
    assert usual([], SUNDAY) is None
    assert list(odd_counts(None, listed=0, new=0)) == []


def test_the_hour_of_the_week_decides() -> None:
    by_day, by_night = usual(history(6), SUNDAY), usual(history(6), SUNDAY - timedelta(hours=6))
    assert by_day is not None
    assert by_night is not None
    assert by_day.new > 35
    assert by_night.new < 5
    assert list(odd_counts(by_day, listed=300, new=0)) == [
        f"0 new articles, usually {by_day.new:g} at this hour of the week"
    ]
    assert list(odd_counts(by_night, listed=300, new=0)) == []


def test_a_quiet_day_is_not_odd_and_a_broken_list_is() -> None:
    expected = usual(history(6), SUNDAY)
    assert list(odd_counts(expected, listed=300, new=15)) == []
    assert list(odd_counts(expected, listed=20, new=15)) == [
        "20 listed, usually 300 at this hour of the week"
    ]


def test_empty_and_blocked_runs_teach_nothing() -> None:
    bad = [
        PastRun(id=n, started_at=run.started_at, verdict=Verdict.EMPTY, listed=0, new=0)
        for n, run in enumerate(history(6))
    ]
    assert usual(bad, SUNDAY) is None


def test_last_year_teaches_nothing() -> None:
    assert usual(history(6), SUNDAY + timedelta(days=300)) is None


def polls(days: float, *moments: float) -> list[PastRun]:
    """A run every six hours since so many days before Sunday; articles came so many days before it."""
    return [
        PastRun(
            id=number,
            started_at=SUNDAY - timedelta(days=days) + timedelta(hours=6 * number),
            verdict=Verdict.HEALTHY,
            listed=20,
            new=int(any(0 <= days - number / 4 - moment < 0.25 for moment in moments)) * 5,
        )
        for number in range(int(days * 4))
    ]


DAILY = tuple(4.0 + day for day in range(12))


@pytest.mark.parametrize(
    ("days", "moments", "since"),
    [
        (16.0, DAILY, 4.0),
        (16.0, tuple(moment - 2 for moment in DAILY), None),  # two days: a weekend
        (60.0, tuple(4 + 7.0 * week for week in range(1, 8)), None),  # a weekly
        (80.0, (*DAILY, 24.0), None),  # it was quiet for nine days before
        (20.0, (20.0,), None),  # nothing but what its lists had at the first look
        (40.0, (40.0,), 40.0),
        (80.0, (), 80.0),
    ],
)
def test_lists_that_name_nothing_new_for_longer_than_ever_stand_still(
    days: float, moments: tuple[float, ...], since: float | None
) -> None:
    told = still_since(polls(days, *moments), SUNDAY, 0)
    assert told == (None if since is None else SUNDAY - timedelta(days=since))
    assert still_since(polls(days, *moments), SUNDAY, 1) is None


def test_without_history_nothing_stands_still() -> None:
    assert still_since([], SUNDAY, 0) is None
