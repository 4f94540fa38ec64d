"""Slots in the archive: one crawl for each, however many try; simulated days in seconds."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import Engine, update
from sqlalchemy.orm import Session

from crawler.configuration.file import ScheduleFile, parse_file
from crawler.schedule.account import account
from crawler.schedule.child import ChildEnd
from crawler.schedule.claim import WrongSlot, due_moment, parse_slot, run_for_slot
from crawler.schedule.plan import LastCrawl
from crawler.schedule.slot_book import SlotBook
from crawler.schedule.slot_end import slot_end
from crawler.watch.alarms import observe_slot
from storage.database.opening import open_database
from storage.frontier.leases import this_process
from storage.models import RunRow, SlotRow, SlotState
from storage.operations import schedulers
from storage.operations.alarms import observe, raised
from storage.operations.slot_claims import SlotEnd, claim, end_slot
from storage.operations.slots import Slot, last_slots, open_slots, slots_between
from storage.seoul import SEOUL

START = datetime(2026, 10, 1, 0, 0, tzinfo=SEOUL)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FILE = parse_file(
    """
    [sources.daum.latest]
    cron = "@hourly"
    [sources.daum.recheck]
    cron = "10 4 * * *"
    [sources.daum.backfill]
    cron = "30 2 * * sun"
    days = 7
    [sources.fnnews.latest]
    cron = "5 * * * *"
    """,
    ["daum", "fnnews"],
)
HOURLY = parse_file('[sources.daum.latest]\ncron = "@hourly"', ["daum"])
DEAD = "no/process"


def book(engine: Engine, file: ScheduleFile = HOURLY, opened: datetime = START) -> SlotBook:
    return SlotBook(engine, file, since=START - DAY, opened=opened)


def all_slots(engine: Engine) -> list[Slot]:
    return slots_between(engine, START - DAY * 400, START + DAY * 4000)


def states(engine: Engine) -> list[tuple[str, str]]:
    return [(f"{slot.due_at.astimezone(SEOUL):%H:%M}", slot.state.value) for slot in all_slots(engine)]


def make_dead(engine: Engine) -> None:
    """As if the process that crawls had been killed: its number is free, its start another."""
    host, _, _ = this_process().split("/", 2)
    with Session(engine) as session, session.begin():
        session.execute(update(SlotRow).values(owner=f"{host}/4194304/-"))


def begin_run(engine: Engine, verdict: str | None, due_at: datetime = START) -> int:
    """A run of the slot, closed or not; gives the exit code of a crawl that was broken off."""
    with Session(engine) as session, session.begin():
        session.add(RunRow(
            source="daum", mode="latest", slot=due_at, owner="a", started_at=due_at,
            finished_at=due_at if verdict else None, verdict=verdict, reason="because", settings="{}",
        ))  # fmt: skip
    return 1


# --- claiming -----------------------------------------------------------------------------------


def test_a_slot_is_claimed_once_by_many_at_once(database_url: str) -> None:
    engines = [open_database(database_url) for _ in range(6)]
    gate, got = threading.Barrier(6), []

    def try_to(engine: Engine, owner: str) -> None:
        gate.wait()
        got.append(claim(engine, "daum", "latest", START, owner, START))

    threads = [
        threading.Thread(target=try_to, args=(engine, f"other/{n}")) for n, engine in enumerate(engines)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(slot is not None for slot in got) == 1
    assert len(all_slots(engines[0])) == 1
    for engine in engines:
        engine.dispose()


def test_two_books_write_each_slot_once(engine: Engine) -> None:
    for now in (START + HOUR, START + HOUR, START + 2 * HOUR):
        book(engine).plan(now)
        book(engine).plan(now)
    assert states(engine) == [("01:00", "coalesced"), ("02:00", "due")]


def test_an_ended_slot_is_not_claimed_again(engine: Engine) -> None:
    slot = claim(engine, "daum", "latest", START, "a", START)
    assert slot is not None
    assert end_slot(engine, slot.id, "a", SlotEnd(state=SlotState.RAN), START + HOUR)
    assert claim(engine, "daum", "latest", START, "b", START + HOUR) is None
    assert not end_slot(engine, slot.id, "a", SlotEnd(state=SlotState.LATE), START + HOUR)


def test_a_killed_crawls_slot_is_crawled_once_more_and_then_given_up(engine: Engine) -> None:
    ours = book(engine)
    ours.plan(START + HOUR)
    assert claim(engine, "daum", "latest", START + HOUR, "a", START + HOUR) is not None
    assert ours.next_slot("daum", START + HOUR) is None  # its holder may live
    make_dead(engine)
    waiting = ours.next_slot("daum", START + HOUR)
    assert waiting is not None
    again = claim(engine, "daum", "latest", waiting.due_at, "b", START + HOUR)
    assert again is not None
    assert again.attempts == 2
    make_dead(engine)
    ours.plan(START + HOUR * 1.5)
    assert states(engine) == [("01:00", "missed")]
    assert all_slots(engine)[0].reason == "its process died 2 times, before a run was begun"
    assert [alarm.key for alarm in raised(engine)] == ["slot daum latest"]
    assert claim(engine, "daum", "latest", START + HOUR, "c", START + 2 * HOUR) is None


def test_a_newer_slot_ends_the_one_whose_process_died(engine: Engine) -> None:
    ours = book(engine)
    ours.plan(START + HOUR)
    claim(engine, "daum", "latest", START + HOUR, "a", START + HOUR)
    make_dead(engine)
    ours.plan(START + 2 * HOUR)
    assert states(engine) == [("01:00", "missed"), ("02:00", "due")]


@pytest.mark.parametrize(
    ("verdict", "state", "reason", "ends"),
    [
        ("none was begun", "missed", ", before a run was begun", False),
        (None, "ran", "; run 1 was not closed", False),
        ("interrupted", "ran", "; run 1 was interrupted: because", False),
        ("healthy", "ran", "", True),  # it hung when its work was done
    ],
)
def test_a_slot_whose_crawl_was_killed_ends_by_the_run_that_it_had_begun(
    engine: Engine, verdict: str | None, state: str, reason: str, ends: bool
) -> None:
    """And ends the alarm of a missed slot only where that run had come to its end."""
    observe(engine, "slot daum latest", "missed", "was missed", {}, START)
    slot = claim(engine, "daum", "latest", START, "a", START)
    assert slot is not None
    if verdict != "none was begun":
        begin_run(engine, verdict)
    make_dead(engine)
    told = ChildEnd(code=-9, stopped="it had run for 10 s, its kill_after; killed after the grace")
    settled = account(engine, slot, told, lambda: START, lambda _seconds: False)
    assert (settled.state.value, settled.reason) == (state, f"{told.stopped}{reason}")
    assert (settled.exit_code, settled.run_id) == (-9, None if state == "missed" else 1)
    observe_slot(engine, settled, START)
    assert (raised(engine) == []) == ends


def test_crawls_that_are_broken_off_time_after_time_are_an_alarm(engine: Engine) -> None:
    """No run of theirs says anything (an interrupted one changes nothing), and no slot was missed."""
    told = []
    for hours, verdict in enumerate(["interrupted", None, "interrupted", None, "degraded"]):
        at = START + hours * HOUR
        crawl = partial(begin_run, engine, verdict, at)
        run_for_slot(engine, "daum", "latest", at, lambda _slot, crawl=crawl: crawl(), lambda at=at: at)
        told.append(observe_slot(engine, all_slots(engine)[-1], at))
    assert [alarm and alarm.state for alarm in told] == [None, None, "broken off", None, "ok"]
    assert told[2] is not None
    assert "broken off 3 times in a row: run 3 was interrupted: because" in told[2].message


@pytest.mark.parametrize("verdict", ["healthy", "degraded", "interrupted"])
def test_a_slot_whose_crawl_had_ended_is_not_crawled_again(engine: Engine, verdict: str) -> None:
    """Killed between the end of the run and that of the slot; a run that was broken off is no such."""
    ours = book(engine)
    ours.plan(START + HOUR)
    assert claim(engine, "daum", "latest", START + HOUR, "a", START + HOUR) is not None
    with Session(engine) as session, session.begin():
        run = RunRow(
            source="daum", mode="latest", slot=START + HOUR, owner="a", started_at=START + HOUR,
            finished_at=START + HOUR, verdict=verdict, settings="{}",
        )  # fmt: skip
        session.add(run)
    make_dead(engine)
    begun: list[Slot] = []

    def crawl(slot: Slot) -> int:
        begun.append(slot)
        return 0

    assert run_for_slot(engine, "daum", "latest", START + HOUR, crawl, lambda: START + HOUR) == 0
    assert len(begun) == (verdict == "interrupted")
    (slot,) = all_slots(engine)
    assert (slot.state, slot.run_id is not None) == (SlotState.RAN, True)
    assert (slot.reason or "").startswith("its process died when") == (not begun)


@pytest.mark.parametrize("code", [0, 1, 3])
def test_a_crawl_that_stood_still_and_went_on_says_how_its_slot_ended(engine: Engine, code: int) -> None:
    """Its machine slept: another took the slot over, found the source being crawled, and called it blocked.
    Where it has lost the source (code 3), what the other one said stands."""
    ours, at = book(engine), START + HOUR
    ours.plan(at)

    def sleeps(slot: Slot) -> int:
        with Session(engine) as session, session.begin():
            session.add(RunRow(
                source="daum", mode="latest", slot=at, owner="a", started_at=at, finished_at=at,
                verdict="healthy", settings="{}",
            ))  # fmt: skip
            session.execute(update(SlotRow).values(owner="another/1/-"))
        blocked = SlotEnd(state=SlotState.BLOCKED, reason="said by the other", exit_code=3)
        assert end_slot(engine, slot.id, "another/1/-", blocked, at)
        return code

    assert run_for_slot(engine, "daum", "latest", at, sleeps, lambda: at) == code
    (slot,) = all_slots(engine)
    expected = (SlotState.RAN, code, None, True)
    if code == 3:
        expected = (SlotState.BLOCKED, 3, "said by the other", False)
    assert (slot.state, slot.exit_code, slot.reason, slot.run_id is not None) == expected


# --- ends ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("verdict", "code", "told"),
    [
        ("healthy", 0, None),
        ("blocked", 1, None),
        ("interrupted", 1, "was interrupted: because"),  # SIGTERM
        ("interrupted", 4, "was interrupted: because"),  # the disk was full
        (None, 4, "was not closed"),
    ],
)
def test_a_slot_says_that_its_crawl_was_broken_off(
    engine: Engine, verdict: str | None, code: int, told: str | None
) -> None:
    """And ends no alarm of slots: its articles were not crawled."""
    observe(engine, "slot daum latest", "missed", "was missed", {}, START)

    def crawl(_slot: Slot) -> int:
        begin_run(engine, verdict)
        return code

    run_for_slot(engine, "daum", "latest", START, crawl, lambda: START)
    (slot,) = all_slots(engine)
    assert (slot.state, slot.reason) == (SlotState.RAN, told and f"run {slot.run_id} {told}")
    assert (observe_slot(engine, slot, START) is None) == (told is not None)


@pytest.mark.parametrize(
    ("verdict", "stopping", "killed", "crawls", "then"),
    [
        ("interrupted", True, False, 1, "due"),
        ("interrupted", True, True, 1, "due"),
        (None, True, True, 1, "due"),
        ("interrupted", False, False, 1, "ran"),  # somebody told the crawl alone: a site had complained
        ("interrupted", True, False, 2, "ran"),
        (None, True, True, 2, "ran"),
        ("healthy", True, False, 1, "ran"),
        ("healthy", True, True, 1, "ran"),
        ("blocked", True, False, 1, "ran"),
    ],
)
def test_a_crawl_cut_short_by_a_restart_is_made_up_for(
    engine: Engine, verdict: str | None, stopping: bool, killed: bool, crawls: int, then: str
) -> None:
    for _ in range(crawls):
        slot = claim(engine, "daum", "latest", START, this_process("slot"), START)
        assert slot is not None
        begin_run(engine, verdict)
        if killed:
            make_dead(engine)
        else:
            end_slot(engine, slot.id, this_process("slot"), slot_end(engine, slot, 1), START)
        told = ChildEnd(code=-9 if killed else 1, stopped="told to stop" if stopping else None)
        settled = account(engine, slot, told, lambda: START, lambda _seconds: stopping)
    assert (settled.state.value, settled.attempts) == (then, crawls)
    if then == "due":
        assert (settled.owner, settled.run_id, settled.ended_at, settled.reason) == (None,) * 4


@pytest.mark.parametrize(
    ("code", "minutes", "state"),
    [(0, 0, "ran"), (1, 0, "ran"), (0, 5, "late"), (3, 0, "blocked"), (2, 0, "missed")],
)
def test_what_an_exit_code_means_for_the_slot(engine: Engine, code: int, minutes: int, state: str) -> None:
    now = START + timedelta(minutes=minutes)
    assert run_for_slot(engine, "daum", "latest", START, lambda _slot: code, lambda: now) == code
    (slot,) = all_slots(engine)
    assert (slot.state.value, slot.exit_code) == (state, code)
    assert run_for_slot(engine, "daum", "latest", START, lambda _slot: 99, lambda: now) == 0  # had already


def test_a_crawl_that_raises_ends_its_slot(engine: Engine) -> None:
    def crawl(_slot: Slot) -> int:
        raise OSError("the disk went away")

    with pytest.raises(OSError, match="went away"):
        run_for_slot(engine, "daum", "latest", START, crawl, lambda: START)
    (slot,) = all_slots(engine)
    assert (slot.state, slot.reason) == (SlotState.MISSED, "the crawl broke: the disk went away")


def test_slot_now_is_the_newest_of_the_line_and_accounts_for_the_others(engine: Engine) -> None:
    schedule = (HOURLY, START - DAY)
    first = due_moment(engine, "daum", "latest", "now", START + HOUR / 2, schedule)
    assert first == START
    run_for_slot(engine, "daum", "latest", first, lambda _slot: 0, lambda: START + HOUR / 2)
    with pytest.raises(WrongSlot, match="is the clock right"):
        due_moment(engine, "daum", "latest", "now", START + 40_000 * DAY, schedule)
    third = due_moment(engine, "daum", "latest", "now", START + 3 * HOUR, schedule)
    run_for_slot(engine, "daum", "latest", third, lambda _slot: 0, lambda: START + 3 * HOUR)
    assert states(engine) == [
        ("00:00", "late"),
        ("01:00", "coalesced"),
        ("02:00", "coalesced"),
        ("03:00", "ran"),
    ]


def test_a_clock_that_was_a_month_ahead_stops_no_crawl(engine: Engine) -> None:
    """What it had planned for days to come would stand for crawls that nobody made."""
    ours = book(engine)
    ours.plan(START + HOUR)
    run_for_slot(engine, "daum", "latest", START + HOUR, lambda _slot: 0, lambda: START + HOUR)
    ours.plan(START + 30 * DAY, asleep_since=START + HOUR)
    assert len(all_slots(engine)) == 30 * 24
    assert ours.next_slot("daum", START + 2 * HOUR) is None
    for hours in (2, 3):
        ours.plan(START + hours * HOUR)
        waiting = ours.next_slot("daum", START + hours * HOUR)
        assert waiting is not None
        assert (waiting.due_at, waiting.reason) == (START + hours * HOUR, None)
    ours.plan(START + 5 * HOUR)
    assert states(engine)[:5] == [
        ("01:00", "ran"),
        *((f"0{hour}:00", "coalesced") for hour in (2, 3, 4)),
        ("05:00", "due"),
    ]
    _, two, three, four, five, *_ = all_slots(engine)
    assert (two.coalesced_into, three.coalesced_into, four.coalesced_into) == (three.id, five.id, five.id)


def test_what_was_crawled_under_a_clock_that_was_ahead_stays(engine: Engine) -> None:
    ours = book(engine)
    ours.plan(START + 5 * HOUR, asleep_since=START)
    at = START + 5 * HOUR
    run_for_slot(engine, "daum", "latest", at, lambda _slot: 0, lambda: at)
    for hours in (2, 3, 4, 5):
        ours.plan(START + hours * HOUR)
    assert states(engine)[-1] == ("05:00", "ran")
    assert [slot.attempts for slot in all_slots(engine)] == [0, 0, 0, 0, 1]
    assert run_for_slot(engine, "daum", "latest", at, lambda _slot: 1, lambda: at) == 0, (
        "it is not crawled again"
    )


def test_a_book_that_was_opened_under_a_clock_ahead_owes_from_the_present_on(engine: Engine) -> None:
    ours = book(engine, opened=START + 30 * DAY)
    ours.plan(START)
    ours.plan(START + HOUR)
    assert states(engine) == [("01:00", "due")], "of the moment at which the clock was set right"


@pytest.mark.parametrize(
    ("changed", "owed"),
    [
        (START - DAY, ["01:00", "02:00", "03:00"]),  # known to the scheduler that died at 00:30
        (START + 1.5 * HOUR, ["02:00", "03:00"]),  # added while none lived
    ],
)
def test_a_mode_whose_first_slots_fall_while_no_scheduler_lives(
    engine: Engine, changed: datetime, owed: list[str]
) -> None:
    ours = SlotBook(engine, HOURLY, since=changed, opened=START + 3.5 * HOUR)
    ours.plan(START + 3.5 * HOUR, down_since=START + HOUR / 2)
    assert [at for at, _ in states(engine)] == owed
    assert {state for _, state in states(engine)} == {"coalesced", "due"}
    assert "no scheduler was running after" in (all_slots(engine)[0].reason or "")


def test_the_first_scheduler_owes_nothing_of_before(engine: Engine) -> None:
    book(engine, opened=START + 3.5 * HOUR).plan(START + 3.5 * HOUR)
    assert states(engine) == []


def test_a_slot_that_has_not_come_is_refused(engine: Engine) -> None:
    """It would be taken when it comes."""
    with pytest.raises(WrongSlot, match="has not come yet"):
        due_moment(engine, "daum", "latest", "2026-10-01T02:00+09:00", START + HOUR, None)
    at = due_moment(engine, "daum", "latest", "2026-10-01T01:00", START + HOUR, None)
    assert at == START + HOUR


def test_slot_now_without_a_line_is_refused(engine: Engine) -> None:
    with pytest.raises(WrongSlot, match=r"sources\.fnnews\.latest"):
        due_moment(engine, "fnnews", "latest", "now", START, (HOURLY, START))
    with pytest.raises(WrongSlot, match="got 'soon'"):
        parse_slot("soon")
    assert parse_slot("2026-11-22T06:00").utcoffset() == timedelta(hours=9)


def test_a_mode_taken_out_of_the_schedule_leaves_no_slot_waiting(engine: Engine) -> None:
    book(engine).plan(START + HOUR)
    book(engine, ScheduleFile()).plan(START + HOUR)
    assert states(engine) == [("01:00", "missed")]


def test_the_newest_news_go_first_when_several_modes_wait(engine: Engine) -> None:
    ours = book(engine, FILE)
    ours.plan(START + 5 * DAY)
    waiting = ours.next_slot("daum", START + 5 * DAY)
    assert waiting is not None
    assert waiting.mode == "latest"


def test_an_extra_slot_comes_when_it_is_due(engine: Engine) -> None:
    ours = book(engine)
    last = LastCrawl(started_at=START, requests=30, breaks=1)
    at = ours.plan_extra("daum", last, START + HOUR / 10, delay_s=1)
    assert at is not None
    assert ours.next_slot("daum", START + HOUR / 10) is None
    ours.plan(at)
    waiting = ours.next_slot("daum", at)
    assert waiting is not None
    assert (waiting.due_at, waiting.origin) == (at, "overlap")


# --- simulated days (a month with real crawls: tests/crawl/test_month.py) -----------------------


class Days:
    """The real slots with a clock of their own: crawls take minutes, the host sleeps, and dies."""

    def __init__(self, engine: Engine) -> None:
        self.engine, self.now = engine, START
        self.crawled: list[tuple[str, str, datetime, datetime]] = []

    def crawl(self, slot: Slot, code: int = 0) -> None:
        begun = self.now
        self.crawled.append((slot.source, slot.mode, slot.due_at, begun))
        owner = f"other/{slot.id}"
        assert claim(self.engine, slot.source, slot.mode, slot.due_at, owner, self.now) is not None
        self.now += timedelta(minutes=45 if slot.mode == "backfill" else 4)
        claimed = next(one for one in open_slots(self.engine) if one.id == slot.id)
        end_slot(self.engine, slot.id, owner, slot_end(self.engine, claimed, code), self.now)

    def live(self, until: datetime, *, down_since: datetime | None = None) -> None:
        """A scheduler's life: looks whenever a line fires, crawls one slot of each source at a time."""
        ours = book(self.engine, FILE, opened=self.now)
        ours.plan(self.now, down_since=down_since)
        while self.now < until:
            ours.plan(self.now)
            slots = [ours.next_slot(source, self.now) for source in ("daum", "fnnews")]
            for slot in slots:
                if slot is not None:
                    self.crawl(slot)
            if not any(slots):
                soonest = min(table.cron.next_after(self.now) for _, _, table in FILE.planned())
                self.now = min(until, soonest)
        ours.plan(self.now)

    def sleep(self, until: datetime) -> None:
        """The machine sleeps; the same scheduler wakes."""
        before, self.now = self.now, until
        book(self.engine, FILE, opened=before).plan(self.now, asleep_since=before)


