"""Which channels are read, when one is due, how a way in is proven, where a backfill goes on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from storage.database.opening import open_database
from storage.frontier import runs
from storage.frontier.frontier import Frontier
from storage.frontier.leases import this_process
from storage.ledger.channels import choose, chosen_channels, interval, keep_channels, not_due
from storage.ledger.ways import left_by_interrupted, proven, told, unproven
from storage.records import Outcome, Verdict
from storage.records.discovery import Channel, Discovery
from storage.records.runs import RunSettings, SeedVisit
from tests.storage.test_plans import plans

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
KNOWN = (Channel(number=2, name="연합뉴스"), Channel(number=5, name="머니투데이"))
LIST = "https://hades-cerberus.v.daum.net/charon/media_home_news_all/data?cpId=2&size=30"
HOUR = timedelta(hours=1)


def run(
    engine: Engine, at: datetime = NOW, mode: str = "latest", origin: str | None = None, days: int = 1
) -> int:
    settings = RunSettings(origin=origin, since=NOW.date() - timedelta(days=days), until=NOW.date())
    return runs.open_run(engine, "daum", mode, this_process(), at, settings)


def visit(engine: Engine, run_id: int, at: datetime = NOW, **changes: object) -> None:
    said = {"outcome": Outcome.STORED, "reason": "listed", "listed": 3, "kind": "channel", "section": None}
    said["seed"] = LIST
    runs.record_seed(engine, SeedVisit(run_id=run_id, at=at, **(said | changes)))  # type: ignore[arg-type]


def names(found: list[Channel]) -> list[str]:
    return [one.name for one in found]


def test_the_operators_choice(engine: Engine) -> None:
    runs.register_source(engine, "daum", None, None)
    assert chosen_channels(engine, "daum") is None
    chosen, missing = choose(engine, "daum", None, KNOWN, ("파이낸셜뉴스",), NOW)
    assert (names(chosen), missing) == (["연합뉴스", "머니투데이"], [])
    listed = [Channel(number=2, name="연합뉴스"), Channel(number=77, name="파이낸셜뉴스")]
    keep_channels(engine, "daum", [*listed, Channel(number=8, name="나일보")], NOW + HOUR)
    own, _ = choose(engine, "daum", None, KNOWN, ("파이낸셜뉴스",), NOW)
    assert names(own) == ["연합뉴스", "머니투데이", "파이낸셜뉴스"]
    some, missing = choose(engine, "daum", ("나일보", "5", "없는일보"), KNOWN, (), NOW)
    assert (names(some), missing) == (["머니투데이", "나일보"], ["없는일보"])
    assert chosen_channels(engine, "daum") == some
    every, _ = choose(engine, "daum", ("all",), KNOWN, (), NOW)
    assert len(every) == 4
    keep_channels(engine, "daum", [Channel(number=8, name="새 나일보")], NOW + 2 * HOUR)
    assert "새 나일보" in names(choose(engine, "daum", ("8",), KNOWN, (), NOW)[0])


@pytest.mark.parametrize(
    ("came", "within", "expected"),
    [(0, 3 * HOUR, 3 * HOUR), (0, 30 * HOUR, 6 * HOUR), (60, HOUR, HOUR / 6), (1, 24 * HOUR, 6 * HOUR)],
)
def test_a_list_is_left_alone_as_its_rate_allows(came: int, within: timedelta, expected: timedelta) -> None:
    assert interval(came, within, 30) == expected


def test_a_slow_channel_is_not_due_and_a_fast_one_is(engine: Engine) -> None:
    frontier = Frontier(engine)
    for poll in range(4):
        at = NOW + poll * HOUR
        number = run(engine, at)
        found = [(Discovery(url=f"https://v.daum.net/v/{n:017d}"), None) for n in range(poll + 1)]
        frontier.discover(number, "daum", LIST, found, at)
        visit(engine, number, at)
    assert not_due(engine, "daum", [LIST, "another"], 30, NOW + 3.5 * HOUR) == {LIST}
    assert not_due(engine, "daum", [LIST], 30, NOW + 10 * HOUR) == set()
    at, number = NOW + 4 * HOUR, run(engine, NOW + 4 * HOUR)
    many = [(Discovery(url=f"https://v.daum.net/v/{n:017d}"), None) for n in range(100, 400)]
    frontier.discover(number, "daum", LIST, many, at)
    visit(engine, number, at)
    assert not_due(engine, "daum", [LIST], 30, NOW + 4.5 * HOUR) == set()


def test_whether_a_list_is_due_reads_the_last_days_alone(sqlite_url: str) -> None:
    """Every run of years was read for each list, with all that the list has ever named."""
    engine = open_database(sqlite_url)
    for poll in range(2):
        at = NOW + poll * HOUR
        number = run(engine, at)
        Frontier(engine).discover(number, "daum", LIST, [(Discovery(url="https://v.daum.net/v/1"), None)], at)
        visit(engine, number, at)
    with plans(engine) as told_plans:
        not_due(engine, "daum", [LIST], 30, NOW + 3 * HOUR)
    (looks, came) = (plan for _, plan in told_plans)
    assert "ix_run_source_started_at (source=? AND started_at>?)" in looks
    assert "ix_discovery_seed_id_last_run_id (seed_id=? AND last_run_id>?)" in came
    engine.dispose()


def test_a_way_is_unproven_until_the_real_site_answered(engine: Engine) -> None:
    way = {"way": "channels", "grade": "B 2026-05-17"}
    played = run(engine, origin="http://127.0.0.1:1")
    visit(engine, played, **way)
    assert told(unproven(engine)) == "channels (B 2026-05-17)"
    refused = run(engine)
    visit(engine, refused, outcome=Outcome.QUARANTINED, reason="another shape", listed=0, **way)
    assert told(unproven(engine, "daum", refused)) == "channels (B 2026-05-17) quarantined: another shape"
    visit(engine, run(engine), listed=0, **way)
    assert proven(engine, "daum", ["channels"]) == set()  # an empty list proves nothing
    visit(engine, run(engine), **way)
    visit(engine, run(engine, origin="http://127.0.0.1:2"), **way)  # newer, and proves nothing
    assert (unproven(engine), proven(engine, "daum", ["channels", "another"])) == ([], {"channels"})


def test_whether_a_way_is_proven_is_asked_of_its_newest_runs(sqlite_url: str) -> None:
    """Each crawl read all visits of its source: 25 ms at 24,000."""
    engine = open_database(sqlite_url)
    visit(engine, run(engine), way="channels", grade="B 2026-05-17")
    with plans(engine) as told_plans:
        assert proven(engine, "daum", ["channels"]) == {"channels"}
    ((_, plan),) = told_plans
    assert "TEMP B-TREE" not in plan  # from the newest on, and not all of them sorted
    assert "ix_seed_visit_proves" in plan
    engine.dispose()


def test_lists_of_a_way_that_are_odd_are_told_whatever_the_newest_came_to(engine: Engine) -> None:
    """Of eight channels two were no JSON: the run was healthy, and said nothing of them."""
    way = {"way": "channels", "grade": "B 2026-05-17"}
    number = run(engine, origin="http://127.0.0.1:1")
    for cp, outcome in enumerate((Outcome.STORED, Outcome.QUARANTINED, Outcome.GONE, Outcome.FAILED)):
        visit(engine, number, seed=f"{LIST}{cp}", outcome=outcome, reason=f"list {cp}", **way)
    visit(engine, number, **way)
    said = "channels (B 2026-05-17) 2 of 5 lists are none, the newest gone: list 2"
    assert told(unproven(engine)) == told(unproven(engine, "daum", number)) == said


def test_an_interrupted_backfill_is_gone_on_with(engine: Engine) -> None:
    def ended(number: int, verdict: Verdict) -> None:
        runs.close_run(engine, number, NOW, verdict, "seeded", {}, {})

    first = run(engine, mode="backfill")
    visit(engine, first, next_url=LIST + "&searchId=2")
    ended(first, Verdict.INTERRUPTED)
    other_days = run(engine, mode="backfill", days=9)
    assert left_by_interrupted(engine, other_days) == {}
    ended(other_days, Verdict.HEALTHY)
    second = run(engine, mode="backfill")
    (left,) = left_by_interrupted(engine, second).values()
    assert (left.run_id, left.next_url) == (first, LIST + "&searchId=2")
    visit(engine, second)
    ended(second, Verdict.INTERRUPTED)
    third = run(engine, mode="backfill")
    assert left_by_interrupted(engine, third)[LIST].next_url is None  # the newest that read it
    ended(third, Verdict.HEALTHY)
    assert left_by_interrupted(engine, run(engine, mode="backfill")) == {}  # it is read anew
