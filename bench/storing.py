"""What it costs to store the pages of a crawl anew: processor, statements, commits, by the kind of page.

The pages are read first, outside of what is measured; then every one is listed, captured, stored and settled
as a crawl does it, in an archive of its own.
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

from sqlalchemy import Engine, event

from bench.stages import CAPTURES
from crawler.deduplicate.likenesses import LIKENESSES
from crawler.deduplicate.match import decide
from crawler.reader import READER
from crawler.sources import source_of
from crawler.stages import article_of
from storage.archive import first_sight
from storage.archive.past import past_captures
from storage.archive.writer import Writer
from storage.database.opening import open_database
from storage.database.upgrading import prepare_database
from storage.frontier.answered import record_answer
from storage.frontier.frontier import Frontier
from storage.frontier.leases import this_process
from storage.frontier.runs import open_run
from storage.frontier.turns import TurnEnd
from storage.query.reader import run_select
from storage.records import Article, Capture, CapturedPage, PageKind, WarcPlace
from storage.records.discovery import Discovery
from storage.records.runs import LeasedAddress, RunSettings
from storage.search import index
from storage.warc.reading import read_payload

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
STEPS = ("list and lease", "turn taken", "capture's row, turn's end", "past captures", "store and settle")
LEASED = 8
"""Addresses that a crawl takes at a time."""
WARMED = 20
"""Pages that are not counted: SQLAlchemy compiles each statement once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """A page's share of one step."""

    cpu_ms: float
    statements: float
    commits: float


@contextmanager
def counted(engine: Engine) -> Iterator[Counter[str]]:
    """Statements and commits meanwhile."""
    told: Counter[str] = Counter()

    def statement(_connection: Any, _cursor: Any, text: str, *_rest: Any) -> None:
        told["statements"] += not text.startswith("BEGIN")

    def commit(_connection: Any) -> None:
        told["commits"] += 1

    event.listen(engine, "before_cursor_execute", statement)
    event.listen(engine, "commit", commit)
    try:
        yield told
    finally:
        event.remove(engine, "before_cursor_execute", statement)
        event.remove(engine, "commit", commit)


def articles_of(folder: Path, limit: int = 400) -> list[Article]:
    """The articles on the pages that a crawl captured, as today's rules read them."""
    with run_select(f"sqlite:///{folder / 'newsarchive.db'}", CAPTURES) as (_, rows):
        captured = list(rows)[:limit]
    read = []
    for url, content_type, file, offset, length in captured:
        _, _, body = read_payload(folder / "warc", WarcPlace(file=file, offset=offset, length=length))
        read.append(article_of(CapturedPage(url=url, body=body, content_type=content_type), source_of(url)))
    return [article for article in read if article.kind is PageKind.ARTICLE and article.source is not None]


