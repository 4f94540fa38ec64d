"""Whether this machine can crawl a slot at all: what it lacks is no fault of the slot."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection
from pathlib import Path

from crawler.schedule.slot_job import SlotJob

LEAST_FREE = 64 * 1024**2
"""Bytes on the disk of the captures: twice what a run of 2,000 articles writes (16 kB each, scale.md)."""

Unfit = Callable[[SlotJob], str | None]
"""A job -> why this machine cannot crawl it; None: it can."""


def unfit_here(known_sources: Collection[str], folder: Path, least_free: int = LEAST_FREE) -> Unfit:
    """What is asked of this machine before it crawls.

    Args:
        known_sources: those that are declared here: an operator's own may lie on some machines only.
        folder: where captures are written.
        least_free: bytes.
    """

    def unfit(job: SlotJob) -> str | None:
        if job.source not in known_sources:
            return f"the source {job.source} is not declared on this machine"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            free = shutil.disk_usage(folder).free
        except OSError as error:
            return f"{folder} cannot be written: {error.strerror}"
        if free < least_free:
            left, needed = f"{free / 1024**2:,.0f} MiB", f"{least_free / 1024**2:,.0f}"
            return f"{left} are left at {folder}, and a crawl needs {needed}"
        return None

    return unfit
