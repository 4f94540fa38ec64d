"""Items: what passes through the pipelines."""

from __future__ import annotations

from dataclasses import dataclass

from storage.records import Article, CapturedPage, FetchSignals, LeasedAddress


@dataclass(frozen=True, slots=True, kw_only=True)
class PageItem:
    """A captured page on its way to an outcome."""

    address: LeasedAddress
    page: CapturedPage
    capture_id: int | None
    signals: FetchSignals
    article: Article | None = None
    error: str | None = None
    """Why the extractor broke on it."""
