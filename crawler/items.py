"""Items: what passes through the pipelines."""

from __future__ import annotations

from dataclasses import dataclass

from storage.records import Article, CapturedPage
from storage.records.runs import LeasedAddress


@dataclass(frozen=True, slots=True, kw_only=True)
class PageItem:
    """A captured page on its way to an outcome."""

    address: LeasedAddress
    page: CapturedPage
    capture_id: int | None
    read_attempts: int
    """How often the page was handed to a reading process, as the capture's row counts it."""
    counted: bool
    """The row counts this hand-over already: a fresh capture's does, from the start."""
    article: Article | None = None
    error: str | None = None
    """Why it could not be read."""
