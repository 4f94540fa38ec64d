"""Python loads this first on a host whose clock is moved (hosts.py): every process of it sees that time.

libfaketime 0.9.10 (Debian 12) cannot: under it Python's ``time.sleep`` fails with EINVAL, or, where elapsed
time is moved too, ``Event.wait`` never returns (tried 2026-11-26). Here elapsed time stays real.
"""

import os
from datetime import UTC, datetime, timedelta

import time_machine

_clock = time_machine.travel(datetime.now(UTC), tick=True).start()
# Set now: what is loaded with the first travel takes seconds on a busy machine.
_real = time_machine.escape_hatch.datetime.datetime.now(UTC)
_clock.move_to(_real + timedelta(seconds=float(os.environ["TEST_CLOCK_AHEAD"])))
