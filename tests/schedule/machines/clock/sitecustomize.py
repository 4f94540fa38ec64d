"""Python loads this first on a host whose clock is moved (hosts.py): every process of it sees that time.

libfaketime 0.9.10 (Debian 12) cannot: under it Python's ``time.sleep`` fails with EINVAL, or, where elapsed
time is moved too, ``Event.wait`` never returns (tried 2026-11-26). Here elapsed time stays real.
"""

import os
import time
from datetime import UTC, datetime

import time_machine

_clock = time_machine.travel(datetime.now(UTC), tick=True).start()
_moved = time.time()  # it ticks from the first look at it
_clock.shift(float(os.environ["TEST_CLOCK_AHEAD"]) + time_machine.escape_hatch.time.time() - _moved)
