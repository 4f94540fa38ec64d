"""The end of a run: its verdict, first by what the source declares, then by what the archive remembers."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from crawler.configuration.file import ScheduleFile, WrongFile, read_file
from crawler.run.plan import RunPlan
from crawler.sources import all_sources
from crawler.verdict.expectation import Ending, Tally, judge
from crawler.verdict.hindsight import SecondOpinion, second_opinion
from crawler.watch.alarms import observe_run, tell
from crawler.watch.metrics import keep_metrics
from storage.records import RunMode, Verdict

log = logging.getLogger("newsarchive")


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFacts:
    """What is known of a run when it ends."""

    run_id: int
    started_at: datetime
    counts: Mapping[str, int]
    """Outcome -> addresses."""
    listed: int
    finished: bool
    """False when the run was stopped before its work was done."""
    limited: bool
    """The run's limit was reached."""


def conclude(engine: Engine, plan: RunPlan, tally: Tally, facts: RunFacts) -> SecondOpinion:
    """The verdict of a run."""
    if not facts.finished:
        stopped = Ending(verdict=Verdict.INTERRUPTED, reason="stopped before its work was done")
        return SecondOpinion(ending=stopped)
    whole = plan.mode is RunMode.LATEST and not facts.limited
    ending = judge(plan.source.expectation, tally, counts=facts.counts, listed=facts.listed, whole=whole)
    if not plan.exclusive:
        return SecondOpinion(ending=ending)
    return second_opinion(engine, plan.source.name, facts.run_id, facts.started_at, ending, whole=whole)


def schedule_file(path: Path) -> ScheduleFile:
    """The schedule file; the defaults where there is none or it cannot be used, which is said."""
    if not path.exists():
        return ScheduleFile()
    try:
        return read_file(path, sorted(all_sources()))
    except WrongFile as error:
        log.error("alarms and metrics as by default: %s", error)
        return ScheduleFile()


def tell_of_run(
    engine: Engine, plan: RunPlan, facts: RunFacts, opinion: SecondOpinion, config: Path, now: datetime
) -> None:
    """Alarms on a change of state, metrics: as newsarchive.toml says, defaults where there is none.

    A metrics file that cannot be written is only said.
    """
    file = schedule_file(config)
    observe_run(engine, plan.source.name, plan.mode, facts.run_id, opinion, now)
    tell(engine, file.alarms, now)
    keep_metrics(engine, file, now)
