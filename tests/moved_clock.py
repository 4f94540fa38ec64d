"""The command line under a moved clock that goes on ticking.

    python -P tests/moved_clock.py 2026-10-01T06:00+09:00 crawl daum --dir archive

-P: this folder holds packages named as ours. The whole process sees that time: its rows, leases, logs
and WARC records. Elapsed times (time-outs, the pace of requests) stay real.
"""

from __future__ import annotations

import sys
from datetime import datetime

import time_machine

from crawler.cli import main

if __name__ == "__main__":
    moved_to = datetime.fromisoformat(sys.argv.pop(1))
    with time_machine.travel(moved_to, tick=True):
        sys.exit(main())
