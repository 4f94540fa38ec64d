"""The command ``rests``: who is left alone, and the end of it by hand; the doctor names it too."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from crawler.watch.findings import Level
from crawler.watch.run_checks import rests
from storage.clock import utc_now
from storage.database.opening import open_database
from storage.frontier.frontier import Frontier
from tests.commands.inside import inside

HOST = "www.fnnews.com"
YEAR_S = 365 * 86400.0


def test_who_is_left_alone_and_the_end_of_it(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    engine = open_database(sqlite_url)
    Frontier(engine).let_rest(HOST, utc_now(), YEAR_S, "Retry-After of 31536000 s, with 429")
    run = inside(tmp_path, sqlite_url, monkeypatch, capsys)
    (told,) = map(json.loads, run("rests", "--format", "jsonl").out.splitlines())
    assert (told["host"], told["reason"]) == (HOST, "Retry-After of 31536000 s, with 429")
    (found,) = rests(engine, utc_now())
    assert (found.check, found.level) == (f"host {HOST}", Level.WARN)
    assert "newsarchive rests --lift" in found.to_do

    for words in (["--lift", HOST], ["--reason", "why"], ["--lift", HOST, "--reason", " "]):
        assert run("rests", *words).code == 2
    nowhere = run("rests", "--lift", "nowhere.example", "--reason", "why")
    assert (nowhere.code, "nowhere.example does not rest" in nowhere.err) == (2, True)

    Frontier(engine).let_rest(
        "v.daum.net", utc_now(), 3600, "refused 3 times in a row, the last time with 403"
    )
    refused = run("rests", "--lift", "v.daum.net", "--reason", "why")
    assert (refused.code, "what is over within a day is not lifted" in refused.err) == (2, True)
    assert "rests --lift" not in next(rests(engine, utc_now())).to_do

    done = run("rests", "--lift", "WWW.fnnews.com", "--reason", "편집국이\n실수라고 함")
    assert done.code == 0
    assert f"{HOST} may be asked again: it was to rest until" in done.out
    (left,) = map(json.loads, run("rests", "--format", "jsonl").out.splitlines())
    assert left["host"] == "v.daum.net"
    engine.dispose()
