"""Gaps made in real ways, named with their reason, and filled: exactly those that can be."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from crawler.discover.channel import instant_of
from storage.database.opening import open_database
from storage.frontier import leases
from storage.seoul import SEOUL, day_of, day_start
from tests.crawl.conftest import stage_on
from tests.crawl.stage import Done, Stage
from twin import Story, Twin

ROOT = Path(__file__).parents[2]
FIRST = datetime(2026, 9, 1, tzinfo=SEOUL)
DAY = timedelta(days=1)
HOURS = timedelta(hours=20)
"""What the sites' lists hold while the archive crawls daily: a day that is missed leaves them."""


class Archive:
    """An archive at a place in time, and the sites beside it."""

    def __init__(self, stage: Stage, twin: Twin) -> None:
        self.stage, self.twin = stage, twin
        self.stories: dict[int, list[Story]] = {}

    def publish(self, day: int, count: int = 9) -> None:
        """Stories at noon of the first day, the second ..."""
        self.twin.set_now(FIRST + (day - 1) * DAY + timedelta(hours=12))
        self.stories[day] = self.twin.publish(count)

    def at(self, day: int, *words: str, hour: int = 18, minute: float = 0) -> subprocess.Popen[str]:
        """The command line, started at that time of that day."""
        now = FIRST + (day - 1) * DAY + timedelta(hours=hour, minutes=minute)
        self.twin.set_now(now)
        command = [sys.executable, "-m", "tests.moved_clock", now.isoformat(), *words]
        command += [*self.stage.origins(), "--delay", "0"]
        environment = self.stage.environment() | {"COLUMNS": "300"}
        pipe = subprocess.PIPE
        return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=pipe, stderr=pipe, text=True)

    def run(self, day: int, *words: str, hour: int = 18, minute: float = 0) -> Done:
        with self.at(day, *words, hour=hour, minute=minute) as process:
            out, err = process.communicate(timeout=120)
        return Done(code=process.returncode, out=out, err=err)

    def crawl(self, day: int, *words: str, minute: float = 0) -> Done:
        done = self.run(day, "crawl", *words, minute=minute)
        assert done.code in (0, 1), done.err[-3000:]
        assert "Traceback" not in done.err, done.err[-3000:]
        return done

    def gaps(self, day: int, source: str) -> dict[int, tuple[str, str]]:
        """Day of September -> (why, can be filled)."""
        done = self.run(day, "coverage", "--format", "csv")
        assert done.code == 0, done.err[-3000:]
        rows = csv.DictReader(io.StringIO(done.out))
        return {
            int(row["day"][-2:]): (row["why"], row["can be filled"])
            for row in rows
            if row["source"] == source
        }

    def addresses(self, day: int, site: str) -> set[str]:
        """What the site showed first on that day."""
        pages = (story.on(site) for story in self.stories[day])
        return {page.url for page in pages if page is not None}

    def days_searched(self, since: int) -> set[str]:
        """The days of the channels' lists that were asked for from that request on."""
        queries = [parse_qs(urlsplit(one.path).query) for one in self.twin.requests[since:]]
        cursors = [instant_of(cursor) for query in queries for cursor in query.get("searchId", ())]
        ends = {before for before in cursors if before is not None and before == day_start(day_of(before))}
        return {f"{day_of(before) - DAY:%Y%m%d}" for before in ends}

    def asked(self, since: int) -> set[str]:
        """The articles that were asked for from that request on."""
        urls = {f"https://{one.host}{one.path}" for one in self.twin.requests[since:]}
        return {url for url in urls if "/v/" in url or "/news/" in url}


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    config = tmp_path / "newsarchive.toml"
    config.write_text('[daum]\npublishers = "all"\n')
    with Twin(now=FIRST, articles=1) as twin:
        yield Archive(replace(stage_on(tmp_path / "archive", twin.url), config=config), twin)


