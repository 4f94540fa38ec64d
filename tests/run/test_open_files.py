"""Files that run out: told before the start, and in mid-run before anything is written of it.

In a process of its own: a limit that was lowered is not raised again.
"""

from __future__ import annotations

import subprocess
import sys

BOUND = """
import os, resource
from crawler.run.open_files import need_open_files, ready_open_files
from storage.database.refusal import DatabaseRefused

def bound(soft, hard, taken):
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    try:
        ready_open_files()
        held = [os.open(os.devnull, os.O_RDONLY) for _ in range(taken)]
        need_open_files()
        before = len(os.listdir("/proc/self/fd"))
        need_open_files()
        assert len(os.listdir("/proc/self/fd")) == before
        print(resource.getrlimit(resource.RLIMIT_NOFILE)[0], flush=True)
    except DatabaseRefused as error:
        print(error, flush=True)

for case in [(64, 64, 0), (3, 3, 0), (64, 256, 0), (256, 256, 0), (200, 200, 192), (200, 200, 180)]:
    if not os.fork():
        bound(*case)
        os._exit(0)
    os.wait()
"""


def test_a_limit() -> None:
    done = subprocess.run([sys.executable, "-c", BOUND], capture_output=True, text=True)
    assert done.stderr == ""
    small, least, raised, enough, used_up, left = done.stdout.splitlines()
    assert "may have 64 files open at once, and a crawl needs 128" in small
    assert "may have 3 files open at once" in least
    assert (raised, enough, left) == ("256", "256", "200")
    assert "No more files can be opened by this process" in used_up