class Bench:
    """An archive that pages are stored in, step by step."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.frontier = Frontier(engine)
        self.writer = Writer(engine, decide, LIKENESSES, READER)
        self.owner = this_process("bench")
        self.runs: dict[str, int] = {}
        self.at = NOW
        self.spent: dict[tuple[str, str], float] = defaultdict(float)
        self.pages = 0

    def run_of(self, source: str) -> int:
        if source not in self.runs:
            self.runs[source] = open_run(self.engine, source, "latest", self.owner, NOW, RunSettings())
        return self.runs[source]

    def store_all(self, articles: Iterable[Article]) -> None:
        """As a crawl does: eight addresses of a source at a time, then page by page."""
        by_source: dict[str, list[Article]] = defaultdict(list)
        for article in articles:
            by_source[str(article.source)].append(article)
        for source, ours in by_source.items():
            for start in range(0, len(ours), LEASED):
                self._store_some(source, ours[start : start + LEASED])

    def _store_some(self, source: str, articles: Sequence[Article]) -> None:
        run, self.at = self.run_of(source), self.at + timedelta(seconds=1)
        with self.step("list and lease"):
            found = [(Discovery(url=one.url), one.site_id) for one in articles]
            self.frontier.discover(run, source, "https://bench/", found, self.at)
            leased = self.frontier.lease(run, source, self.owner, self.at, 900, LEASED)
        there = {one.url: one for one in articles}
        for address in leased:
            if address.url in there:  # no other name of a page that was stored
                self._store(run, address, there[address.url])

    def _store(self, run: int, address: LeasedAddress, article: Article) -> None:
        self.at, self.pages = self.at + timedelta(seconds=1), self.pages + 1
        at, url = self.at, article.url
        with self.step("turn taken"):
            self.frontier.take_turn("bench", self.owner, at, 0.0, 60.0)
        with self.step("capture's row, turn's end"):
            made = made_capture(url, at, int((at - NOW).total_seconds()))
            turn = TurnEnd(host="bench", owner=self.owner, delay_s=0.0, now=at)
            capture, _ = record_answer(self.engine, made, run, address.id, 1, turn)
        with self.step("past captures"):
            if not address.unknown:  # as in crawler.run.addresses
                past_captures(self.engine, address.id, url, READER)
        with self.step("store and settle"):
            self.writer.store(
                article,
                run_id=run,
                address_id=address.id,
                capture_id=capture,
                seen_at=at,
                next_fetch_at=at + timedelta(days=1),
            )

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        with counted(self.engine) as told:
            began = time.thread_time()
            yield
            self.spent[name, "cpu"] += time.thread_time() - began
        for kind, count in told.items():
            self.spent[name, kind] += count

    def forget(self) -> None:
        """Count from here."""
        self.spent.clear()
        self.pages = 0

    def costs(self) -> dict[str, Cost]:
        pages = max(1, self.pages)
        return {
            name: Cost(
                cpu_ms=1000 * self.spent[name, "cpu"] / pages,
                statements=self.spent[name, "statements"] / pages,
                commits=self.spent[name, "commits"] / pages,
            )
            for name in STEPS
        }


@contextmanager
def benches(scratch: Path, *names: str) -> Iterator[list[Bench]]:
    """New archives on SQLite."""
    urls = [f"sqlite:///{scratch / name}.db" for name in names]
    for url in urls:
        prepare_database(url)
    engines = [open_database(url) for url in urls]
    try:
        yield [Bench(engine) for engine in engines]
    finally:
        for engine in engines:
            engine.dispose()


def storing_costs(folder: Path, scratch: Path) -> dict[str, Cost]:
    """Step -> its cost for each page of a crawl, in a new archive on SQLite."""
    with benches(scratch, "stored") as (bench,):
        articles = articles_of(folder)
        bench.store_all(articles[:WARMED])
        bench.forget()
        bench.store_all(articles[WARMED:])
        return bench.costs()


def search_share(folder: Path, scratch: Path) -> float:
    """Milliseconds more that a page is stored in with the search index than without it.

    Two archives take the same pages in turn, so that the machine's hour is the same for both.
    """
    with benches(scratch, "searched", "plain") as (searched, plain):
        articles = articles_of(folder)
        for start in range(0, len(articles), WARMED):
            searched.store_all(articles[start : start + WARMED])
            with without_search():
                plain.store_all(articles[start : start + WARMED])
            if not start:
                searched.forget()
                plain.forget()
        return searched.costs()["store and settle"].cpu_ms - plain.costs()["store and settle"].cpu_ms


@contextmanager
def without_search() -> Iterator[None]:
    """Nothing is written to the search index meanwhile."""
    with ExitStack() as stack:
        for module in (first_sight, index):
            stack.enter_context(patch.object(module, "index_new", lambda *_: None))
        yield


def made_capture(url: str, at: datetime, number: int) -> Capture:
    """A capture like no other of its bench: the number tells it."""
    return Capture(
        url=url,
        fetched_at=at,
        http_status=200,
        content_type="text/html",
        etag=None,
        last_modified=None,
        payload_digest=f"sha1:{number}",
        payload_length=1,
        warc=WarcPlace(file="bench.warc.gz", offset=number, length=1),
    )
