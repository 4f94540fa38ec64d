"""The command line under a clock that is set forward or back while it runs.

    python -m tests.crawl.jumping_clock crawl daum ...

SIGUSR1 puts the process's clock three hours forward, SIGUSR2 puts it five hours back. Elapsed times stay
real, as they do when an operator or a time server sets a machine's clock.
"""

from __future__ import annotations

import signal
from datetime import UTC, datetime, timedelta

import time_machine

FORWARD, BACK = timedelta(hours=3), timedelta(hours=-5)


def run() -> None:
    with time_machine.travel(datetime.now(UTC), tick=True) as clock:
        signal.signal(signal.SIGUSR1, lambda *_: clock.shift(FORWARD))
        signal.signal(signal.SIGUSR2, lambda *_: clock.shift(BACK))
        from crawler.cli import main

        main()


if __name__ == "__main__":
    run()
