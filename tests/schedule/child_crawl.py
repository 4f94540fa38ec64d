"""A stand-in for the crawl in the scheduler's tests: claims its slot as the real one does, then behaves.

Arguments: database URL, source, mode, due moment (ISO), and what to do: an exit code, ``hang`` (until
told to end), ``stubborn`` (hears no SIGTERM), ``crash`` (ends before it claims), ``slow`` (five seconds).
"""

from __future__ import annotations

import signal
import sys
import time
from datetime import UTC, datetime

from crawler.schedule.claim import parse_slot, run_for_slot
from storage.database.opening import open_database


def now() -> datetime:
    return datetime.now(UTC)


def main() -> int:
    url, source, mode, due, behaviour = sys.argv[1:6]
    if behaviour == "crash":
        return 2
    if behaviour == "stubborn":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)

    def crawl(_slot: object) -> int:
        if behaviour in ("hang", "stubborn"):
            try:
                time.sleep(60)
            except KeyboardInterrupt:
                return 1
        if behaviour == "slow":
            time.sleep(5)
            return 0
        return int(behaviour)

    engine = open_database(url)
    try:
        return run_for_slot(engine, source, mode, parse_slot(due), crawl, now)
    finally:
        engine.dispose()


if __name__ == "__main__":
    sys.exit(main())
