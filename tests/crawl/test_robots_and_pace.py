"""Politeness, as the sites see it: their request log is the witness."""

from __future__ import annotations

import itertools
import time
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import pytest

from tests.crawl.stage import Stage
from twin import Twin


def articles_asked(twin: Twin) -> list[str]:
    return [request.path for request in twin.requests if "/v/" in request.path or "/news/" in request.path]


@pytest.mark.parametrize(
    ("scenario", "reason"),
    [("robots_closed", "forbidden by robots.txt"), ("robots_unreachable", "robots.txt unreachable: 503")],
)
def test_robots_txt_is_obeyed(small_stage: Stage, small_twin: Twin, scenario: str, reason: str) -> None:
    small_twin.scenario = scenario
    done = small_stage.crawl()
    assert done.code == 1
    assert articles_asked(small_twin) == []
    assert set(small_stage.column("SELECT reason FROM seed_visit")) == {reason}
    assert set(small_stage.column("SELECT verdict FROM run")) == {"blocked"}


PERMISSION = """
[permissions."www.fnnews.com"]
given_by = "the rights desk, letter of 20 November"
given_on = 2026-11-20
purpose = "a media study"
"""


def test_a_recorded_permission_is_the_one_exception(
    small_stage: Stage, small_twin: Twin, tmp_path: Path
) -> None:
    small_twin.scenario = "robots_closed"
    config = tmp_path / "newsarchive.toml"
    config.write_text(PERMISSION, encoding="utf-8")
    permitted = replace(small_stage, config=config)
    permitted.crawl("--limit", "3")
    words = "www.fnnews.com: given by the rights desk, letter of 20 November on 2026-11-20 for a media study"
    captures = permitted.rows("SELECT DISTINCT robots_rule FROM capture WHERE robots_allowed = 1")
    assert [row["robots_rule"] for row in captures] == [f"permission, {words}"]
    assert permitted.outcomes() == {"stored": 3}
    settings = permitted.column("SELECT settings FROM run WHERE source = 'fnnews'")
    assert words in settings[0]
    assert set(permitted.column("SELECT verdict FROM run WHERE source = 'daum'")) == {"blocked"}


def test_the_delay_is_kept_and_a_host_is_asked_one_thing_at_a_time(
    small_stage: Stage, small_twin: Twin
) -> None:
    """Half a second: the second that real sites get takes as long again."""
    done = small_stage.crawl("daum", "--limit", "4", delay=0.5)
    assert done.code in (0, 1)
    times = defaultdict(list)
    for request in small_twin.requests:
        times[request.host].append(request.at)
    gaps = [later - earlier for seen in times.values() for earlier, later in itertools.pairwise(seen)]
    assert len(gaps) > 10
    assert min(gaps) >= 0.49, sorted(gaps)[:5]


def test_the_user_agent_names_the_crawler(small_stage: Stage, small_twin: Twin) -> None:
    small_stage.crawl("fnnews", "--limit", "1")
    agents = {request.headers.get("user-agent", "") for request in small_twin.requests}
    assert agents
    assert all(agent.startswith("newsarchive/") for agent in agents)


def test_a_second_crawl_of_the_same_source_does_nothing(small_stage: Stage) -> None:
    first = small_stage.start("crawl", "daum", *small_stage.origins(), "--delay", "1")
    try:
        wait_for_run(small_stage)
        second = small_stage.crawl("daum")
        assert second.code == 3
        assert "another run is crawling daum" in second.err
    finally:
        first.kill()
        first.communicate()


def wait_for_run(stage: Stage) -> None:
    deadline = time.monotonic() + 60
    while not ((stage.folder / "newsarchive.db").exists() and _runs(stage)):
        assert time.monotonic() < deadline, "the first crawl never opened its run"
        time.sleep(0.1)


def _runs(stage: Stage) -> int:
    from storage.database.opening import DatabaseRefused
    from storage.query.reader import WrongStatement

    try:
        return stage.column("SELECT count(*) FROM lease WHERE name = 'crawl:daum'")[0]
    except (DatabaseRefused, WrongStatement):
        return 0
