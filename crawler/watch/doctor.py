"""``newsarchive doctor``: is everything in place for years to come, and what to do where it is not."""

from __future__ import annotations

import os
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from sqlalchemy import Engine

from crawler.configuration.file import ScheduleFile, WrongFile, read_file
from crawler.watch.disk import disk, size, told_files, warc_sizes
from crawler.watch.findings import Finding, Level, Surroundings
from crawler.watch.takedowns import takedowns
from storage.database.opening import DatabaseRefused, describe, open_readonly, refusals, schema_state
from storage.frontier.leases import owner_is_dead
from storage.ledger.ways import told, unproven
from storage.operations import alarms
from storage.operations.health import (
    RunSign,
    SampledCapture,
    last_good_runs,
    newest_runs,
    robots_answers,
    sample_captures,
)
from storage.operations.problems import first_run_at, last_verification
from storage.operations.schedulers import newest_lives
from storage.operations.slots import last_slots
from storage.records import RunMode, Verdict
from storage.search.index import unindexed
from storage.seoul import shown
from storage.warc.file import OPEN
from storage.warc.store import CaptureDamaged, CaptureMissing, read_payload

CLOCK_OFF = timedelta(minutes=5)
"""A site's own clock and the way there explain seconds."""
BEAT_OLD = timedelta(minutes=2)


def examine(at: Surroundings) -> list[Finding]:
    """All checks, in the order in which their trouble should be mended."""
    file, findings = _configuration(at)
    findings += [*told_files(file), *disk(at), *_warc_folder(at)]
    engine, database = _database(at)
    findings.append(database)
    if engine is not None:
        checks: tuple[Callable[[], Iterable[Finding]], ...] = (
            lambda: _captures(engine, at),
            lambda: _verified(engine, at.now),
            lambda: _search(engine),
            lambda: takedowns(engine, at.warc_folder.parent),
            lambda: _robots(engine),
            lambda: _ways(engine),
            lambda: _scheduler(engine, file, at),
            lambda: _runs(engine, file, at.now),
            lambda: _slots(engine),
            lambda: _alarms(engine),
        )
        try:
            with refusals(engine.url):
                for check in checks:
                    findings += check()
        except DatabaseRefused as error:
            findings.append(Finding(check="database", level=Level.FAIL, said=str(error)))
        finally:
            engine.dispose()
    return findings


def healthy(findings: Iterable[Finding]) -> bool:
    """Whether nothing has to be mended at once."""
    return all(finding.level is not Level.FAIL for finding in findings)


# --- the machine ----------------------------------------------------------------------------------


def _configuration(at: Surroundings) -> tuple[ScheduleFile | None, list[Finding]]:
    findings = []
    unplayed = sorted(set(at.known_sources) - at.played)
    if at.contact is None and unplayed:
        findings.append(
            Finding(
                check="contact",
                level=Level.FAIL,
                said=f"no contact is set, so {', '.join(unplayed)} cannot be crawled",
                to_do="set NEWSARCHIVE_CONTACT to an e-mail or web address at which you can be reached",
            )
        )
    else:
        findings.append(Finding(check="contact", level=Level.OK, said=at.contact or "all sources are played"))
    if not at.config.exists():
        said = f"{at.config} is not there: nothing is crawled on a schedule"
        todo = "write one with newsarchive init, or crawl by hand"
        return None, [*findings, Finding(check="schedule file", level=Level.WARN, said=said, to_do=todo)]
    try:
        file = read_file(at.config, at.known_sources)
    except WrongFile as error:
        wrong = Finding(check="schedule file", level=Level.FAIL, said=str(error), to_do=f"mend {at.config}")
        return None, [*findings, wrong]
    said = f"{at.config}: {len(file.planned())} planned crawls, {len(file.alarms.targets)} alarm targets"
    return file, [*findings, Finding(check="schedule file", level=Level.OK, said=said)]


def _warc_folder(at: Surroundings) -> Iterator[Finding]:
    folder = at.warc_folder
    if not folder.exists():
        yield Finding(check="warc folder", level=Level.WARN, said=f"{folder} is made by the first crawl")
        return
    if not os.access(folder, os.W_OK | os.X_OK):
        todo = "give the crawler's user the right to write there"
        yield Finding(check="warc folder", level=Level.FAIL, said=f"{folder} may not be written", to_do=todo)
        return
    files = warc_sizes(folder)
    left = [file for file in files if file.suffix == OPEN]
    said = f"{len(files)} files, {size(sum(files.values()))}"
    if left:
        said += f", {len(left)} still open (a run writes, or died: the next run mends them)"
    yield Finding(check="warc folder", level=Level.OK, said=said)


