"""The command ``retention`` and its exit codes."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from crawler.cli import main
from crawler.configuration.environment import configuration
from storage.database.opening import open_database
from tests.storage.forget.newsroom import Newsroom
from tests.storage.samples import fnnews_article


def run(words: list[str], monkeypatch: pytest.MonkeyPatch) -> int:
    configuration.cache_clear()
    monkeypatch.setattr(sys, "argv", ["newsarchive", "retention", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0)


@pytest.mark.parametrize(
    ("policy", "words", "code", "said"),
    [
        ("", [], 0, "no policy"),
        ("", ["--apply"], 2, "sets no age"),
        ("[retention]\ncaptures = '1d'\n", [], 1, "--apply does it"),
        ("[retention]\ncaptures = '1d'\n", ["--apply"], 1, "the newest capture is of 2026-09-27, and it is"),
        ("[retention]\ncaptures = '1d'\n", ["--apply", "--clock-is-right"], 0, "the bytes of 1 captures"),
        ("[retention]\ncaptures = '36000d'\n", [], 0, "nothing is to be removed"),
        ("[retention]\ncaptures = '1h'\n", [], 2, "is an age in days"),
        ("[retention]\ncaptures = 730\n", [], 2, "is an age as text"),
        ("[retention]\ncapture = '1d'\n", [], 2, "retention.capture is no setting"),
    ],
)
def test_policies(
    sqlite_url: str,
    tmp_path: Path,
    policy: str,
    words: list[str],
    code: int,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    engine = open_database(sqlite_url)
    room = Newsroom(engine, tmp_path)
    for minute in (0, 10):  # the second look gave the same: only the first is needed
        room.fetch(fnnews_article(), minute)
    room.warc.close()
    engine.dispose()
    config = tmp_path / "policy.toml"
    config.write_text(policy)
    monkeypatch.setenv("NEWSARCHIVE_DATABASE_URL", sqlite_url)
    assert run([*words, "--dir", str(tmp_path), "--config", str(config)], monkeypatch) == code
    told = capsys.readouterr()
    assert said in told.out + told.err
