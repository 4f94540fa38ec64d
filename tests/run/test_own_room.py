"""Files, memory and threads that run out: told before the start, in mid-run before anything is written.

In a process of its own: a limit that was lowered is not raised again.
"""

from __future__ import annotations

import subprocess
import sys

BOUND = """
import os, resource
from crawler.run.own_room import Room, need_room, ready_room
from storage.database.refusal import DatabaseRefused

def bound(soft, hard, taken):
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    try:
        ready_room()
        held = [os.open(os.devnull, os.O_RDONLY) for _ in range(taken)]
        Room().need()
        before = len(os.listdir("/proc/self/fd"))
        need_room()
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


MEMORY = """
import mmap, resource
from pathlib import Path
from crawler.run.own_room import MIB, need_room, ready_room
from storage.database.refusal import DatabaseRefused, refusals

pages = int(Path("/proc/self/statm").read_text().split()[0])
limit = pages * resource.getpagesize() + 600 * MIB
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))

def said(work):
    try:
        with refusals():
            work()
        print("enough")
    except DatabaseRefused as error:
        print(error)

said(ready_room)
held = []
try:
    while True:
        held.append(mmap.mmap(-1, MIB))
except OSError:
    pass
said(need_room)
said(lambda: bytearray(100 * MIB))
for one in held[:64]:
    one.close()
said(ready_room)
said(need_room)
"""


def test_memory() -> None:
    done = subprocess.run([sys.executable, "-c", MEMORY], capture_output=True, text=True)
    assert done.stderr == ""
    at_first, spare, thrown, later, goes_on = done.stdout.splitlines()
    assert (at_first, goes_on) == ("enough", "enough")
    for said in (later, spare, thrown):
        assert said.startswith("No more ")
        assert "says anything of a site" in said
