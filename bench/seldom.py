"""What is asked once a run, or for few pages: bench.growth's other half.

A run's start, what a dead run left, a capture deleted, articles by a reporter of ten thousand bylines, a long
list of new addresses, and a whole crawl of one page.
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from rich.table import Table
from sqlalchemy import text

from bench.crawls import Spent, measured
from bench.filled import BUSY_NAME, BUSY_PUBLISHER, DESK_EMAIL, FIRST, MAIL, MAIL_NAME
from bench.storing import made_capture
from bench.timed import Archive, Took
from crawler.commands.demonstration import played, twin_process
from crawler.deduplicate.likenesses import LIKENESSES
from crawler.deduplicate.match import decide
from storage.archive.writer import Writer
from storage.frontier.captures import record_capture
from storage.frontier.frontier import Frontier
from storage.frontier.leases import this_process
from storage.frontier.listed import PIECE, pieces
from storage.frontier.runs import close_run, open_run, register_source
from storage.ledger.barren import pages_in_vain
from storage.records import Article, Instant, PageKind, Person, Verdict
from storage.records.discovery import Discovery
from storage.records.runs import RunSettings
from twin.invented import paragraphs

ROUNDS = 15
NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
LONG = 200
"""Addresses of a list of new ones in each round."""
_NUMBER_OF = text("SELECT id FROM address WHERE url = :url")
_DELETE = text("DELETE FROM capture WHERE id = :id")
SITES = {"daum": "https://v.daum.net/v", "fnnews": "https://www.fnnews.com/news"}


class Asked:
    """An archive that is asked."""

    def __init__(self, archive: Archive) -> None:
        self.archive, self.engine = archive, archive.engine
        self.owner, self.frontier = this_process("seldom"), Frontier(archive.engine)
        self.writer = Writer(archive.engine, decide, LIKENESSES, 1)
        self.runs = {source: self._opened(source, NOW) for source in SITES}
        self.made = 0

    def _opened(self, source: str, at: datetime) -> int:
        register_source(self.engine, source, source, None)
        return open_run(self.engine, source, "latest", self.owner, at, RunSettings(), alone=True)

    def start(self, at: datetime) -> None:
        """A run's row, and what a dead one left; its end."""
        with self.archive.time("the start of a run, its row"):
            run = self._opened("daum", at)
        with self.archive.time("the start of a run, captures that nobody judged"):
            self.frontier.unprocessed_captures("daum", run)
        with self.archive.time("the end of a run, pages in vain"):
            pages_in_vain(self.engine, "daum", run)
        with self.archive.time("the end of a run, its row"):
            close_run(self.engine, run, at, Verdict.HEALTHY, None, {}, {})

    def delete(self, at: datetime) -> None:
        """A capture that nothing refers to."""
        capture = self._captured("daum", self._named("daum", at), at)[1]
        with self.archive.time("a capture deleted"), self.engine.begin() as connection:
            connection.execute(_DELETE, {"id": capture})

    def list_new(self, at: datetime) -> None:
        """New addresses, in the pieces of a list."""
        found = [(Discovery(url=self.url("daum")), None) for _ in range(LONG)]
        for piece in pieces(found):
            with self.archive.time(f"{PIECE} new addresses of a list"):
                self.frontier.discover(self.runs["daum"], "daum", "https://bench/long", piece, at)

    def write(self, at: datetime, number: int) -> None:
        """Articles by people of many bylines, the other site's page of each, and an edit."""
        for who, person in (
            ("somebody", Person(name=f"새내기{number}", raw="x")),
            ("a name of 10,000 bylines", Person(name=BUSY_NAME, raw="x")),
            ("an e-mail of 10,000 bylines", Person(name=MAIL_NAME, email=MAIL, raw="x")),
            ("an e-mail of 200 names", Person(name=f"기자{number}", email=DESK_EMAIL, raw="x")),
        ):
            first = self._store(f"a new article by {who}", "daum", at, person)
            self._store(f"a page that joins it, by {who}", "fnnews", at, person, first)
            self._edit(f"an edit of it, by {who}", first, at + timedelta(seconds=30))
        other = Person(name=f"딴이{number}", email=MAIL, raw="x")
        first = self._store("a new article by a further name of an e-mail of 10,000", "daum", at, other)
        corrected = replace(first, bylines=(Person(name=MAIL_NAME, email=MAIL, raw="x"),))
        step, later = "an edit that changes its people, of 10,000", at + timedelta(seconds=30)
        self._rewrite(step, corrected, later, "same content; changed beside it: bylines")

    def _store(
        self, step: str, source: str, at: datetime, person: Person, like: Article | None = None
    ) -> Article:
        url = self._named(source, at)
        article = _article(self.made, person, at) if like is None else like
        article = replace(article, url=url, source=source)
        expected = "a new article" if like is None else "joined"
        self._write(step, article, self.runs[source], self._captured(source, url, at), at, expected)
        return article

    def _write(
        self, step: str, article: Article, run: int, captured: tuple[int, int], at: datetime, expected: str
    ) -> None:
        address, capture = captured
        with self.archive.time(step):
            stored = self.writer.store(
                article, run_id=run, address_id=address, capture_id=capture, seen_at=at
            )
        if not stored.reason.startswith(expected):
            raise RuntimeError(f"{step}: {stored.reason}")  # it is something else that was measured

    def _edit(self, step: str, article: Article, at: datetime) -> None:
        self._rewrite(step, replace(article, body=f"{article.body}\n덧붙인 문단이다."), at)

    def _rewrite(
        self, step: str, edited: Article, at: datetime, expected: str = "the content has changed"
    ) -> None:
        capture = self._captured("daum", edited.url, at)
        self._write(step, edited, self.runs["daum"], capture, at, expected)

    def url(self, source: str) -> str:
        self.made += 1
        return f"{SITES[source]}/{8 * FIRST + self.made}"

    def _named(self, source: str, at: datetime) -> str:
        url = self.url(source)
        self.frontier.discover(self.runs[source], source, "https://bench/", [(Discovery(url=url), None)], at)
        return url

    def _captured(self, source: str, url: str, at: datetime) -> tuple[int, int]:
        self.made += 1
        with self.engine.connect() as connection:
            address: int = connection.scalar(_NUMBER_OF, {"url": url}) or 0
        made = made_capture(url, at, 10**6 + self.made)
        return address, record_capture(self.engine, made, self.runs[source], address, 1)


