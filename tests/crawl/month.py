"""A month of the archive's life in minutes: real scheduler, real crawls, real archive; the clock and the
two sites are played.

The clock stands where it is set and ticks on from there; the scheduler looks around at every step, and
each crawl is a process that sees the same time (tests/moved_clock.py).
"""

from __future__ import annotations

import json
import os
import random
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from crawler.configuration.environment import Configuration
from crawler.configuration.file import ModeTable, read_file
from crawler.schedule.archive_scheduler import crawl_command, scheduler_of
from crawler.schedule.scheduler import Scheduler
from storage.database.opening import open_database
from storage.database.upgrading import prepare_database
from storage.operations.slots import Slot, slots_between
from storage.seoul import SEOUL
from tests.crawl.stage import Stage
from twin import Story, Twin

MOVED_CLOCK = str(Path(__file__).parents[1] / "moved_clock.py")
START = datetime(2026, 10, 1, 0, 0, tzinfo=SEOUL)
IDLE_SECONDS = 180.0
"""Real seconds in which the crawls of one moment must be done."""
EDITS = ("body", "headline", "notice", "space")

SCHEDULE = """
[sources.daum.latest]
cron = "{daum}"
[sources.fnnews.latest]
cron = "{fnnews}"
{recheck}
[alarms]
json_file = "{folder}/alarms.jsonl"
[metrics]
file = "{folder}/newsarchive.prom"
"""


RECHECK = '[sources.daum.recheck]\ncron = "10 4 * * *"'


