"""The recheck policy: young pages often, old ones never, nothing twice for one age."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.configuration.durations import AGES, parse_ages
from crawler.run.next_look import backoff, born_of, next_look, next_recheck, requests_for
from storage.records import Article, Instant, Outcome, PageKind
from storage.records.runs import LeasedAddress, Listed

BORN = datetime(2026, 11, 20, 0, 0, tzinfo=UTC)


def after(**parts: float) -> datetime:
    return BORN + timedelta(**parts)


@pytest.mark.parametrize(
    ("fetched", "due"),
    [
        (after(minutes=2), after(minutes=10)),
        (after(minutes=10), after(hours=1)),
        (after(minutes=59), after(hours=1)),
        (after(hours=3), after(hours=6)),
        (after(hours=20), after(days=1)),
        (after(days=3), after(days=7)),
        (after(days=8), after(days=30)),
        (after(days=31), None),
        (after(minutes=-5), after(minutes=5)),
    ],
)
def test_the_next_age_is_due(fetched: datetime, due: datetime | None) -> None:
    assert next_recheck(BORN, fetched, fetched) == due


def test_a_page_fresh_from_a_backfill_is_not_asked_again() -> None:
    assert next_recheck(BORN, after(days=400), after(days=400)) is None


def test_a_crawler_that_slept_looks_once() -> None:
    now = after(days=5)
    assert next_recheck(BORN, after(minutes=1), now) == now
    assert next_recheck(BORN, now, now) == after(days=7)


@given(st.integers(min_value=0, max_value=60 * 24 * 40))
def test_a_page_is_asked_at_most_once_for_each_age(first_minute: int) -> None:
    at, looks = after(minutes=first_minute), 0
    while (due := next_recheck(BORN, at, at)) is not None:
        assert due > at
        at, looks = due, looks + 1
    assert looks <= len(AGES)


@pytest.mark.parametrize("outcome", sorted(set(Outcome) - {Outcome.DUPLICATE, Outcome.KNOWN}, key=str))
def test_whatever_a_page_was_it_is_asked_again(outcome: Outcome) -> None:
    """One maintenance page for an hour quarantined every page that was due, and none was asked any more."""
    address = LeasedAddress(id=1, url="https://a.kr/1", source="fnnews", first_seen_at=BORN, attempts=3)
    looked = next_look(address, outcome, BORN, after(minutes=11), AGES)
    soon = outcome in {Outcome.FAILED, Outcome.BLOCKED}
    assert looked == (after(minutes=11) + backoff(3) if soon else after(hours=1))
    assert soon or next_look(address, outcome, BORN, after(days=31), AGES) is None


def page_at(url: str, published: datetime | None) -> Article:
    told = published and Instant(at=published, precision="minute", raw="seeded")
    return Article(
        url=url, source="fnnews", extractor="seeded", kind=PageKind.ARTICLE, published=told or None
    )


def test_what_was_led_to_an_old_article_is_asked_by_its_own_age() -> None:
    """For a day each new article led to an old one: none was asked again, and each list's was known."""
    address = LeasedAddress(id=1, url="https://a.kr/1", source="fnnews", first_seen_at=BORN, attempts=1)
    old, late = after(days=-90), after(hours=2)
    assert born_of(page_at("https://a.kr/3", old), address) == BORN
    assert born_of(page_at("https://a.kr/3", late), address) == late
    assert born_of(page_at("https://a.kr/1", old), address) == old
    assert born_of(page_at("https://a.kr/1", None), address) == BORN


def test_what_gave_no_article_has_its_second_look_though_no_article_has_one() -> None:
    """Without ages an hour of maintenance lost every article that was new in it."""
    address = LeasedAddress(id=1, url="https://a.kr/1", source="fnnews", first_seen_at=BORN, attempts=1)
    for outcome in (Outcome.NOT_ARTICLE, Outcome.QUARANTINED, Outcome.GONE):
        assert next_look(address, outcome, BORN, BORN, ()) == after(minutes=10)
        assert next_look(address, outcome, BORN, BORN, (timedelta(hours=2),)) == after(hours=2)
    for outcome in (Outcome.STORED, Outcome.UNCHANGED, Outcome.REVISED):
        assert next_look(address, outcome, BORN, BORN, ()) is None


def test_what_is_answered_so_for_ever_is_asked_ever_more_seldom() -> None:
    """Once a day each, the dead addresses of years were most of what was asked."""
    address = LeasedAddress(id=1, url="https://a.kr/1", source="fnnews", first_seen_at=BORN, attempts=20)
    for outcome in (Outcome.FAILED, Outcome.BLOCKED):
        assert next_look(address, outcome, BORN, BORN, AGES) == after(days=30)
        assert next_look(address, outcome, BORN, BORN, AGES, answered=False) == after(days=1)


def test_what_failed_is_asked_within_the_hour_while_a_list_names_it() -> None:
    listed = Listed(seed="https://a.kr/rss")
    for attempts, minutes in ((1, 2), (5, 32), (6, 60), (20, 60)):
        address = LeasedAddress(
            id=1, url="https://a.kr/1", source="daum", first_seen_at=BORN, attempts=attempts, listed=listed
        )
        assert next_look(address, Outcome.FAILED, BORN, BORN, AGES) == after(minutes=minutes)


def test_ages_are_read_from_the_setting() -> None:
    assert parse_ages("7d, 10m ,1h") == (timedelta(minutes=10), timedelta(hours=1), timedelta(days=7))
    assert parse_ages("") == ()
    assert next_recheck(BORN, BORN, BORN, ()) is None
    for wrong in ("10", "h", "-1h", "0m", "1w", "10m;1h"):
        with pytest.raises(ValueError, match="a time is a number"):
            parse_ages(wrong)


def test_the_request_budget_is_one_request_for_each_age() -> None:
    assert requests_for(3000) == 18_000
