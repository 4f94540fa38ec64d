"""The command ``serve``: what it needs, what it refuses, that nobody else loads it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from crawler.commands.serve import serve
from crawler.configuration.environment import WrongSetting
from crawler.orders.told_to_stop import hung_up_as_told
from crawler.serve.server import Serving
from crawler.serve.server import serve as open_room
from storage.database.opening import DatabaseRefused, open_database
from tests.commands.program import environment

WITHOUT = """
import sys, crawler.cli
print([name for name in ('datasette', 'uvicorn', 'jinja2') if name in sys.modules])
sys.modules['datasette'] = None
sys.argv[1:] = ['serve']
crawler.cli.main()
"""


def test_without_the_extra_it_says_what_to_install(tmp_path: Path, sqlite_url: str) -> None:
    """And nothing of it is loaded before it is asked for."""
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT], env=environment(tmp_path, sqlite_url), capture_output=True, text=True
    )
    assert done.returncode == 2
    assert done.stdout.strip() == "[]"
    assert (
        done.stderr.strip()
        == "newsarchive: the reading room needs Datasette: pip install 'newsarchive[serve]'"
    )


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"host": "0.0.0.0"}, "give a password"),
        ({"host": "no.such.host.invalid", "password_file": "good"}, "cannot be listened at"),
        ({"password_file": "missing"}, "cannot be read"),
        ({"password_file": "."}, "cannot be read"),
        ({"password_file": "empty"}, "holds no password"),
        ({"password_file": "short"}, "shorter than 8"),
        ({"password_file": "latin"}, "UTF-8"),
        ({"seconds": 0.0}, "--seconds"),
    ],
    ids=lambda one: ", ".join(one) if isinstance(one, dict) else None,
)
def test_what_cannot_be_served_is_a_sentence(
    tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch, options: dict[str, Any], said: str
) -> None:
    for name, text in (
        ("empty", b"\n"),
        ("short", b"geheim1"),
        ("good", b"lang genug"),
        ("latin", b"\xe4" * 9),
    ):
        (tmp_path / name).write_bytes(text)
    monkeypatch.setenv("NEWSARCHIVE_DATABASE_URL", sqlite_url)
    if "password_file" in options:
        options = {**options, "password_file": tmp_path / options["password_file"]}
    with pytest.raises(WrongSetting, match=said) as refused:
        serve(**({"host": "127.0.0.1", "port": 0, "password_file": None, "seconds": 1.0} | options))
    assert "geheim1" not in str(refused.value)


def test_a_port_that_is_taken_is_told(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSARCHIVE_DATABASE_URL", sqlite_url)
    with (
        socket.create_server(("127.0.0.1", 0)) as taken,
        pytest.raises(WrongSetting, match="cannot be listened"),
    ):
        serve(host="127.0.0.1", port=taken.getsockname()[1], password_file=None, seconds=1.0)


def test_an_archive_that_is_not_there_is_told_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWSARCHIVE_DATABASE_URL", f"sqlite:///{tmp_path / 'nothing.db'}")
    with pytest.raises(DatabaseRefused):
        serve(host="127.0.0.1", port=0, password_file=None, seconds=1.0)


@pytest.mark.parametrize("told_by", [signal.SIGTERM, signal.SIGHUP])
def test_being_told_to_end_is_no_failure(sqlite_url: str, told_by: signal.Signals) -> None:
    """To systemd, to docker, of a terminal: uvicorn ends in order, then raises again what it was told."""
    open_database(sqlite_url).dispose()
    raised: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, _: raised.append(number))
    told = threading.Timer(0.3, os.kill, (os.getpid(), told_by))
    hung_up = signal.signal(signal.SIGHUP, signal.SIG_DFL)  # under nohup it is ignored
    try:
        room = Serving(url=sqlite_url, host="127.0.0.1", port=0, password=None, seconds=1.0)
        with hung_up_as_told():
            open_room(room, lambda _: told.start())
    finally:
        told.join()
        signal.signal(signal.SIGTERM, before)
        signal.signal(signal.SIGHUP, hung_up)
    assert raised == []
