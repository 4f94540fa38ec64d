"""An unproven way that always fails is asked ever more seldom; what says nothing of it changes nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, insert

from storage.database.opening import writing
from storage.frontier import runs
from storage.frontier.leases import this_process
from storage.ledger.resting_ways import failing_ways, resting_ways
from storage.models import CaptureRow
from storage.records import Outcome
from storage.records.runs import RunSettings, SeedVisit

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
POLL, HOUR = timedelta(minutes=20), timedelta(hours=1)
FEED = "https://www.fnnews.com/rss/r20/fn_realnews_it.xml"


def poll(
    engine: Engine,
    at: datetime,
    outcome: Outcome = Outcome.QUARANTINED,
    *,
    listed: int = 0,
    way: str | None = "feed it",
    seed: str = FEED,
    mode: str = "latest",
    origin: str | None = None,
    answered: bool = True,
) -> None:
    number = runs.open_run(engine, "fnnews", mode, this_process(), at, RunSettings(origin=origin))
    capture = _capture(engine, number, at) if answered else None
    said = {"kind": "feed", "section": None, "reason": "seeded", "grade": "C 2019" if way else None}
    made = SeedVisit(
        run_id=number, seed=seed, outcome=outcome, listed=listed, at=at, way=way, capture_id=capture, **said
    )  # type: ignore[arg-type]
    runs.record_seed(engine, made)


def _capture(engine: Engine, run_id: int, at: datetime) -> int:
    row = {"url": FEED, "fetched_at": at, "http_status": 200, "payload_digest": "a", "payload_length": 1}
    place = {"warc_file": "a.warc.gz", "warc_offset": run_id, "warc_length": 1}
    with writing(engine) as session:
        made = insert(CaptureRow).values(run_id=run_id, **row, **place).returning(CaptureRow.id)
        return session.scalars(made).one()


def resting(engine: Engine, now: datetime, origin: str | None = None) -> list[str]:
    return [one.name for one in resting_ways(engine, "fnnews", origin, now)]


def test_rests_grow_from_an_hour_to_a_day_and_are_kept_by_whoever_asks(engine: Engine) -> None:
    at, waited = NOW, []
    for _ in range(10):
        assert resting(engine, at) == []
        poll(engine, at)
        (one,) = failing_ways(engine, "fnnews", at)
        until = one.until or at + POLL
        assert resting(engine, until - POLL / 2) == (["feed it"] if one.until else [])
        waited.append((until - at) / HOUR)
        at = until
    assert waited == pytest.approx([1 / 3, 1 / 3, 1, 2, 4, 8, 16, 24, 24, 24])
    assert str(one) == "feed it (C 2019) until 2026-11-24 19:40, failed 10 times in a row"
    assert one.why == "left alone until 2026-11-24 19:40: feed it failed 10 times in a row"


@pytest.mark.parametrize("outcome", [Outcome.STORED, Outcome.UNCHANGED])
def test_a_list_that_was_read_ends_the_count_even_an_empty_one(engine: Engine, outcome: Outcome) -> None:
    for number in range(5):
        poll(engine, NOW + number * POLL)
    assert resting(engine, NOW + 5 * POLL) == ["feed it"]
    poll(engine, NOW + 5 * POLL, outcome)
    for number in range(6, 8):
        poll(engine, NOW + number * POLL)
    assert resting(engine, NOW + 8 * POLL) == []


@pytest.mark.parametrize(
    "odd",
    [
        {"outcome": Outcome.BLOCKED, "answered": False},  # the host rests, or the way does
        {"mode": "backfill"},
        {"mode": "fill"},
        {"origin": "http://127.0.0.1:1"},  # a stand-in
        {"way": None},
        {"way": "another"},
    ],
)
def test_what_says_nothing_of_the_way(engine: Engine, odd: dict[str, object]) -> None:
    for number in range(2):
        poll(engine, NOW + number * POLL)
    for number in range(2, 6):
        poll(engine, NOW + number * POLL, **odd)  # type: ignore[arg-type]
    assert resting(engine, NOW + 6 * POLL) == ([] if odd.get("way") != "another" else ["another"])
    poll(engine, NOW + 6 * POLL)
    assert "feed it" in resting(engine, NOW + 7 * POLL)


@pytest.mark.parametrize("outcome", [Outcome.FAILED, Outcome.GONE, Outcome.BLOCKED, Outcome.QUARANTINED])
def test_whatever_it_answers_in_place_of_a_list_counts(engine: Engine, outcome: Outcome) -> None:
    for number in range(3):
        poll(engine, NOW + number * POLL, outcome, answered=outcome is not Outcome.FAILED)
    assert resting(engine, NOW + 3 * POLL) == ["feed it"]


def test_a_way_with_one_list_that_is_read_goes_on_and_a_proven_one_never_rests(engine: Engine) -> None:
    for number in range(4):
        at = NOW + number * POLL
        poll(engine, at, way="channels", seed="a")
        poll(engine, at, Outcome.STORED, way="channels", seed="b")
        poll(engine, at, way="search")
    assert resting(engine, NOW + 4 * POLL) == ["search"]
    poll(engine, NOW - 300 * 24 * HOUR, Outcome.STORED, listed=3, way="search")
    assert resting(engine, NOW + 4 * POLL) == []


def test_a_clock_that_was_put_back_and_failures_of_long_ago_let_it_be_asked(engine: Engine) -> None:
    for number in range(4):
        poll(engine, NOW + number * POLL)
    assert resting(engine, NOW - HOUR) == []
    assert resting(engine, NOW + 30 * 24 * HOUR) == []


def test_a_stand_in_s_failures_are_its_own(engine: Engine) -> None:
    for number in range(3):
        poll(engine, NOW + number * POLL, origin="http://127.0.0.1:1")
    assert resting(engine, NOW + 3 * POLL) == []
    assert resting(engine, NOW + 3 * POLL, "http://127.0.0.1:1") == ["feed it"]
