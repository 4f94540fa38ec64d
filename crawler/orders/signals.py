"""Scrapy's signals, sent only where somebody listens."""

from __future__ import annotations

from typing import Any

from pydispatch import dispatcher  # type: ignore[import-untyped]
from scrapy.signalmanager import SignalManager


class HeardSignals(SignalManager):
    """Those of one crawl. A page sends ten, most of them to nobody: looking for who listens was
    a twentieth of the event loop's time (2026-11-26)."""

    def send_catch_log(self, signal: Any, **kwargs: Any) -> list[tuple[Any, Any]]:
        """What each receiver gave; nothing where there is none."""
        return super().send_catch_log(signal, **kwargs) if self._is_heard(signal, kwargs) else []

    async def send_catch_log_async(self, signal: Any, **kwargs: Any) -> list[tuple[Any, Any]]:
        """The same, with receivers that are waited for."""
        return await super().send_catch_log_async(signal, **kwargs) if self._is_heard(signal, kwargs) else []

    def _is_heard(self, signal: Any, sent: dict[str, Any]) -> bool:
        """Whether anybody may listen to it: to this crawl's, to all of this crawl, or to everybody's."""
        ours = dispatcher.connections.get(id(sent.get("sender", self.sender)), ())
        everybodys = dispatcher.connections.get(id(dispatcher.Any), ())
        return any(one in heard for heard in (ours, everybodys) for one in (signal, dispatcher.Any))
