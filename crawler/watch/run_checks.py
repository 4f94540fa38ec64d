"""What ``newsarchive doctor`` says of the scheduler, of runs and slots, and of alarms."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine

from crawler.configuration.file import ScheduleFile, file_since
from crawler.watch.alarms import BROKEN_IN_A_ROW
from crawler.watch.findings import Finding, Level, Surroundings
from storage.frontier.ahead import ahead
from storage.frontier.leases import owner_is_dead
from storage.frontier.lifting import LONGEST_KEPT
from storage.frontier.refused import notes
from storage.ledger.unread import resting_hosts
from storage.models import SlotState
from storage.operations import alarms
from storage.operations.health import RunSign, last_good_runs, newest_ended_runs, newest_runs, runs_between
from storage.operations.schedulers import newest_lives
from storage.operations.slots import last_planned, last_slots
from storage.records import RunMode, Verdict
from storage.seoul import shown

BEAT_OLD = timedelta(minutes=2)


def scheduler(engine: Engine, file: ScheduleFile | None, at: Surroundings) -> Iterator[Finding]:
    """Whether a scheduler lives where crawls are planned."""
    if file is None or not file.planned():
        return
    lives = newest_lives(engine, limit=1)
    newest = lives[0] if lives else None
    if newest is not None and not newest.dead and at.now - newest.beat_at < BEAT_OLD:
        yield Finding(check="scheduler", level=Level.OK, said=f"alive since {shown(newest.started_at)}")
        return
    said = (
        "none has ever run"
        if newest is None
        else f"none runs; the last one lived until {shown(newest.beat_at)}"
    )
    todo = "start it (newsarchive schedule), unless cron or a timer does its work"
    yield Finding(check="scheduler", level=Level.WARN, said=said, to_do=todo)


LATE = timedelta(hours=1)
"""A slot is written within seconds of its moment, or by the next crawl that cron begins. Our choice."""


def silence(engine: Engine, file: ScheduleFile | None, at: Surroundings) -> Iterator[Finding]:
    """Planned crawls for which nobody is there any more: a crontab that was lost, a scheduler that ended.

    A mode that nobody ever planned owes nothing: who crawls by hand may have a schedule file, too.
    """
    newest = newest_runs(engine)
    begun = {(run.source, run.mode): run.started_at for run in newest}
    at_work = {run.source for run in newest if run.finished_at is None and not owner_is_dead(run.owner)}
    for source, mode, table in file.planned() if file else ():
        last = last_planned(engine, source, mode, at.now)
        if last is None or source in at_work:  # its modes wait for each other
            continue
        # Cron's crawl of one source writes the slots of all: one that waits was seen by nobody of its own.
        waits = last.state is SlotState.DUE
        seen = begun.get((source, mode), last.due_at) if waits else last.due_at
        owed = max(seen, file_since(at.config, at.now))
        first = next(table.cron.between(owed, at.now - LATE), None)
        if first is not None:
            yield Finding(
                check=f"schedule {source} {mode}",
                level=Level.FAIL,
                said=f"nobody is there to crawl it since {shown(first)}; its newest slot, of "
                f"{shown(last.due_at)}, {'waits' if waits else f'ended {last.state.value}'}",
                to_do="start newsarchive schedule, or mend the cron or timer that did its work; what was "
                "missed: newsarchive coverage",
            )


def runs(engine: Engine, file: ScheduleFile | None, now: datetime) -> Iterator[Finding]:
    """How the newest run of each source and mode ended.

    One that goes on or was broken off says nothing of its source: what the newest before it found that came
    to its end stands beside it, where that was not well.
    """
    good = last_good_runs(engine)
    planned = {(source, mode) for source, mode, _ in file.planned()} if file else set()
    ended = {(run.source, run.mode): run for run in newest_ended_runs(engine)}
    for run in newest_runs(engine):
        for of, finding in _of_kind(engine, run, ended.get((run.source, run.mode))):
            past = _is_past(of, good, planned, now) if finding.level is Level.FAIL else None
            yield replace(finding, level=Level.WARN, said=f"{finding.said} ({past})") if past else finding


def _of_kind(engine: Engine, newest: RunSign, ended: RunSign | None) -> Iterator[tuple[RunSign, Finding]]:
    """What the newest run of a source and mode says, and the newest that came to its end."""
    if ended is None or ended.id != newest.id:
        yield newest, _of_unended(engine, newest, ended)
    if ended is not None:
        finding = _of_ended(ended)
        if ended.id == newest.id or finding.level is not Level.OK:
            yield ended, finding


def _of_ended(run: RunSign) -> Finding:
    level, todo = _RUN_ADVICE.get(run.verdict or "", (Level.OK, ""))
    if run.verdict == Verdict.BLOCKED.value:
        todo = next((advice for words, advice in _BLOCKED_BY if words in (run.reason or "")), todo)
    return Finding(check=f"run {run.source} {run.mode}", level=level, said=_said_of_end(run), to_do=todo)


def _of_unended(engine: Engine, run: RunSign, ended: RunSign | None) -> Finding:
    """A run that goes on, whose process died or that was broken off: time after time that is a failure, since
    nobody learns what the source's lists and pages say."""
    goes_on = run.finished_at is None and not owner_is_dead(run.owner)
    level, todo = (Level.OK, "") if goes_on else (Level.WARN, _TAKEN_UP)
    said = _said_of_end(run)
    if run.finished_at is None:
        said = f"run {run.id} since {shown(run.started_at)}{' goes on' if goes_on else ', its process died'}"
    broken = runs_between(engine, ended, run) + (not goes_on)
    if broken >= BROKEN_IN_A_ROW:
        level, todo = Level.FAIL, _BROKEN_OFF
        since = f"since {shown(ended.started_at)}" if ended else "yet"
        said = f"{said}; {broken} in a row were broken off, none came to its end {since}"
    return Finding(check=f"run {run.source} {run.mode}", level=level, said=said, to_do=todo)


