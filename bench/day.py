"""Requests of a simulated day: both sites by the twin, polled every 20 minutes, and the ledger's account.

    python -m bench.day --hours 8

On 2026-11-26 eight polls cost 750 requests (397 of articles, 1,238 times a page was known and not asked);
before what is known was left alone they cost 1,939 (1,635 of articles), and wrote 3,239 discoveries, not 569.
"""

from __future__ import annotations

import argparse
import os
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

from storage.seoul import SEOUL
from twin import Twin

ROOT = Path(__file__).resolve().parents[1]
START = datetime(2026, 11, 20, 6, 0, tzinfo=SEOUL)
POLL = timedelta(minutes=20)
STORIES = 4
"""New ones between two polls: 288 a day, on one or both sites."""
ACCOUNT = (
    "SELECT count(*), sum(listed), sum(known), "
    "sum(known + (SELECT count(*) FROM outcome WHERE run_id = run.id)) FROM run"
)


def crawl(folder: Path, url: str, now: datetime) -> None:
    """One poll of both sites, in a process that sees that time."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("NEWSARCHIVE_")}
    clean |= {"NEWSARCHIVE_DIR": str(folder), "NEWSARCHIVE_LOG_LEVEL": "error"}
    command = [sys.executable, "-m", "tests.moved_clock", now.isoformat(), "crawl", "daum", "fnnews"]
    command += ["--origin", f"daum={url}", "--origin", f"fnnews={url}", "--delay", "0"]
    done = subprocess.run(command, env=clean, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        raise SystemExit(done.stderr[-2000:])


def main() -> None:
    """Live through the hours and print what they cost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hours", type=float, default=24)
    hours = timedelta(hours=parser.parse_args().hours)
    with (
        tempfile.TemporaryDirectory() as name,
        Twin(articles=300, now=START, memory=timedelta(days=1)) as twin,
    ):
        polls = 0
        while polls * POLL < hours:
            twin.set_now(START + polls * POLL)
            if polls:
                twin.publish(STORIES)
            crawl(Path(name), twin.url, START + polls * POLL)
            polls += 1
        asked = [request.path for request in twin.requests]
        pages = sum("/v/" in path or "/news/2" in path for path in asked)
        print(f"{polls} polls, {len(asked)} requests: {pages} of articles, {len(asked) - pages} of lists")
        with closing(sqlite3.connect(Path(name) / "newsarchive.db")) as archive, archive:
            runs, listed, known, ended = archive.execute(ACCOUNT).fetchone()
            rows = archive.execute("SELECT count(*) FROM discovery").fetchone()[0]
        print(f"{runs} runs: {listed} listed, {ended} with an end, {known} of them known; {rows} discoveries")


if __name__ == "__main__":
    main()
