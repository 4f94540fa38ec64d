"""A citation to copy: who published what, when, where, and the bytes that prove it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crawler.serve.render import minute, shown


def citation(article: Mapping[str, Any], appearance: Mapping[str, Any] | None) -> str:
    """One line; what is not known is left out.

    Args:
        article: of the view ``articles``.
        appearance: its preferred one, with ``fetched_at`` and ``payload_digest`` of its capture.
    """
    published = minute(article["published_at"], article["published_precision"])
    captured = appearance and appearance["fetched_at"]
    parts = [
        shown(article["publisher"]),
        f"「{_line(article['title'])}」" if article["title"] else "",
        f"{published} (KST)" if published else "",
        shown(article["url"]),
        f"captured at {captured}" if captured else "",
        f"digest {appearance['payload_digest']}" if appearance and appearance["payload_digest"] else "",
    ]
    return ", ".join(part for part in parts if part)


def _line(text: str) -> str:
    return " ".join(shown(text).split())
