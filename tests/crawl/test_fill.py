"""Gaps made in real ways, named with their reason, and filled: exactly those that can be."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from crawler.twin import Story, Twin
from storage.seoul import SEOUL
from tests.crawl.conftest import stage_on
from tests.crawl.stage import Done, Stage

ROOT = Path(__file__).parents[2]
FIRST = datetime(2026, 9, 1, tzinfo=SEOUL)
DAY = timedelta(days=1)
EVENING = timedelta(hours=18)
HOURS = timedelta(hours=20)
"""What the sites' lists hold while the archive crawls daily: a day that is missed leaves them."""

pytestmark = pytest.mark.filterwarnings("error")


class Archive:
    """An archive at a place in time, and the sites beside it."""

    def __init__(self, stage: Stage, twin: Twin) -> None:
        self.stage, self.twin = stage, twin
        self.stories: dict[int, list[Story]] = {}

    def publish(self, day: int, count: int = 9) -> None:
        """Stories at noon of the first day, the second ..."""
        self.twin.set_now(FIRST + (day - 1) * DAY + timedelta(hours=12))
        self.stories[day] = self.twin.publish(count)

    def at(self, day: int, *words: str, hour: int = 18, minute: int = 0) -> subprocess.Popen[str]:
        """The command line, started at that time of that day."""
        now = FIRST + (day - 1) * DAY + timedelta(hours=hour, minutes=minute)
        self.twin.set_now(now)
        command = [sys.executable, "-m", "tests.moved_clock", now.isoformat(), *words]
        command += [*self.stage.origins(), "--delay", "0"]
        environment = self.stage.environment() | {"COLUMNS": "300"}
        pipe = subprocess.PIPE
        return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=pipe, stderr=pipe, text=True)

    def run(self, day: int, *words: str, hour: int = 18, minute: int = 0) -> Done:
        with self.at(day, *words, hour=hour, minute=minute) as process:
            out, err = process.communicate(timeout=120)
        return Done(code=process.returncode, out=out, err=err)

    def crawl(self, day: int, *words: str, minute: int = 0) -> Done:
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
        """The days of the searches that were asked for from that request on."""
        queries = [parse_qs(urlsplit(one.path).query) for one in self.twin.requests[since:]]
        assert [query for query in queries if query.get("sd") != query.get("ed")] == []
        return {day for query in queries for day in query.get("sd", ())}

    def asked(self, since: int) -> set[str]:
        """The articles that were asked for from that request on."""
        urls = {f"https://{one.host}{one.path}" for one in self.twin.requests[since:]}
        return {url for url in urls if "/v/" in url or "/news/" in url}


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Twin(now=FIRST, scenario="open_search", articles=1) as twin:
        yield Archive(stage_on(tmp_path / "archive", twin.url), twin)


def told(done: Done) -> list[str]:
    """What became of each gap."""
    words = ("filled (", "still open (", "cannot be filled: ")
    return [
        line
        for line in done.out.splitlines()
        if line[:4] in ("daum", "fnne") and any(w in line for w in words)
    ]


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
    assert "there is no gap: nothing was asked for" in again.out
    assert len(archive.twin.requests) == before
    print(done.out, again.out)
