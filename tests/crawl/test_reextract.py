"""A reader with a bug, then a mended one: the past is read again from the captures, and can be put back."""

from __future__ import annotations

import re
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler import reader
from crawler.cli import main
from tests.crawl.seeding import fetch, seeded_stage
from tests.crawl.stage import Stage
from tests.crawl.test_revisions import stories, urls
from twin import Twin


@pytest.fixture
def twin() -> Iterator[Twin]:
    with Twin(articles=60) as server:
        yield server


@pytest.fixture
def stage(tmp_path: Path, twin: Twin, monkeypatch: pytest.MonkeyPatch) -> Stage:
    return seeded_stage(tmp_path / "archive", twin, monkeypatch)


def of(kept: dict[str, list[str]], pages: list[str]) -> dict[str, list[str]]:
    return {name: [row for row in rows if any(url in row for url in pages)] for name, rows in kept.items()}


def test_the_past_is_read_again_and_put_back(
    stage: Stage, twin: Twin, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = stories(twin)[:4]
    pages = urls(chosen)
    monkeypatch.setenv("SEEDED_READER", "wrong")
    fetch(stage, twin, chosen)
    wrong = stage.kept()

    monkeypatch.setenv("SEEDED_READER", "mended")
    dry = stage.run("reextract", "--dry-run")
    assert dry.code == 1, dry.err
    assert dry.out.startswith(f"would get worse: {len(pages)} pages\n"), "bodies shrink"
    assert set(re.findall(r"^    (\S+): body shrinks", dry.out, re.MULTILINE)) == set(pages)
    assert f"body: {len(pages)} pages would change" in dry.out
    assert stage.kept() == wrong
    assert stage.rows("SELECT * FROM rereading") == []

    # Two at once, and one of them dies: nothing twice, nothing left.
    first, second = stage.start("reextract"), stage.start("reextract")
    time.sleep(1)
    first.send_signal(signal.SIGKILL)
    first.communicate()
    _, told = second.communicate(timeout=120)
    assert second.returncode == 0, told
    assert "the ID of what this changes is" in told, "a killed one is taken back by it"
    nothing = stage.run("reextract")
    assert nothing.out.startswith("0 pages read again")
    assert "verify --all --repair" in nothing.err
    twice = "SELECT 1 FROM rereading GROUP BY appearance_id, revision_id, capture_id HAVING count(*) > 1"
    assert stage.rows(twice) == []
    assert len(stage.rows("SELECT DISTINCT url FROM rereadings WHERE batch IS NOT NULL")) == len(pages)
    assert stage.rows("SELECT * FROM changes") == stage.rows("SELECT * FROM unclear_changes") == []
    assert stage.column("SELECT count(*) FROM revision") == [len(pages)]

    # A true edit in between stays; all else becomes what it was, and no crawl reads it again.
    edited, others = urls(chosen[:1]), urls(chosen[1:])
    twin.edit(chosen[0].story_id, "body")
    fetch(stage, twin, chosen)
    batches = stage.column("SELECT DISTINCT batch FROM rereading WHERE batch IS NOT NULL")
    undone = [stage.run("reextract", "--undo", batch) for batch in batches]
    assert 1 in {done.code for done in undone}
    told = "".join(done.out for done in undone)
    assert set(re.findall(r"left as it is: (\S+): body", told)) == set(edited)
    twice = stage.run("reextract", "--undo", batches[0])
    assert (twice.code, twice.out) == (
        1,
        f"nothing of {batches[0]} is left to take back: it was taken back before\n",
    )
    back = stage.kept()
    assert of(back, others) == of(wrong, others)
    changed = {row["url"] for row in stage.rows("SELECT url FROM changes WHERE body = 1")}
    assert changed == set(edited)
    fetch(stage, twin, chosen)
    assert of(stage.kept(), others) == of(wrong, others)
    assert {row["url"] for row in stage.rows("SELECT url FROM changes")} == set(edited)
    assert stage.run("reextract").code == 0
    assert set(stage.column("SELECT reader FROM appearances")) == {reader.READER + 1}
    assert {row["url"] for row in stage.rows("SELECT url FROM changes")} == set(edited)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--source", "nowhere"], "no source 'nowhere'"),
        (["--publisher", "없는일보"], "no publisher '없는일보'; it has: none"),
        (["--page-class", "daum/1999"], "no page class"),
        (["--url", "https://v.daum.net/v/20990101000000000"], "no page at"),
        (["--since", "2026-02-02", "--until", "2026-02-01"], "lies after"),
        (["--since", "gestern"], "--since takes a day"),
        (["--outcome", "stored"], "--outcome is one of quarantined"),
        (["--outcome", "quarantined", "--publisher", "가일보"], "leave that option out"),
        (["--undo", "20260101-000000-abcdef"], "there was no reextract"),
        (["--undo", "x", "--dry-run"], "goes with no other option"),
        (["--jobs", "0"], "--jobs takes a whole number from 1 to 64"),
    ],
)
def test_wrong_use(
    sqlite_url: str,
    arguments: list[str],
    told: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("NEWSARCHIVE_DATABASE_URL", sqlite_url)
    monkeypatch.setattr(sys, "argv", ["newsarchive", "reextract", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    said = capsys.readouterr()
    assert (ended.value.code, said.out) == (2, "")
    assert told in said.err
