"""What a crawl meets in years of running: no DNS, a site that is down, a locked or restarted database,
a clock that is set, a redesign in mid-run.

Each test holds the archive, once all is well again, against that of an undisturbed crawl: nothing lost,
nothing doubled.
"""

from __future__ import annotations

import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from storage.database.upgrading import upgrade
from tests import postgres
from tests.crawl.conftest import ARTICLES, stage_on
from tests.crawl.stage import Done, Stage
from tests.crawl.test_crawl import APPEARANCES, differences, listed_pages
from tests.crawl.test_kill import check_rows_against_warc, check_same
from twin import Twin

LONG_S = 240
"""A crawl here takes five seconds; other jobs may share the machine."""


@pytest.fixture
def site() -> Iterator[Twin]:
    with Twin(articles=ARTICLES) as server:
        yield server


@pytest.fixture
def stage(tmp_path: Path, site: Twin) -> Stage:
    return stage_on(tmp_path / "archive", site.url)


def begin(stage: Stage) -> subprocess.Popen[str]:
    return stage.start("crawl", *stage.origins(), "--delay", "0")


def end(process: subprocess.Popen[str]) -> Done:
    out, err = process.communicate(timeout=LONG_S)
    return Done(code=process.returncode, out=out, err=err)


def is_article(path: str) -> bool:
    return "/v/" in path or "/news/" in path


def wait_for_articles(site: Twin, count: int, process: subprocess.Popen[str]) -> None:
    """Until the site has been asked for so many articles."""
    deadline = time.monotonic() + LONG_S
    while sum(is_article(request.path) for request in list(site.requests)) < count:
        assert process.poll() is None, "the crawl ended before the moment came"
        assert time.monotonic() < deadline
        time.sleep(0.002)


def meanwhile(stage: Stage, site: Twin, count: int, happens: Callable[[], object]) -> Done:
    """A crawl to which something happens once it has asked for so many articles."""
    process = begin(stage)
    try:
        wait_for_articles(site, count, process)
        happens()
        return end(process)
    finally:
        process.kill()


def verdicts(stage: Stage) -> set[str]:
    return set(stage.column("SELECT verdict FROM run WHERE id IN (SELECT max(id) FROM run GROUP BY source)"))


def leave_waiting(stage: Stage, site: Twin) -> int:
    """Kill a crawl in the middle; how many addresses it left unfetched."""
    process = begin(stage)
    wait_for_articles(site, 5, process)
    process.kill()
    process.communicate()
    return int(stage.column("SELECT count(*) FROM address WHERE state <> 'settled'")[0])


# --- DNS ------------------------------------------------------------------------------------------------

NO_DNS = "robots.txt unreachable: DNS does not resolve the host's name"


@pytest.mark.proof
def test_dns_fails_and_comes_back(stage: Stage, site: Twin, undisturbed: Stage) -> None:
    assert leave_waiting(stage, site) > 5
    done = replace(stage, origin="http://no-such-host.invalid:9").crawl(delay=1, timeout=60)
    assert done.code == 1, done.err[-3000:]
    assert "Traceback" not in done.err
    assert alarm_of(done).count(NO_DNS) == 2
    assert verdicts(stage) == {"blocked"}
    runs = "run_id IN (SELECT id FROM run WHERE verdict = 'blocked')"
    assert set(stage.column(f"SELECT reason FROM seed_visit WHERE {runs}")) == {NO_DNS}
    ends = stage.rows(f"SELECT outcome, reason FROM outcome WHERE {runs}")
    asked = [
        end for end in ends if end["outcome"] not in ("stored", "unchanged", "duplicate")
    ]  # from before the kill
    assert {(end["outcome"], end["reason"]) for end in asked} == {("blocked", NO_DNS)}
    assert soon_again(stage)
    stage.crawl()
    check_same(stage, undisturbed)


def alarm_of(done: Done) -> str:
    return "\n".join(line for line in done.err.splitlines() if "ALARM" in line)