def _database(at: Surroundings) -> tuple[Engine | None, Finding]:
    try:
        engine = open_readonly(at.database_url)
        state = schema_state(engine)
    except DatabaseRefused as error:
        todo = "the first crawl makes it; on PostgreSQL check that the server runs and the URL is right"
        return None, Finding(check="database", level=Level.FAIL, said=str(error), to_do=todo)
    where = describe(engine.url)
    if state == "current":
        return engine, Finding(check="database", level=Level.OK, said=f"{where} is up to date")
    todo = "run: newsarchive db upgrade" if state in ("outdated", "empty") else "use the newer program"
    engine.dispose()
    return None, Finding(check="database", level=Level.FAIL, said=f"{where} is {state}", to_do=todo)


# --- the archive ----------------------------------------------------------------------------------


def _captures(engine: Engine, at: Surroundings) -> Iterator[Finding]:
    """Whether captures of every age can be read back, and what the newest says of the clock."""
    sample = sample_captures(engine, SAMPLE, at.now.toordinal() * MINUTES + at.now.hour * 60 + at.now.minute)
    if not sample:
        yield Finding(check="clock", level=Level.OK, said="nothing has been fetched yet to compare it with")
        return
    newest = sample[0]
    if newest.fetched_at > at.now + CLOCK_OFF:
        said = f"it is {shown(at.now)} here, but a page was fetched at {shown(newest.fetched_at)}"
        yield Finding(check="clock", level=Level.FAIL, said=said, to_do="set the clock (timedatectl, NTP)")
    lost: list[str] = []
    for one in sample:
        try:
            _, headers, _ = read_payload(at.warc_folder, one.place)
        except (CaptureMissing, CaptureDamaged, OSError) as error:
            lost.append(str(error))
            continue
        if one is newest and newest.fetched_at <= at.now + CLOCK_OFF:
            yield _against_date(headers, newest.fetched_at)
    yield _read_back(sample, lost)


SAMPLE = 60
"""Captures that one look reads back, over the whole age of the archive; others at each minute. Our choice."""
MINUTES = 24 * 60


def _read_back(sample: Sequence[SampledCapture], lost: Sequence[str]) -> Finding:
    oldest = min(one.fetched_at for one in sample)
    files = len({one.place.file for one in sample})
    of = f"{len(sample)} captures in {files} files, back to {shown(oldest)}"
    if not lost:
        return Finding(check="captures", level=Level.OK, said=f"read back: {of}")
    said = f"{len(lost)} of {of}, cannot be read back: {'; '.join(dict.fromkeys(lost[:MOST_LOST]))}"
    return Finding(check="captures", level=Level.FAIL, said=said, to_do="restore the files from a backup")


MOST_LOST = 3


def _against_date(headers: Iterable[tuple[str, str]], fetched_at: datetime) -> Finding:
    date = next((value for name, value in headers if name.lower() == "date"), None)
    if date is None:
        return Finding(check="clock", level=Level.OK, said="the newest answer had no Date to compare it with")
    try:
        theirs = parsedate_to_datetime(date)
    except ValueError:
        return Finding(
            check="clock", level=Level.OK, said=f"the newest answer's Date is unreadable: {date!r}"
        )
    theirs = theirs if theirs.tzinfo else theirs.replace(tzinfo=UTC)
    off = fetched_at - theirs
    said = f"{off.total_seconds():+.0f} s against the newest answer's Date"
    if abs(off) > CLOCK_OFF:
        todo = "set the clock (timedatectl, NTP); the times of captures rest on it"
        return Finding(check="clock", level=Level.WARN, said=said, to_do=todo)
    return Finding(check="clock", level=Level.OK, said=said)


VERIFY_EVERY = timedelta(days=92)
"""Our choice: damage that is found within a quarter is still in a backup."""


