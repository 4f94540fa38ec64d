"""A takedown as an operator does it: the next crawl asks for no such page, and keeps nothing of it."""

from __future__ import annotations

import shutil
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from storage.forget.trace import Trace, members_in
from tests.crawl.conftest import ARTICLES, stage_on
from tests.crawl.stage import Stage
from twin import Twin

SHOWN_TWICE = (
    "SELECT article_id, url, title, body FROM articles WHERE appearances > 1 AND url LIKE '%fnnews%'"
)


@pytest.fixture
def stage(tmp_path: Path, undisturbed: Stage) -> Stage:
    shutil.copytree(undisturbed.folder, tmp_path / "archive")
    return stage_on(tmp_path / "archive", None)


def words_of(stage: Stage, story: dict[str, Any]) -> tuple[list[str], Trace]:
    """Its addresses, and its words: what other articles print too (notices, calls for tips) is nobody's."""
    rows = stage.rows("SELECT article_id, url, body FROM appearances WHERE body IS NOT NULL")
    own = [row for row in rows if row["article_id"] == story["article_id"]]
    others = [row["body"] for row in rows if row["article_id"] != story["article_id"]]
    return [row["url"] for row in own], Trace([row["body"] for row in own], [story["title"]], others)


def carriers(stage: Stage, trace: Trace) -> list[str]:
    """Files of the archive whose bytes say something of it, however they are packed."""
    return [
        path.name
        for path in sorted(stage.folder.rglob("*"))
        if path.is_file()
        and any(trace.in_bytes(one) for one in (path.read_bytes(), *members_in(path.read_bytes())))
    ]


def test_the_next_crawl_says_blocked_and_asks_nobody(stage: Stage) -> None:
    story = stage.rows(f"{SHOWN_TWICE} LIMIT 1")[0]
    pages, trace = words_of(stage, story)
    assert carriers(stage, trace) != []

    dry = stage.run("takedown", story["url"], "--reason", "판결", "--dry-run")
    assert (dry.code, "would take down" in dry.out) == (1, True), dry.err
    assert all(url in dry.out for url in pages)
    assert stage.rows("SELECT * FROM takedown") == []
    done = stage.run("takedown", story["url"], "--reason", "판결", "--all-appearances")
    assert done.code == 0, done.out + done.err
    assert carriers(stage, trace) == []
    assert stage.run("verify", "--all").code == 0
    again = stage.run("takedown", story["url"], "--reason", "판결", "--all-appearances")
    assert (again.code, again.out.startswith("nothing to take down: ")) == (1, True)

    with Twin(articles=ARTICLES) as twin:
        crawled = stage_on(stage.folder, twin.url).crawl("fnnews")
        asked = {f"https://{request.host}{request.path}" for request in twin.requests}
    assert crawled.code in (0, 1), crawled.err
    assert f"blocked {story['url']} (tombstone)" in crawled.err
    assert not asked.intersection(pages)
    assert len(asked) > 3
    assert carriers(stage, trace) == [], "neither pages nor lists bring it back"


@pytest.mark.proof
def test_killed_at_any_moment_the_same_again_ends_it(stage: Stage) -> None:
    """SIGKILL after 50 ms more each time, until one gets through."""
    story = stage.rows(f"{SHOWN_TWICE} LIMIT 1")[0]
    _, trace = words_of(stage, story)
    command = ("takedown", story["url"], "--reason", "판결", "--all-appearances")
    for tries in range(1, 100):
        with stage.start(*command) as process:
            time.sleep(0.4 + tries * 0.05)
            if process.poll() is not None:
                break
            process.send_signal(signal.SIGKILL)
            process.communicate()
    assert stage.run(*command).code in (0, 1)
    assert carriers(stage, trace) == []
    assert len(stage.rows("SELECT * FROM takedown WHERE finished_at IS NOT NULL")) == 1
    assert stage.run("verify", "--all").code == 0
