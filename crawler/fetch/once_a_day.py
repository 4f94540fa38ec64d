"""A file about a host, asked for once by whoever needs it first, and again when it is a day old."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")

OLD_S = 86400.0
"""RFC 9309 section 2.4: a copy of robots.txt older than 24 hours is not gone by. A back-fill takes days."""


class OnceADay(Generic[T]):
    """What the files said.

    Args:
        read: origin -> what its file says.
        lived_s: seconds that have gone by, whatever the clock is set to.
    """

    def __init__(
        self, read: Callable[[str], Awaitable[T]], lived_s: Callable[[], float] = time.monotonic
    ) -> None:
        self._read, self._lived_s = read, lived_s
        self._said: dict[str, tuple[float, asyncio.Future[T]]] = {}

    async def of(self, origin: str) -> T:
        """What the origin's file says; raises what reading it raised."""
        asked_at, said = self._said.get(origin, (-OLD_S, None))
        if said is None or self._lived_s() - asked_at >= OLD_S:
            said = asyncio.ensure_future(self._read(origin))
            self._said[origin] = self._lived_s(), said
        return await asyncio.shield(said)