def _verified(engine: Engine, now: datetime) -> Iterator[Finding]:
    last = last_verification(engine)
    if last is None:
        began = first_run_at(engine)
        level = Level.WARN if began is not None and now - began > VERIFY_EVERY else Level.OK
        yield Finding(check="verified", level=level, said="never", to_do="run: newsarchive verify --all")
        return
    said = f"{shown(last.finished_at)} ({last.scope}, {last.captures:,} captures): {last.found:,} found"
    if left := last.found - last.mended:
        todo = "run it again: newsarchive verify says what to do"
        yield Finding(check="verified", level=Level.WARN, said=f"{said}, {left:,} not mended", to_do=todo)
    elif now - last.finished_at > VERIFY_EVERY:
        todo = "run: newsarchive verify --all"
        yield Finding(check="verified", level=Level.WARN, said=f"{said}; long ago", to_do=todo)
    else:
        yield Finding(check="verified", level=Level.OK, said=said)


def _search(engine: Engine) -> Iterator[Finding]:
    count = unindexed(engine)
    if count:
        said = f"{count:,} articles are not indexed, or by older rules: a search may not find them"
        yield Finding(check="search", level=Level.WARN, said=said, to_do="run: newsarchive db reindex")
    else:
        yield Finding(check="search", level=Level.OK, said="every article is indexed")


def _robots(engine: Engine) -> Iterator[Finding]:
    for answer in robots_answers(engine):
        said = f"{answer.url} answered {answer.http_status} at {shown(answer.fetched_at)}"
        if answer.http_status >= 500 or answer.http_status == 429:
            todo = "nothing of this host is fetched until it answers (RFC 9309); look at it in a browser"
            yield Finding(check="robots.txt", level=Level.WARN, said=said, to_do=todo)
        elif answer.http_status in (401, 403):
            todo = "RFC 9309 lets us crawl on, but the host may not want us: ask its operator"
            yield Finding(check="robots.txt", level=Level.WARN, said=said, to_do=todo)
        else:
            yield Finding(check="robots.txt", level=Level.OK, said=said)


def _ways(engine: Engine) -> Iterator[Finding]:
    """Ways in that rest on others' word, until a real answer of each was read."""
    ways = unproven(engine)
    for source in sorted({way.source for way in ways}):
        said = told(way for way in ways if way.source == source)
        todo = "nothing while others list the same; a list in quarantine shows what the site answers"
        said = f"{source}: no list of the real site was read yet by: {said}"
        yield Finding(check="ways in", level=Level.WARN, said=said, to_do=todo)


def _scheduler(engine: Engine, file: ScheduleFile | None, at: Surroundings) -> Iterator[Finding]:
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


def _runs(engine: Engine, file: ScheduleFile | None, now: datetime) -> Iterator[Finding]:
    good = last_good_runs(engine)
    planned = {(source, mode) for source, mode, _ in file.planned()} if file else set()
    for run in newest_runs(engine):
        name = f"run {run.source} {run.mode}"
        if run.finished_at is None:
            dead = owner_is_dead(run.owner)
            said = f"run {run.id} since {shown(run.started_at)}" + (
                ", its process died" if dead else " goes on"
            )
            todo = "nothing: the next run takes up its work" if dead else ""
            yield Finding(check=name, level=Level.WARN if dead else Level.OK, said=said, to_do=todo)
            continue
        how = run.verdict or "without a verdict"
        said = f"run {run.id} at {shown(run.started_at)} ended {how}: {run.reason or ''}"
        level, todo = _RUN_ADVICE.get(run.verdict or "", (Level.OK, ""))
        if level is Level.FAIL and (past := _is_past(run, good, planned, now)):
            level, said = Level.WARN, f"{said} ({past})"
        yield Finding(check=name, level=level, said=said, to_do=todo)


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
    Verdict.INTERRUPTED.value: (Level.OK, ""),
}


def _slots(engine: Engine) -> Iterator[Finding]:
    for (source, mode), slot in sorted(last_slots(engine).items()):
        if slot.state.value in ("missed", "blocked"):
            said = f"{shown(slot.due_at)} {slot.state.value}: {slot.reason}"
            todo = "run the same crawl by hand to see why: newsarchive crawl " + source
            yield Finding(check=f"slot {source} {mode}", level=Level.WARN, said=said, to_do=todo)


def _alarms(engine: Engine) -> Iterator[Finding]:
    for alarm in alarms.raised(engine):
        said = f"since {shown(alarm.changed_at)}: {alarm.message}"
        yield Finding(check=f"alarm {alarm.key}", level=Level.WARN, said=said)
    for alarm in alarms.untold(engine):
        if alarm.undelivered:
            said, todo = alarm.undelivered, "check [alarms] targets in newsarchive.toml"
            yield Finding(check="alarm targets", level=Level.WARN, said=said, to_do=todo)
