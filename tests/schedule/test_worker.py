"""What a worker meets in its life: servers that restart, tables made anew, a machine that cannot crawl."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import FrameType

import pytest
from sqlalchemy import Engine, event, text

from crawler.configuration.file import parse_file
from crawler.schedule import jobs as jobs_module
from crawler.schedule import worker as worker_module
from crawler.schedule.fitness import Unfit, unfit_here
from crawler.schedule.jobs import SCHEMA, Jobs, made_by, make_tables, renew_tables
from crawler.schedule.slot_job import SlotJob
from crawler.schedule.worker import Crew, Life, work
from crawler.watch.findings import Level
from crawler.watch.machines import machines
from storage.database.opening import open_database
from storage.database.refusal import DatabaseRefused
from storage.database.upgrading import upgrade
from storage.frontier.leases import this_process
from storage.models import SlotState
from storage.operations import workers
from storage.operations.slots import Slot, get_slot
from storage.operations.workers import Worker, shared_names, worker_lives
from tests import postgres
from tests.schedule.test_jobs import crew, owed, url_of

CLAIMS = (
    "import sys; from datetime import datetime\n"
    "from storage.database.opening import open_database\n"
    "from storage.models import SlotState; from storage.frontier.leases import this_process\n"
    "from storage.operations.slot_claims import SlotEnd, claim, end_slot\n"
    "engine, source, at = open_database(sys.argv[1]), sys.argv[2], datetime.fromisoformat(sys.argv[3])\n"
    "owner = this_process('slot'); slot = claim(engine, source, 'latest', at, owner, None)\n"
    "end_slot(engine, slot.id, owner, SlotEnd(state=SlotState.RAN, exit_code=0), None)"
)
"""A crawl without its crawling."""


@pytest.fixture
def shared(postgresql_url: str) -> Iterator[Engine]:
    opened = open_database(postgresql_url)
    yield opened
    opened.dispose()


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looks and pauses that a test does not wait for."""
    for module, name in ((worker_module, "LOOK_S"), (worker_module, "PAUSE_S"), (jobs_module, "PAUSE_S")):
        monkeypatch.setattr(module, name, 0.1)


def named(machine: str = "one", queues: Sequence[str] = ()) -> Worker:
    return Worker(owner=this_process(f"worker {machine}"), machine=machine, queues=queues, concurrency=2)


def crawling(engine: Engine, ended: list[Slot], unfit: Unfit = lambda _job: None) -> Crew:
    def command(slot: Slot, _job: SlotJob) -> list[str]:
        return [sys.executable, "-c", CLAIMS, url_of(engine), slot.source, slot.due_at.isoformat()]

    return Crew(engine, command, ended.append, stop_after=5, unfit=unfit)


def working(engine: Engine, drive: Callable[[Callable[[Callable[[], object]], None]], None]) -> list[Slot]:
    """Be a worker while ``drive`` does something beside it; the slots that it crawled.

    Args:
        drive: given a function that waits until something is true.
    """
    ended: list[Slot] = []
    wrong: list[BaseException] = []
    done = threading.Event()

    def until(true: Callable[[], object]) -> None:
        deadline = time.monotonic() + 120
        while not true():
            assert time.monotonic() < deadline, "it did not happen in two minutes"
            done.wait(0.2)

    def beside() -> None:
        try:
            until(lambda: signal.getsignal(signal.SIGTERM) is not _late)
            drive(until)
        except BaseException as error:  # noqa: BLE001  told by the test's own thread
            wrong.append(error)
        os.kill(os.getpid(), signal.SIGTERM)

    def _late(_number: int, _frame: FrameType | None) -> None:
        """A signal that comes before or behind the worker is none of the test program's."""

    before = signal.signal(signal.SIGTERM, _late)
    thread = threading.Thread(target=beside)
    thread.start()
    try:
        work(engine, url_of(engine), named(), crawling(engine, ended))
    finally:
        thread.join()
        signal.signal(signal.SIGTERM, before)
    if wrong:
        raise wrong[0]
    return ended


