"""What a clock that was ahead has left is due again, and nothing else is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, text

from storage.frontier.ahead import ahead, due_again
from storage.frontier.runs import open_run
from storage.records import Outcome
from storage.records.discovery import Discovery
from storage.records.runs import RunSettings, Settled
from tests.storage.samples import FNNEWS, NOON, Desk, minutes
from tests.storage.test_plans import plans, read_whole

MONTH = timedelta(days=30)
DAY = 60.0 * 24
CENTURY = DAY * 365 * 73
"""Minutes: to 2099."""


def asked(desk: Desk, at: float, due: float | None, outcome: Outcome = Outcome.UNCHANGED) -> None:
    """A run under a clock so many minutes ahead of noon asks a page, and plans its next look."""
    run = open_run(desk.engine, "fnnews", "latest", desk.owner, minutes(at), RunSettings())
    found = [(Discovery(url=FNNEWS), None)]
    desk.frontier.discover(run, "fnnews", "seed:a", found, minutes(at), ask=True)
    (address,) = desk.frontier.lease(run, "fnnews", desk.owner, minutes(at), 60, 1)
    desk._captures += 1
    end = Settled(
        address_id=address.id,
        run_id=run,
        outcome=outcome,
        reason="because",
        at=minutes(at),
        next_fetch_at=None if due is None else minutes(at + due),
        capture_id=desk.capture(address.url, minutes(at), address.id, "fnnews"),
    )
    desk.frontier.settle(end)


@pytest.mark.parametrize(
    ("at", "due", "made_due"),
    [
        (CENTURY, None, 1),  # its page was found old enough to be left alone
        (CENTURY, 10, 1),
        (DAY * 400, DAY * 30, 1),
        (60 * 9, None, 1),  # local time that was taken for UTC
        (60 * 9, DAY, 1),
        (0, DAY * 30, 0),
        (0, None, 0),
        (5, None, 0),
        (-DAY * 900, None, 0),
        (-DAY * 20_000, 10, 0),  # 1970: due long since
    ],
)
def test_what_another_clock_put_off_is_due(
    engine: Engine, at: float, due: float | None, made_due: int
) -> None:
    desk = Desk(engine)
    asked(desk, at, due)
    left = ahead(engine, "fnnews", NOON)
    assert (0 if left is None else left.pages) == made_due
    assert due_again(engine, "fnnews", MONTH, NOON) == made_due
    assert due_again(engine, "fnnews", MONTH, NOON) == 0
    due_now = made_due or at < -DAY * 10_000
    assert len(desk.frontier.lease(desk.runs["fnnews"], "fnnews", desk.owner, NOON, 60, 9)) == due_now


def test_a_page_that_no_run_under_that_clock_answered_for_is_due_too(engine: Engine) -> None:
    """The clock was put ahead in mid-run, and the process killed: its run seems to have ended in time."""
    desk = Desk(engine)
    asked(desk, 0, CENTURY, Outcome.FAILED)
    assert due_again(engine, "fnnews", MONTH, NOON) == 1


def test_a_listed_page_that_was_fetched_in_times_to_come_is_asked_once(engine: Engine) -> None:
    desk = Desk(engine)
    asked(desk, CENTURY, None)
    found, runs = [(Discovery(url=FNNEWS), None)], []
    for at in (1, 2):
        runs.append(open_run(engine, "fnnews", "latest", desk.owner, minutes(at), RunSettings()))
        desk.frontier.discover(runs[-1], "fnnews", "seed:a", found, minutes(at))
        for address in desk.frontier.lease(runs[-1], "fnnews", desk.owner, minutes(at), 60, 9):
            desk._captures += 1
            capture = desk.capture(address.url, minutes(at), address.id, "fnnews")
            end = Settled(
                address_id=address.id,
                run_id=runs[-1],
                outcome=Outcome.UNCHANGED,
                reason="",
                at=minutes(at),
                capture_id=capture,
            )
            desk.frontier.settle(end)
    assert [desk.frontier.outcomes(run) for run in runs] == [{"unchanged": 1}, {"known": 1}]


def test_a_clock_of_1970_takes_nothing_for_ahead(engine: Engine) -> None:
    desk = Desk(engine)
    asked(desk, 0, 10)
    assert due_again(engine, "fnnews", MONTH, datetime(1970, 1, 1, tzinfo=UTC)) == 0


def test_it_reads_no_whole_table(engine: Engine) -> None:
    desk = Desk(engine)
    asked(desk, CENTURY, None)
    with engine.begin() as connection:
        connection.execute(text("ANALYZE"))
    with plans(engine) as told:
        due_again(engine, "fnnews", MONTH, NOON)
    assert told
    if engine.dialect.name == "sqlite":  # on so few rows PostgreSQL reads tables whole
        assert read_whole(told) == []
