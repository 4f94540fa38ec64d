"""However a program ends, nothing that it started to read pages is left."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from crawler.reading.worker import _messages

from .asking import alive, children

ROOT = Path(__file__).parents[2]
# Without a guard on __name__, as a short script is: a child that ran it would start all over.
PROGRAM = """
import asyncio, sys
from tests.reading.asking import hostile, limits
from crawler.reading.pool import ReadingPool

async def main():
    pool = ReadingPool(limits(processes=2))
    first = await pool.ask(hostile())
    slow = asyncio.ensure_future(pool.ask(hostile(sys.argv[1])))
    print("asked", first.extractor, flush=True)
    if sys.argv[2] == "close":
        await pool.close()
    elif sys.argv[2] == "forget":
        return
    else:
        await slow
        print("read", flush=True)
        await pool.close()

{before}
asyncio.run(main())
"""
BEFORE = {
    "anew": "",
    "as a fork": """
import logging, signal
from crawler.reading.server import start_as_fork
logging.basicConfig(filename=sys.argv[3])
signal.signal(signal.SIGTERM, lambda *_: print("a handler of the program's", flush=True))
kept = open(sys.argv[3])
start_as_fork()
signal.signal(signal.SIGTERM, signal.SIG_DFL)
""",
}
"""How the fork server is started: as multiprocessing does, or as a fork of a program that has begun."""


@contextmanager
def program(
    does: str, then: str, *before: str, started: str = "anew", log: Path | None = None
) -> Iterator[subprocess.Popen[str]]:
    lines = PROGRAM.replace("{before}", BEFORE[started])
    command = [*before, sys.executable, "-c", lines, does, then, str(log)]
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, cwd=ROOT, stdout=pipe, stderr=pipe, text=True, start_new_session=True
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "asked hostile/1\n", process.communicate()
            yield process
        finally:
            process.kill()


def all_gone(pids: set[int]) -> bool:
    deadline = time.monotonic() + 10
    while any(map(alive, pids)) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not any(map(alive, pids))


@pytest.mark.parametrize("does", [pytest.param("hang", marks=pytest.mark.proof), "spin"])
@pytest.mark.parametrize("started", BEFORE)
def test_a_killed_program_leaves_no_process(does: str, started: str, tmp_path: Path) -> None:
    with program(does, "wait", started=started, log=tmp_path / "log") as process:
        below = children(process.pid)
        assert len(below) >= 3, "the fork server and two reading processes"
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert all_gone(below)


@pytest.mark.parametrize("then", ["close", pytest.param("forget", marks=pytest.mark.proof)])
def test_a_program_that_ends_leaves_no_process(then: str) -> None:
    with program("hang", then) as process:
        below = children(process.pid)
        process.communicate(timeout=30)
        assert all_gone(below)


@pytest.mark.parametrize("started", BEFORE)
def test_a_stop_of_the_whole_group_lets_a_page_in_hand_be_read(tmp_path: Path, started: str) -> None:
    """The scheduler and systemd send SIGTERM to the crawl and to all that it started."""
    with program(f"wait {tmp_path / 'go'}", "wait", started=started, log=tmp_path / "log") as process:
        below = children(process.pid)
        for pid in below:
            os.kill(pid, signal.SIGTERM)
            os.kill(pid, signal.SIGINT)
        time.sleep(0.2)
        assert all(map(alive, below)), "the fork server too: the next pages are read as well"
        (tmp_path / "go").touch()
        out, err = process.communicate(timeout=30)
        assert (out, process.returncode) == ("read\n", 0), err
        assert all_gone(below)


def test_a_forked_server_holds_nothing_of_the_program(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with program("hang", "wait", started="as a fork", log=log) as process:
        assert str(log) in files(process.pid)
        below = children(process.pid)
        assert len(below) >= 3
        for pid in below:
            assert str(log) not in files(pid)


# As multiprocessing has its server started, with other words for the server to run.
FORKED = """
import os, sys
from crawler.reading.server import _forked
print("once")
pid = _forked(None, sys.argv[1:], ())
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
"""


def forked(does: str) -> subprocess.CompletedProcess[str]:
    """What a program and its forked server write where standard output is no terminal, and is kept back."""
    kept_back = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    command = [sys.executable, "-c", FORKED, does]
    return subprocess.run(command, cwd=ROOT, env=kept_back, capture_output=True, text=True, check=True)


def test_what_the_program_has_not_yet_written_is_written_once() -> None:
    """A reading process writes at its end what it holds, as every process of multiprocessing does."""
    ended = forked("import sys; sys.stdout.flush(); sys.exit()")
    assert (ended.stdout, ended.stderr) == ("once\n0\n", "")


def test_a_server_that_breaks_says_why() -> None:
    ended = forked("raise OSError('no room for a server')")
    assert ended.stdout == "once\n1\n"
    assert ended.stderr.splitlines()[-1] == "OSError: no room for a server"


def files(pid: int) -> list[str]:
    return [str(file.readlink()) for file in Path(f"/proc/{pid}/fd").iterdir()]


@pytest.mark.proof
def test_pages_are_read_on_a_machine_without_shared_memory() -> None:
    without = ["unshare", "-m", "sh", "-c", 'umount /dev/shm && exec "$0" "$@"']
    possible = subprocess.run([*without, "true"], capture_output=True, check=False)
    if possible.returncode != 0:
        pytest.skip(f"/dev/shm cannot be taken away here: {os.fsdecode(possible.stderr).strip()}")
    with program("", "wait", *without) as process:
        out, err = process.communicate(timeout=60)
        assert (out, process.returncode) == ("read\n", 0), err


def test_a_program_that_is_killed_before_it_read_an_answer_just_closed_the_pipe() -> None:
    """The kernel says so in another way, and a traceback of each process stood on the terminal."""
    program, process = socket.socketpair()
    process.sendall(b"an answer")
    program.close()
    assert list(_messages(process)) == []
    process.close()
