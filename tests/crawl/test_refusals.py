"""Refusals are kept: by every process, in this run and the next. The server counts."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import text

from storage.database.opening import open_database
from tests.crawl.conftest import stage_on
from tests.crawl.counting import ALLOWED, NONE, Asked, CountingServer, answer
from tests.crawl.stage import Stage


def fnnews(number: int) -> str:
    return f"https://www.fnnews.com/news/20261120090000{number:04d}"


def daum(number: int) -> str:
    return f"https://v.daum.net/v/20261120090000{number:03d}"


def site(articles: Callable[[Asked], bytes]) -> Callable[[Asked, int], bytes]:
    """Both sites, which allow everything and answer every article so; there is nothing else."""

    def handle(asked: Asked, _before: int) -> bytes:
        if asked.target == "/robots.txt":
            return ALLOWED
        return articles(asked) if asked.target.startswith(("/news/2026", "/v/2026")) else NONE

    return handle


def at(server: CountingServer, host: str) -> list[str]:
    return [asked.target for asked in server.asked if asked.host == host]


def refuse_for_an_hour(asked: Asked) -> bytes:
    """In seconds, or until a date."""
    date = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    wait = "3600" if asked.host == "www.fnnews.com" else date
    return answer("slow down", "429 Too Many Requests", Retry_After=wait)


def test_a_host_that_asks_for_an_hour_gets_it_from_every_process_in_every_run(tmp_path: Path) -> None:
    with CountingServer(site(refuse_for_an_hour)) as server:
        stage = stage_on(tmp_path / "archive", server.url)
        options = (*stage.origins(), "--delay", "0")
        named = [(fnnews(n), daum(n)) for n in range(1, 7)]
        both = [
            stage.start("fetch", *(url for pair in half for url in pair), *options)
            for half in (named[:3], named[3:])
        ]
        for process in both:
            process.communicate(timeout=120)
        assert [process.returncode for process in both] == [1, 1]
        assert sum(target.startswith("/news/") for target in at(server, "www.fnnews.com")) == 1
        assert sum(target.startswith("/v/") for target in at(server, "v.daum.net")) == 1
        assert stage.outcomes() == {"blocked": 12}
        asked = len(server.asked)
        assert stage.run("crawl", "fnnews", *options).code == 1
        assert server.asked[asked:] == []
    reasons = stage.column("SELECT reason FROM outcome")
    assert sum(reason.startswith("host rests until ") for reason in reasons) == 10
    assert sum(reason.startswith("refused (429), host rests until ") for reason in reasons) == 2
    assert set(stage.column("SELECT verdict FROM run")) == {"blocked"}
    due = stage.rows("SELECT url, next_fetch_at AS next FROM address")
    until = {row["name"]: row["until"] for row in stage.rows("SELECT name, rests_until AS until FROM host")}
    assert {row["next"] for row in due} <= set(until.values())
    # The lists of the crawl were not asked for either.
    assert {reason[:17] for reason in stage.column("SELECT reason FROM seed_visit")} == {"host rests until "}


def never_or_a_year(asked: Asked, _before: int) -> bytes:
    """403 to everything at one site; at the other a robots.txt that asks for a year between two requests."""
    if asked.host == "www.fnnews.com":
        return answer("no", "403 Forbidden")
    return answer("User-agent: *\nCrawl-delay: 31536000\nAllow: /\n", kind="text/plain")


def test_403_to_everything_costs_three_pages_and_a_year_s_crawl_delay_one_request(tmp_path: Path) -> None:
    with CountingServer(never_or_a_year) as server:
        stage = stage_on(tmp_path / "archive", server.url)
        urls = [address(n) for n in range(1, 5) for address in (fnnews, daum)]
        stage.run("fetch", *urls, *stage.origins(), "--delay", "0")
        files = ["/robots.txt", "/.well-known/tdmrep.json"]
        asked = at(server, "www.fnnews.com")
        assert (asked[:2], len(asked)) == (files, 5)
        assert at(server, "v.daum.net") == ["/robots.txt"]
        assert rest_hours(stage) == pytest.approx(1)
        end_rest(stage)
        stage.run("fetch", *urls, *stage.origins(), "--delay", "0")
        asked = at(server, "www.fnnews.com")[5:]
        assert (asked[:2], len(asked)) == (files, 3), "a page is asked for after each rest, or none ever came"
        assert at(server, "v.daum.net") == ["/robots.txt"]
        assert rest_hours(stage) == pytest.approx(2)
    assert stage.outcomes() == {"blocked": 16}
    assert set(stage.column("SELECT verdict FROM run")) == {"blocked"}
    for reason in stage.column("SELECT reason FROM run WHERE source = 'daum'"):
        assert reason.startswith("the run ends: v.daum.net rests until ")
        assert "a Crawl-delay of 31,536,000 s, more than a day" in reason


def test_a_crawl_delay_is_kept_from_the_robots_txt_on_that_asks_for_it(tmp_path: Path) -> None:
    times: list[float] = []

    def handle(asked: Asked, _before: int) -> bytes:
        times.append(time.monotonic())
        slow = answer("User-agent: *\nCrawl-delay: 1.5\n", kind="text/plain")
        return slow if asked.target == "/robots.txt" else NONE

    with CountingServer(handle) as server:
        stage = stage_on(tmp_path / "archive", server.url)
        stage.run("fetch", fnnews(1), *stage.origins(), "--delay", "0")
    assert len(times) == 3
    assert min(later - earlier for earlier, later in pairwise(times)) >= 1.49


CHALLENGE = "<!doctype html><html><head><title>Just a moment...</title></head><body><p>Wait</p></body></html>"


@pytest.mark.proof
def test_a_site_that_refuses_with_200_is_left_alone_too(tmp_path: Path) -> None:
    """Each of 372 listed pages was asked at every poll, and each came to the same captcha."""
    with CountingServer(site(lambda _asked: answer(CHALLENGE))) as server:
        stage = stage_on(tmp_path / "archive", server.url)
        urls = [fnnews(n) for n in range(1, 41)]
        stage.run("fetch", *urls, *stage.origins(), "--delay", "0.1")
        pages = sum("/news/" in target for target in server.targets)
        assert 3 <= pages < 20  # three, and those that were on their way
        stage.run("fetch", *urls, *stage.origins(), "--delay", "0.1")
        assert sum("/news/" in target for target in server.targets) == pages
    assert rest_hours(stage) == pytest.approx(1)
    assert stage.outcomes() == {"blocked": 80}


def test_sigterm_ends_a_wait_at_once_and_gives_the_address_back(tmp_path: Path) -> None:
    waits = answer("later", "503 Service Unavailable", Retry_After="100")
    with CountingServer(site(lambda _asked: waits)) as server:
        stage = stage_on(tmp_path / "archive", server.url)
        process = stage.start("fetch", fnnews(1), fnnews(2), *stage.origins(), "--delay", "0")
        until = time.monotonic() + 60
        while not any("/news/" in target for target in server.targets) and time.monotonic() < until:
            time.sleep(0.05)
        time.sleep(1)  # the answer is heard, and the wait has begun
        process.send_signal(signal.SIGTERM)
        began = time.monotonic()
        process.communicate(timeout=60)
        assert time.monotonic() - began < 20  # of the 100 s that the wait has
        assert sum("/news/" in target for target in server.targets) == 1
    assert set(stage.column("SELECT state FROM address")) == {"pending"}
    assert set(stage.column("SELECT attempts FROM address")) == {0}
    assert stage.column("SELECT verdict FROM run") == ["interrupted"]
    assert stage.outcomes() == {}


def rest_hours(stage: Stage) -> float:
    (row,) = stage.rows(f"SELECT rests_until AS until, rest_set_at AS began FROM host WHERE {HERE}")
    return (as_time(row["until"]) - as_time(row["began"])).total_seconds() / 3600


HERE = "name = 'www.fnnews.com'"


def as_time(value: object) -> datetime:
    return value if isinstance(value, datetime) else datetime.fromisoformat(str(value))


def end_rest(stage: Stage) -> None:
    engine = open_database(stage.database)
    with engine.begin() as connection:
        connection.execute(text(f"UPDATE host SET rests_until = rest_set_at WHERE {HERE}"))
    engine.dispose()


@pytest.mark.proof
def test_an_unproven_way_that_is_not_there_is_asked_three_times_and_then_left_alone(tmp_path: Path) -> None:
    """The proven lists are asked at every poll; the others, which nobody has proven, are not."""
    with CountingServer(lambda asked, _before: ALLOWED if asked.target == "/robots.txt" else NONE) as server:
        stage = stage_on(tmp_path / "archive", server.url)
        asked: list[set[str]] = []
        for _ in range(5):
            before = len(server.asked)
            assert stage.crawl("fnnews").code == 1
            asked.append({one.target for one in server.asked[before:]} - {"/robots.txt"})
        unproven = {
            row["seed"].removeprefix("https://www.fnnews.com")
            for row in stage.rows("SELECT seed FROM seed_visit WHERE run_id = 1 AND way IS NOT NULL")
        }
    assert len(unproven) >= 5
    assert asked[0] == asked[1] == asked[2] > unproven
    assert asked[3] == asked[4] == asked[0] - unproven
    visits = stage.rows("SELECT outcome, reason FROM seed_visit WHERE run_id = 5 AND way IS NOT NULL")
    assert len(visits) == len(unproven)
    assert {row["outcome"] for row in visits} == {"blocked"}
    assert all(row["reason"].startswith("left alone until ") for row in visits)
    (reason,) = stage.column("SELECT reason FROM run WHERE id = 5")
    assert "; left alone: " in reason
    assert "failed 3 times in a row" in stage.run("doctor").out.replace("\n", " ")
