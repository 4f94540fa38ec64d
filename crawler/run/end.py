"""The end of a run: its verdict, first by what the source declares, then by what the archive remembers."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from crawler.configuration.file import AlarmTable, ScheduleFile, WrongFile, is_there, read_file
from crawler.run.plan import RunPlan
from crawler.sources import all_sources, spellings
from crawler.verdict.hindsight import SecondOpinion, second_opinion
from crawler.verdict.run_verdict import Ending, Tally, judge, worsened
from crawler.watch.alarms import observe_loss, observe_run, observe_slot, tell
from storage.clock import utc_now
from storage.database.present import archive_now
from storage.database.refusal import DatabaseRefused, refusals
from storage.frontier import runs
from storage.frontier.frontier import Frontier
from storage.ledger.run_ends import Unended, next_due
from storage.ledger.unshown import unshown_of_run
from storage.ledger.ways import told, unproven
from storage.operations.slots import slots_between
from storage.records import RunMode, Verdict
from storage.seoul import shown

log = logging.getLogger("newsarchive")


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFacts:
    """What is known of a run when it ends."""

    run_id: int
    started_at: datetime
    counts: Mapping[str, int]
    """Outcome -> addresses."""
    listed: int
    unended: Unended
    """What was listed and has no outcome."""
    finished: bool
    """False when the run was stopped before its work was done."""
    limited: bool
    """The run's limit was reached."""
    over: str | None = None
    """Why no host of the source was asked any more: one of them asks for more than a day's rest."""


def conclude(engine: Engine, plan: RunPlan, tally: Tally, facts: RunFacts) -> SecondOpinion:
    """The verdict of a run."""
    if not facts.finished:
        left = [str(facts.unended)] if facts.unended.count else []
        reason = "; ".join(["stopped before its work was done", *left])
        return SecondOpinion(ending=Ending(verdict=Verdict.INTERRUPTED, reason=reason))
    if facts.over is not None:
        reason = "; ".join([facts.over, *_besides(engine, plan, tally, facts)])
        return SecondOpinion(ending=Ending(verdict=Verdict.BLOCKED, reason=reason))
    latest = plan.mode is RunMode.LATEST
    whole = latest and not facts.limited
    ending = judge(
        plan.source.expectation,
        tally,
        counts=facts.counts,
        listed=facts.listed,
        whole=whole,
        unended=None if facts.limited else facts.unended,
        rechecking=plan.mode is RunMode.RECHECK,
    )
    ending = _still_there(engine, facts.run_id, ending)
    ending = replace(ending, reason="; ".join([ending.reason, *_besides(engine, plan, tally, facts)]))
    if not plan.exclusive:
        return SecondOpinion(ending=ending)
    empty = tally.empty_lists if latest else ()
    return second_opinion(
        engine,
        plan.source.name,
        facts.run_id,
        facts.started_at,
        ending,
        whole=whole,
        empty=empty,
        articles_share=plan.source.expectation.min_articles_share,
    )


def _still_there(engine: Engine, run_id: int, ending: Ending) -> Ending:
    """The ending, never healthy where what the run stored has gone out of the archive meanwhile."""
    lost = unshown_of_run(engine, run_id, spellings)
    if not lost:
        return ending
    words = f"{lost} articles of this run are not in the archive any more: newsarchive verify --all --repair"
    return worsened(ending, [words])


def _besides(engine: Engine, plan: RunPlan, tally: Tally, facts: RunFacts) -> Iterator[str]:
    """What makes no verdict worse and is told all the same."""
    if facts.limited and facts.unended.count:
        yield f"{facts.unended.count} wait beyond the limit"
    if ways := unproven(engine, plan.source.name, facts.run_id):
        yield f"unproven: {told(ways)}"
    if tally.resting_ways:
        yield f"left alone: {'; '.join(tally.resting_ways)}"
    if tally.resting_lists:
        yield f"{tally.resting_lists} lists are not due yet"
    if tally.empty_lists:
        yield f"{len(tally.empty_lists)} of {len(tally.listed_by)} lists named nothing"
    if not facts.listed and plan.mode is RunMode.RECHECK:
        at = next_due(engine, plan.source.name)
        yield "no known page will be" if at is None else f"the next page is at {shown(at)}"


def close_refused(engine: Engine, plan: RunPlan, run_id: int, sentence: str, config: Path) -> bool:
    """Say in the run's row and to who is alarmed what was lost, where the database still takes it."""
    now = utc_now()
    try:
        with refusals(engine.url):
            counts = Frontier(engine).outcomes(run_id)
            runs.close_run(engine, run_id, now, Verdict.INTERRUPTED, sentence, counts, {})
            observe_loss(engine, plan.source.name, plan.mode, run_id, sentence, now)
            _tell(engine, config, now)
    except (DatabaseRefused, DBAPIError) as error:
        log.error("the run could not be closed either: %s", error)
        return False
    return True


def schedule_file(path: Path) -> ScheduleFile:
    """The schedule file; the defaults where there is none or it cannot be used, which is said."""
    try:
        return _file(path)
    except WrongFile as error:
        log.error("channels, permissions and metrics as by default: %s", error)
        return ScheduleFile()


def tell_of_run(
    engine: Engine, plan: RunPlan, facts: RunFacts, opinion: SecondOpinion, config: Path, now: datetime
) -> None:
    """Alarms on a change of state, as newsarchive.toml says."""
    observe_run(engine, plan.source.name, plan.mode, facts.run_id, opinion, now)
    _tell(engine, config, now)


def tell_of_slot(engine: Engine, source: str, mode: str, due_at: datetime, config: Path) -> None:
    """The same of a slot's end; a database that refuses is said, and told by whoever comes next."""
    try:
        with refusals(engine.url):
            now = archive_now(engine)
            for slot in slots_between(engine, due_at, due_at + timedelta(microseconds=1)):
                if (slot.source, slot.mode) == (source, mode):
                    observe_slot(engine, slot, now)
            _tell(engine, config, now)
    except DatabaseRefused as error:
        log.error("what became of the slot could not be told: %s", error)


def _tell(engine: Engine, config: Path, now: datetime) -> None:
    """Tell whom the schedule file names; while it cannot be used, that is known by whoever reads it next."""
    try:
        tell(engine, _file(config).alarms, now)
    except WrongFile as error:
        log.error("who is told of alarms is not known: %s", error)
        tell(engine, AlarmTable(), now, unread=str(error))


def _file(path: Path) -> ScheduleFile:
    return read_file(path, sorted(all_sources())) if is_there(path) else ScheduleFile()
