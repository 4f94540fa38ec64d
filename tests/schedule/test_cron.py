"""Cron lines against crontab(5): by hand, and against a minute-by-minute brute force."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from crawler.configuration.cron import Cron, WrongCron, joined, parse_cron
from storage.seoul import SEOUL

FRIDAY = datetime(2026, 11, 20, 12, 0, tzinfo=SEOUL)


def fires(line: str, count: int, start: datetime = FRIDAY) -> list[str]:
    cron, found, at = parse_cron(line), [], start
    for _ in range(count):
        at = cron.next_after(at)
        found.append(f"{at:%a %m-%d %H:%M}")
    return found


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("*/20 * * * *", ["Fri 11-20 12:20", "Fri 11-20 12:40", "Fri 11-20 13:00"]),
        # APScheduler's from_crontab makes this Tuesday to Saturday.
        ("0 6 * * 1-5", ["Mon 11-23 06:00", "Tue 11-24 06:00", "Wed 11-25 06:00"]),
        ("0 6 * * mon-fri", ["Mon 11-23 06:00", "Tue 11-24 06:00", "Wed 11-25 06:00"]),
        ("0 6 * * 0", ["Sun 11-22 06:00", "Sun 11-29 06:00"]),
        ("0 6 * * 7", ["Sun 11-22 06:00", "Sun 11-29 06:00"]),
        ("0 6 * * SUN", ["Sun 11-22 06:00", "Sun 11-29 06:00"]),
        ("0 6 * * 5-7", ["Sat 11-21 06:00", "Sun 11-22 06:00", "Fri 11-27 06:00"]),
        ("0 0 1,15 * 5", ["Fri 11-27 00:00", "Tue 12-01 00:00", "Fri 12-04 00:00"]),  # either day
        ("0 0 */10 * 5", ["Fri 12-11 00:00", "Fri 01-01 00:00"]),  # starts with *: both days
        ("0 0 13 * *", ["Sun 12-13 00:00", "Wed 01-13 00:00"]),
        ("30 4 29 2 *", ["Tue 02-29 04:30", "Sun 02-29 04:30"]),
        ("0 9-18/3 * dec *", ["Tue 12-01 09:00", "Tue 12-01 12:00", "Tue 12-01 15:00"]),
        ("@hourly", ["Fri 11-20 13:00"]),
        ("@daily", ["Sat 11-21 00:00"]),
        ("@weekly", ["Sun 11-22 00:00"]),
        ("@monthly", ["Tue 12-01 00:00"]),
        ("@yearly", ["Fri 01-01 00:00"]),
        ("  5\t* * * *  ", ["Fri 11-20 12:05"]),
    ],
)
def test_a_line_fires_when_crontab_says(line: str, expected: list[str]) -> None:
    assert fires(line, len(expected)) == expected


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("", "five fields"),
        ("* * * *", "has 4"),
        ("* * * * * *", "has 6"),
        ("60 * * * *", "minute '60'"),
        ("* 24 * * *", "hour '24'"),
        ("* * 0 * *", "day of month '0'"),
        ("* * 32 * *", "day of month '32'"),
        ("* * * 13 *", "month '13'"),
        ("* * * * 8", "day of week '8'"),
        ("* * * * sat-sun", "day of week 'sat-sun'"),
        ("* * * foo *", "month 'foo'"),
        ("*/0 * * * *", "minute '*/0'"),
        ("*/x * * * *", "minute '*/x'"),
        ("5/10 * * * *", "minute '5/10'"),
        ("10-5 * * * *", "minute '10-5'"),
        ("1,,2 * * * *", "minute '1,,2'"),
        ("-1 * * * *", "minute '-1'"),
        ("* * L * *", "day of month 'l'"),
        ("* * * * 5#2", "day of week '5#2'"),
        ("* * * * 5L", "day of week '5l'"),
        ("1-2-3 * * * *", "minute '1-2-3'"),
        ("* * * * *\n* * * * *", "has 10"),
        ("٣ * * * *", "minute '٣'"),
        ("@reboot", "no time of day"),
        ("@often", "is none of"),
        ("0 0 30 2 *", "never comes"),
        ("0 0 31 4,6 *", "never comes"),
    ],
)
def test_what_is_no_line_is_refused_in_a_sentence(line: str, sentence: str) -> None:
    with pytest.raises(WrongCron, match=re.escape(sentence)):
        parse_cron(line)


def test_an_impossible_day_of_month_is_fine_beside_a_weekday() -> None:
    assert fires("0 0 30 2 1", 1) == ["Mon 02-01 00:00"]


def parts(low: int, high: int) -> st.SearchStrategy[str]:
    number = st.integers(low, high)
    span = st.tuples(number, number).map(lambda pair: f"{min(pair)}-{max(pair)}")
    step = st.integers(1, high)
    return st.one_of(
        number.map(str),
        span,
        st.just("*"),
        st.tuples(st.one_of(span, st.just("*")), step).map(lambda pair: f"{pair[0]}/{pair[1]}"),
    )


def fields(low: int, high: int) -> st.SearchStrategy[str]:
    return st.lists(parts(low, high), min_size=1, max_size=3).map(",".join)


LINES = st.tuples(fields(0, 59), fields(0, 23), fields(1, 28), fields(1, 12), fields(0, 7)).map(" ".join)
INSTANTS = st.integers(946_684_800, 3_786_912_000).map(lambda at: datetime.fromtimestamp(at, UTC))
"""2000 to 2090."""


def brute_numbers(word: str, low: int, high: int) -> set[int]:
    """Independent of the module: every number of the field, asked one by one."""

    def holds(number: int, part: str) -> bool:
        span, _, step = part.partition("/")
        first, _, last = ("*", "", "") if span == "*" else span.partition("-")
        begin, end = (low, high) if first == "*" else (int(first), int(last or first))
        return begin <= number <= end and (number - begin) % int(step or 1) == 0

    return {number for number in range(low, high + 1) if any(holds(number, part) for part in word.split(","))}


def brute_force(line: str, start: datetime, days: int) -> list[datetime]:
    """Every matching minute of the days after ``start``, found by asking each one."""
    minute, hour, day, month, week = line.split()
    minutes, hours = brute_numbers(minute, 0, 59), brute_numbers(hour, 0, 23)
    month_days, months = brute_numbers(day, 1, 31), brute_numbers(month, 1, 12)
    weekdays = {number % 7 for number in brute_numbers(week, 0, 7)}
    either = day[0] != "*" and week[0] != "*"
    at = start.astimezone(SEOUL).replace(second=0, microsecond=0) + timedelta(minutes=1)
    found = []
    for _ in range(days * 24 * 60):
        by_month, by_week = at.day in month_days, (at.weekday() + 1) % 7 in weekdays
        right_day = (by_month or by_week) if either else (by_month and by_week)
        if at.minute in minutes and at.hour in hours and at.month in months and right_day:
            found.append(at)
        at += timedelta(minutes=1)
    return found


def read(line: str) -> Cron | None:
    """None when the line names a day that never comes."""
    try:
        return parse_cron(line)
    except WrongCron:
        return None


@settings(max_examples=60, deadline=None)
@given(LINES, INSTANTS)
def test_against_brute_force(line: str, start: datetime) -> None:
    days = 3
    cron = read(line)
    if cron is None:
        assert brute_force(line, start, days) == []
        return
    end = start.astimezone(SEOUL).replace(second=0, microsecond=0) + timedelta(minutes=days * 24 * 60)
    expected = brute_force(line, start, days)
    assert list(cron.between(start, end)) == expected
    if expected:
        assert cron.last_until(end) == expected[-1]


@given(LINES, INSTANTS)
@settings(max_examples=100, deadline=None)
def test_last_and_next_enclose_the_instant(line: str, at: datetime) -> None:
    cron = read(line)
    assume(cron is not None)
    last, following = cron.last_until(at), cron.next_after(at)
    assert last is not None
    assert following is not None
    assert last <= at < following
    assert cron.next_after(last) == following
    assert cron.last_until(following) == following


def test_several_lines_are_one_schedule() -> None:
    """By day every twenty minutes, by night every two hours; a moment of both comes once."""
    both = joined([parse_cron("*/20 6-8 * * *"), parse_cron("0 0-6/2 * * *")])
    start = datetime(2026, 11, 20, 0, 0, tzinfo=SEOUL)
    found = [f"{at:%H:%M}" for at in both.between(start, start + timedelta(hours=9))]
    assert found == [
        "02:00",
        "04:00",
        *(f"{hour:02}:{minute:02}" for hour in (6, 7, 8) for minute in (0, 20, 40)),
    ]
    assert both.last_until(start + timedelta(hours=5)) == start + timedelta(hours=4)
    assert both.last_until(start + timedelta(hours=7, minutes=30)) == start + timedelta(hours=7, minutes=20)
    assert both.next_after(start + timedelta(hours=8, minutes=50)) == start + timedelta(hours=24)
