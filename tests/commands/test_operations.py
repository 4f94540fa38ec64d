"""The commands as a person types them, in a program of their own."""

from __future__ import annotations

import csv
import json
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from storage.database.opening import open_database
from storage.operations.slots import slots_between
from tests.commands.inside import inside
from tests.commands.program import Command, environment, program
from tests.watch.archive import add_articles, add_capture, add_run


@pytest.fixture
def newsarchive(tmp_path: Path, sqlite_url: str) -> Command:
    return program(tmp_path, sqlite_url)


def seed(url: str) -> datetime:
    engine, now = open_database(url), datetime.now(UTC)
    for days in (5, 4, 2, 1):
        at = now - timedelta(days=days)
        run = add_run(engine, at)
        add_articles(engine, run, at, 4)
        add_capture(engine, run, at, url="https://v.daum.net/v/1")
    engine.dispose()
    return now


def test_init_writes_once(newsarchive: Command, tmp_path: Path) -> None:
    assert newsarchive("init").returncode == 0
    written = (tmp_path / "newsarchive.toml").read_text()
    again = newsarchive("init")
    assert (again.returncode, again.stderr) == (
        2,
        "newsarchive: newsarchive.toml is there already; it is left as it is\n",
    )
    assert (tmp_path / "newsarchive.toml").read_text() == written


def test_schedule_show(newsarchive: Command, sqlite_url: str, tmp_path: Path) -> None:
    newsarchive("init")
    shown = newsarchive("schedule", "show", "--format", "jsonl")
    assert shown.returncode == 0, shown.stderr
    rows = [json.loads(line) for line in shown.stdout.splitlines()]
    assert [row["next"] for row in rows] == sorted(row["next"] for row in rows)
    assert {(row["source"], row["mode"]) for row in rows} == {
        ("daum", "latest"),
        ("daum", "recheck"),
        ("daum", "backfill"),
        ("fnnews", "latest"),
        ("fnnews", "recheck"),
    }


def test_a_wrong_schedule_file_is_one_sentence_and_exit_code_2(newsarchive: Command, tmp_path: Path) -> None:
    (tmp_path / "newsarchive.toml").write_text('[sources.daum.latest]\ncron = "61 * * * *"\n')
    for words in (("schedule",), ("schedule", "show")):
        done = newsarchive(*words)
        assert done.returncode == 2
        assert done.stderr == (
            "newsarchive: newsarchive.toml: sources.daum.latest.cron: "
            "minute '61' is nothing that crontab(5) knows, or never comes (at line 2)\n"
        )


def test_coverage_draws_names_gaps_and_writes_pictures(
    newsarchive: Command, sqlite_url: str, tmp_path: Path
) -> None:
    seed(sqlite_url)
    done = newsarchive("coverage", "--output", "map.svg")
    assert done.returncode == 0, done.stderr
    assert "daum: 16 listed" in done.stdout
    assert "nothing listed: no run on that day" in done.stdout
    assert (tmp_path / "map.svg").read_text().startswith("<svg ")
    assert newsarchive("coverage", "--output", "map.png").returncode == 0
    assert (tmp_path / "map.png").read_bytes().startswith(b"\x89PNG")
    sections = newsarchive("coverage", "--sections", "--format", "jsonl")
    rows = [json.loads(line) for line in sections.stdout.splitlines()]
    assert [row["listed"] for row in rows] == [4, 4, 4, 4]
    for row in rows:
        assert row["listed"] == sum(
            value for name, value in row.items() if name not in ("source", "day", "section", "listed")
        )


@pytest.mark.parametrize(
    "words",
    [
        ("coverage", "--since", "yesterday"),
        ("coverage", "--since", "2026-02-02", "--until", "2026-01-01"),
        ("coverage", "--output", "map.gif"),
        ("coverage", "--format", "xml"),
        ("report",),
        ("report", "--politeness", "--format", "xml"),
    ],
)
def test_wrong_use_is_one_sentence(newsarchive: Command, words: tuple[str, ...]) -> None:
    done = newsarchive(*words)
    assert done.returncode == 2
    assert done.stderr.startswith("newsarchive: ")
    assert done.stderr.count("\n") == 1


def test_report_politeness(newsarchive: Command, sqlite_url: str) -> None:
    seed(sqlite_url)
    done = newsarchive("report", "--politeness", "--since", "2020-01-01", "--format", "markdown")
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("| v.daum.net |") == 4
    assert "The declared ceiling was kept in every hour that had one." in done.stdout
    table = newsarchive("report", "--politeness", "--since", "2020-01-01")
    assert "4 answered requests to 1 hosts" in table.stdout


def test_what_programs_read_of_runs_and_slots(
    tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    seed(sqlite_url)
    run = inside(tmp_path, sqlite_url, monkeypatch, capsys)
    run("init")
    (one, *_) = json.loads(run("runs", "--format", "json").out)
    (line, *_) = csv.DictReader(run("runs", "--format", "csv").out.splitlines())
    assert one["outcomes"] == {"stored": 4}
    assert line["outcomes"] == "stored=4"
    (slot, *_) = json.loads(run("schedule", "show", "--format", "json").out)
    asked = run("report", "--politeness", "--since", "2020-01-01", "--format", "json").out
    tabbed = run("report", "--politeness", "--since", "2020-01-01", "--format", "tsv").out.splitlines()
    assert [list(hour) for hour in json.loads(asked)] == [tabbed[0].split("\t")] * (len(tabbed) - 1)
    for at in (one["started"], line["started"], slot["next"]):
        assert (len(at), at[10], at[19:]) == (25, "T", "+09:00"), at


def test_doctor(newsarchive: Command, sqlite_url: str) -> None:
    assert newsarchive("doctor").returncode == 0
    engine = open_database(sqlite_url)
    add_run(engine, datetime.now(UTC), verdict="empty")
    engine.dispose()
    done = newsarchive("doctor")
    assert done.returncode == 1
    assert "open the lists in a browser" in done.stdout


def test_the_scheduler_lives_and_ends_politely(newsarchive: Command, tmp_path: Path, sqlite_url: str) -> None:
    """Nothing is due: it waits, says so with its life, and ends with exit code 0 on SIGTERM."""
    metrics = tmp_path / "newsarchive.prom"
    file = f'[sources.daum.backfill]\ncron = "0 0 29 2 *"\ndays = 2\n[metrics]\nfile = "{metrics}"\n'
    (tmp_path / "newsarchive.toml").write_text(file)
    words = [sys.executable, "-m", "crawler.cli", "schedule"]
    with subprocess.Popen(words, env=environment(tmp_path, sqlite_url), cwd=tmp_path) as process:
        deadline = time.monotonic() + 40
        while not metrics.exists() and time.monotonic() < deadline:
            time.sleep(0.2)
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    assert "newsarchive_scheduler_beat_timestamp_seconds" in metrics.read_text()
    engine = open_database(sqlite_url)
    now = datetime.now(UTC)
    assert slots_between(engine, now - timedelta(days=9), now + timedelta(days=9)) == []
    engine.dispose()
