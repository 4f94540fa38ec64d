"""What a reading process may use, and how the system is told to hold it to that."""

from __future__ import annotations

import math
import os
import resource
from dataclasses import dataclass
from pathlib import Path

from crawler.extract.intake import MAX_BYTES


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one reading process may use, and how many of them there are.

    The defaults stand, with their reasons, in crawler/configuration/variables.py.
    """

    processes: int
    seconds: float
    """For one page or list, by the clock; of the processor's time the same."""
    memory_mb: int
    """Beside what a process holds before its first page (55 MB, 2026-11), in MiB."""
    pages: int
    """After so many a process ends and a new one takes its place: what libraries leak goes with it."""

    def seconds_for(self, size: int) -> float:
        """For so many bytes: more where they are more than the largest page, as a list's may be.

        >>> limits = Limits(processes=1, seconds=20, memory_mb=512, pages=500)
        >>> limits.seconds_for(300_000), limits.seconds_for(50 * 1024 * 1024) > 120
        (20.0, True)
        """
        return self.seconds * max(1.0, size / _LARGEST)


_LARGEST = MAX_BYTES + 64 * 1024
"""Bytes: the largest page, and what is said beside it."""


def processes_for(cores: int | None) -> int:
    """One process for each core but the one that the crawl itself needs; at least one.

    >>> processes_for(8), processes_for(1), processes_for(None)
    (7, 1, 1)
    """
    return max(1, (cores or 1) - 1)


def limit_memory(megabytes: int) -> None:
    """Let this process take so much more than it holds now.

    RLIMIT_DATA counts private writable memory (Linux 4.7 and later); RLIMIT_AS would count the libraries'
    mapped files too, which differ from machine to machine. Where a system counts less, less is held.
    """
    _lower(resource.RLIMIT_DATA, held_bytes() + megabytes * 1024 * 1024)
    _lower(resource.RLIMIT_CORE, 0)  # a page that kills its process leaves no file of 600 MB


def limit_processor(seconds: float) -> None:
    """Let this process use so much of the processor from now on. The kernel ends it, whoever else is gone."""
    used = sum(os.times()[:2])
    _lower(resource.RLIMIT_CPU, math.ceil(used + seconds) + 1)


def held_bytes() -> int:
    """Private writable memory of this process; what it ever held at most where the system does not say."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    lines = (line.split() for line in status.splitlines())
    return next((int(words[1]) * 1024 for words in lines if words and words[0] == "VmData:"), 0)


def _lower(what: int, value: int) -> None:
    """Set the soft limit, never above the hard one."""
    _, hard = resource.getrlimit(what)
    soft = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(what, (soft, hard))
