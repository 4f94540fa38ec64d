"""Rows out of WARC files: of every age, damaged, of sources that are no more; on both databases."""

from __future__ import annotations

import asyncio
import gzip
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from crawler.deduplicate.likenesses import LIKENESSES
from crawler.deduplicate.match import decide
from crawler.judging.judge import Judge, Judged
from crawler.reader import READER
from crawler.reading.pool import ReadingPool
from crawler.rebuild.rebuild import Rebuild, Report
from crawler.rereading.captures import CaptureReader
from crawler.sources import all_sources
from storage.archive.writer import Writer
from storage.frontier.filed import Waiting
from storage.query.reader import run_select
from storage.records import Article
from storage.records.runs import LeasedAddress
from storage.tombstones import Tombstone, Tombstones
from storage.warc.store import WarcWriter
from tests.reading.asking import limits
from tests.rebuild.files import EDITED, FIRST, URL, answer, without_metadata, writer


def rebuild(
    engine: Engine, folder: Path, tombstones: Path | None = None, judging: type[Judge] = Judge
) -> Report:
    stones, sources, report = Tombstones(tombstones or folder.parent / "none"), all_sources(), Report()

    async def work() -> None:
        pool = ReadingPool(limits())
        try:
            writing = Writer(engine, decide, LIKENESSES, READER, stones)
            judge = judging(engine, CaptureReader(pool, folder, sources), writing, stones, sources, ())
            made = Rebuild(engine, folder, sources, report)
            made.file(lambda said: None)
            await made.judge(judge, lambda done, total: None)
        finally:
            await pool.close()

    asyncio.run(work())
    return report


def rows(engine: Engine, statement: str) -> list[tuple[Any, ...]]:
    with run_select(engine.url.render_as_string(hide_password=False), statement) as (_, found):
        return [tuple(row) for row in found]


def test_a_page_through_its_life(engine: Engine, tmp_path: Path) -> None:
    """Stored, unchanged, refused and asked again, edited, gone, back: as a crawl would have told it."""
    with writer(tmp_path / "warc") as warc:
        answer(warc, 0, b"User-agent: *\nAllow: /", url="https://www.fnnews.com/robots.txt", address=None)
        answer(warc, 1)
    for run, status, body in ((2, 304, b""), (3, 503, b"busy"), (4, 404, b""), (5, 200, EDITED)):
        with writer(tmp_path / "warc", run=run) as warc:
            answer(warc, run, body, status=status)
            if status == 503:
                answer(warc, run + 0.1, EDITED)
    report = rebuild(engine, tmp_path / "warc")
    assert report.problem_count == report.bare == 0
    outcomes = rows(engine, "SELECT outcome FROM outcome ORDER BY at")
    assert outcomes == [("stored",), ("unchanged",), ("revised",), ("gone",), ("unchanged",)]
    assert len(rows(engine, "SELECT * FROM articles")) == 1
    states = rows(engine, "SELECT state FROM presence ORDER BY at")
    assert states == [("gone",), ("returned",)]
    runs = rows(engine, "SELECT mode, verdict, reason FROM runs")
    assert len(runs) == 5
    assert {mode for mode, _, _ in runs} == {"latest"}
    assert {verdict for _, verdict, _ in runs} == {None}
    assert rebuild(engine, tmp_path / "warc").outcomes == {}, "all was done"


@pytest.mark.parametrize("facts", [True, False], ids=["own field", "nothing"])
def test_files_from_before_metadata_say_what_they_can(engine: Engine, tmp_path: Path, facts: bool) -> None:
    with writer(tmp_path / "warc") as warc:
        place = answer(warc, 0)
        answer(warc, 1, b"User-agent: *", url="https://www.fnnews.com/robots.txt", address=None)
        answer(warc, 2, b"<html>", url="https://www.fnnews.com/section/002", address=None)
    without_metadata(tmp_path / "warc" / place.file, facts=facts)
    report = rebuild(engine, tmp_path / "warc")
    assert (report.bare, report.silent) == (3, 0 if facts else 3)
    told = "\n".join(report.lines())
    assert "their seeds and hints are not known" in told
    assert ("the robots verdict" in told) is not facts
    assert rows(engine, "SELECT robots_rule FROM rights") == [("Allow: /" if facts else None,)]
    assert len(rows(engine, "SELECT * FROM articles")) == 1
    assert rows(engine, "SELECT DISTINCT mode FROM runs") == [("unknown",)]
    addresses = rows(engine, "SELECT url FROM address ORDER BY url")
    assert URL in [url for (url,) in addresses]
    assert not [url for (url,) in addresses if "robots" in url or "section" in url]


