"""What waits in Twisted's reactor, a download's time-out among it, comes whatever the clock is set to."""

from __future__ import annotations

import subprocess
import sys

from tests.surroundings import bare_environment


def test_a_clock_that_is_set_back_puts_nothing_off() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.orders.set_back"],
        env=bare_environment() | {"NEWSARCHIVE_CONTACT": "mail@example.com"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stdout == "came\n", done.stderr