def soon_again(stage: Stage) -> bool:
    """Whether everything that failed is asked again within minutes, should no list name it any more."""
    failed = stage.rows(
        "SELECT a.next_fetch_at, o.at FROM address a JOIN outcome o ON o.address_id = a.id "
        "WHERE a.last_outcome IN ('failed', 'blocked') AND o.outcome = a.last_outcome"
    )
    rests = [instant(row["next_fetch_at"]) - instant(row["at"]) for row in failed]
    return bool(rests) and max(rests) <= timedelta(minutes=10)  # the rest of a host that is down


def instant(value: datetime | str) -> datetime:
    """SQLite gives times as text."""
    return value if isinstance(value, datetime) else datetime.fromisoformat(value)


# --- the site is down -----------------------------------------------------------------------------------


@pytest.mark.proof
def test_the_site_goes_down_in_mid_run_and_comes_back(stage: Stage, site: Twin, undisturbed: Stage) -> None:
    def down() -> None:
        site.scenario = "down"

    done = meanwhile(stage, site, 12, down)
    assert done.code == 1, done.err[-3000:]
    assert "Traceback" not in done.err
    assert verdicts(stage) <= {"degraded", "blocked"}
    reasons = stage.column("SELECT DISTINCT reason FROM outcome WHERE outcome IN ('failed', 'blocked')")
    rest = re.compile(
        r",? ?host rests until [0-9:]+ \(18 requests for pages in a row failed, the last: answered 503\)"
    )
    assert {rest.sub("", reason) for reason in reasons} <= {"answered 503", "robots.txt unreachable: 503", ""}
    assert any(reason.startswith("answered 503") for reason in reasons)
    assert soon_again(stage)
    per_page = max(Counter(r.path for r in site.requests if is_article(r.path) and r.status == 503).values())
    assert per_page <= 3  # one try, two retries
    site.scenario = "calm"
    at(stage, datetime.now(UTC) + timedelta(minutes=11))
    check_same(stage, undisturbed)


@pytest.mark.proof
def test_the_site_is_down_for_an_hour(stage: Stage, site: Twin, undisturbed: Stage) -> None:
    """Crawls every ten minutes while it is down; the archive's clock is moved, not waited for."""
    leave_waiting(stage, site)
    site.scenario = "down"
    began = datetime.now(UTC)
    for minutes in range(10, 70, 10):
        moment = began + timedelta(minutes=minutes)
        done = at(stage, moment)
        assert done.code == 1, done.err[-3000:]
        assert verdicts(stage) == {"blocked"}
        assert set(stage.column(SEEDS_NOW)) == {"robots.txt unreachable: 503"}
    due = stage.column("SELECT max(next_fetch_at) FROM address WHERE last_outcome IN ('failed', 'blocked')")
    assert instant(due[0]).replace(tzinfo=UTC) <= began + timedelta(minutes=60) + timedelta(minutes=70)
    site.scenario = "calm"
    at(stage, began + timedelta(minutes=70))
    check_same(stage, undisturbed)


SEEDS_NOW = "SELECT reason FROM seed_visit WHERE run_id > (SELECT max(id) - 2 FROM run)"


def at(stage: Stage, moment: datetime) -> Done:
    """A crawl at that moment."""
    return run_module(stage, "tests.moved_clock", moment.isoformat())


def run_module(stage: Stage, module: str, *before: str) -> Done:
    return end(start_module(stage, module, *before))


