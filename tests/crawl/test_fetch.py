"""Named addresses, limits, and the Scrapy way of doing the same."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.sources import all_sources
from storage.database.opening import open_database
from storage.operations.alarms import observe
from tests.crawl.stage import Stage
from twin import Twin

ROOT = Path(__file__).parents[2]


def some_pages(twin: Twin, site: str, count: int) -> list:
    pages = [page for story in twin.truth() if story.kind == "article" for page in story.appearances]
    return [page for page in pages if page.site == site and not page.gone][:count]


def test_fetch_stores_the_named_articles_and_nothing_else(small_stage: Stage, small_twin: Twin) -> None:
    named = some_pages(small_twin, "daum", 2) + some_pages(small_twin, "fnnews", 1)
    done = small_stage.run("fetch", *(page.url for page in named), *small_stage.origins(), "--delay", "0")
    assert done.code == 0, done.err
    stored = small_stage.rows("SELECT url, title FROM appearances")
    assert {row["url"]: row["title"] for row in stored} == {page.url: page.title for page in named}
    assert set(small_stage.column("SELECT mode FROM run")) == {"fetch"}


def test_a_site_at_a_port_of_its_own_is_asked(small_stage: Stage) -> None:
    named = f"{small_stage.origin}/story/20261127001"  # the twin plays nobody under this name: 404
    asking = replace(small_stage, contact="desk@example.org")
    assert asking.run("fetch", named, "--delay", "1").code == 1
    assert small_stage.rows("SELECT outcome, http_status FROM outcomes") == [
        {"outcome": "gone", "http_status": 404}
    ]


def test_a_slot_that_cron_had_crawled_ends_its_alarm(small_stage: Stage) -> None:
    assert small_stage.run("db", "upgrade").code == 0
    engine = open_database(small_stage.database)
    observe(engine, "slot fnnews latest", "missed", "was missed", {}, datetime.now(UTC))
    engine.dispose()
    small_stage.crawl("fnnews", "--limit", "1", "--slot", "2026-11-25T06:00+09:00")
    told = "SELECT state, message FROM alarms WHERE alarm = 'slot fnnews latest'"
    (alarm,) = small_stage.rows(told)
    assert (alarm["state"], alarm["message"].endswith("crawled again")) == ("ok", True)


def test_fetch_does_not_work_off_what_a_crawl_left(small_stage: Stage, small_twin: Twin) -> None:
    assert small_stage.crawl("fnnews", "--limit", "2").code == 0
    left = small_stage.column("SELECT count(*) FROM address WHERE state = 'pending'")[0]
    assert left > 0
    page = some_pages(small_twin, "fnnews", 1)[0]
    assert small_stage.run("fetch", page.url, *small_stage.origins(), "--delay", "0").code == 0
    assert small_stage.column("SELECT count(*) FROM appearances")[0] <= 3


@pytest.mark.proof
def test_fetch_of_an_alias_gives_the_canonical_article(small_stage: Stage, small_twin: Twin) -> None:
    page = next(page for page in some_pages(small_twin, "daum", 99) if page.doc_id)
    alias = f"https://v.daum.net/v/{page.doc_id}"
    assert small_stage.run("fetch", alias, *small_stage.origins(), "--delay", "0").code == 0
    assert small_stage.column("SELECT url FROM appearances") == [page.url]
    again = small_stage.run("fetch", page.url, *small_stage.origins(), "--delay", "0")
    assert again.code == 0
    assert small_stage.column("SELECT url FROM appearances") == [page.url]


@pytest.mark.proof
def test_a_limit_is_kept_and_the_rest_waits_for_the_next_run(small_stage: Stage) -> None:
    assert small_stage.crawl("fnnews", "--limit", "5").code == 0
    assert sum(small_stage.outcomes().values()) == 5
    second = small_stage.crawl("fnnews")
    assert "failed" not in small_stage.outcomes()
    assert second.code in (0, 1), "1: the small twin lists less than fnnews declares"
    assert small_stage.column("SELECT count(*) FROM address WHERE state = 'pending'") == [0]


def test_scrapy_lists_and_crawls_the_sources(small_stage: Stage) -> None:
    scrapy = [sys.executable, "-m", "scrapy"]
    environment = small_stage.environment() | {
        "NEWSARCHIVE_ORIGIN": f"fnnews={small_stage.origin}",
        "NEWSARCHIVE_DELAY": "0",
    }
    listed = subprocess.run(
        [*scrapy, "list"], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert listed.stdout.split() == sorted(all_sources())
    assert small_stage.run("db", "upgrade").code == 0
    command = [*scrapy, "crawl", "fnnews", "-a", "limit=3", "-s", "DOWNLOAD_DELAY=0"]
    subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True, timeout=120
    )
    assert small_stage.outcomes() == {"stored": 3}


def test_scrapy_crawl_cannot_be_made_impolite(small_stage: Stage) -> None:
    environment = small_stage.environment() | {
        "NEWSARCHIVE_DELAY": "0",
        "NEWSARCHIVE_CONTACT": "desk@example.org",
    }
    command = [sys.executable, "-m", "scrapy", "crawl", "fnnews", "-a", "limit=1"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert "a delay below 1 s" in done.stderr
    assert not (small_stage.folder / "newsarchive.db").exists()
