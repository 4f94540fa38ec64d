"""An archive's database is lost; from its WARC files alone it is made anew, equal but for its numbers."""

from __future__ import annotations

import signal
import time
from datetime import timedelta
from pathlib import Path

import pytest

from tests.crawl.conftest import stage_on
from tests.crawl.public_views import public
from tests.crawl.stage import Stage
from tests.crawl.test_revisions import stories, urls
from twin import Twin


def rebuilt(stage: Stage, origin: Stage) -> str:
    done = stage.run("db", "rebuild", "--from", str(origin.folder / "warc"), timeout=600)
    assert done.code == 0, done.out + done.err[-3000:]
    return done.out


def test_a_lost_database_is_made_anew_though_the_first_try_is_killed(
    tmp_path: Path, undisturbed: Stage
) -> None:
    stage = stage_on(tmp_path / "anew", None)
    first = stage.start("db", "rebuild", "--from", str(undisturbed.folder / "warc"))
    until = time.monotonic() + 60
    while time.monotonic() < until and first.poll() is None:
        if (stage.folder / "newsarchive.db").exists() and _articles(stage) > 5:
            break
        time.sleep(0.1)
    first.send_signal(signal.SIGKILL)
    first.communicate()

    out = rebuilt(stage, undisturbed)
    assert "not rebuilt, because WARC files do not hold it: fetches without an answer" in out
    assert "lacking" not in out
    assert public(stage) == public(undisturbed)
    assert stage.column("SELECT count(*) FROM capture WHERE processed_at IS NULL") == [0]
    assert "nothing was left to judge" in rebuilt(stage, stage)
    sound = stage.run("verify", "--all")
    assert sound.code == 0, sound.out

    refused = undisturbed.run("db", "rebuild", "--from", str(undisturbed.folder / "warc"))
    assert refused.code == 2
    assert "a rebuild goes into an empty one" in refused.err


def _articles(stage: Stage) -> int:
    try:
        return int(stage.column("SELECT count(*) FROM article")[0])
    except Exception:  # noqa: BLE001  it has no tables yet
        return 0


@pytest.mark.proof
def test_edits_deletions_and_returns_are_made_anew(tmp_path: Path, postgresql_url: str) -> None:
    with Twin(articles=200) as twin:
        stage = stage_on(tmp_path / "crawled", twin.url)
        stage.crawl_all()
        chosen = stories(twin)[:40]
        edits = ["body", "headline", "notice", "space"]
        for turn in range(4):
            twin.advance(timedelta(hours=7))
            for place, story in enumerate(chosen):
                if place % 5 == turn % 5:
                    twin.edit(story.story_id, edits[(place + turn) % 4])
                if place % 7 == 3:
                    (twin.delete if turn % 2 == 0 else twin.restore)(story.story_id)
            done = stage.run("fetch", *urls(chosen), *stage.origins(), "--delay", "0", timeout=300)
            assert done.code in (0, 1), done.err[-2000:]
            stage.crawl("--mode", "recheck")
    was = public(stage)
    assert len(was["revisions"]) > len(was["appearances"])
    assert was["presence"]
    for name, database in (("sqlite", None), ("postgresql", postgresql_url)):
        anew = stage_on(tmp_path / name, None, database)
        rebuilt(anew, stage)
        is_now = public(anew)
        assert {view for view in was if was[view] != is_now[view]} == set(), name