def test_what_cannot_be_read_is_named_and_the_rest_is_there(engine: Engine, tmp_path: Path) -> None:
    with writer(tmp_path / "warc") as warc:
        broken = answer(warc, 0, url=URL[:-1] + "1", address=URL[:-1] + "1")
        answer(warc, 1)
        answer(warc, 2, url="https://paper.example/1", address="https://paper.example/1")
    with writer(tmp_path / "warc", run=1, source="paper") as warc:
        answer(warc, 3, url="https://paper.example/2", address="https://paper.example/2")
    path = tmp_path / "warc" / broken.file
    before = path.read_bytes()
    data = bytearray(before)
    data[broken.offset + broken.length // 2] ^= 1
    path.write_bytes(data)
    (tmp_path / "warc" / "CC-NEWS-1.warc.gz").write_bytes(b"another's")
    repacked, empty = "newsarchive-1-1-1.warc.gz", "newsarchive-1-1-2.warc.gz"
    (tmp_path / "warc" / repacked).write_bytes(gzip.compress(gzip.decompress(before)))
    (tmp_path / "warc" / empty).touch()
    report = rebuild(engine, tmp_path / "warc")
    told = "\n".join(report.lines())
    assert "are no whole record" in told
    assert "CC-NEWS-1.warc.gz is no file of this archive: newsarchive import takes it" in told
    assert f"{empty}: it is empty" in told
    assert "bytes of other records are packed together with the one at byte 0" in told
    assert "the source paper is not declared here any more" in told
    assert URL in [url for (url,) in rows(engine, "SELECT url FROM articles")]
    assert rows(engine, "SELECT outcome FROM outcome JOIN address ON address.id = outcome.address_id "
                        "WHERE address.source = 'paper'") == [("quarantined",)]  # fmt: skip


class Broken(Judge):
    """A judge with a bug where it stores."""

    def _stored(self, one: Waiting, address: LeasedAddress, article: Article) -> Judged:
        raise KeyError(article.title)


def test_a_page_that_could_not_be_stored_is_told_and_no_success(engine: Engine, tmp_path: Path) -> None:
    with writer(tmp_path / "warc") as warc:
        answer(warc, 0)
    report = rebuild(engine, tmp_path / "warc", judging=Broken)
    assert report.undone
    assert "cannot be stored: 1 pages: store: KeyError: " in "\n".join(report.lines())


def test_a_failure_that_a_site_answered_is_no_failure_of_the_rebuild(engine: Engine, tmp_path: Path) -> None:
    with writer(tmp_path / "warc") as warc:
        answer(warc, 0, status=500)
    report = rebuild(engine, tmp_path / "warc")
    assert report.outcomes == {"failed": 1}
    assert not report.undone


def test_two_databases_gave_the_same_run_numbers(engine: Engine, tmp_path: Path) -> None:
    with writer(tmp_path / "warc") as warc:
        answer(warc, 0)
    facts = {"run": 1, "source": "fnnews", "mode": "fetch", "run_started": (FIRST + timedelta(9)).isoformat()}
    with WarcWriter(tmp_path / "warc", software="t", contact=None, facts=facts) as warc:
        answer(warc, 300, EDITED)
    rebuild(engine, tmp_path / "warc")
    assert sorted(rows(engine, "SELECT mode FROM runs")) == [("fetch",), ("latest",)]


def test_what_was_taken_down_is_not_made_anew(engine: Engine, tmp_path: Path) -> None:
    with writer(tmp_path / "warc") as warc:
        answer(warc, 0)
    stones = Tombstones(tmp_path)
    stones.bury(
        Tombstone(id="1", at=FIRST.isoformat(), reason="asked", by="desk", addresses=(stones.address(URL),))
    )
    report = rebuild(engine, tmp_path / "warc", tmp_path)
    report.need_tombstones(stones)
    assert not report.undone
    report.removed["takedown"] += 1  # records that a takedown has overwritten
    report.need_tombstones(stones)
    assert not report.undone
    report.need_tombstones(Tombstones(tmp_path / "elsewhere"))
    assert report.undone
    assert report.outcomes == {"blocked": 1}
    assert rows(engine, "SELECT * FROM articles") == []
