"""The lease around a crawl: one run of a source at a time, whoever starts it. Blocking."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Engine

from storage.database.refusal import DatabaseRefused
from storage.frontier import leases

CRAWL_LEASE_S = 60.0
HEARTBEAT_S = 15.0
"""A quarter of the crawl lease: three beats may be lost before another run takes over."""
LOOK_S = 0.5
"""Between two looks at a lease that may be forsaken: our choice, 45 looks in all."""


class LeaseHeld(Exception):
    """Another run crawls this source now."""


class LeaseLost(DatabaseRefused):
    """Another run has taken the lease while this process stood still: nothing more is asked or written."""


@dataclass(slots=True, kw_only=True)
class CrawlLease:
    """The lease of one source, for one owner."""

    engine: Engine
    source: str
    owner: str
    sure_until: float = field(init=False, default=0.0)
    """On the clock that goes on during a suspend: until then nobody can have taken it."""
    lost: bool = field(init=False, default=False)

    @property
    def name(self) -> str:
        return leases.crawl_of(self.source)

    def take(self) -> None:
        """Hold the lease from now on.

        Raises:
            LeaseHeld: another run crawls this source.
        """
        forsaken = self._watch()
        asked = _boot_s()
        holder = leases.acquire(self.engine, self.name, self.owner, None, CRAWL_LEASE_S, forsaken=forsaken)
        if holder is not None:
            raise LeaseHeld(f"another run is crawling {self.source} ({holder}); nothing was done")
        self.sure_until = asked + CRAWL_LEASE_S

    def renew(self) -> bool:
        """A heart-beat; False when the lease is another's by now."""
        asked = _boot_s()
        self.lost = not leases.renew(self.engine, self.name, self.owner, None, CRAWL_LEASE_S)
        self.sure_until = asked + CRAWL_LEASE_S
        return not self.lost

    @property
    def why_lost(self) -> str:
        return f"another run has taken over {self.source} while this one stood still: the rest is left to it"

    def need(self) -> None:
        """Asked before each work of the run: whoever was stopped for longer than the lease looks first.

        Raises:
            LeaseLost: another run has taken it.
        """
        if self.lost or (_boot_s() > self.sure_until and not self.renew()):
            raise LeaseLost(self.why_lost)

    def release(self) -> None:
        """Give it back; nothing happens when it is another's."""
        leases.release(self.engine, self.name, self.owner)

    def _watch(self) -> datetime | None:
        """Wait for the heart-beat of a holder whose lease does not fit the clock.

        Gives the lease's end once it was watched for longer than a heart-beat takes and did not move.

        Raises:
            LeaseHeld: it moved, and still does not fit: the holder lives under another clock.
        """
        deadline = time.monotonic() + 1.5 * HEARTBEAT_S
        first = latest = self._doubtful()
        while latest is not None and latest == first and time.monotonic() < deadline:
            time.sleep(LOOK_S)
            latest = self._doubtful()
        if latest is not None and latest != first:
            raise LeaseHeld(f"another run is crawling {self.source} under another clock; nothing was done")
        return latest

    def _doubtful(self) -> datetime | None:
        return leases.doubtful(self.engine, self.name, self.owner, None, CRAWL_LEASE_S)


def _boot_s() -> float:
    return time.clock_gettime(time.CLOCK_BOOTTIME)
