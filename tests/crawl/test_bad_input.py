"""Bad pages get an outcome and a reason and the run goes on; bad commands get a sentence and a code."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.crawl.conftest import stage_on
from tests.crawl.stage import Stage, lines
from twin import Twin


def test_the_run_goes_on_past_every_bad_page(tmp_path: Path) -> None:
    with Twin(articles=80, scenario="rough") as rough:
        stage = stage_on(tmp_path / "archive", rough.url)
        done = stage.crawl(timeout=280)
        strangers = {
            request.host
            for request in rough.requests
            if "daum" not in request.host and "fnnews" not in request.host
        }
    assert done.code == 1, done.err[-3000:]
    assert strangers == set()
    ends = stage.rows(
        "SELECT a.url, o.outcome, o.reason FROM outcome o JOIN address a ON a.id = o.address_id"
    )
    assert [end for end in ends if not end["reason"]] == []
    counts = stage.outcomes()
    assert counts["stored"] >= 80
    assert counts["failed"] + counts["quarantined"] >= 5
    kept = stage.column("SELECT max(payload_length) FROM capture")[0]
    assert kept >= 50 * 1024 * 1024


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["crawl", "naver"], "there is no source 'naver'"),
        (["crawl", "--origin", "daum"], "an origin is SOURCE=URL"),
        (["crawl", "--origin", "naver=http://127.0.0.1:1"], "--origin names no source"),
        (["crawl", "daum"], "NEWSARCHIVE_CONTACT"),
        (["crawl", "daum", "--delay", "0", "--origin", "daum=http://192.0.2.1"], "a delay below 1 s"),
        (["crawl", "--since", "yesterday"], "--since takes a day"),
        (["crawl", "--since", "2026-11-20", "--until", "2026-11-01"], "lies after"),
        (["crawl", "--until", "2026-11-01"], "--until needs --since"),
        (["crawl", "--limit", "0"], "--limit"),
        (["crawl", "--no-such-option"], "No such option"),
        (["fetch", "ftp://example.org/1"], "not a web address"),
        (["extract", "/nowhere/page.html"], "cannot be read"),
        (["sql", "SELEC 1"], "SELEC"),
        (["runs", "--format", "xml"], "--format is one of"),
        (["twin", "--pages", "/nowhere"], "/nowhere"),
        (["twin", "--scenario", "stormy"], "stormy"),
    ],
)
def test_wrong_use_is_one_sentence_and_code_2(tmp_path: Path, arguments: list[str], sentence: str) -> None:
    stage = stage_on(tmp_path / "archive", None)
    if arguments[0] in ("sql", "runs"):
        assert stage.run("db", "upgrade").code == 0
    done = stage.run(*arguments)
    assert done.code == 2, done.err
    assert sentence in done.err
    assert "Traceback" not in done.err


@pytest.mark.parametrize(
    "database",
    [
        "postgresql://nobody:secret@127.0.0.1:1/none",
        "sqlite:////proc/nowhere/newsarchive.db",
    ],
)
def test_a_database_that_refuses_is_code_4(tmp_path: Path, database: str) -> None:
    stage = stage_on(tmp_path / "archive", "http://127.0.0.1:9", database)
    done = stage.crawl("daum")
    assert done.code == 4, done.err
    assert len(lines(done.err)) == 1
    assert "secret" not in done.err


@pytest.mark.parametrize("size", ["2560k", "3m"])
def test_a_full_disk_is_code_4_and_leaves_a_readable_archive(tmp_path: Path, twin: Twin, size: str) -> None:
    """Full while pages are stored; and so early that the run's row is the last that is taken."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(disk)], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip("a small disk can be mounted only by root: " + os.fsdecode(mounted.stderr).strip())
    try:
        stage = stage_on(disk / "archive", twin.url)
        done = stage.crawl()
        assert done.code == 4, done.err[-3000:]
        assert "full" in done.err
        assert "Traceback" not in done.err
        assert stage.column("SELECT count(*) FROM articles")[0] >= 0
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


def test_a_write_is_refused_by_the_database(small_stage: Stage) -> None:
    assert small_stage.run("db", "upgrade").code == 0
    done = small_stage.run("sql", "DELETE FROM run")
    assert done.code in (2, 4)
    assert "Traceback" not in done.err
    assert small_stage.run("sql", "SELECT 1 AS one", "--format", "csv").out == "one\n1\n"
