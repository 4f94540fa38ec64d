"""The program as a person starts it: a process of its own, in a folder and an archive of the test's."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tests import warm
from tests.surroundings import bare_environment

Command = Callable[..., subprocess.CompletedProcess[str]]


def environment(folder: Path, url: str) -> dict[str, str]:
    clean = bare_environment() | {"NEWSARCHIVE_DIR": str(folder / "archive"), "NEWSARCHIVE_DATABASE_URL": url}
    return clean | {"NEWSARCHIVE_CONTACT": "desk@example.com", "PYTHONPATH": str(warm.ROOT), "COLUMNS": "200"}


def interruptible() -> None:
    """``preexec_fn`` of a process that SIGINT shall reach: what a shell starts with ``&`` ignores it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def words_of(*words: str) -> list[str]:
    return [sys.executable, "-m", "crawler.cli", *words]


def program(folder: Path, url: str, *first: str) -> Command:
    """``run(*words, typed="")`` of the program; ``first``: words that every call begins with."""

    def run(*words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        return warm.run((*first, *words), environment(folder, url), folder, typed, timeout=60)

    return run