def start_module(stage: Stage, module: str, *before: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", module, *before, "crawl", *stage.origins(), "--delay", "0"]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, env=stage.environment(), stdout=pipe, stderr=pipe, text=True)


# --- the database ---------------------------------------------------------------------------------------


@contextmanager
def write_locked(stage: Stage) -> Iterator[None]:
    """Another program holds SQLite's write lock."""
    with closing(sqlite3.connect(stage.folder / "newsarchive.db", timeout=60)) as other:
        other.isolation_level = None
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@pytest.mark.proof
def test_a_database_locked_for_seconds_is_waited_for(stage: Stage, site: Twin, undisturbed: Stage) -> None:
    def lock() -> None:
        with write_locked(stage):
            time.sleep(3)

    done = meanwhile(stage, site, 5, lock)
    assert done.code in (0, 1), done.err[-3000:]  # 1: a small twin lists less than fnnews declares
    assert "locked by" not in done.err
    check_same(stage, undisturbed)


@pytest.mark.proof
def test_a_database_locked_for_longer_ends_the_run(stage: Stage, site: Twin, undisturbed: Stage) -> None:
    hasty = replace(stage, database=f"{stage.database}?timeout=1")
    process = begin(hasty)
    wait_for_articles(site, 5, process)
    with write_locked(stage):
        done = end(process)
    assert done.code == 4, done.err[-3000:]
    assert "is locked by another process for longer than 1 seconds" in done.err
    assert "Traceback" not in done.err
    stage.crawl_all()
    check_same(stage, undisturbed)


@pytest.fixture
def server() -> Iterator[postgres.Server]:
    """A PostgreSQL server that may be stopped."""
    with postgres.own_server() as started:
        yield started


ACCIDENTS: dict[str, Callable[[postgres.Server], object]] = {
    "restarted": lambda server: server.restart(),
    "away for five seconds": lambda server: server.restart(away=5),
    "sessions ended": lambda server: server.hang_up(),
}


@pytest.mark.proof
@pytest.mark.parametrize("moment", [3, 20])
@pytest.mark.parametrize("accident", ACCIDENTS)
def test_postgresql_goes_away_in_mid_run(
    stage: Stage, site: Twin, undisturbed: Stage, server: postgres.Server, accident: str, moment: int
) -> None:
    database = server.url.render_as_string(hide_password=False)
    upgrade(database)
    archive = replace(stage, database=database)
    done = meanwhile(archive, site, moment, lambda: ACCIDENTS[accident](server))
    assert "Traceback" not in done.err, done.err[-5000:]
    assert done.code in (0, 1, 4), done.err[-3000:]
    if done.code == 4:  # it went away in the middle of a commit
        assert "cannot be reached" in done.err
    archive.crawl_all()
    check_same(archive, undisturbed)


@pytest.mark.proof
def test_postgresql_stays_away(stage: Stage, site: Twin, undisturbed: Stage, server: postgres.Server) -> None:
    database = server.url.render_as_string(hide_password=False)
    upgrade(database)
    archive = replace(stage, database=database)
    done = meanwhile(archive, site, 10, server.stop)
    assert done.code == 4, done.err[-3000:]
    assert "cannot be reached" in done.err
    assert "Traceback" not in done.err
    server.start()
    archive.crawl_all()
    check_same(archive, undisturbed)


@pytest.mark.proof
def test_postgresql_dies_of_the_last_write(
    stage: Stage, server: postgres.Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has kept the verdict and never said so: code 4, and the row is set right by the next run."""
    database = server.url.render_as_string(hide_password=False)
    upgrade(database)
    archive = replace(stage, database=database)
    monkeypatch.setenv("DOOMED_SERVER", str(server.pid))
    words = ("crawl", "fnnews", *archive.origins(), "--delay", "0")
    done = archive.run_anew("server", "1", *words, module="tests.crawl.doomed")
    assert done.code == 4, done.err[-3000:]
    assert "cannot be reached" in done.err
    assert "Traceback" not in done.err
    server.crashed()
    server.start()
    (kept,) = archive.column("SELECT verdict FROM run WHERE id = 1")
    assert kept in ("healthy", "degraded")
    archive.crawl("fnnews")
    first = archive.rows("SELECT verdict, reason FROM run WHERE id = 1")[0]
    assert first["verdict"] == "interrupted"
    assert first["reason"].endswith(f"(it had been closed as {kept})")
    assert not (archive.folder / "refused").exists()


# --- the clock ------------------------------------------------------------------------------------------


@pytest.mark.proof
@pytest.mark.parametrize(
    "jumps",
    [
        (signal.SIGUSR1, signal.SIGUSR2),
        (signal.SIGUSR2, signal.SIGUSR1),
        (signal.SIGUSR2, signal.SIGUSR2, signal.SIGUSR1, signal.SIGUSR1),
    ],
    ids=["forward and back", "back and forward", "back, back, forward, forward"],
)
def test_the_clock_jumps_in_mid_run(
    stage: Stage, site: Twin, undisturbed: Stage, jumps: tuple[signal.Signals, ...]
) -> None:
    process = start_module(stage, "tests.crawl.jumping_clock")
    for count, jump in enumerate(jumps, start=1):
        wait_for_articles(site, 8 * count, process)
        process.send_signal(jump)
    began = time.monotonic()
    done = end(process)
    assert time.monotonic() - began < 60  # not for hours, whatever the clock says
    assert done.code in (0, 1), done.err[-3000:]
    assert len({r.path for r in site.requests if is_article(r.path)}) == sum(
        is_article(r.path) for r in site.requests if r.status == 200
    )
    check_times(stage)
    check_same(stage, undisturbed)


@pytest.mark.proof
@pytest.mark.parametrize("hours", [2, -2])
def test_a_run_under_another_clock_does_not_take_over_from_a_living_one(
    stage: Stage, site: Twin, hours: int
) -> None:
    first = stage.start("crawl", *stage.origins(), "--delay", "2")
    try:
        wait_for_articles(site, 1, first)
        moment = datetime.now(UTC) + timedelta(hours=hours)
        second = at(stage, moment)
        assert second.code == 3, second.err[-3000:]
        assert "another run is crawling" in second.err
        assert first.poll() is None
    finally:
        first.kill()
        first.communicate()
    began = time.monotonic()
    third = at(stage, moment)  # the holder is dead, and is seen to be
    assert third.code in (0, 1), third.err[-3000:]
    assert time.monotonic() - began < 60
    check_times(stage)


def check_times(stage: Stage) -> None:
    """Nothing ends before it begins."""
    assert stage.rows("SELECT url FROM revisions WHERE valid_to < valid_from") == []
    assert stage.rows("SELECT id FROM run WHERE finished_at < started_at") == []


# --- a redesign -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", ["all", pytest.param("pages", marks=pytest.mark.proof)])
def test_pages_redesigned_in_mid_run_are_quarantined(stage: Stage, site: Twin, part: str) -> None:
    done = meanwhile(stage, site, 12, lambda: redesign_both(site, part))
    assert done.code == 1, done.err[-3000:]
    assert "quarantined" in alarm_of(done)
    assert verdicts(stage) == {"degraded"}
    assert stored_wrong(stage, site) == []
    quarantined = stage.rows(
        "SELECT a.url, c.http_status FROM outcome o JOIN address a ON a.id = o.address_id "
        "LEFT JOIN capture c ON c.id = o.capture_id WHERE o.outcome = 'quarantined'"
    )
    assert len(quarantined) > 10
    assert {row["http_status"] for row in quarantined} == {200}
    assert stage.column("SELECT count(*) FROM appearances")[0] > 0  # through an alias, some of these too
    check_rows_against_warc(stage)  # their bytes are kept


@pytest.mark.proof
def test_a_byline_redesigned_in_mid_run_is_named(stage: Stage, site: Twin) -> None:
    done = meanwhile(stage, site, 12, lambda: redesign_both(site, "byline"))
    assert done.code == 1, done.err[-3000:]
    assert "daum latest: degraded: byline_line in " in alarm_of(done)
    wrong = stored_wrong(stage, site)
    assert {(field, got) for _, field, got, _ in wrong} == {("byline_line", None)}  # missing, and never wrong
    assert len(stage.column("SELECT url FROM appearances")) == len(listed_pages(site))


@pytest.mark.proof
def test_lists_redesigned_in_mid_run_are_told(stage: Stage, site: Twin, undisturbed: Stage) -> None:
    process = begin(stage)
    while len(site.requests) < 14:  # the robots files of all hosts, and the first lists
        time.sleep(0.001)
    redesign_both(site, "lists")
    done = end(process)
    assert done.code == 1, done.err[-3000:]
    assert "seeds failed: The page has no list that is known here" in alarm_of(done)
    assert verdicts(stage) <= {"degraded", "empty"}  # empty: no list of that site had been read before
    assert stored_wrong(stage, site) == []
    assert set(stage.kept()["article"]) <= set(undisturbed.kept()["article"])


def redesign_both(site: Twin, part: str) -> None:
    for name in ("daum", "fnnews"):
        site.redesign(name, part)


def stored_wrong(stage: Stage, site: Twin) -> list[tuple[str, str, object, object]]:
    """Every field of every stored appearance that is not what its page printed."""
    truth = {page.url: page for page in listed_pages(site)}
    return [
        (row["url"], field, got, want)
        for row in stage.rows(APPEARANCES)
        for field, got, want in differences(row, truth[row["url"]])
    ]
