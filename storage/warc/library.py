"""What we use of warcio, loaded without fsspec.

warcio would open files by their addresses with it; we give it open ones alone. fsspec looks for its drivers
among all that is installed: 10 ms of every start (2026-11-26). Where a store is asked it is loaded as ever.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def _as_if_not_installed(name: str) -> Iterator[None]:
    """Whoever imports it meanwhile is told that it is not there, unless it is loaded already."""
    modules: dict[str, object] = sys.modules  # type: ignore[assignment]
    if name in modules:
        yield
        return
    modules[name] = None
    try:
        yield
    finally:
        del modules[name]


with _as_if_not_installed("fsspec"):
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed
    from warcio.recordbuilder import RecordBuilder
    from warcio.recordloader import ArcWarcRecord
    from warcio.statusandheaders import (
        StatusAndHeaders,
        StatusAndHeadersParser,
        StatusAndHeadersParserException,
    )
    from warcio.warcwriter import WARCWriter

__all__ = [
    "ArcWarcRecord",
    "ArchiveIterator",
    "ArchiveLoadFailed",
    "RecordBuilder",
    "StatusAndHeaders",
    "StatusAndHeadersParser",
    "StatusAndHeadersParserException",
    "WARCWriter",
]
