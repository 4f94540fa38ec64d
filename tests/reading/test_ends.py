"""However a program ends, nothing that it started to read pages is left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

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

asyncio.run(main())
"""


@contextmanager
def program(does: str, then: str, *before: str) -> Iterator[subprocess.Popen[str]]:
    command = [*before, sys.executable, "-c", PROGRAM, does, then]
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
def test_a_killed_program_leaves_no_process(does: str) -> None:
    with program(does, "wait") as process:
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


def test_a_stop_of_the_whole_group_lets_a_page_in_hand_be_read(tmp_path: Path) -> None:
    """The scheduler and systemd send SIGTERM to the crawl and to all that it started."""
    with program(f"wait {tmp_path / 'go'}", "wait") as process:
        below = children(process.pid)
        for pid in below:
            os.kill(pid, signal.SIGTERM)
            os.kill(pid, signal.SIGINT)
        time.sleep(0.2)
        (tmp_path / "go").touch()
        out, err = process.communicate(timeout=30)
        assert (out, process.returncode) == ("read\n", 0), err
        assert all_gone(below)


@pytest.mark.proof
def test_pages_are_read_on_a_machine_without_shared_memory() -> None:
    without = ["unshare", "-m", "sh", "-c", 'umount /dev/shm && exec "$0" "$@"']
    possible = subprocess.run([*without, "true"], capture_output=True, check=False)
    if possible.returncode != 0:
        pytest.skip(f"/dev/shm cannot be taken away here: {os.fsdecode(possible.stderr).strip()}")
    with program("", "wait", *without) as process:
        out, err = process.communicate(timeout=60)
        assert (out, process.returncode) == ("read\n", 0), err
