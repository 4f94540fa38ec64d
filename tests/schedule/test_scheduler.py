"""The scheduler alive: real processes, a real clock where processes need one, short times."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from apscheduler.triggers.base import BaseTrigger
from sqlalchemy import Engine

from crawler.configuration.cron import parse_cron
from crawler.configuration.file import ModeTable, WrongFile
from crawler.schedule.archive_scheduler import archive_clock
from crawler.schedule.child import Child
from crawler.schedule.scheduler import Scheduler
from crawler.schedule.trigger import CrontabTrigger
from storage.database.opening import open_database
from storage.models import SlotState
from storage.operations import schedulers
from storage.operations.slots import PlannedSlot, Slot, slots_between, write_plan
from storage.seoul import SEOUL

CHILD = Path(__file__).with_name("child_crawl.py")
RARELY = '[sources.daum.latest]\ncron = "0 0 29 2 *"\nkill_after = "30s"\n'
"""Nothing comes due by itself: a full minute in the middle of a test would bring another slot."""
EVERY_MINUTE, HOURLY = RARELY.replace("0 0 29 2 *", "* * * * *"), RARELY.replace("0 0 29 2 *", "@hourly")
PYTHON = sys.executable
ROOT = Path(__file__).parents[2]


def now() -> datetime:
    return datetime.now(UTC)


class Clock:
    """The real clock, moved."""

    def __init__(self, at: datetime) -> None:
        self.offset = at - now()
        self.slept = 0.0

    def __call__(self) -> datetime:
        return now() + self.offset

    def boot(self) -> float:
        return time.monotonic() + self.slept

    def set(self, at: datetime) -> None:
        self.offset = at - now()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "newsarchive.toml"
    path.write_text(RARELY)
    return path


@pytest.fixture
def opened(sqlite_url: str) -> Iterator[Engine]:
    engine = open_database(sqlite_url)
    yield engine
    engine.dispose()


def child_command(url: str, behaviour: str) -> Callable[[Slot, ModeTable], Sequence[str]]:
    def command(slot: Slot, _table: ModeTable) -> Sequence[str]:
        return [PYTHON, str(CHILD), url, slot.source, slot.mode, slot.due_at.isoformat(), behaviour]

    return command


@contextmanager
def living(
    file: Path, engine: Engine, behaviour: str, clock: Callable[[], datetime] = now, **options: object
) -> Iterator[Scheduler]:
    """A scheduler that has begun; ended afterwards."""
    url = engine.url.render_as_string(hide_password=False)
    scheduler = Scheduler(
        file, ["daum", "fnnews"], engine, child_command(url, behaviour), clock=clock, **options
    )
    scheduler.begin()
    try:
        yield scheduler
    finally:
        scheduler.end()


def slots(engine: Engine) -> list[Slot]:
    return slots_between(engine, datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))


def until(true: Callable[[], object], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def owe(engine: Engine, at: datetime, mode: str = "latest") -> None:
    """A slot that an earlier scheduler left waiting."""
    write_plan(engine, "daum", mode, [PlannedSlot(due_at=at, origin="cron * * * * *")], at)


def test_a_waiting_slot_is_crawled_by_a_process_of_its_own(file: Path, opened: Engine) -> None:
    owe(opened, now().replace(second=0, microsecond=0))
    with living(file, opened, "0"):
        until(lambda: slots(opened)[-1].state in (SlotState.RAN, SlotState.LATE))
    assert slots(opened)[-1].exit_code == 0


@pytest.mark.proof
def test_the_line_fires_by_itself_twice(file: Path, opened: Engine) -> None:
    """On the real clock, so it takes up to two minutes: APScheduler wakes it, no look around does."""
    file.write_text(EVERY_MINUTE)
    with living(file, opened, "0"):
        until(lambda: len([slot for slot in slots(opened) if slot.exit_code == 0]) == 2, seconds=130)
    assert [slot.state for slot in slots(opened)] == [SlotState.RAN, SlotState.RAN]


def test_two_schedulers_crawl_a_slot_once(file: Path, opened: Engine) -> None:
    owe(opened, now().replace(second=0, microsecond=0))
    second = open_database(opened.url.render_as_string(hide_password=False))
    with living(file, opened, "0"), living(file, second, "0"):
        until(lambda: slots(opened)[-1].state in (SlotState.RAN, SlotState.LATE))
        time.sleep(1)
    assert [slot.attempts for slot in slots(opened) if slot.exit_code is not None] == [1]
    second.dispose()


def test_a_crawl_that_does_not_end_is_told_to_and_its_slot_says_so(file: Path, opened: Engine) -> None:
    file.write_text(RARELY.replace("30s", "5s"))
    owe(opened, now())
    with living(file, opened, "hang"):
        until(lambda: slots(opened)[0].state is not SlotState.RUNNING and slots(opened)[0].ended_at)
    assert "kill_after" in (slots(opened)[0].reason or "")
    assert slots(opened)[0].state is SlotState.MISSED  # no run was begun


def test_a_crawl_that_hears_nothing_is_killed() -> None:
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"
    begun = time.monotonic()
    end = Child([PYTHON, "-c", deaf], kill_after_s=1, grace_s=0.5).wait()
    assert end.code == -signal.SIGKILL
    assert "killed" in (end.stopped or "")
    assert time.monotonic() - begun < 10


def test_a_crawl_that_never_begins_leaves_a_missed_slot(file: Path, opened: Engine) -> None:
    owe(opened, now())
    with living(file, opened, "crash"):
        until(lambda: slots(opened)[0].state is SlotState.MISSED)
    assert slots(opened)[0].reason == "the crawl ended before it began (exit code 2)"


def test_a_slot_not_begun_when_the_scheduler_stops_waits_for_the_next(file: Path, opened: Engine) -> None:
    owe(opened, now())
    asked = threading.Event()

    def sleeping(_slot: Slot, _table: ModeTable) -> Sequence[str]:
        asked.set()
        return [PYTHON, "-c", "import time; time.sleep(60)"]

    scheduler = Scheduler(file, ["daum"], opened, sleeping)
    scheduler.begin()
    assert asked.wait(10)
    scheduler.end()
    assert slots(opened)[0].state is SlotState.DUE


class Ending(BaseTrigger):
    """A job that is due once, and whose scheduler is told to end while it is looked when it is due next."""

    def __init__(self, scheduler: Scheduler) -> None:
        self._scheduler, self.end = scheduler, threading.Thread(target=scheduler.end)

    def get_next_fire_time(self, previous: datetime | None, now: datetime) -> datetime | None:
        if previous is None:
            return now
        if self.end.ident is None:
            self.end.start()
            until(self._scheduler._stop.is_set)
            self.end.join(0.5)  # it goes no further than this thread lets it
        return None


def test_a_scheduler_ends_while_it_looks_through_its_jobs(file: Path, opened: Engine) -> None:
    """What dies in a thread fails a test by itself."""
    with living(file, opened, "0") as scheduler:
        ending = Ending(scheduler)
        scheduler._apscheduler.add_job(lambda: None, ending)
        until(lambda: not scheduler._apscheduler.running)
        ending.end.join(20)
    assert schedulers.newest_lives(opened)[0].stopped_at is not None


def test_stopping_ends_the_crawls_in_the_stated_time(file: Path, opened: Engine) -> None:
    file.write_text(RARELY + '[scheduler]\nstop_after = "1s"\n')
    owe(opened, now())
    with living(file, opened, "stubborn") as scheduler:
        until(lambda: slots(opened)[0].state is SlotState.RUNNING)
        begun = time.monotonic()
        scheduler.end()
        assert time.monotonic() - begun < 8
    assert (slots(opened)[0].state, slots(opened)[0].attempts) == (SlotState.DUE, 1)  # the next scheduler's
    assert schedulers.newest_lives(opened)[0].stopped_at is not None


def test_a_changed_file_is_read_again_and_a_bad_one_is_not(
    file: Path, opened: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    with living(file, opened, "0") as scheduler:
        file.write_text('[sources.fnnews.latest]\ncron = "@daily"\n')
        scheduler.tick()
        assert [(source, mode) for source, mode, _ in scheduler.file.planned()] == [("fnnews", "latest")]
        file.write_text('[sources.fnnews.latest]\ncron = "never"\n')
        scheduler.tick()
        assert [(source, mode) for source, mode, _ in scheduler.file.planned()] == [("fnnews", "latest")]
        file.unlink()
        os.mkfifo(file)  # it would be waited for without an end; and <(...) is empty for who reads it again
        scheduler.tick()
        assert [(source, mode) for source, mode, _ in scheduler.file.planned()] == [("fnnews", "latest")]
        assert "is a pipe, which says what it has once: write it into a file: the schedule" in caplog.text
        file.unlink()
        caplog.clear()
        scheduler.tick()
        scheduler.tick()
        assert caplog.messages == [], "at every look the log would be full of it"
        file.write_text('[sources.fnnews.latest]\ncron = "@daily"\n')
        with caplog.at_level("INFO", "newsarchive"):
            scheduler.tick()
        assert caplog.messages[-1] == f"{file} was read again: 1 planned crawls"
        file.write_text("")
        scheduler.tick()
        assert caplog.messages[-1] == f"{file} plans no crawl: nothing is crawled on a schedule"


def test_a_bad_file_at_the_start_is_refused(file: Path, opened: Engine) -> None:
    file.write_text("[sources.daum.latest]\ncron = 1\n")
    with pytest.raises(WrongFile, match=r"sources\.daum\.latest\.cron"):
        Scheduler(file, ["daum"], opened, child_command("", "0"))


def test_a_machine_that_slept(file: Path, opened: Engine) -> None:
    clock = Clock(datetime(2026, 11, 22, 3, 0, 30, tzinfo=SEOUL))
    file.write_text(HOURLY)
    with living(file, opened, "0", clock, boot_clock=clock.boot) as scheduler:
        scheduler.tick()
        clock.set(datetime(2026, 11, 22, 8, 30, tzinfo=SEOUL))
        clock.slept += 5.5 * 3600
        scheduler.tick()
        until(lambda: slots(opened)[-1].state is SlotState.LATE)
    assert [slot.state.value for slot in slots(opened)] == ["asleep"] * 4 + ["late"]


def test_a_clock_set_back_and_forth_crawls_nothing_twice(file: Path, opened: Engine) -> None:
    file.write_text(HOURLY)
    clock = Clock(datetime(2026, 11, 22, 2, 59, 58, tzinfo=SEOUL))
    with living(file, opened, "0", clock, boot_clock=clock.boot) as scheduler:
        time.sleep(2.1)
        scheduler.tick()
        until(lambda: [slot for slot in slots(opened) if slot.exit_code == 0])
        for hour in (1, 4, 2):
            clock.set(datetime(2026, 11, 22, hour, 30, tzinfo=SEOUL))
            scheduler.tick()
            until(lambda: all(slot.ended_at for slot in slots(opened)))
    # 2: nobody was there when it came first; the clock was set back to before it, and it came.
    crawled = [(slot.due_at.astimezone(SEOUL).hour, slot.attempts) for slot in slots(opened)]
    assert crawled == [(2, 1), (3, 1), (4, 1)]


def test_a_look_that_the_database_refuses_is_handed_on(file: Path, sqlite_url: str) -> None:
    engine = open_database(f"{sqlite_url}?timeout=0.1")
    heard: list[str | None] = []
    with living(file, engine, "0", on_kept=lambda _file, refusal: heard.append(refusal)) as scheduler:
        with closing(sqlite3.connect(str(engine.url.database))) as other, other:
            other.execute("BEGIN IMMEDIATE")
            scheduler.tick()
            other.rollback()
        scheduler.tick()
    engine.dispose()
    assert [refusal and "locked by another process" in refusal for refusal in heard] == [True, None]


def test_an_archive_whose_disk_was_taken_away_is_not_begun_anew(file: Path, opened: Engine) -> None:
    """What is open can be written to, unseen: each crawl began an archive under the mount point."""
    place = Path(str(opened.url.database))
    away, heard = place.with_name("away.db"), list[str | None]()
    kept: Callable[..., None] = lambda _file, refusal: heard.append(refusal)  # noqa: E731
    with living(file, opened, "0", archive_clock(opened), on_kept=kept) as scheduler:
        owe(opened, now().replace(second=0, microsecond=0))
        place.rename(away)
        scheduler.tick()
        assert slots(opened)[-1].state is SlotState.DUE
        assert not place.exists()
        away.rename(place)
        scheduler.tick()
        until(lambda: slots(opened)[-1].state in (SlotState.RAN, SlotState.LATE))
    assert [refusal and "was deleted or moved while it was in use" in refusal for refusal in heard] == [
        True,
        None,
    ]


def test_the_trigger_never_fires_a_time_twice() -> None:
    trigger = CrontabTrigger(parse_cron("@hourly"))
    noon = datetime(2026, 11, 22, 12, 0, tzinfo=SEOUL)
    assert trigger.get_next_fire_time(None, noon) == noon + timedelta(hours=1)
    assert trigger.get_next_fire_time(noon, noon - timedelta(hours=3)) == noon + timedelta(hours=1)


def test_a_killed_schedulers_crawl_goes_on_and_the_next_one_takes_over(file: Path, opened: Engine) -> None:
    owe(opened, now())
    url = opened.url.render_as_string(hide_password=False)
    script = RUNNER.format(root=str(ROOT), url=url, file=str(file), behaviour="slow")
    process = subprocess.Popen([PYTHON, "-c", script], env=os.environ)
    try:
        until(lambda: slots(opened)[0].state is SlotState.RUNNING)
    finally:
        process.kill()
        process.wait()
    assert schedulers.newest_lives(opened)[0].dead
    with living(file, opened, "0"):
        until(lambda: slots(opened)[0].ended_at)
    first = slots(opened)[0]
    assert (first.exit_code, first.attempts) == (0, 1)
    assert max(slot.attempts for slot in slots(opened)) == 1


RUNNER = """
import sys
from pathlib import Path
sys.path.insert(0, {root!r})
from crawler.schedule.scheduler import Scheduler
from storage.database.opening import open_database
from tests.schedule.test_scheduler import child_command
url = {url!r}
Scheduler(Path({file!r}), ["daum"], open_database(url), child_command(url, {behaviour!r}), tick_s=0.2).run()
"""


def test_signals(file: Path, opened: Engine) -> None:
    """A scheduler in its own process: SIGTERM ends it and its crawl, with exit code 0."""
    threads = threading.active_count()
    owe(opened, now())
    url = opened.url.render_as_string(hide_password=False)
    script = RUNNER.format(root=str(ROOT), url=url, file=str(file), behaviour="hang")
    process = subprocess.Popen([PYTHON, "-c", script], env=os.environ)
    try:
        until(lambda: slots(opened)[0].state is SlotState.RUNNING)
        process.send_signal(signal.SIGHUP)
        time.sleep(0.5)
        assert process.poll() is None
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    finally:
        process.kill()
        process.wait()
    assert (slots(opened)[0].state, slots(opened)[0].attempts) == (SlotState.DUE, 1)
    assert threading.active_count() <= threads
