"""Running the twin in the foreground: ``newsarchive twin`` and ``python -m twin``."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from types import FrameType

from twin.saved import PagesError
from twin.server import Twin
from twin.world import DEFAULT_SEED, SCENARIOS

DEFAULT_PORT = 8765
WRONG_USE = 2
"""Exit code for a wrong option, an unusable folder, a taken port (exit codes: docs/operating.md)."""


def serve(
    host: str = "127.0.0.1",
    port: int = DEFAULT_PORT,
    scenario: str = "calm",
    pages: Path | None = None,
    now: datetime | None = None,
    articles: int = 360,
    seed: int = DEFAULT_SEED,
    page_kb: float | None = None,
) -> int:
    """Play both sites until SIGTERM or ctrl-C; the exit code: 0, or 2 after one sentence on stderr."""
    try:
        twin = Twin(
            port=port,
            scenario=scenario,
            now=now,
            pages=pages,
            articles=articles,
            seed=seed,
            host=host,
            page_kb=page_kb,
        ).start()
    except (PagesError, ValueError) as error:
        return _refuse(str(error))
    except OSError as error:
        return _refuse(f"The twin cannot listen on {host}:{port}: {error.strerror}.")
    ended = threading.Event()

    def end(number: int, frame: FrameType | None) -> None:
        ended.set()

    before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        sys.stdout.write(greeting(twin))
        sys.stdout.flush()
        while not ended.wait(0.2):
            pass
    finally:
        twin.stop()
        for number, handler in before.items():
            signal.signal(number, handler)
    return 0


def greeting(twin: Twin) -> str:
    """What is printed once the twin listens: where it is and how to point a crawl at it."""
    return (
        f"Twin of Daum News and fnnews on {twin.url} "
        f"({twin.scenario}, {len(twin.truth())} stories, {twin.now:%Y-%m-%d %H:%M %z}).\n"
        f"  newsarchive crawl --origin daum={twin.url} --origin fnnews={twin.url}\n"
        f"  curl -H 'Host: news.daum.net' {twin.url}/home\n"
        f"  curl {twin.url}/__twin__/truth     (controls: {twin.url}/__twin__/)\n"
        "Ctrl-C ends it.\n"
    )


def main(argv: Sequence[str] | None = None) -> int:
    """``python -m twin``: parse options and serve. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="twin", description="Both sites played on loopback.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=DEFAULT_PORT, help="0 takes any free port")
    parser.add_argument("--scenario", default="calm", choices=SCENARIOS)
    parser.add_argument("--pages", type=Path, help="folder of saved real pages named <17 or 18 digits>.html")
    parser.add_argument(
        "--now", type=datetime.fromisoformat, help="the twin's clock, for example 2026-11-20T18:00+09:00"
    )
    parser.add_argument("--articles", type=int, default=360)
    parser.add_argument(
        "--page-kb",
        type=float,
        help="about how large article pages are; without it some 9 kB, 70 as real portals' are",
    )
    parser.add_argument("--seed", type=int, default=DEFAULT_SEED)
    options = parser.parse_args(argv)
    return serve(**vars(options))


def _refuse(sentence: str) -> int:
    sys.stderr.write(sentence + "\n")
    return WRONG_USE
