"""What a cluster is asked: captures side by side make a unit; who cannot read them says so, nothing else."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler import reader
from crawler.configuration.environment import configuration
from crawler.reading import unit
from crawler.reading.extension import limits_of
from crawler.reading.process import ReadingUnavailable
from crawler.reading.question import ReadCapture, ReadPage
from crawler.reading.unit import Unit, in_units, read_unit
from storage.records import Article, CapturedPage, PageKind, WarcPlace
from tests.commands.inside import Ended, inside

from .asking import hostile, limits

AT = datetime(2026, 11, 26, tzinfo=UTC)
PAGE = CapturedPage(url="https://www.fnnews.com/news/1", body=b"", content_type=None, captured_at=AT)


def lying(file: str, offset: int) -> ReadCapture:
    place = WarcPlace(file=file, offset=offset, length=10)
    return ReadCapture(page=PAGE, source=None, folder=Path("/nowhere"), place=place)


def test_a_unit_is_a_stretch_of_one_file() -> None:
    asked = [lying("b", 5), lying("a", 20), lying("b", 1), lying("a", 10), lying("a", 30)]
    assert in_units(asked, 2) == [[3, 1], [4], [2, 0]]
    assert in_units([], 2) == []


def test_pages_that_bring_their_bytes_make_units_among_themselves() -> None:
    sent = ReadPage(page=PAGE, source=None)
    assert in_units([lying("a", 1), sent, lying("a", 2), sent], 9) == [[1, 3], [0, 2]]


def test_a_worker_of_another_version_reads_nothing() -> None:
    unit = Unit(questions=(lying("a", 1),), limits=limits_of(configuration()), reader=reader.READER + 1)
    with pytest.raises(ReadingUnavailable, match="install the same version"):
        read_unit(unit)


def test_a_worker_that_could_start_no_process_tries_again_for_the_next_unit() -> None:
    """It lives on when the memory or the processes are there again that it lacked for an earlier unit."""
    given = limits(processes=1)
    loop, pool = unit._loop(), unit._pool(given)
    pool._given_up = "no process could be started"
    try:
        (answer,) = read_unit(Unit(questions=(hostile(),), limits=given, reader=reader.READER))
        assert isinstance(answer, Article)
        assert answer.kind is PageKind.ARTICLE
    finally:
        asyncio.run_coroutine_threadsafe(pool.close(), loop).result()
        unit._pool.cache_clear()


@pytest.fixture
def run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Ended]:
    return inside(tmp_path, f"sqlite:///{tmp_path / 'none.db'}", monkeypatch, capsys)


@pytest.mark.parametrize("words", [("reextract",), ("verify",), ("import", "x.warc.gz")])
def test_without_the_extra_one_sentence_names_it(
    words: tuple[str, ...], run: Callable[..., Ended], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    ended = run(*words, "--engine", "dask")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.count("\n") == 1
    assert "pip install 'newsarchive[dask]'" in ended.err


def test_without_the_extra_of_the_store_likewise(
    run: Callable[..., Ended], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWSARCHIVE_WARC", "s3://bucket/prefix")
    monkeypatch.setitem(sys.modules, "s3fs", None)
    ended = run("verify")
    assert (ended.code, ended.out) == (2, "")
    assert "pip install 'newsarchive[s3]'" in ended.err


def test_what_goes_with_what(run: Callable[..., Ended]) -> None:
    alone = run("reextract", "--scheduler", "tcp://127.0.0.1:8786")
    assert (alone.code, "goes with --engine dask" in alone.err) == (2, True)
    named = run("reextract", "--engine", "dask", "--scheduler", "10.0.0.5")
    assert (named.code, "tcp://10.0.0.5:8786" in named.err) == (2, True)
    assert run("reextract", "--engine", "spark").code == 2