def crawled(engine: Engine, job: SlotJob) -> bool:
    """Whether the slot has been crawled; until then it is handed over, as the scheduler does at each look."""
    if get_slot(engine, job.slot).state is SlotState.DUE:
        Jobs(url_of(engine)).hand_over([job])
    return get_slot(engine, job.slot).state is SlotState.RAN


def test_it_takes_what_is_handed_over_until_it_is_told_to_stop(shared: Engine) -> None:
    """Also where the jobs' tables are dropped and made anew under it, and begin again with number one."""

    def drive(until: Callable[[Callable[[], object]], None]) -> None:
        first, second = owed(shared), owed(shared, "fnnews")
        until(lambda: crawled(shared, first))
        with shared.begin() as connection:
            connection.execute(text(f"DROP SCHEMA {SCHEMA} CASCADE"))
        make_tables(shared)
        until(lambda: crawled(shared, second))

    assert [slot.source for slot in working(shared, drive)] == ["daum", "fnnews"]
    assert [life.state for life in worker_lives(shared)] == ["stopped"]


@pytest.mark.proof
def test_a_server_that_is_restarted_under_it_costs_nothing() -> None:
    with postgres.own_server() as server:
        url = server.url.render_as_string(hide_password=False)
        upgrade(url)
        engine = open_database(url)

        def drive(until: Callable[[Callable[[], object]], None]) -> None:
            for source in ("daum", "fnnews"):
                server.restart(away=1)
                job = owed(engine, source)
                until(lambda job=job: crawled(engine, job))

        try:
            assert [slot.attempts for slot in working(engine, drive)] == [1, 1]
        finally:
            engine.dispose()


# --- versions -------------------------------------------------------------------------------------


def says(engine: Engine, words: str) -> None:
    with engine.begin() as connection:
        connection.execute(text(f"COMMENT ON SCHEMA {SCHEMA} IS '{words}'"))


@pytest.mark.parametrize("made", ["procrastinate 99.0.0", "procrastinate 3.999", "procrastinate 4.0.0rc1"])
def test_tables_of_a_later_version_are_left_alone(shared: Engine, made: str) -> None:
    make_tables(shared)
    says(shared, made)
    for make in (lambda: make_tables(shared), lambda: renew_tables(url_of(shared))):
        with pytest.raises(DatabaseRefused, match=rf"made by {made}, and this machine has {made_by()}"):
            make()


@pytest.mark.parametrize(
    "made", ["procrastinate 3.9.5", "procrastinate", "", "somebody else", "procrastinate x.y"]
)
def test_tables_of_an_earlier_version_or_of_none_are_made_anew(shared: Engine, made: str) -> None:
    make_tables(shared)
    says(shared, made)
    assert make_tables(shared)
    assert not make_tables(shared)


# --- a machine that cannot crawl ------------------------------------------------------------------


def test_what_this_machine_cannot_crawl_is_left_to_another_and_counts_as_no_try(
    shared: Engine, tmp_path: Path
) -> None:
    """No such source here, a full disk: a sick machine is the first that is free for the next slot."""
    job, ended = owed(shared), list[Slot]()
    blocker = tmp_path / "file"
    blocker.touch()
    for unfit in (
        unfit_here({"fnnews"}, tmp_path),
        unfit_here({"daum"}, tmp_path, least_free=shutil.disk_usage(tmp_path).total),
        unfit_here({"daum"}, blocker / "warc"),
    ):
        sick = Crew(shared, lambda slot, job: ["false"], ended.append, 5, unfit)
        sick.crawl(job)
        slot = get_slot(shared, job.slot)
        assert (slot.state, slot.attempts, ended) == (SlotState.DUE, 0, [])
    crawling(shared, ended, unfit_here({"daum"}, tmp_path)).crawl(job)
    assert [slot.state for slot in ended] == [SlotState.RAN]


def test_a_program_that_is_not_there_is_a_slot_missed_with_its_reason(shared: Engine) -> None:
    job, ended = owed(shared), list[Slot]()
    Crew(shared, lambda slot, job: ["/nowhere/python"], ended.append, 5).crawl(job)
    assert [(slot.state, slot.reason) for slot in ended] == [
        (SlotState.MISSED, "the crawl ended before it began (exit code 127)")
    ]


