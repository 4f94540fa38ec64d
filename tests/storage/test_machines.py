"""Several machines on one archive: what one cannot see of the other is told by leases and by one clock."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from storage.database.opening import open_database, writing
from storage.database.present import present
from storage.frontier import leases, runs
from storage.frontier.frontier import Frontier
from storage.models import RunRow, SlotState, WorkerRow
from storage.operations import workers
from storage.operations.slot_claims import LEASE_S, SlotEnd, claim, end_slot, forsake, keep
from storage.operations.slots import get_slot, open_slots
from storage.operations.workers import Worker, worker_lives
from storage.records.discovery import Discovery
from storage.records.runs import RunSettings
from tests.storage.samples import NOON, minutes

THERE, THIRD = "there.example/12/boot.space.1", "third.example/12/boot.space.1"
WRONG = [timedelta(hours=-7), timedelta(hours=5)]


@pytest.fixture
def shared(postgresql_url: str) -> Iterator[Engine]:
    opened = open_database(postgresql_url)
    yield opened
    opened.dispose()


# --- one clock ------------------------------------------------------------------------------------


@pytest.mark.parametrize("off", WRONG)
def test_a_wrong_clock_steals_no_lease_and_gives_none_away(shared: Engine, off: timedelta) -> None:
    assert leases.acquire(shared, "crawl:daum", THERE, None, 60) is None
    with time_machine.travel(datetime.now(UTC) + off, tick=True):
        assert leases.doubtful(shared, "crawl:daum", THIRD, None, 60) is None
        assert leases.acquire(shared, "crawl:daum", THIRD, None, 60) == THERE
        assert leases.acquire(shared, "crawl:fnnews", THIRD, None, 60) is None
    assert leases.acquire(shared, "crawl:fnnews", THERE, None, 60) == THIRD
    assert leases.holder(shared, "crawl:daum") == THERE


@pytest.mark.parametrize("off", WRONG)
def test_a_wrong_clock_asks_no_host_too_early_and_waits_no_hours(shared: Engine, off: timedelta) -> None:
    frontier = Frontier(shared)
    assert frontier.take_turn("a.example", THERE, None, 60.0, 30) == 0.0
    with time_machine.travel(datetime.now(UTC) + off, tick=True):
        assert 30 < frontier.take_turn("a.example", THIRD, None, 60.0, 30) <= 60
        frontier.end_turn("a.example", THERE, None, 60.0)
    assert 30 < frontier.take_turn("a.example", THIRD, None, 60.0, 30) <= 60


@pytest.mark.parametrize("off", WRONG)
def test_a_wrong_clock_shortens_no_rest(shared: Engine, off: timedelta) -> None:
    frontier = Frontier(shared)
    with time_machine.travel(datetime.now(UTC) + off, tick=True):
        rest = frontier.let_rest("a.example", None, 100, "asked")
        assert rest is not None
        assert 60 < rest.left_s <= 100
    assert 30 < frontier.take_turn("a.example", THERE, None, 0.0, 30) <= 100


@pytest.mark.parametrize("off", WRONG)
def test_a_wrong_clock_takes_no_slot_that_another_machine_crawls(shared: Engine, off: timedelta) -> None:
    slot = claim(shared, "daum", "latest", NOON, THERE, None)
    assert slot is not None
    with time_machine.travel(datetime.now(UTC) + off, tick=True):
        assert claim(shared, "daum", "latest", NOON, THIRD, None) is None
        assert not get_slot(shared, slot.id).dead
        assert keep(shared, slot.id, THERE)
    assert get_slot(shared, slot.id).held


# --- slots of machines that cannot be seen ----------------------------------------------------------


def test_a_slot_is_taken_over_when_its_lease_has_ended(engine: Engine) -> None:
    slot = claim(engine, "daum", "latest", NOON, THERE, NOON)
    assert slot is not None
    before, after = NOON + timedelta(seconds=LEASE_S - 1), NOON + timedelta(seconds=LEASE_S)
    assert claim(engine, "daum", "latest", NOON, THIRD, before) is None
    assert [one.dead for one in open_slots(engine, before)] == [False]
    assert [one.dead for one in open_slots(engine, after)] == [True]
    taken = claim(engine, "daum", "latest", NOON, THIRD, after)
    assert taken is not None
    assert (taken.attempts, taken.started_at) == (2, NOON)
    # The first one comes back: it neither ends the slot nor keeps it.
    assert not keep(engine, slot.id, THERE)
    assert not end_slot(engine, slot.id, THERE, SlotEnd(state=SlotState.RAN), after)
    assert claim(engine, "daum", "latest", NOON, THERE, after + timedelta(days=1)) is None  # twice is enough
    assert end_slot(engine, slot.id, THIRD, SlotEnd(state=SlotState.RAN), after)
    assert leases.holder(engine, f"slot:{slot.id}", NOON) is None


def test_only_the_slot_of_a_process_that_was_seen_to_die_is_given_up(engine: Engine) -> None:
    here = leases.this_process("slot-daum-latest")
    slot = claim(engine, "daum", "latest", NOON, here, None)
    assert slot is not None
    forsake(engine, slot)
    assert get_slot(engine, slot.id).held
    elsewhere = claim(engine, "fnnews", "latest", NOON, THERE, None)
    assert elsewhere is not None
    forsake(engine, elsewhere)
    assert get_slot(engine, elsewhere.id).held


def test_whoever_holds_the_source_closes_the_run_that_lost_it(engine: Engine) -> None:
    """And what that run had leased is due at once."""
    lost = runs.open_run(engine, "daum", "latest", THERE, NOON, RunSettings())
    beside = runs.open_run(engine, "daum", "fetch", THERE, NOON, RunSettings())
    frontier = Frontier(engine)
    found = Discovery(url="https://v.daum.net/v/20261120000000001", position=0)
    frontier.discover(lost, "daum", "https://news.daum.net/", [(found, None)], NOON)
    assert len(frontier.lease(lost, "daum", THERE, None, 900, 5)) == 1

    runs.open_run(engine, "daum", "fetch", THIRD, minutes(1), RunSettings())
    assert unfinished(engine) >= {lost, beside}
    new = runs.open_run(engine, "daum", "latest", THIRD, minutes(1), RunSettings(), alone=True)
    assert lost not in unfinished(engine)
    assert beside in unfinished(engine)
    assert [one.url for one in frontier.lease(new, "daum", THIRD, None, 900, 5)] == [found.url]


def unfinished(engine: Engine) -> set[int]:
    with Session(engine) as session:
        return set(session.scalars(select(RunRow.id).where(RunRow.finished_at.is_(None))))


# --- workers ----------------------------------------------------------------------------------------


def test_workers_are_told_apart_by_what_was_heard_of_them(engine: Engine) -> None:
    slot = claim(engine, "daum", "latest", NOON, THERE, None)
    assert slot is not None
    named = {
        "lives": Worker(owner=leases.this_process("worker"), machine="a", queues=(), concurrency=2),
        "silent": Worker(owner=THERE, machine="b", queues=("seoul", "busan"), concurrency=1),
        "stopped": Worker(owner=THIRD, machine="c", queues=(), concurrency=1),
        "dead": Worker(
            owner=f"{leases.this_process().split('/')[0]}/4194304/-", machine="d", queues=(), concurrency=1
        ),
    }
    for worker in named.values():
        workers.beat(engine, worker, -2.5, [slot.id, 4711])
    workers.stopped(engine, THIRD)
    with writing(engine) as session:
        late = present(session) - timedelta(seconds=61)
        session.execute(update(WorkerRow).where(WorkerRow.owner == THERE).values(beat_at=late))
    lives = worker_lives(engine)
    assert [(life.worker.machine, life.state) for life in lives] == [
        ("a", "lives"), ("b", "silent"), ("c", "stopped"), ("d", "dead"),
    ]  # fmt: skip
    assert lives[1].worker == named["silent"]
    assert (lives[0].clock_ahead_s, lives[2].crawling) == (-2.5, [])
    assert [text.split(" since ")[0] for text in lives[0].crawling] == ["daum latest"]
