"""The last ends of a process: they need no thread that may not be had when they are needed."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable

import pytest

from crawler.configuration.exit_codes import REFUSED
from crawler.run.boundary import Boundary
from crawler.run.standstill import Standstill, within

HUNG = """
import threading
from crawler.run.boundary import Boundary
from crawler.run.standstill import Standstill

watch = Standstill(Boundary(print), print, lambda why: 0)
watch.start()
other = Standstill(Boundary(print), print, lambda why: 0)
other.start()
threading.Thread.start = None  # no other thread is to be had from now on
assert watch.leave_in({seconds})
if {over}:
    watch.over()
threading.Event().wait({other})
print("the other one's end")
other.over()
threading.Event().wait()
"""


@pytest.mark.parametrize("over", [False, True])
def test_who_hangs_after_a_refusal_is_left(over: bool) -> None:
    """In mid-run; and where the run has ended and the program has not, once no other run is at work in it."""
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-uc", HUNG.format(seconds=0.2, over=over, other=0.6 if over else 30)],
        capture_output=True,
        timeout=60,
        text=True,
    )
    assert (done.returncode, done.stderr) == (REFUSED, "")
    assert done.stdout == ("the other one's end\n" if over else "")
    assert time.monotonic() - began >= 0.2


def test_a_watch_that_does_not_run_says_so() -> None:
    assert not Standstill(Boundary(print), print, lambda _why: 0).leave_in(0)


def too_long() -> int:
    threading.Event().wait(30)
    return 3


def broken() -> int:
    raise SystemExit(3)


@pytest.mark.parametrize(("work", "code"), [(lambda: 3, 3), (too_long, 9), (broken, 9)])
def test_a_forced_end_gives_a_code_in_time(work: Callable[[], int], code: int) -> None:
    assert within(0.3, work, otherwise=9) == code