def seldom(archive: Archive) -> Callable[[int], None]:
    """A function that asks everything once, for the round of that number."""
    asked = Asked(archive)

    def one(number: int) -> None:
        at = NOW + timedelta(minutes=number)
        asked.start(at)
        asked.delete(at)
        asked.list_new(at)
        asked.write(at, number)

    return one


def _article(number: int, person: Person, at: datetime) -> Article:
    body = "\n".join(paragraphs(random.Random(10**6 + number)))
    return Article(
        url="",
        source=None,
        extractor="bench",
        kind=PageKind.ARTICLE,
        publisher=BUSY_PUBLISHER,
        title=f"{number}번째 드문 소식",
        body=body,
        published=Instant(at=at, precision="minute", raw="x"),
        bylines=(person,),
    )


def first_page(archive: Archive) -> Spent:
    """A crawl of one page of each of the twin's sites into the archive: its start, its lists, its end."""
    with tempfile.TemporaryDirectory() as folder, twin_process("--articles", "40") as origin:
        command = [sys.executable, "-m", "crawler.cli", "crawl", *played(origin), "--delay", "0"]
        return measured([*command, "--limit", "1", "--dir", folder], database=archive.url)


def a_long_list(archive: Archive, links: int) -> Table:
    """New addresses listed at once: how long each piece holds the writer, by tenths of the list."""
    asked = Asked(archive)
    found = [(Discovery(url=asked.url("daum")), None) for _ in range(links)]
    for piece in pieces(found):
        with archive.time("long"):
            asked.frontier.discover(asked.runs["daum"], "daum", "https://bench/long", piece, NOW)
    took = archive.took.pop("long")
    title = f"a list of {links:,} new addresses in an archive of {archive.size:,}, pieces of {PIECE}"
    shown = Table("ms a piece", "of the processor", "most", "of the clock", "most", title=title)
    tenth = max(1, len(took) // 10)
    for name, part in (("first tenth", took[:tenth]), ("last tenth", took[-tenth:]), ("all", took)):
        said = [(statistics.median(each), max(each)) for each in _kinds(part)]
        shown.add_row(name, *(f"{each:.1f}" for pair in said for each in pair))
    return shown


def _kinds(took: Sequence[Took]) -> tuple[list[float], list[float]]:
    return [one.cpu for one in took], [one.clock for one in took]
