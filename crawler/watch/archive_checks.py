"""What ``newsarchive doctor`` looks at in the archive: captures, clock, verification, index, hosts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from sqlalchemy import Engine

from crawler.sources import spellings
from crawler.watch.findings import Finding, Level, Surroundings
from storage.database.upgrading import lacking_indexes
from storage.ledger.resting_ways import failing_ways
from storage.ledger.run_history import first_run_at
from storage.ledger.unshown import count_unshown
from storage.ledger.ways import told, unproven
from storage.operations.files import OTHER_MACHINE, RESTORE
from storage.operations.health import SampledCapture, robots_answers, sample_captures, was_played
from storage.operations.problems import last_verification
from storage.operations.rowless_files import TO_DO, older_than, rowless_files
from storage.search.index import unindexed
from storage.seoul import shown
from storage.warc.objects import StoreRefused
from storage.warc.reading import CaptureDamaged, CaptureMissing, read_payload

CLOCK_OFF = timedelta(minutes=5)
"""A site's own clock and the way there explain seconds."""


def captures(engine: Engine, at: Surroundings) -> Iterator[Finding]:
    """Whether captures of every age can be read back, and what the newest says of the clock."""
    sample = sample_captures(engine, SAMPLE, at.now.toordinal() * MINUTES + at.now.hour * 60 + at.now.minute)
    if not sample:
        yield Finding(check="clock", level=Level.OK, said="nothing has been fetched yet to compare it with")
        return
    newest = sample[0]
    if newest.fetched_at > at.now + CLOCK_OFF:
        said = f"it is {shown(at.now)} here, but a page was fetched at {shown(newest.fetched_at)}"
        todo = "set the clock (timedatectl, NTP); where it is right and that one was wrong, crawl"
        yield Finding(check="clock", level=Level.FAIL, said=said, to_do=todo)
    lost: list[str] = []
    for one in sample:
        try:
            _, headers, _ = read_payload(at.warc_folder, one.place)
        except StoreRefused as error:
            to_do = "see to the network and the keys: it says nothing of the captures"
            yield Finding(check="captures", level=Level.FAIL, said=str(error), to_do=to_do)
            return  # each of the others would wait for as long
        except (CaptureMissing, CaptureDamaged, OSError) as error:
            lost.append(str(error))
            continue
        if one is newest and newest.fetched_at <= at.now + CLOCK_OFF:
            played = was_played(engine, newest.id)
            yield _PLAYED if played else _against_date(headers, newest.fetched_at)
    yield _read_back(sample, lost)


_PLAYED = Finding(
    check="clock",
    level=Level.OK,
    said="the newest answer is of a server in the site's place, whose Date may be any",
)

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
    return Finding(check="captures", level=Level.FAIL, said=said, to_do=f"{RESTORE}; {OTHER_MACHINE}")


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


def rows_of_files(engine: Engine, at: Surroundings) -> Iterator[Finding]:
    """Whether the database knows what the WARC files of this folder hold."""
    check = "rows of captures"
    try:
        names = rowless_files(engine, at.warc_folder)
    except OSError as error:
        todo = "see to the disk, the files' rights, or the object store: it says nothing of the rows"
        yield Finding(check=check, level=Level.WARN, said=f"not looked at: {error}", to_do=todo)
        return
    if names:
        yield Finding(check=check, level=Level.FAIL, said=older_than(names), to_do=f"run: {TO_DO}")


def indexes(engine: Engine) -> Iterator[Finding]:
    """Whether every index is there: without one all is found as before, only slower and slower."""
    lacking = lacking_indexes(engine)
    if not lacking:
        return
    keys = [name for name in lacking if name.startswith(("pk_", "uq_"))]
    todo = ["run: newsarchive db upgrade"] if keys != lacking else []
    if keys:
        todo.append(f"make {', '.join(keys)} anew (psql), or restore a backup: no command makes a key")
    said = f"somebody dropped {', '.join(lacking)}"
    yield Finding(check="indexes", level=Level.FAIL if keys else Level.WARN, said=said, to_do="; ".join(todo))


VERIFY_EVERY = timedelta(days=92)
"""Our choice: damage that is found within a quarter is still in a backup."""


def verified(engine: Engine, now: datetime) -> Iterator[Finding]:
    """When everything was last read back, and what was found."""
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


def vanished(engine: Engine) -> Iterator[Finding]:
    """Whether every address that ended as an article still shows one."""
    if count := count_unshown(engine, spellings):
        said = f"{count:,} addresses ended as articles of which nothing is stored: rows were deleted by hand"
        todo = "run: newsarchive verify --all --repair, then crawl"
        yield Finding(check="articles", level=Level.FAIL, said=said, to_do=todo)
    else:
        yield Finding(check="articles", level=Level.OK, said="what ended as an article is stored")


def search(engine: Engine) -> Iterator[Finding]:
    """Whether a search finds every article."""
    count = unindexed(engine)
    if count:
        said = f"{count:,} articles are not indexed, or by older rules: a search may not find them"
        yield Finding(check="search", level=Level.WARN, said=said, to_do="run: newsarchive db reindex")
    else:
        yield Finding(check="search", level=Level.OK, said="every article is indexed")


def robots(engine: Engine) -> Iterator[Finding]:
    """What the hosts last answered where their robots.txt is asked for."""
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


def ways_in(engine: Engine, now: datetime) -> Iterator[Finding]:
    """Ways in that rest on others' word, until a real answer of each was read."""
    ways = unproven(engine)
    for source in sorted({way.source for way in ways}):
        said = told(way for way in ways if way.source == source)
        todo = "nothing while others list the same; a list in quarantine shows what the site answers"
        said = f"{source}: no list of the real site was read yet by: {said}"
        if resting := [str(way) for way in failing_ways(engine, source, now) if way.rests(now)]:
            said += f"; left alone: {'; '.join(resting)}"
        yield Finding(check="ways in", level=Level.WARN, said=said, to_do=todo)
