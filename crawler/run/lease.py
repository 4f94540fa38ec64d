"""The lease around a crawl: one run of a source at a time, whoever starts it. Blocking."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from storage.frontier import leases

CRAWL_LEASE_S = 60.0
HEARTBEAT_S = 15.0
"""A quarter of the crawl lease: three beats may be lost before another run takes over."""
LOOK_S = 0.5
"""Between two looks at a lease that may be forsaken: our choice, 45 looks in all."""


class LeaseHeld(Exception):
    """Another run crawls this source now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlLease:
    """The lease of one source, for one owner."""

    engine: Engine
    source: str
    owner: str

    @property
    def name(self) -> str:
        return f"crawl:{self.source}"

    def take(self) -> None:
        """Hold the lease from now on.

        Raises:
            LeaseHeld: another run crawls this source.
        """
        forsaken = self._watch()
        holder = leases.acquire(self.engine, self.name, self.owner, None, CRAWL_LEASE_S, forsaken=forsaken)
        if holder is not None:
            raise LeaseHeld(f"another run is crawling {self.source} ({holder}); nothing was done")

    def renew(self) -> bool:
        """A heart-beat; False when the lease is another's by now."""
        return leases.renew(self.engine, self.name, self.owner, None, CRAWL_LEASE_S)

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