@dataclass(slots=True)
class Clock:
    """Stands where it is set, and ticks on from there."""

    at: datetime
    since: float = field(default_factory=time.monotonic)

    def __call__(self) -> datetime:
        return self.at + timedelta(seconds=time.monotonic() - self.since)

    def boot(self) -> float:
        """Seconds since the start, a suspend's included."""
        return (self() - START).total_seconds()

    def set(self, at: datetime) -> None:
        self.at, self.since = max(at, self()), time.monotonic()


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """What happens when, after the start."""

    end: timedelta
    step: timedelta
    """Between two looks around, and between two stories."""
    crons: tuple[str, str]
    """When lists are read: of daum and of fnnews."""
    down: tuple[timedelta, timedelta]
    """Both sites answer 503."""
    asleep: tuple[timedelta, timedelta]
    """The machine is suspended; the sites go on publishing."""
    redesign: timedelta
    """Daum's article pages get another markup."""
    recheck: bool
    """Daum's known pages are looked at again every morning."""
    dead: tuple[timedelta, timedelta] | None = None
    """No scheduler is running."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """What the newsroom did to a story, once."""

    what: str
    at: datetime
    urls: tuple[str, ...]


def within(at: timedelta, stretch: tuple[timedelta, timedelta] | None) -> bool:
    return stretch is not None and stretch[0] <= at < stretch[1]


class Month:
    """The simulation. ``live`` goes through the script; everything else asks what became of it."""

    def __init__(self, folder: Path, script: Script, twin: Twin) -> None:
        self.script, self.twin, self.clock = script, twin, Clock(START)
        config = folder / "newsarchive.toml"
        self.stage = Stage(
            folder=folder, database=f"sqlite:///{folder}/newsarchive.db", origin=twin.url, config=config
        )
        folder.mkdir(parents=True)
        daum, fnnews = script.crons
        config.write_text(
            SCHEDULE.format(
                folder=folder, daum=daum, fnnews=fnnews, recheck=RECHECK if script.recheck else ""
            )
        )
        os.utime(config, (START.timestamp(), START.timestamp()))
        self.file = read_file(config, ["daum", "fnnews"])
        self.rng = random.Random(20261001)
        self.edits: dict[str, Edit] = {}
        self.deleted: set[str] = set()

    def environment(self) -> dict[str, str]:
        """What a crawl's process inherits."""
        sources = ("daum", "fnnews")
        return self.stage.environment() | {
            "NEWSARCHIVE_ORIGIN": ",".join(f"{source}={self.twin.url}" for source in sources),
            "NEWSARCHIVE_DELAY": "0",
        }

    # --- time passes ------------------------------------------------------------------------------

    def live(self) -> None:
        """From the start to the script's end."""
        prepare_database(self.stage.database)
        with opened(self.stage.database) as engine:
            scheduler: Scheduler | None = self.begin(engine)
            while self.passed < self.script.end:
                self.move()
                if within(self.passed, self.script.asleep):
                    continue
                if within(self.passed, self.script.dead):
                    scheduler = self.finish(scheduler)
                    continue
                scheduler = scheduler or self.begin(engine)
                scheduler.tick()
                self.wait(scheduler, engine)
            self.finish(scheduler)

    @property
    def passed(self) -> timedelta:
        return self.clock() - START

    def move(self) -> None:
        """To the next story or slot, whichever comes first; the sites do what their script says."""
        now = self.clock().astimezone(SEOUL)
        whole = now.replace(minute=0, second=0, microsecond=0)
        step = self.script.step
        story_at = next(at for n in range(5) if (at := whole + n * step) > now)
        due_at = min(table.cron.next_after(now) for _, _, table in self.file.planned())
        self.clock.set(min(story_at, due_at))
        self.twin.set_now(self.clock())
        self.twin.scenario = "down" if within(self.passed, self.script.down) else "calm"
        if self.passed >= self.script.redesign:
            self.twin.redesign("daum", part="pages")
        if story_at <= due_at:
            self.newsroom(story_at)

    def newsroom(self, at: datetime) -> None:
        """A story for both sites at every step; some edits a day; now and then one is taken down."""
        self.twin.publish()
        if at.hour in (10, 15, 21) and not at.minute:
            self.change()

    def change(self) -> None:
        """Edit two stories that nobody edited yet, and take one down, of those that lists show."""
        young = self.clock() - timedelta(hours=20)
        fresh = [
            story
            for story in self.twin.truth()
            if story.published > young and story.story_id not in self.edits and len(story.appearances) == 2
        ]
        for story in self.rng.sample(fresh[2:], k=min(2, len(fresh[2:]))):
            what = EDITS[len(self.edits) % len(EDITS)]
            self.twin.edit(story.story_id, what)
            urls = tuple(page.url for page in story.appearances)
            self.edits[story.story_id] = Edit(what=what, at=self.clock(), urls=urls)
        if self.passed.days % 5 == 4:
            gone = self.rng.choice([story for story in fresh if story.story_id not in self.edits])
            self.twin.delete(gone.story_id)
            self.deleted.add(gone.story_id)

    # --- the scheduler ----------------------------------------------------------------------------

    def begin(self, engine: Engine) -> Scheduler:
        settings = Configuration()  # of the environment, as its crawls
        plain = crawl_command(settings)

        def command(slot: Slot, table: ModeTable) -> Sequence[str]:
            python, _, _, *words = plain(slot, table)
            return [python, "-P", MOVED_CLOCK, self.clock().isoformat(), *words]

        scheduler = scheduler_of(
            settings,
            engine,
            command=command,
            clock=self.clock,
            boot_clock=self.clock.boot,
            tick_s=self.script.step.total_seconds(),
        )
        scheduler.begin()
        self.wait(scheduler, engine)
        return scheduler

    def finish(self, scheduler: Scheduler | None) -> None:
        if scheduler is not None:
            scheduler.end()

    def wait(self, scheduler: Scheduler, engine: Engine) -> None:
        """Until everything that is due has been crawled and accounted for."""
        deadline = time.monotonic() + IDLE_SECONDS
        while scheduler.crawling() or self.open_slots(engine):
            assert time.monotonic() < deadline, "the crawls of one moment did not end"
            time.sleep(0.02)

    def open_slots(self, engine: Engine) -> list[Slot]:
        now = self.clock()
        return [slot for slot in slots_between(engine, START, now) if slot.state.value in ("due", "running")]

    # --- what became of it --------------------------------------------------------------------------

    def slots(self) -> list[Slot]:
        with opened(self.stage.database) as engine:
            return slots_between(engine, START, self.clock())

    def alarms(self) -> list[dict[str, Any]]:
        lines = (self.stage.folder / "alarms.jsonl").read_text().splitlines()
        return [json.loads(line) for line in lines]

    def published(self, until: datetime) -> list[Story]:
        """Stories that came out during the month, up to that moment."""
        return [story for story in self.twin.truth() if START <= story.published <= until]


@contextmanager
def opened(url: str) -> Iterator[Engine]:
    engine = open_database(url)
    try:
        yield engine
    finally:
        engine.dispose()