def expected(file: ScheduleFile, until: datetime) -> set[tuple[str, str, datetime]]:
    return {
        (source, mode, due)
        for source, mode, table in file.planned()
        for due in table.cron.between(START, until)
    }


def test_seven_simulated_days_account_for_every_slot(sqlite_url: str) -> None:
    engine = open_database(sqlite_url)
    days = Days(engine)
    days.live(START + 1 * DAY)
    asleep = days.now
    woke = START + 2 * DAY + HOUR / 4
    days.sleep(woke)
    days.live(START + 4 * DAY)
    died = days.now
    back = days.now = START + 6 * DAY + HOUR / 4  # nobody there for two days
    days.live(START + 7 * DAY, down_since=died)
    slots = slots_between(engine, START, days.now + DAY)
    engine.dispose()

    assert {(slot.source, slot.mode, slot.due_at) for slot in slots} >= expected(FILE, START + 7 * DAY)
    assert len(slots) == len({(slot.source, slot.mode, slot.due_at) for slot in slots})
    # Each slot was crawled at most once, and exactly those that say so.
    crawled = Counter((source, mode, due) for source, mode, due, _ in days.crawled)
    assert max(crawled.values()) == 1
    ended = [slot for slot in slots if slot.state in (SlotState.RAN, SlotState.LATE)]
    assert {(slot.source, slot.mode, slot.due_at) for slot in ended} == set(crawled)
    check_gap(slots, asleep, woke, SlotState.ASLEEP)
    check_gap(slots, died, back, SlotState.COALESCED)
    still_open = [slot for slot in slots if slot.state in (SlotState.DUE, SlotState.RUNNING)]
    assert all(slot.due_at > days.now - HOUR for slot in still_open)