def told(done: Done) -> list[str]:
    """What became of each gap."""
    words = ("filled (", "still open (", "cannot be filled: ")
    return [
        line
        for line in done.out.splitlines()
        if line[:4] in ("daum", "fnne") and any(w in line for w in words)
    ]


@pytest.mark.proof
def test_exactly_what_can_be_filled_is_asked_for(archive: Archive) -> None:
    """A day without a run, a day that a limit cut short; once filled there is nothing left to ask for."""
    archive.twin.world.memory = HOURS
    archive.publish(1, 3)
    archive.crawl(1, "daum")
    archive.publish(2)
    archive.publish(3)
    archive.crawl(3, "daum", "--limit", "2")
    stored = set(archive.stage.column("SELECT url FROM appearances"))
    missing = archive.addresses(3, "daum") - stored
    assert len(missing) > 5

    archive.twin.world.memory, before = None, len(archive.twin.requests)
    done = archive.run(4, "coverage", "--fill")
    assert done.code == 0, done.out + done.err[-3000:]
    found = archive.asked(before) - missing
    assert told(done) == [
        f"daum 2026-09-03 filled ({len(missing)} stored)",
        f"daum 2026-09-02 filled ({len(found)} stored)",
        "daum 2026-09-01 filled (nothing more found)",
    ]
    assert found
    assert found <= archive.addresses(2, "daum")
    assert set(archive.stage.column("SELECT url FROM appearances")) == stored | missing | found
    assert archive.days_searched(before) == {"20260901", "20260902", "20260903"}

    before = len(archive.twin.requests)
    again = archive.run(4, "coverage", "--fill", minute=30)
    assert (again.code, told(again)) == (0, [])
    assert "there is nothing to fill" in again.out
    assert len(archive.twin.requests) == before


# --- every kind of gap ----------------------------------------------------------------------------


def down_after(archive: Archive, process: subprocess.Popen[str], since: int) -> Done:
    """The sites go down as soon as the first article was asked for; how the crawl ended."""
    while process.poll() is None and not archive.asked(since):
        time.sleep(0.001)
    archive.twin.scenario = "down"
    out, err = process.communicate(timeout=120)
    archive.twin.scenario = "calm"
    return Done(code=process.returncode, out=out, err=err)


def a_week_with_gaps(archive: Archive) -> dict[str, set[str]]:
    """Day 2 without a run; on day 3 a limit, a closed robots.txt, a redesign and an outage.

    In less time than a refused address rests (two minutes), or the next run would ask it again.
    Gives the addresses of day 3 by what became of them.
    """
    archive.twin.world.memory = HOURS
    archive.publish(1, 3)
    archive.crawl(1)
    archive.publish(2)
    archive.publish(3, 24)
    archive.crawl(3, "--limit", "3")
    archive.twin.scenario = "robots_closed"
    archive.crawl(3, "daum", "--limit", "2", minute=0.4)
    archive.twin.scenario = "calm"
    archive.twin.redesign("daum")
    archive.crawl(3, "daum", "--limit", "2", minute=0.8)
    archive.twin.world.redesigned_parts.clear()
    since = len(archive.twin.requests)
    down = down_after(archive, archive.at(3, "crawl", "daum", "--limit", "6", minute=1.2), since)
    assert down.code == 1, down.err[-3000:]
    ends: dict[str, set[str]] = {}
    held = set(archive.stage.column("SELECT url FROM appearances"))  # the second look at one is no gap
    for row in archive.stage.rows("SELECT url, last_outcome, alias_of_id FROM address"):
        if row["url"] not in held and (row["last_outcome"] or row["alias_of_id"] is None):
            ends.setdefault(row["last_outcome"] or "pending", set()).add(row["url"])
    return ends