# --- who lives ------------------------------------------------------------------------------------


def test_two_workers_of_one_name_are_two_rows(shared: Engine) -> None:
    """Two containers of one image may have one host's name."""
    idle, lives = crew(shared, "", []), []
    for number in (1, 2):
        worker = Worker(owner=f"{this_process('worker')}-{number}", machine="one", queues=(), concurrency=1)
        lives.append(Life(shared, worker, idle, beat_s=0.1))
        lives[-1].begin()
    assert [life.worker.machine for life in worker_lives(shared)] == ["one", "one"]
    lives[0].end()
    assert sorted(life.state for life in worker_lives(shared)) == ["lives", "stopped"]
    lives[1].end()


def test_a_refusal_that_stays_is_said_once(shared: Engine, caplog: pytest.LogCaptureFixture) -> None:
    """A standby of days: a line every two seconds from each worker filled the disk of its log."""
    failed: list[object] = []
    event.listen(shared, "handle_error", failed.append)
    worker = Worker(owner=this_process("worker"), machine="one", queues=(), concurrency=1)
    life = Life(shared, worker, crew(shared, "", []), beat_s=0.01)
    life.begin()
    for lines in (1, 2):
        with shared.begin() as connection:
            connection.execute(text("ALTER TABLE worker RENAME TO worker_away"))
        _until(lambda: len(failed) >= 5)
        assert caplog.text.count("sign of life failed") == lines, "one, and one more after it was well"
        with shared.begin() as connection:
            connection.execute(text("UPDATE worker_away SET clock_ahead_s = 99"))
            connection.execute(text("ALTER TABLE worker_away RENAME TO worker"))
        _until(lambda: worker_lives(shared)[0].clock_ahead_s < 99)
        failed.clear()
    life.end()


def _until(so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not so():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_two_machines_of_one_name_are_told(shared: Engine, caplog: pytest.LogCaptureFixture) -> None:
    """Leases and slots know them apart; numbers for Prometheus do not."""
    here = Worker(owner=this_process("worker"), machine="one", queues=(), concurrency=1)
    beside = Worker(owner=this_process("other"), machine="one", queues=(), concurrency=1)
    there = Worker(owner="there.example/12/boot.space.1/worker", machine="one", queues=(), concurrency=1)
    for worker in (here, beside):
        workers.beat(shared, worker, 0.0, [])
    assert shared_names(worker_lives(shared)) == {}, "two of one machine"
    workers.beat(shared, there, 0.0, [])
    (found,) = [one for one in machines(shared) if one.level is Level.WARN]
    assert found.check == "worker one"
    assert "2 machines call themselves so" in found.said
    assert "there.example" in found.said
    life = Life(shared, here, crew(shared, "", []), beat_s=60)
    life.begin()
    life.end()
    assert "one is the name of several machines" in caplog.text
    workers.stopped(shared, there.owner)
    assert shared_names(worker_lives(shared)) == {}


def test_a_slot_that_nobody_takes_is_told_with_its_queue(shared: Engine) -> None:
    file = parse_file(
        '[sources.daum.latest]\ncron = "@hourly"\nqueue = "busan"\n'
        '[sources.fnnews.latest]\ncron = "@hourly"\n',
        ["daum", "fnnews"],
    )
    owed(shared)
    owed(shared, "fnnews")
    assert [one for one in machines(shared, file) if one.check.startswith("slot")] == []  # no worker ever was
    life = Life(shared, named(queues=("default",)), crew(shared, "", []), beat_s=60)
    life.begin()
    found = {one.check: one for one in machines(shared, file) if one.check.startswith("slot")}
    life.end()
    assert {check: one.level for check, one in found.items()} == {
        "slot daum latest": Level.FAIL,
        "slot fnnews latest": Level.WARN,
    }
    assert "in the queue busan, which no living worker serves" in found["slot daum latest"].said
    assert found["slot daum latest"].to_do == "start one that does: newsarchive worker --queue busan"