def check_gap(slots: Sequence[Slot], since: datetime, until: datetime, state: SlotState) -> None:
    """In a stretch without anybody: the newest of each source and mode caught up late, the others ended."""
    for source, mode in {(slot.source, slot.mode) for slot in slots}:
        ours = [slot for slot in slots if (slot.source, slot.mode) == (source, mode)]
        inside = [slot for slot in ours if since < slot.due_at <= until]
        if not inside:
            continue
        *older, newest = inside
        assert newest.state is SlotState.LATE
        assert {slot.state for slot in older} <= {state}
        assert all(slot.coalesced_into is not None and slot.reason for slot in older)


def test_the_last_slots_are_shown(engine: Engine) -> None:
    run_for_slot(engine, "daum", "latest", START, lambda _slot: 0, lambda: START)
    run_for_slot(engine, "daum", "latest", START + HOUR, lambda _slot: 1, lambda: START + HOUR)
    run_for_slot(engine, "daum", "latest", START + 40 * DAY, lambda _slot: 0, lambda: START + 40 * DAY)
    last = last_slots(engine, START + 2 * HOUR)["daum", "latest"]
    assert (last.due_at, last.exit_code) == ((START + HOUR).astimezone(UTC), 1)


def test_a_scheduler_that_lives_is_seen_behind_a_dead_one_whose_clock_was_ahead(engine: Engine) -> None:
    schedulers.beat(engine, DEAD, START + 40 * DAY)
    schedulers.stopped(engine, DEAD, START + 40 * DAY)
    assert schedulers.newest_lives(engine, limit=1)[0].owner == DEAD
    schedulers.beat(engine, f"{DEAD}/before", START - HOUR)
    schedulers.stopped(engine, f"{DEAD}/before", START - HOUR)
    assert schedulers.down_since(engine, START) == START - HOUR
    schedulers.beat(engine, this_process(), START)
    assert schedulers.down_since(engine, START) is None
    (life,) = schedulers.newest_lives(engine, limit=1)
    assert (life.owner, life.dead) == (this_process(), False)
