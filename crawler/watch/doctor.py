"""``newsarchive doctor``: is everything in place for years to come, and what to do where it is not."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator

from sqlalchemy import Engine

from crawler.configuration.file import ScheduleFile, WrongFile, is_there, read_file
from crawler.configuration.variables import unknown_variables
from crawler.watch.archive_checks import (
    captures,
    indexes,
    robots,
    rows_of_files,
    search,
    vanished,
    verified,
    ways_in,
)
from crawler.watch.disk import disk, size, told_files, warc_sizes
from crawler.watch.findings import Finding, Level, Surroundings
from crawler.watch.machines import machines
from crawler.watch.network import network
from crawler.watch.object_store import object_store
from crawler.watch.publishers import publishers
from crawler.watch.run_checks import (
    clocks,
    refused,
    rests,
    runs,
    scheduler,
    silence,
    slots_missed,
    standing_alarms,
)
from crawler.watch.takedowns import takedowns
from storage.database.granted import refuse_unwritable
from storage.database.opening import DatabaseRefused, describe, open_readonly, refusals
from storage.database.tables import schema_state
from storage.warc.file import OPEN


def examine(at: Surroundings) -> list[Finding]:
    """All checks, in the order in which their trouble should be mended."""
    file, findings = _configuration(at)
    findings += [*network(at), *told_files(file), *disk(at), *_warc_folder(at), *object_store(at)]
    engine, database = _database(at)
    findings.append(database)
    if engine is not None:
        checks: tuple[Callable[[], Iterable[Finding]], ...] = (
            lambda: captures(engine, at),
            lambda: rows_of_files(engine, at),
            lambda: verified(engine, at.now),
            lambda: indexes(engine),
            lambda: vanished(engine),
            lambda: search(engine),
            lambda: takedowns(engine, at.warc_folder.parent),
            lambda: robots(engine),
            lambda: ways_in(engine, at.now),
            lambda: publishers(engine, file),
            lambda: scheduler(engine, file, at),
            lambda: silence(engine, file, at),
            lambda: machines(engine, file),
            lambda: runs(engine, file, at.now),
            lambda: refused(at.folder),
            lambda: clocks(engine, at.now),
            lambda: rests(engine, at.now),
            lambda: slots_missed(engine, at.now),
            lambda: standing_alarms(engine),
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
    if unknown := unknown_variables():
        said = f"{', '.join(unknown)}: no such setting, and of no effect"
        todo = "docs/operating.md names them all; mend the name, or unset it"
        findings.append(Finding(check="settings", level=Level.WARN, said=said, to_do=todo))
    try:
        if not is_there(at.config):
            said = f"{at.config} is not there: nothing is crawled on a schedule"
            todo = "write one with newsarchive init, or crawl by hand"
            return None, [*findings, Finding(check="schedule file", level=Level.WARN, said=said, to_do=todo)]
        file = read_file(at.config, at.known_sources)
    except WrongFile as error:
        wrong = Finding(check="schedule file", level=Level.FAIL, said=str(error), to_do=f"mend {at.config}")
        return None, [*findings, wrong]
    if not file.planned():
        said = f"{at.config} plans no crawl: nothing is crawled on a schedule"
        todo = "name a source, a mode and a cron line in it, as newsarchive init writes them"
        return file, [*findings, Finding(check="schedule file", level=Level.WARN, said=said, to_do=todo)]
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
        todo = (
            "the first crawl makes it; where one was here, restore a backup, or make it anew of its captures "
            "(newsarchive db rebuild); on PostgreSQL check that the server runs and the URL is right"
        )
        return None, Finding(check="database", level=Level.FAIL, said=str(error), to_do=todo)
    where = describe(engine.url)
    if state == "current":
        return engine, _writable(at, where)
    todo = "run: newsarchive db upgrade" if state in ("outdated", "empty") else "use the newer program"
    engine.dispose()
    return None, Finding(check="database", level=Level.FAIL, said=f"{where} is {state}", to_do=todo)


def _writable(at: Surroundings, where: str) -> Finding:
    try:
        refuse_unwritable(at.database_url)
    except DatabaseRefused as error:
        todo = "a crawl needs a role, a server and a file that may be written"
        return Finding(check="database", level=Level.FAIL, said=str(error), to_do=todo)
    return Finding(check="database", level=Level.OK, said=f"{where} is up to date")
