"""A sweep: pages that another reader read are read again, block by block, and stored as they come.

Interrupted, it is begun again: what has today's number is not read twice. Several at a time share the work by
leases on stretches of the pages' numbers; that nothing is stored twice does not hang on them.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import Engine

from crawler.rereading.captures import CaptureReader
from storage.archive.rereader import Applied, Read, Rereader
from storage.archive.to_reread import Wanted, load, next_ids
from storage.clock import utc_now
from storage.frontier import leases

log = logging.getLogger("newsarchive")

STRETCH = 1024
"""Numbers of pages that one sweep holds at a time: about three seconds of two processes (2026-11)."""
BLOCK = 32
"""Pages in one transaction: the writer is held for tens of milliseconds."""
LEASE_S = 300.0
"""A stretch is another sweep's after this: the slowest page takes twenty seconds, twice, and few are slow."""
WAIT_S = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a sweep does."""

    wanted: Wanted
    batch: str
    dry: bool
    quarantined: bool
    """Pages in quarantine; else those that another reader read."""


class Sweep:
    """One process's part of a sweep."""

    def __init__(
        self, engine: Engine, captures: CaptureReader, rereader: Rereader, tell: Callable[[Applied], None]
    ) -> None:
        self._engine, self._captures, self._rereader, self._tell = engine, captures, rereader, tell
        self._owner = leases.this_process("reextract")

    async def run(self, order: Order) -> None:
        """Read and store, to the end.

        Raises:
            ReadingUnavailable: no process can be started to read pages; what is done stays.
        """
        held = [
            stretch async for stretch in self._stretches(order) if not await self._stretch(order, stretch)
        ]
        while held:  # what another process has in hand, or dies over
            held = [stretch for stretch in held if not await self._stretch(order, stretch)]
            await asyncio.sleep(WAIT_S if held else 0)

    async def _stretches(self, order: Order) -> AsyncIterator[int]:
        """Stretches of numbers in which there is something to read."""
        after = 0
        while found := await self._ids(order, after, 1, None):
            yield found[0] // STRETCH
            after = (found[0] // STRETCH + 1) * STRETCH - 1

    async def _ids(self, order: Order, after: int, limit: int, below: int | None) -> list[int]:
        return await asyncio.to_thread(
            next_ids,
            self._engine,
            order.wanted,
            after,
            limit,
            quarantined=order.quarantined,
            below=below,
        )

    async def _stretch(self, order: Order, stretch: int) -> bool:
        """Read one stretch; False: another sweep has it."""
        if order.dry:
            await self._blocks(order, stretch, "")
            return True
        name = f"reextract {'quarantined ' if order.quarantined else ''}{stretch}"
        taken = await asyncio.to_thread(leases.acquire, self._engine, name, self._owner, None, LEASE_S)
        if taken is not None:
            return False
        try:
            await self._blocks(order, stretch, name)
        finally:
            await asyncio.to_thread(leases.release, self._engine, name, self._owner)
        return True

    async def _blocks(self, order: Order, stretch: int, lease: str) -> None:
        """While one block is stored, the next ones are read: as many at once as occupy who reads."""
        reading: deque[asyncio.Task[list[Read]]] = deque()
        storing: asyncio.Task[None] | None = None
        try:
            async for ids in self._ids_of(order, stretch):
                reading.append(asyncio.create_task(self._read(order, ids)))
                if len(reading) < self._captures.ahead:
                    continue
                storing = await self._stored(order, await reading.popleft(), storing)
                if not await self._renewed(lease):
                    return
            while reading and await self._renewed(lease):
                storing = await self._stored(order, await reading.popleft(), storing)
        finally:
            for task in reading:
                task.cancel()
            await asyncio.gather(*reading, return_exceptions=True)
            if storing is not None:
                await storing

    async def _ids_of(self, order: Order, stretch: int) -> AsyncIterator[list[int]]:
        after = stretch * STRETCH - 1
        while ids := await self._ids(order, after, BLOCK, (stretch + 1) * STRETCH):
            after = ids[-1]
            yield ids

    async def _renewed(self, lease: str) -> bool:
        """Whether the stretch is still ours; without a lease nobody takes it over."""
        renew = leases.renew
        if not lease or await asyncio.to_thread(renew, self._engine, lease, self._owner, None, LEASE_S):
            return True
        log.warning("another sweep has taken over %s", lease)
        return False

    async def _stored(
        self, order: Order, block: Sequence[Read], before: asyncio.Task[None] | None
    ) -> asyncio.Task[None]:
        """Begin to store a block when the one before is stored."""
        if before is not None:
            await before
        return asyncio.create_task(self._store(order, block))

    async def _read(self, order: Order, ids: Sequence[int]) -> list[Read]:
        pages, captures = await asyncio.to_thread(
            load, self._engine, order.wanted, ids, quarantined=order.quarantined
        )
        return list(await asyncio.gather(*(self._captures.page(page, captures) for page in pages)))

    async def _store(self, order: Order, block: Sequence[Read]) -> None:
        told = await asyncio.to_thread(self._rereader.apply, block, order.batch, utc_now(), dry=order.dry)
        for one in told:
            self._tell(one)
