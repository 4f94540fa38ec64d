"""A page that kills its reader is tried twice, then quarantined, before anything else is asked."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from storage.database.opening import DatabaseRefused
from storage.query.reader import WrongStatement
from tests.crawl.stage import Stage
from tests.reading.asking import alive, children
from twin import Twin

POISON_ID = "202611251200001234"
POISON_URL = f"https://www.fnnews.com/news/{POISON_ID}"
SECONDS = "2"


def poison() -> bytes:
    """Quadratic for libxml2, and past the cap: a bracket in quotes hides the tag's length from it. 12 s."""
    attributes = " ".join(f'a{number}=">"' for number in range(60_000))
    return f"<html><head><title>긴 표</title></head><body><p {attributes}>글</p></body></html>".encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class HurriedStage(Stage):
    """An archive whose pages must be read within SECONDS."""

    extra: dict[str, str] = field(default_factory=lambda: {"NEWSARCHIVE_READING_SECONDS": SECONDS})

    def environment(self) -> dict[str, str]:
        return Stage.environment(self) | self.extra

    def poison_row(self) -> dict[str, object]:
        (row,) = self.rows(
            "SELECT c.read_attempts, c.processed_at, a.last_outcome, a.last_error FROM capture c "
            f"JOIN address a ON a.id = c.address_id WHERE a.url = '{POISON_URL}' ORDER BY c.id DESC LIMIT 1"
        )
        return row

    def others(self) -> int:
        return int(self.column("SELECT count(*) FROM articles")[0])


@pytest.fixture
def poisoned(tmp_path: Path) -> Iterator[tuple[Twin, HurriedStage]]:
    pages = tmp_path / "pages"
    pages.mkdir()
    (pages / f"{POISON_ID}.html").write_bytes(poison())
    with Twin(articles=20, pages=pages) as twin:
        folder = tmp_path / "archive"
        yield (
            twin,
            HurriedStage(folder=folder, database=f"sqlite:///{folder / 'newsarchive.db'}", origin=twin.url),
        )


def test_three_runs_with_a_poison_page(poisoned: tuple[Twin, HurriedStage]) -> None:
    twin, stage = poisoned
    first = stage.crawl("fnnews")
    row = stage.poison_row()
    assert row["last_outcome"] == "quarantined", first.err[-3000:]
    assert f"reading it took longer than {SECONDS} s" in str(row["last_error"])
    assert "tried 2 times" in str(row["last_error"])
    assert row["read_attempts"] == 2
    stored = stage.others()
    assert stored >= 5
    for run in (2, 3):
        asked = len(twin.requests)
        began = time.monotonic()
        done = stage.crawl("fnnews")
        assert "at try" not in done.err, "the page was read again"
        assert "the same bytes are not read again" in str(stage.poison_row()["last_error"])
        assert len(twin.requests) > asked + 1, "the run made its requests"
        assert stage.outcomes(run).get("failed") is None
        assert stage.others() == stored
        assert time.monotonic() - began < 60
    assert stage.column(f"SELECT count(*) FROM capture WHERE url = '{POISON_URL}'") == [
        len([request for request in twin.requests if POISON_ID in request.path])
    ]


def killed_with_the_page_in_hand(stage: HurriedStage, attempts: int) -> None:
    """Kill a crawl, with all that it started, when it has given the poison to a reading process."""
    with stage.start("crawl", "fnnews", *stage.origins(), "--delay", "0") as process:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and process.poll() is None:
            if stage.folder.joinpath("newsarchive.db").exists() and _in_hand(stage, attempts):
                break
            time.sleep(0.02)
        assert process.poll() is None
        below = children(process.pid)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        process.communicate()
    gone = time.monotonic() + 5
    while any(map(alive, below)) and time.monotonic() < gone:
        time.sleep(0.02)
    assert not [pid for pid in below if alive(pid)], "a process outlived the crawl"
    assert len(below) >= 2


def _in_hand(stage: HurriedStage, attempts: int) -> bool:
    try:
        return stage.column(f"SELECT read_attempts FROM capture WHERE url = '{POISON_URL}'") == [attempts]
    except (WrongStatement, DatabaseRefused):  # the tables are being made
        return False


@pytest.mark.proof
def test_a_run_that_died_with_the_page_counts(poisoned: tuple[Twin, HurriedStage]) -> None:
    _, stage = poisoned
    killed_with_the_page_in_hand(stage, attempts=1)
    done = stage.crawl("fnnews")
    row = stage.poison_row()
    assert row["last_outcome"] == "quarantined", done.err[-3000:]
    assert row["read_attempts"] == 2
    assert "tried 2 times" in str(row["last_error"])
    assert done.err.count("took longer than") <= 4
    assert "failed" not in stage.outcomes()
    assert stage.others() >= 5
