"""Twisted's timers by elapsed time.

Twisted counts them by the machine's clock (``time.time``). One that was set back by hours put every
download's time-out off by as much, and a step that was to come at once: the run stood still until its watch
ended it (Twisted 26.10, 2026-11-28).
"""

from __future__ import annotations

import time

from twisted.internet.asyncioreactor import AsyncioSelectorReactor


def count_elapsed_time() -> None:
    """Let the reactor count as the event loop below it does; before anything waits in it."""
    AsyncioSelectorReactor.seconds = staticmethod(time.monotonic)