@pytest.mark.proof
def test_each_gap_is_named_filled_or_given_its_reason(archive: Archive) -> None:
    ends = a_week_with_gaps(archive)
    failed, blocked, quarantined = (len(ends[end]) for end in ("failed", "blocked", "quarantined"))
    assert (blocked, quarantined) == (2, 2)
    daum, fnnews = archive.gaps(6, "daum"), archive.gaps(6, "fnnews")
    assert daum[4] == daum[5] == ("nothing listed: no run on that day", "yes")
    assert daum[2][0].startswith("nothing listed: no run on that day; articles were missed between polls")
    for part in (
        " pending; ",
        f"{failed} failed (answered 503); ",
        "2 blocked (forbidden by robots.txt); ",
        "2 quarantined (",
    ):
        assert part in daum[3][0]
    assert daum[3][1].startswith(
        "yes; but not 2 blocked (forbidden by robots.txt): the site or its robots.txt says"
    )
    assert "mend the extractor" in daum[3][1]
    assert fnnews[2][1] == "yes"
    assert fnnews[4] == ("nothing listed: no run on that day", "yes")

    archive.publish(5, 3)
    archive.twin.world.memory, before = timedelta(days=3), len(archive.twin.requests)
    done = archive.run(6, "coverage", "--fill", hour=10)
    assert done.code == 1, done.err[-3000:]
    told_of = {(line.split()[0], int(line.split()[1][-2:])): line for line in told(done)}
    assert " filled (" in told_of["daum", 3]
    assert told_of["daum", 3].count("cannot be filled: 2 ") == 2
    # the sites' lists have forgotten day 2, and day 4 had no news
    for source, day in (("daum", 4), ("fnnews", 4), ("daum", 2), ("fnnews", 2)):
        assert "still open (nothing more found): nothing listed: no run on that day" in told_of[source, day]
        assert "its lists named no more when run" in told_of[source, day]
    assert " filled (" in told_of["daum", 5]

    asked = archive.asked(before)
    missing = {url for end in ("pending", "failed") for url in ends[end]}
    new = archive.addresses(5, "daum") | archive.addresses(5, "fnnews")
    assert missing <= asked <= missing | new
    after = {
        row["url"]: row["last_outcome"] for row in archive.stage.rows("SELECT url, last_outcome FROM address")
    }
    assert {after[url] for url in missing} == {"stored"}

    again = archive.run(6, "coverage", "--fill", hour=11)
    assert again.code == 0, again.out
    assert "nothing can be filled" in again.out
    assert {line.split()[2] for line in told(again)} == {"cannot"}


@pytest.mark.proof
def test_filling_leaves_a_source_alone_that_another_run_crawls(archive: Archive) -> None:
    """Exit code 3, as for a crawl; and 1 while the sites are down, with what stayed open."""
    archive.publish(1)
    archive.crawl(1, "daum", "--limit", "2")
    archive.twin.scenario = "down"
    done = archive.run(3, "coverage", "--fill")
    assert done.code == 1, done.err[-3000:]
    ends = {line.split()[1]: line for line in told(done)}
    assert ends["2026-09-02"] == (
        "daum 2026-09-02 still open (nothing more found): nothing listed: no run on that day: "
        "45 of 45 lists were not read (robots.txt unreachable: 503)"
    )
    assert ends["2026-09-01"].startswith("daum 2026-09-01 still open (nothing more found): ")
    assert ends["2026-09-01"].endswith(" blocked (robots.txt unreachable: 503)")
    archive.twin.scenario = "calm"
    engine, now = open_database(archive.stage.database), FIRST + 2 * DAY + timedelta(hours=18, minutes=5)
    assert leases.acquire(engine, "crawl:daum", leases.this_process("test"), now, 55) is None
    engine.dispose()
    kept_away = archive.run(3, "coverage", "--fill", minute=5)
    assert kept_away.code == 3, kept_away.err[-3000:]
    assert "another run is crawling daum" in kept_away.err
    assert told(kept_away)[0].endswith("nothing listed: no run on that day: no run was made")
