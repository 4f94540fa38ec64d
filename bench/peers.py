"""Others beside ours, in the same run: the fifty lines, and news-please where it is installed.

news-please wants other versions of what we use, so that it has an environment of its own, which
``make bench-peers`` (``python -m bench.peers``) makes in ``.bench/``; by hand:

    python3 -m venv .bench/news-please
    .bench/news-please/bin/python -m pip install 'news-please==1.6.16' 'newspaper4k[nlp]==0.9.6'
    mkdir -p .bench/nltk_data/tokenizers/punkt_tab/english && cd .bench/nltk_data/tokenizers/punkt_tab/english
    touch collocations.tab sent_starters.txt abbrev_types.txt ortho_context.tab

For Korean pages newspaper4k cuts words by NLTK, which downloads a model of English sentences first. An
empty one serves as well: what it lacks are abbreviations like ``Mr.``. NEWSARCHIVE_BENCH_NEWSPLEASE names the
Python of another environment instead.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from bench.crawls import Spent, captured, spider
from bench.stages import CAPTURES
from bench.their_crawl import their_crawl
from storage.query.reader import run_select
from storage.records import WarcPlace
from storage.warc.reading import read_payload

PYTHON = "NEWSARCHIVE_BENCH_NEWSPLEASE"
HERE = Path(__file__).parents[1] / ".bench"
MADE = HERE / "news-please" / "bin" / "python"
PACKAGES = ("news-please==1.6.16", "newspaper4k[nlp]==0.9.6")
"""Newest on 2026-11-26."""
SENTENCES = HERE / "nltk_data"
MODEL = ("collocations.tab", "sent_starters.txt", "abbrev_types.txt", "ortho_context.tab")
ABSENT = "skipped: not installed (make bench-peers)"
PAGES = 120
"""Read by news-please: it takes a tenth of a second for each."""


def fifty_lines(folder: Path, scratch: Path, origin: str) -> tuple[Spent, Spent]:
    """The spider over one address, which is its start-up, and over all that ours captured."""
    addresses = captured(folder)
    return spider(scratch, origin, addresses[:1]), spider(scratch, origin, addresses)


def news_please(folder: Path, scratch: Path) -> float | str:
    """Milliseconds a page that news-please reads, nothing stored; or in words why it was not measured."""
    python = _python()
    if not python.exists():
        return ABSENT
    pages = scratch / "pages"
    pages.mkdir()
    with run_select(f"sqlite:///{folder / 'newsarchive.db'}", CAPTURES) as (_, rows):
        for number, (url, _, file, offset, length) in enumerate(list(rows)[:PAGES]):
            place = WarcPlace(file=file, offset=offset, length=length)
            (pages / f"{number:04}.html").write_bytes(read_payload(folder / "warc", place)[2])
            (pages / f"{number:04}.url").write_text(url)
    script = Path(__file__).with_name("news_please.py")
    environment = {"NLTK_DATA": str(SENTENCES)} | os.environ
    told = subprocess.run(
        [str(python), str(script), str(pages)], capture_output=True, text=True, check=False, env=environment
    )
    if told.returncode != 0:
        said = [line.strip() for line in told.stderr.splitlines() if any(map(str.isalpha, line))]
        return f"skipped: {python} ended with {told.returncode}: {' '.join(said[-1:])}"
    return float(told.stdout.split()[-1])


def news_please_crawl(folder: Path, scratch: Path, origin: str) -> float | str:
    """Milliseconds a page that news-please's own command takes, its start off; or why it was not measured."""
    if not _python().exists():
        return ABSENT
    addresses = captured(folder)[:PAGES]
    start = their_crawl(_python(), SENTENCES, scratch, origin, addresses[:1])
    whole = their_crawl(_python(), SENTENCES, scratch, origin, addresses)
    if isinstance(start, str):
        return start
    return whole if isinstance(whole, str) else whole.ms_a_page(start)


def _python() -> Path:
    return Path(os.environ.get(PYTHON) or MADE)


def main() -> None:
    """Make the environment, or bring it up to date."""
    subprocess.run([sys.executable, "-m", "venv", str(MADE.parents[1])], check=True)
    subprocess.run([str(MADE), "-m", "pip", "install", "--quiet", *PACKAGES], check=True)
    model = SENTENCES / "tokenizers" / "punkt_tab" / "english"
    model.mkdir(parents=True, exist_ok=True)
    for name in MODEL:
        (model / name).touch()
    print(f"{', '.join(PACKAGES)} in {MADE.parents[1]}")


if __name__ == "__main__":
    main()
