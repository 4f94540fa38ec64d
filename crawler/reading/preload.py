"""What the fork server has loaded before it forks. Imported by the fork server alone."""

from __future__ import annotations

import gc
import signal
import sys

gc.disable()  # what is loaded stays: as in crawler.commands.loading

import trafilatura  # noqa: E402, F401

import crawler.reading.worker  # noqa: E402, F401

gc.freeze()
gc.enable()

if any("multiprocessing.forkserver" in word for word in sys.orig_argv):
    # A stop goes to the whole group (the scheduler, systemd): it asks the crawl, which still has pages in
    # hand to read. The fork server ends when the crawl has.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
