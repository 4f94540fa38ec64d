"""Scrapy's classes of TLS, loaded without a search through the program's source.

For three old names of theirs Scrapy asks ``inspect.stack()`` which module it is called from, which reads the
source of the whole stack and looks at every module: 50 ms of a crawl's start (Scrapy 2.19, 2026-11-26).
"""

from __future__ import annotations

import inspect
import sys
from types import ModuleType


def _callers() -> list[tuple[ModuleType | None]]:
    """What ``scrapy.utils.deprecate`` wants of ``inspect.stack()``: the first part of its second entry,
    a frame, whose module it looks for. Here it is the module itself, which is found at once."""
    return [(None,), (sys.modules[sys._getframe(2).f_globals["__name__"]],)]


_stack = inspect.stack
inspect.stack = _callers  # type: ignore[assignment]
try:
    from scrapy.core.downloader import contextfactory  # noqa: F401
finally:
    inspect.stack = _stack
