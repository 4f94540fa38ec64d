"""A takedown as an operator does it: the next crawl asks for no such page, and keeps nothing of it."""

from __future__ import annotations

import shutil
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from storage.forget.trace import members_in
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


def words_of(stage: Stage, story: dict[str, Any]) -> tuple[list[str], list[bytes]]:
    """Its addresses, and its words: what other articles print too (notices, calls for tips) is nobody's."""
    rows = stage.rows("SELECT article_id, url, body FROM appearances WHERE body IS NOT NULL")
    own = [row for row in rows if row["article_id"] == story["article_id"]]
    others = "\n".join(row["body"] for row in rows if row["article_id"] != story["article_id"])
    lines = {line for row in own for line in row["body"].split("\n") if len(line) > 20 and line not in others}
    return [row["url"] for row in own], [one.encode() for one in (story["title"], *sorted(lines))]


def carriers(stage: Stage, words: list[bytes]) -> list[str]:
    """Files of the archive whose bytes say something of it, packed or not."""
    found = []
    for path in sorted(path for path in stage.folder.rglob("*") if path.is_file()):
        data = path.read_bytes()
        if any(word in one for one in (data, *members_in(data)) for word in words):
            found.append(path.name)
    return found


def test_the_next_crawl_says_blocked_and_asks_nobody(stage: Stage) -> None:
    story = stage.rows(f"{SHOWN_TWICE} LIMIT 1")[0]
    pages, words = words_of(stage, story)
    assert carriers(stage, words) != []

    done = stage.run("takedown", story["url"], "--reason", "판결", "--all-appearances")
    assert done.code == 0, done.out + done.err
    assert carriers(stage, words) == []
    assert stage.run("verify", "--all").code == 0
    with Twin(articles=ARTICLES) as twin:
        crawled = stage_on(stage.folder, twin.url).crawl("fnnews")
        asked = {f"https://{request.host}{request.path}" for request in twin.requests}
    assert crawled.code in (0, 1), crawled.err
    assert f"blocked {story['url']} (tombstone)" in crawled.err
    assert not asked.intersection(pages)
    assert len(asked) > 3
    assert carriers(stage, words) == [], "neither pages nor lists bring it back"


@pytest.mark.proof
def test_killed_at_any_moment_the_same_again_ends_it(stage: Stage) -> None:
    """SIGKILL after 50 ms more each time, until one gets through."""
    story = stage.rows(f"{SHOWN_TWICE} LIMIT 1")[0]
    _, words = words_of(stage, story)
    command = ("takedown", story["url"], "--reason", "판결", "--all-appearances")
    for tries in range(1, 100):
        with stage.start(*command) as process:
            time.sleep(0.4 + tries * 0.05)
            if process.poll() is not None:
                break
            process.send_signal(signal.SIGKILL)
            process.communicate()
    assert stage.run(*command).code in (0, 1)
    assert carriers(stage, words) == []
    assert len(stage.rows("SELECT * FROM takedown WHERE finished_at IS NOT NULL")) == 1
    assert stage.run("verify", "--all").code == 0
