"""A server that sends a byte now and then, for ever: the deadline is for the whole answer, and is told."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest
from scrapy.exceptions import DownloadTimeoutError

from crawler.fetch.ends import end_of_failure
from storage.query.reader import run_select
from storage.records import Outcome

ROOT = Path(__file__).resolve().parents[2]


def test_the_deadline_is_told() -> None:
    error = DownloadTimeoutError("Getting https://v.daum.net/v/1 took longer than 30.0 seconds.")
    assert end_of_failure(error) == (Outcome.FAILED, "no whole answer in time (30 s)")
    assert end_of_failure(DownloadTimeoutError()) == (Outcome.FAILED, "no whole answer in time")
    assert end_of_failure(TimeoutError("x"))[0] is Outcome.FAILED


def drip(connection: socket.socket, what: str) -> None:
    with suppress(OSError), connection:
        asked = connection.recv(65536).split()[1]
        if asked == b"/.well-known/tdmrep.json" or (asked == b"/robots.txt" and what != "robots.txt"):
            connection.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            return
        connection.sendall(b"HTTP/1.1 200 OK\r\n")
        if what != "headers":
            connection.sendall(b"Content-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            connection.sendall(b"X-A: b\r\n" if what == "headers" else b"1\r\n \r\n")
            time.sleep(0.3)


@pytest.mark.proof
@pytest.mark.parametrize("what", ["robots.txt", "headers", "bodies"])
def test_what_drips_ends_at_the_deadline(tmp_path: Path, what: str) -> None:
    server = socket.create_server(("127.0.0.1", 0))

    def accept() -> None:
        with suppress(OSError):
            while True:
                connection, _ = server.accept()
                threading.Thread(target=drip, args=(connection, what), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    origin = f"fnnews=http://127.0.0.1:{server.getsockname()[1]}"
    environment = os.environ | {
        "NEWSARCHIVE_DIR": str(tmp_path / "archive"),
        "NEWSARCHIVE_DATABASE_URL": f"sqlite:///{tmp_path}/archive/newsarchive.db",
        "NEWSARCHIVE_ORIGIN": origin,
        "NEWSARCHIVE_DELAY": "0",
    }
    words = ["crawl", "fnnews", "-s", "DOWNLOAD_TIMEOUT=1", "-s", "RETRY_TIMES=0"]
    with server:
        done = subprocess.run(
            [sys.executable, "-m", "scrapy", *words],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            timeout=300,
        )
    assert "Traceback" not in done.stderr
    seen = "SELECT DISTINCT outcome, reason FROM seed_visit"
    with run_select(environment["NEWSARCHIVE_DATABASE_URL"], seen) as (_, rows):
        ends = {tuple(row) for row in rows}
    if what == "robots.txt":
        assert ends == {("blocked", "robots.txt unreachable: no whole answer in time (1 s)")}
    else:
        waited_for = {end for end in ends if not end[1].startswith("host rests until")}
        assert waited_for == {("failed", "no whole answer in time (1 s)")}
        assert len(ends) == 2, "after six in a row the host is left alone"
