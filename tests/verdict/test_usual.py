"""A source's own history as its expectation."""

from __future__ import annotations

from datetime import datetime, timedelta

from crawler.verdict.usual import odd_counts, usual
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
