"""What a list makes due, and what is known and only counted."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, text

from storage.frontier.hints import other_time
from storage.frontier.runs import close_run
from storage.ledger.run_ends import account
from storage.operations.rows import outcomes
from storage.records import Outcome, Verdict
from storage.records.discovery import Discovery
from storage.records.runs import LeasedAddress, Settled
from tests.storage.samples import FNNEWS, NOON, Desk, minutes

OTHER = FNNEWS[:-1] + "2"
AGES = (20, 60, 360)
SAID = Discovery(
    url=FNNEWS,
    title_hint="시립 도서관, 야간 개관",
    time_hint=NOON,
    time_raw="Sun, 27 Sep 2026 12:00:00 +0900",
)


@pytest.fixture
def desk(engine: Engine) -> Desk:
    return Desk(engine)


def listed(desk: Desk, *found: Discovery, at: float = 0, seed: str = "seed:a", ask: bool = False) -> int:
    """Discover; how many of them are known."""
    told = [(one, one.url[-18:]) for one in found]
    return desk.frontier.discover(desk.runs["fnnews"], "fnnews", seed, told, minutes(at), ask=ask).known


def lease(desk: Desk, at: float) -> list[LeasedAddress]:
    return desk.frontier.lease(desk.runs["fnnews"], "fnnews", desk.owner, minutes(at), 60, 100)


def ends(desk: Desk, outcome: Outcome, at: float = 0, due: float | None = 600) -> int:
    """Every address that waits is asked and comes to this outcome; how many."""
    leased = lease(desk, at)
    for address in leased:
        desk._captures += 1000
        desk.frontier.settle(
            Settled(
                address_id=address.id,
                run_id=desk.runs["fnnews"],
                outcome=outcome,
                reason="because",
                at=minutes(at),
                next_fetch_at=None if due is None else minutes(at + due),
                capture_id=desk.capture(address.url, minutes(at), address.id, "fnnews"),
            )
        )
    return len(leased)


def next_run(desk: Desk) -> Desk:
    later = Desk(desk.engine)
    later._captures = desk._captures
    return later


def polled(desk: Desk, *found: Discovery, at: float, seed: str = "seed:a") -> tuple[int, int]:
    """A later run reads the list: (known, asked)."""
    later = next_run(desk)
    known = listed(later, *found, at=at, seed=seed)
    asked = ends(later, Outcome.UNCHANGED, at)
    desk._captures = later._captures
    assert account(desk.engine, later.runs["fnnews"]) is None
    return known, asked


def test_what_is_stored_and_not_due_is_counted_and_not_asked(desk: Desk) -> None:
    listed(desk, SAID)
    assert ends(desk, Outcome.STORED) == 1
    later = next_run(desk)
    assert listed(later, SAID, at=20) == 1
    assert listed(later, SAID, at=20) == 0  # the list's later page: once
    assert listed(later, SAID, at=20, seed="seed:b") == 0
    assert lease(later, 20) == []
    run = later.runs["fnnews"]
    assert later.frontier.outcomes(run) == {"known": 1}
    assert later.frontier.listed(run) == 1
    assert later.frontier.pending(run) == 0
    assert account(desk.engine, run) is None
    assert desk.rows("SELECT count(*) FROM outcome") == [(1,)]
    assert desk.rows("SELECT seed, times, first_run_id < last_run_id FROM discoveries ORDER BY seed") == [
        ("seed:a", 2, True),
        ("seed:b", 1, False),
    ]


def test_it_is_asked_when_its_age_has_come(desk: Desk) -> None:
    listed(desk, SAID)
    ends(desk, Outcome.STORED, due=30)
    assert polled(desk, SAID, at=20) == (1, 0)
    assert polled(desk, SAID, at=31) == (0, 1)


@pytest.mark.parametrize("outcome", [Outcome.FAILED, Outcome.BLOCKED, Outcome.QUARANTINED, Outcome.GONE])
def test_what_gave_nothing_is_asked_when_it_is_listed(desk: Desk, outcome: Outcome) -> None:
    listed(desk, SAID)
    ends(desk, outcome, due=600)
    assert polled(desk, SAID, at=1) == (0, 1)


NO_PAGE = [Outcome.FAILED, Outcome.BLOCKED, Outcome.QUARANTINED, Outcome.GONE]


def in_vain(desk: Desk, outcome: Outcome, due: float | None) -> None:
    """Three polls, one each minute, that come to this outcome."""
    for minute in range(3):
        listed(desk, SAID, at=minute)
        assert ends(desk, outcome, minute, due) == 1
        desk.runs |= next_run(desk).runs


@pytest.mark.parametrize("outcome", NO_PAGE)
def test_what_gave_nothing_three_times_is_left_alone_until_it_is_due(desk: Desk, outcome: Outcome) -> None:
    """Each dead link of a front page was asked again at every poll, for as long as it stood there."""
    in_vain(desk, outcome, due=60)
    assert polled(desk, SAID, at=30) == (1, 0)
    assert polled(desk, SAID, at=61) == (1, 0)
    assert polled(desk, SAID, at=63) == (0, 1)  # the page was there again
    assert polled(desk, SAID, at=64) == (1, 0)


@pytest.mark.parametrize("outcome", NO_PAGE)
def test_what_is_left_alone_ends_again_as_it_ended(desk: Desk, outcome: Outcome) -> None:
    """A run that asked for nothing would be healthy, whatever had become of all that was listed."""
    in_vain(desk, outcome, due=60)
    listed(desk, SAID, at=30)
    assert listed(desk, SAID, at=30, seed="seed:b") == 0  # once
    run = desk.runs["fnnews"]
    assert (desk.frontier.outcomes(run), desk.frontier.listed(run)) == ({outcome.value: 1}, 1)
    because = "" if outcome is Outcome.GONE else ": because"
    said = "SELECT reason, capture_id FROM outcome ORDER BY id DESC LIMIT 1"
    assert desk.rows(said) == [("not asked again yet" + because, None)]


@pytest.mark.parametrize(
    ("outcome", "at", "asked"),
    [
        pytest.param(Outcome.GONE, 60 * 23, 0, id="gone: once a day"),
        pytest.param(Outcome.GONE, 60 * 25, 1, id="gone: each day"),
        pytest.param(Outcome.QUARANTINED, 60 * 25, 1, id="in quarantine: each day"),
        pytest.param(Outcome.FAILED, 60 * 25, 1, id="failed, due by a clock that was ahead"),
    ],
)
def test_no_longer_than_a_day_while_it_is_listed(desk: Desk, outcome: Outcome, at: float, asked: int) -> None:
    in_vain(desk, outcome, due=60 * 24 * 30)
    assert polled(desk, SAID, at=at)[1] == asked


@pytest.mark.parametrize("outcome", [Outcome.FAILED, Outcome.BLOCKED])
def test_what_nobody_answered_for_is_asked_whenever_it_is_listed(desk: Desk, outcome: Outcome) -> None:
    """After an outage of an hour, robots.txt away, each page that it listed waited for an hour more."""
    for minute in range(6):
        listed(desk, SAID, at=minute)
        (address,) = lease(desk, minute)
        run, due = desk.runs["fnnews"], minutes(minute + 60)
        at = minutes(minute)
        desk.frontier.settle(
            Settled(
                address_id=address.id, run_id=run, outcome=outcome, reason="away", at=at, next_fetch_at=due
            )
        )
        desk.runs |= next_run(desk).runs


def test_what_is_left_alone_is_asked_by_name_and_for_another_headline(desk: Desk) -> None:
    in_vain(desk, Outcome.GONE, due=None)
    assert polled(desk, replace(SAID, title_hint="도서관 문 연다"), at=5) == (1, 0)
    later = next_run(desk)
    listed(later, SAID, at=6, ask=True)
    assert ends(later, Outcome.GONE, 6) == 1
    assert polled(desk, replace(SAID, title_hint="도서관 새로 문 연다"), at=30) == (0, 1)


@pytest.mark.parametrize(
    "outcome", [Outcome.STORED, Outcome.UNCHANGED, Outcome.REVISED, Outcome.DUPLICATE, Outcome.NOT_ARTICLE]
)
def test_what_was_understood_is_known_and_may_be_asked_by_name(desk: Desk, outcome: Outcome) -> None:
    listed(desk, SAID)
    ends(desk, outcome, due=None)
    assert polled(desk, SAID, at=60 * 24 * 90) == (1, 0)
    later = next_run(desk)
    assert listed(later, Discovery(url=FNNEWS), at=1, seed="command line", ask=True) == 0
    assert ends(later, Outcome.UNCHANGED, 1) == 1
    assert account(desk.engine, later.runs["fnnews"]) is None


# --- hints ----------------------------------------------------------------------------------------

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("change", "asked"),
    [
        pytest.param({"title_hint": "시립 도서관, 야간 개관 연기"}, 1, id="another headline"),
        pytest.param({"title_hint": None}, 0, id="no headline any more"),
        pytest.param({"time_hint": NOON + HOUR}, 1, id="another time"),
        pytest.param({"time_raw": "Sun, 27 Sep 2026 03:00:00 GMT"}, 0, id="the time spelled otherwise"),
        pytest.param({"time_hint": None, "time_raw": "22분 전"}, 0, id="a relative time"),
        pytest.param({"time_hint": None, "time_raw": None}, 0, id="no time any more"),
        pytest.param({"updated_hint": NOON + HOUR}, 0, id="an update that was never told before"),
        pytest.param({"section_hint": "사회", "publisher_hint": "가일보"}, 0, id="another section"),
        pytest.param({"position": 40}, 0, id="another place"),
    ],
)
def test_only_a_headline_or_an_absolute_time_makes_a_page_due(
    desk: Desk, change: dict[str, object], asked: int
) -> None:
    listed(desk, SAID)
    ends(desk, Outcome.STORED)
    assert polled(desk, SAID, at=20) == (1, 0)
    assert polled(desk, replace(SAID, **change), at=40) == (1 - asked, asked)  # type: ignore[arg-type]
    assert polled(desk, replace(SAID, **change), at=60) == (1, 0)  # type: ignore[arg-type]
    told = asked or ("position" not in change and None not in change.values())
    assert desk.rows("SELECT count(*) FROM discovery") == [(2 if told and "time_raw" not in change else 1,)]


def test_a_feeds_update_makes_a_page_due(desk: Desk) -> None:
    told = replace(SAID, updated_hint=NOON, updated_raw="2026-09-27T12:00:00+09:00")
    listed(desk, told)
    ends(desk, Outcome.STORED)
    assert polled(desk, replace(told, updated_hint=NOON + HOUR), at=90) == (0, 1)


def test_each_seed_is_held_against_itself(desk: Desk) -> None:
    listed(desk, SAID)
    listed(desk, replace(SAID, title_hint="도서관 밤에도 연다"), seed="seed:b")
    ends(desk, Outcome.STORED)
    assert polled(desk, SAID, at=20) == (1, 0)
    assert polled(desk, replace(SAID, title_hint="도서관 밤에도 연다"), at=40, seed="seed:b") == (1, 0)
    assert polled(desk, replace(SAID, title_hint="도서관 밤에도 연다"), at=60, seed="seed:c") == (1, 0)


def test_one_early_look_in_ten_minutes_and_none_is_lost(desk: Desk) -> None:
    listed(desk, SAID)
    ends(desk, Outcome.STORED)
    assert polled(desk, replace(SAID, title_hint="하나"), at=20) == (0, 1)
    assert polled(desk, replace(SAID, title_hint="둘"), at=24) == (1, 0)
    assert polled(desk, replace(SAID, title_hint="셋"), at=28) == (1, 0)
    assert polled(desk, replace(SAID, title_hint="셋"), at=31) == (0, 1)


def test_a_list_that_says_now_of_everything_says_nothing(desk: Desk) -> None:
    def feed(at: float, count: int = 8) -> list[Discovery]:
        return [
            Discovery(url=f"{FNNEWS[:-2]}{number:02d}", title_hint=f"제목 {number}", time_hint=minutes(at))
            for number in range(count)
        ]

    listed(desk, *feed(0))
    ends(desk, Outcome.STORED)
    assert polled(desk, *feed(20), at=20) == (8, 0)
    assert polled(desk, *feed(20)[:7], replace(feed(20)[7], time_hint=minutes(39)), at=40) == (7, 1)


@pytest.mark.parametrize(
    ("before", "now", "other"),
    [
        ("2026.09.27 11:00", "2026.09.27 11:30", True),
        ("2026. 9. 27. 오전 9:00", "2026. 9. 27. 오후 9:00", True),
        ("2026-09-27 11:00:00", "2026-09-27 11:00:00", False),
        ("Tue, 11 08 2026", "Wed, 12 08 2026", True),
        ("27 Sep 2026", "28 Sep 2026", True),
        ("2026.09.27 11:00", "2026년 9월 27일 11시 30분", False),
        ("22분 전", "23분 전", False),
        ("어제 11:00:00", "어제 11:30:00", False),
        ("2시간 전", "2026.09.27 11:00", False),
        ("11:00", "11:30", False),
        ("3 minutes ago", "13 minutes ago", False),
        (None, "2026.09.27 11:00", False),
    ],
)
def test_times_without_a_zone(before: str | None, now: str, other: bool) -> None:
    assert other_time(None, before, None, now) is other


@pytest.mark.parametrize("printed", ["비 그쳐 22분 전", "비 그쳐 · 3시간 전", "[방금 전] 비 그쳐", "비 그쳐"])
def test_an_age_beside_a_headline_is_no_other_headline(desk: Desk, printed: str) -> None:
    listed(desk, replace(SAID, title_hint="비 그쳐 1분 전"))
    ends(desk, Outcome.STORED)
    assert polled(desk, replace(SAID, title_hint=printed), at=20)[1] in (0, 1)
    assert polled(desk, replace(SAID, title_hint="10년 전 사건, 다시 수사"), at=40) == (0, 1)


# --- links that are none, pieces, accounts -------------------------------------------------------------


def test_a_link_too_long_is_told_and_the_others_are_kept(desk: Desk) -> None:
    long = Discovery(url=FNNEWS + "?" + "가" * 2000)
    found = [(one, None) for one in (SAID, long, replace(SAID, url=OTHER))]
    told = desk.frontier.discover(desk.runs["fnnews"], "fnnews", "seed", found, NOON)
    assert told.new == 2
    assert len(told.left_out) == 1
    assert "6,0" in told.left_out[0]
    assert [address.url for address in lease(desk, 0)] == [FNNEWS, OTHER]


def test_what_is_known_and_then_due_in_the_same_run_is_counted_once(desk: Desk) -> None:
    listed(desk, SAID)
    ends(desk, Outcome.STORED, due=20.5)
    later = next_run(desk)
    assert listed(later, SAID, at=20) == 1
    assert ends(later, Outcome.UNCHANGED, at=21) == 1  # its time came while the run went on
    run = later.runs["fnnews"]
    assert later.frontier.outcomes(run) == {"unchanged": 1}
    assert later.frontier.listed(run) == 1
    assert account(desk.engine, run) is None


def test_what_a_run_beside_has_asked_is_known_at_the_end(desk: Desk) -> None:
    listed(desk, SAID)
    beside = next_run(desk)
    listed(beside, SAID, seed="command line", ask=True)
    ends(beside, Outcome.STORED)
    run = desk.runs["fnnews"]
    assert desk.frontier.pending(run) == 1
    desk.frontier.settle_known(run)
    assert desk.frontier.outcomes(run) == {"known": 1}
    assert account(desk.engine, run) is account(desk.engine, beside.runs["fnnews"]) is None


def test_an_account_that_does_not_add_up_is_told(desk: Desk) -> None:
    listed(desk, SAID)
    ends(desk, Outcome.STORED)
    run = desk.runs["fnnews"]
    close_run(desk.engine, run, minutes(1), Verdict.HEALTHY, "seeded", {}, {})
    assert list(outcomes(desk.engine)) == []
    with desk.engine.begin() as connection:
        connection.execute(text("DELETE FROM outcome"))
    assert account(desk.engine, run) == (
        "the ledger does not add up: 1 listed, but 0 known, 0 with an outcome and 0 without"
    )
    assert [one.what for one in outcomes(desk.engine)] == [
        f"run {run} ended healthy, and 1 addresses that it listed have no outcome in it"
    ]


def test_half_a_year_of_polls_is_one_row(desk: Desk) -> None:
    listed(desk, SAID)
    ends(desk, Outcome.STORED, due=None)
    at: datetime = NOON
    for poll in range(1, 6):
        later = next_run(desk)
        at = NOON + timedelta(days=30 * poll)
        assert listed(later, SAID, at=(at - NOON).total_seconds() / 60) == 1
    assert desk.rows("SELECT times FROM discovery") == [(6,)]
