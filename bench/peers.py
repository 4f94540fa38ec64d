"""Others beside ours, in the same run: the fifty lines, and news-please where it is installed.

news-please wants other versions of what we use, so that it has an environment of its own, whose Python
NEWSARCHIVE_BENCH_NEWSPLEASE names (``python -m venv E && E/bin/pip install news-please``).
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from bench.crawls import Spent, captured, spider
from bench.stages import CAPTURES
from storage.query.reader import run_select
from storage.records import WarcPlace
from storage.warc.reading import read_payload

PYTHON = "NEWSARCHIVE_BENCH_NEWSPLEASE"


def fifty_lines(folder: Path, scratch: Path, origin: str) -> tuple[Spent, Spent]:
    """The spider over one address, which is its start-up, and over all that ours captured."""
    addresses = captured(folder)
    return spider(scratch, origin, addresses[:1]), spider(scratch, origin, addresses)


def news_please(folder: Path, scratch: Path) -> float | str:
    """Milliseconds a page that news-please reads, nothing stored; or in words why it was not measured."""
    python = os.environ.get(PYTHON)
    if not python:
        return f"skipped: {PYTHON} names no Python that has it"
    pages = scratch / "pages"
    pages.mkdir()
    with run_select(f"sqlite:///{folder / 'newsarchive.db'}", CAPTURES) as (_, rows):
        for number, (url, _, file, offset, length) in enumerate(list(rows)[:200]):
            place = WarcPlace(file=file, offset=offset, length=length)
            (pages / f"{number:04}.html").write_bytes(read_payload(folder / "warc", place)[2])
            (pages / f"{number:04}.url").write_text(url)
    script = Path(__file__).with_name("news_please.py")
    told = subprocess.run([python, str(script), str(pages)], capture_output=True, text=True, check=False)
    if told.returncode != 0:
        said = [line.strip() for line in told.stderr.splitlines() if any(map(str.isalpha, line))]
        return f"skipped: {python} ended with {told.returncode}: {' '.join(said[-1:])}"
    return float(told.stdout.split()[-1])