def _said_of_end(run: RunSign) -> str:
    how = run.verdict or "without a verdict"
    return f"run {run.id} at {shown(run.started_at)} ended {how}: {run.reason or ''}"


_TAKEN_UP = "nothing where it was told to stop, else mend what it says: the next run takes up its work"
_BROKEN_OFF = (
    "mend what it says (of a process that died: too little memory, a kill_after too short), then crawl: the "
    "first crawl that comes to its end ends this"
)


def _is_past(
    run: RunSign, good: Mapping[str, datetime], planned: Container[tuple[str, str]], now: datetime
) -> str | None:
    """Why a run that ended badly is no failure of today; None where it is.

    What nobody repeats would otherwise be one for ever: a refused backfill, a source given up.
    """
    if run.mode not in (RunMode.LATEST, RunMode.RECHECK):
        if good.get(run.source, run.started_at) > run.started_at:
            return "a later run of the source ended well"
        return "the newest articles do not hang on it"
    if now - run.started_at > OLD and (run.source, run.mode) not in planned:
        return "it is old, and none is planned"
    return None


def refused(folder: Path) -> Iterator[Finding]:
    """Runs that the database refused, whose rows say nothing of it yet, or what was never confirmed."""
    for note in notes(folder):
        yield Finding(
            check=f"refused run {note.run}",
            level=Level.WARN,
            said=f"ended at {shown(datetime.fromisoformat(note.at))}: {note.why}",
            to_do="mend what it says, then crawl: the next run has its row say so",
        )


def clocks(engine: Engine, now: datetime) -> Iterator[Finding]:
    """Runs under a clock that was ahead: their times are wrong, and what they asked is to be asked again."""
    for source in sorted({run.source for run in newest_runs(engine)}):
        if (left := ahead(engine, source, now)) is None:
            continue
        numbers = ", ".join(map(str, left.runs[:MOST_RUNS])) + (" ..." if left.runs[MOST_RUNS:] else "")
        said = (
            f"runs {numbers} of {source} saw a clock that was ahead, up to {shown(left.latest)}: their times "
            f"are wrong; {left.pages} of their pages were not asked again since"
        )
        todo = (
            "is the clock right now? Then crawl: the next run of the source asks them" if left.pages else ""
        )
        level = Level.WARN if left.pages else Level.OK
        yield Finding(check=f"times {source}", level=level, said=said, to_do=todo)


MOST_RUNS = 5
"""Numbers in one line; our choice."""


_WAIT = "nothing: it is asked again then"
_ASK_THE_SITE = "ask the site, where it may be a slip: newsarchive rests --lift HOST ends it"


def rests(engine: Engine, now: datetime) -> Iterator[Finding]:
    """Hosts that are left alone: what one asked for by mistake, a year perhaps, would be seen by nobody."""
    for host in resting_hosts(engine, now):
        yield Finding(
            check=f"host {host.host}",
            level=Level.WARN,
            said=f"rests until {shown(host.until)}: {host.reason or 'no reason is kept'}",
            to_do=_ASK_THE_SITE if host.until - now > LONGEST_KEPT else _WAIT,
        )


OLD = timedelta(days=7)
"""Our choice: a source that is crawled by hand is crawled within a week, or nobody minds."""


_RUN_ADVICE = {
    Verdict.DEGRADED.value: (Level.WARN, "look at the reason; newsarchive runs shows whether it lasts"),
    Verdict.EMPTY.value: (
        Level.FAIL,
        "open the lists in a browser: a redesign needs new rules (docs/adding-a-source.md)",
    ),
    Verdict.BLOCKED.value: (
        Level.FAIL,
        "the site refuses us: read its robots.txt, slow down, ask its operator",
    ),
}


_BLOCKED_BY = (
    (
        "outside the source",
        "its pages are at another host by now: if that is the site's, add it to hosts and fetch_hosts of its "
        "source (docs/adding-a-source.md, when its addresses change); the next crawl asks what was refused",
    ),
    (
        "robots.txt unreachable",
        "open its robots.txt in a browser: where it comes, see to this machine's network, DNS and clock; the "
        "next crawl asks again",
    ),
    (
        "rests until",
        "nothing before then (newsarchive rests); where it comes back, write to the site's operator",
    ),
)
"""Words in the reason of a run that ended blocked, and what to do; the first that is found."""


def slots_missed(engine: Engine, now: datetime) -> Iterator[Finding]:
    """The newest slot of each source and mode, where nothing came of it."""
    for (source, mode), slot in sorted(last_slots(engine, now).items()):
        if slot.state.value in ("missed", "blocked"):
            said = f"{shown(slot.due_at)} {slot.state.value}: {slot.reason}"
            todo = "run the same crawl by hand to see why: newsarchive crawl " + source
            yield Finding(check=f"slot {source} {mode}", level=Level.WARN, said=said, to_do=todo)


def standing_alarms(engine: Engine) -> Iterator[Finding]:
    """Alarms that stand, and those of which nobody could be told."""
    for alarm in alarms.raised(engine):
        said = f"since {shown(alarm.changed_at)}: {alarm.message}"
        yield Finding(check=f"alarm {alarm.key}", level=Level.WARN, said=said)
    for alarm in alarms.untold(engine):
        if alarm.undelivered:
            said, todo = alarm.undelivered, "check [alarms] targets in newsarchive.toml"
            yield Finding(check="alarm targets", level=Level.WARN, said=said, to_do=todo)
