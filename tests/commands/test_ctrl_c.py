"""A real SIGINT: a command that it ends before its work was done says 130, and no traceback."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from crawler.commands.loading import loading
from storage.query.reader import run_select
from tests.commands.program import environment, interruptible, words_of
from tests.commands.test_sql import ENDLESS, MANY

PIPE = 4096


def interrupted(words: list[str], folder: Path, url: str, stream: str) -> tuple[int, str]:
    """Start, wait for a first line, which tells that it is at work, and interrupt: its code and its stderr.

    A pipe takes one page of memory: an answer of more is not written while nobody reads it.
    """
    with subprocess.Popen(
        words,
        env=environment(folder, url),
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        pipesize=PIPE,
        preexec_fn=interruptible,
    ) as process:
        getattr(process, stream).readline()
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=30)
    return process.returncode, err.decode()


def test_a_search_is_interrupted(tmp_path: Path, sqlite_week: Path) -> None:
    """Of every text, whose answer is some pages long: what reads it takes one line."""
    words = words_of("search", "다", "--limit", "10000", "--format", "jsonl")
    code, err = interrupted(words, tmp_path, f"sqlite:///{sqlite_week}", "stdout")
    assert (code, "Traceback" in err) == (130, False), err


def test_an_export_is_interrupted(tmp_path: Path, sqlite_week: Path) -> None:
    words = words_of("export", "endless.csv", "--sql", MANY.format(2**40))
    code, err = interrupted(words, tmp_path, f"sqlite:///{sqlite_week}", "stderr")
    assert (code, "Traceback" in err) == (130, False), err
    assert list(tmp_path.glob("*.csv")) == []


@pytest.fixture
def heard() -> Iterator[None]:
    """Of this process, as :func:`interruptible`."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


# Datasette, where another test has loaded it, has sqlite3 tell what ends in a callback.
@pytest.mark.filterwarnings("ignore:Exception ignored in.*_Stop:pytest.PytestUnraisableExceptionWarning")
@pytest.mark.usefixtures("heard")
def test_a_statement_without_an_answer_is_interrupted(week_url: str) -> None:
    """It is in the database that the signal finds the program, not between two rows."""
    threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
    with pytest.raises(KeyboardInterrupt), run_select(week_url, ENDLESS) as (_, rows):
        next(rows)


# As the program begins, with a Ctrl-C in the middle of what it loads first.
LOADING = """
import os, signal, sys
class Interrupting:
    def find_spec(self, name, path=None, target=None):
        if name == "crawler.commands":
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Interrupting())
from crawler.begin import main
main()
"""


def test_the_start_is_interrupted(tmp_path: Path) -> None:
    clean = environment(tmp_path, "sqlite:///none.db")
    done = subprocess.run(
        [sys.executable, "-c", LOADING],
        env=clean,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=interruptible,
    )
    assert (done.returncode, done.stderr) == (130, "")


SWALLOWED = """
import os, signal, time
from crawler.commands.loading import loading
with loading():
    try:
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(1)
    except BaseException:
        pass
print("went on")
"""


def test_an_interrupt_while_modules_are_loaded_is_not_lost_where_a_library_swallows_it() -> None:
    """As pydantic-core does: the crawl went on to its end, and ended healthy."""
    ended = subprocess.run(
        [sys.executable, "-c", SWALLOWED], capture_output=True, preexec_fn=interruptible, check=False
    )
    assert (ended.returncode, ended.stdout) == (130, b""), ended.stderr.decode()


@pytest.mark.usefixtures("heard")
def test_loading_gives_interrupts_back() -> None:
    with loading():
        with loading():
            pass
        assert signal.getsignal(signal.SIGINT) is not signal.default_int_handler
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


@pytest.mark.parametrize("handler", [signal.SIG_IGN, lambda *_: None], ids=["ignored", "another's"])
@pytest.mark.usefixtures("heard")
def test_loading_leaves_interrupts_that_are_not_ours(handler: Any) -> None:
    signal.signal(signal.SIGINT, handler)
    with loading():
        assert signal.getsignal(signal.SIGINT) is handler
    assert signal.getsignal(signal.SIGINT) is handler


@pytest.mark.usefixtures("heard")
def test_a_thread_may_load() -> None:
    def load() -> bool:
        with loading():
            return signal.getsignal(signal.SIGINT) is signal.default_int_handler

    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(load).result(10)
