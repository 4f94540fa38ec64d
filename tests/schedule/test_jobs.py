"""Slots handed to other machines: what jobs do, and that losing them loses nothing. PostgreSQL only."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
import time_machine
from sqlalchemy import Engine, text

from crawler.configuration.file import parse_file
from crawler.schedule.child import ChildEnd
from crawler.schedule.claim import run_for_slot
from crawler.schedule.jobs import SCHEMA, Jobs, job_app, make_tables, renew_tables
from crawler.schedule.slot_job import SlotJob, job_of, parse_job
from crawler.schedule.worker import Crew, queues_of
from storage.database.opening import open_database
from storage.database.present import archive_now, clock_ahead_s
from storage.database.refusal import DatabaseRefused
from storage.database.tables import schema_state
from storage.models import SlotState
from storage.operations.slot_claims import SlotEnd, claim, end_slot
from storage.operations.slots import PlannedSlot, Slot, get_slot, slots_between, write_plan
from tests.places import ROOT
from tests.surroundings import bare_environment, free_port

AT = datetime(2026, 11, 26, 4, 0, tzinfo=UTC)
ELSEWHERE = "another-host.example/12/boot.space.1/slot-daum-latest"
FILE = parse_file(
    '[sources.daum.latest]\ncron = "@hourly"\nqueue = "seoul"\nkill_after = "5m"\n'
    '[sources.fnnews.latest]\ncron = "@hourly"\n',
    ["daum", "fnnews"],
)


@pytest.fixture
def shared(postgresql_url: str) -> Iterator[Engine]:
    """An archive of several machines."""
    opened = open_database(postgresql_url)
    make_tables(opened)
    yield opened
    opened.dispose()


@pytest.fixture
def jobs(shared: Engine, postgresql_url: str) -> Jobs:
    return Jobs(postgresql_url)


def owed(engine: Engine, source: str = "daum", at: datetime = AT) -> SlotJob:
    (slot,) = write_plan(engine, source, "latest", [PlannedSlot(due_at=at, origin="cron")], at).values()
    tables: dict[Any, Any] = dict(FILE.sources[source])
    return job_of(slot, tables["latest"])


def waiting(engine: Engine) -> list[tuple[Any, ...]]:
    asked = (
        f"SELECT queue_name, lock, queueing_lock, status::text FROM {SCHEMA}.procrastinate_jobs ORDER BY id"
    )
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(asked))]


def change(engine: Engine, statement: str) -> None:
    with engine.begin() as connection:
        connection.execute(text(f"SET LOCAL search_path = {SCHEMA}"))
        connection.execute(text(statement))


def take(url: str, queues: Sequence[str] | None = None) -> None:
    """As a worker does that is killed at once: it has the job, and never ends it."""

    async def taken() -> None:
        async with job_app(url).open_async() as app:
            number = await app.job_manager.register_worker()
            assert await app.job_manager.fetch_job(queues=queues, worker_id=number) is not None

    asyncio.run(taken())


# --- their tables ---------------------------------------------------------------------------------


def test_the_tables_are_made_once_and_anew_for_another_version(shared: Engine, postgresql_url: str) -> None:
    assert not make_tables(shared)
    assert schema_state(shared) == "current"  # they are none of the archive's
    owed(shared)
    change(shared, f"COMMENT ON SCHEMA {SCHEMA} IS 'procrastinate 3.0.0'")
    change(shared, "ALTER TABLE procrastinate_jobs DROP COLUMN lock")
    assert renew_tables(postgresql_url)
    assert Jobs(postgresql_url).hand_over([owed(shared)]) != []


def test_an_archive_that_never_used_the_engine_gets_no_tables_of_it(postgresql_url: str) -> None:
    assert not renew_tables(postgresql_url)
    done = newsarchive("db", "upgrade", NEWSARCHIVE_DATABASE_URL=postgresql_url)
    assert (done.returncode, done.stdout) == (0, "the archive's database is up to date\n"), done.stderr
    with psycopg.connect(postgresql_url.replace("+psycopg", "")) as connection:
        found = connection.execute("SELECT count(*) FROM pg_namespace WHERE nspname = %s", [SCHEMA])
        assert found.fetchone() == (0,)


# --- handing over ---------------------------------------------------------------------------------


def test_each_due_slot_has_one_job_with_its_locks(jobs: Jobs, shared: Engine) -> None:
    wanted = [owed(shared), owed(shared, "fnnews")]
    assert jobs.hand_over(wanted) == wanted
    assert jobs.hand_over(wanted) == []
    assert waiting(shared) == [
        ("seoul", "source daum", f"slot {wanted[0].slot}", "todo"),
        ("default", "source fnnews", f"slot {wanted[1].slot}", "todo"),
    ]
    assert parse_job(wanted[0].arguments()) == wanted[0]


def test_the_job_of_a_slot_that_is_over_is_taken_back(jobs: Jobs, shared: Engine) -> None:
    first, second = owed(shared), owed(shared, at=AT + timedelta(hours=1))
    jobs.hand_over([first])
    assert jobs.hand_over([second]) == [second]
    assert [row[2] for row in waiting(shared)] == [f"slot {second.slot}"]


def test_a_slot_whose_queue_changed_is_moved(jobs: Jobs, shared: Engine) -> None:
    job = owed(shared)
    jobs.hand_over([job])
    jobs.hand_over([replace(job, queue="busan")])
    assert [row[0] for row in waiting(shared)] == ["busan"]


@pytest.mark.parametrize(
    "loss",
    [
        "DELETE FROM procrastinate_jobs",
        "TRUNCATE procrastinate_jobs, procrastinate_events, procrastinate_workers CASCADE",
        "UPDATE procrastinate_jobs SET status = 'doing'",  # taken by nobody that is known
        "UPDATE procrastinate_jobs SET status = 'failed'",
        "UPDATE procrastinate_jobs SET args = '{}'",
        """UPDATE procrastinate_jobs SET args = '{"slot": "no number"}'""",
    ],
)
def test_whatever_becomes_of_the_jobs_the_slots_are_handed_over_again(
    jobs: Jobs, shared: Engine, loss: str
) -> None:
    wanted = [owed(shared), owed(shared, "fnnews")]
    jobs.hand_over(wanted)
    change(shared, loss)
    assert jobs.hand_over(wanted) == wanted
    assert [row[2] for row in waiting(shared) if row[3] == "todo"] == [job.queueing_lock for job in wanted]


def test_a_job_that_a_dead_worker_took_is_handed_over_again(
    jobs: Jobs, shared: Engine, postgresql_url: str
) -> None:
    job = owed(shared)
    jobs.hand_over([job])
    take(postgresql_url)
    assert jobs.hand_over([job]) == []  # it may live
    change(shared, "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '31 seconds'")
    assert jobs.hand_over([job]) == [job]


def test_a_server_that_is_away_is_told_in_one_sentence() -> None:
    with pytest.raises(DatabaseRefused, match=r"The jobs could not be handed over: .*refused"):
        Jobs(f"postgresql+psycopg://postgres@127.0.0.1:{free_port()}/none").hand_over([])


# --- crawling -------------------------------------------------------------------------------------


def crew(engine: Engine, program: str, ended: list[Slot]) -> Crew:
    return Crew(engine, lambda slot, table: [sys.executable, "-c", program], ended.append, stop_after=5)


def test_a_job_of_a_slot_that_is_over_held_or_unknown_does_nothing(shared: Engine) -> None:
    ended: list[Slot] = []
    job, other = owed(shared), owed(shared, "fnnews")
    held = claim(shared, "daum", "latest", AT, ELSEWHERE, None)
    assert held is not None
    idle = crew(shared, "raise SystemExit(9)", ended)
    for one in (job, replace(job, slot=4711), replace(other, due_at=AT + timedelta(hours=1))):
        idle.crawl(one)
    assert end_slot(shared, held.id, ELSEWHERE, SlotEnd(state=SlotState.RAN, exit_code=0), None)
    idle.crawl(job)
    assert ended == []
    assert get_slot(shared, other.slot).state is SlotState.DUE


def test_a_database_that_refused_the_crawl_gets_one_more_try_elsewhere(shared: Engine) -> None:
    ended: list[Slot] = []
    job = owed(shared)
    refused = crew(shared, "raise SystemExit(4)", ended)
    refused.crawl(job)
    assert get_slot(shared, job.slot).state is SlotState.DUE
    refused.crawl(job)
    assert [slot.state for slot in ended] == [SlotState.MISSED]


def test_a_crawl_that_died_here_leaves_its_slot_to_every_machine_at_once(shared: Engine) -> None:
    ended: list[Slot] = []
    job = owed(shared)
    claiming = (
        "import os, signal; from datetime import datetime\n"
        "from storage.database.opening import open_database\n"
        "from storage.operations.slot_claims import claim; from storage.frontier.leases import this_process\n"
        f"engine, at = open_database({url_of(shared)!r}), datetime.fromisoformat('{AT.isoformat()}')\n"
        "claim(engine, 'daum', 'latest', at, this_process('slot'), None)\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    crew(shared, claiming, ended).crawl(job)
    assert [(slot.state, slot.dead) for slot in ended] == [(SlotState.RUNNING, True)]
    # What another machine sees: an owner that it cannot look at, and no lease.
    with shared.begin() as connection:
        connection.execute(text("UPDATE slot SET owner = :owner"), {"owner": ELSEWHERE})
    assert get_slot(shared, job.slot).dead
    taken = claim(shared, "daum", "latest", AT, "third-host.example/1/b.s.1/slot", None)
    assert taken is not None
    assert taken.attempts == 2


def url_of(engine: Engine) -> str:
    return engine.url.render_as_string(hide_password=False)


def test_a_worker_takes_only_queues_that_the_file_names() -> None:
    assert queues_of(None, FILE) == ()
    assert queues_of(["seoul", "default", "seoul"], FILE) == ("seoul", "default")
    with pytest.raises(ValueError, match=r"'busan'; there are: default, seoul"):
        queues_of(["busan"], FILE)


def test_a_child_end_is_told_apart_from_a_worker_that_stops(shared: Engine) -> None:
    """Told to stop before its crawl began: the slot is for whoever comes next."""
    ended: list[Slot] = []
    job = owed(shared)
    stopping = crew(shared, "import time; time.sleep(60)", ended)
    stopping.end()
    stopping.crawl(job)
    assert (ended, get_slot(shared, job.slot).state) == ([], SlotState.DUE)
    assert ChildEnd(code=0).stopped is None


# --- commands -------------------------------------------------------------------------------------


def newsarchive(*words: str, program: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
    start = f"{program}\nimport sys; sys.argv[1:] = {list(words)!r}; from crawler.cli import main; main()"
    command = [sys.executable, "-c", start]
    return subprocess.run(
        command, env=bare_environment() | variables, cwd=ROOT, text=True, capture_output=True, check=False
    )


WITHOUT = "import sys; sys.modules['procrastinate'] = sys.modules['psycopg_pool'] = None"
"""As if the extra were not installed."""


def test_a_crawl_that_was_killed_before_it_began_gets_one_more_try(shared: Engine) -> None:
    ended: list[Slot] = []
    job = owed(shared)
    killed = crew(shared, "import os; os.kill(os.getpid(), 9)", ended)
    killed.crawl(job)
    assert get_slot(shared, job.slot).state is SlotState.DUE
    killed.crawl(job)
    assert [slot.reason for slot in ended] == ["the crawl ended before it began (exit code -9)"]


@pytest.mark.parametrize("words", [["worker"], ["schedule", "--engine", "procrastinate"]])
def test_without_postgresql_or_the_extra_one_sentence_and_code_2(words: list[str], tmp_path: Path) -> None:
    on_sqlite = newsarchive(*words, NEWSARCHIVE_DIR=str(tmp_path))
    assert on_sqlite.returncode == 2
    assert "needs PostgreSQL: an SQLite file lies on one machine" in on_sqlite.stderr
    url = "postgresql+psycopg://postgres@127.0.0.1:9/none"
    without = newsarchive(
        *words, program=WITHOUT, NEWSARCHIVE_DATABASE_URL=url, NEWSARCHIVE_DIR=str(tmp_path)
    )
    assert without.returncode == 2
    assert "pip install 'newsarchive[cluster]'" in without.stderr
    assert [line.count("\n") for line in (on_sqlite.stderr, without.stderr)] == [1, 1]


def test_nothing_of_the_extra_is_imported_or_needed_on_one_machine() -> None:
    everything = (
        "import pkgutil, importlib, crawler, storage, newsarchive\n"
        "late = ('crawler.schedule.jobs', 'crawler.schedule.worker', 'crawler.serve')\n"
        "for package in (crawler, storage, newsarchive):\n"
        "    for found in pkgutil.walk_packages(package.__path__, package.__name__ + '.'):\n"
        "        if not found.name.startswith(late) and 'main' not in found.name:\n"
        "            importlib.import_module(found.name)\n"
    )
    command = [sys.executable, "-c", f"{WITHOUT}\n{everything}"]
    done = subprocess.run(command, cwd=ROOT, text=True, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]


# --- clocks ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("hours", [-7, 5])
def test_a_machine_with_a_wrong_clock_sees_the_archives_time(shared: Engine, hours: int) -> None:
    real = datetime.now(UTC)
    with time_machine.travel(real + timedelta(hours=hours), tick=True):
        assert abs((archive_now(shared) - real).total_seconds()) < 30
        assert abs(clock_ahead_s(shared) - hours * 3600) < 30


def test_a_claimed_slot_whose_database_was_away_is_due_once_more(shared: Engine) -> None:
    """The line was cut between the claim and the run: the next machine crawls it."""
    owed(shared)
    assert run_for_slot(shared, "daum", "latest", AT, lambda slot: 4) == 4
    (slot,) = [one for one in slots_of(shared) if one.source == "daum"]
    assert (slot.state, slot.attempts, slot.held) == (SlotState.DUE, 1, False)
    assert run_for_slot(shared, "daum", "latest", AT, lambda slot: 4) == 4
    assert [(one.state, one.reason) for one in slots_of(shared)] == [
        (SlotState.MISSED, "the database or disk refused (exit code 4)")
    ]


def slots_of(engine: Engine) -> list[Slot]:
    return slots_between(engine, AT - timedelta(days=1), AT + timedelta(days=1))
