"""The address that a saved page gives itself: for files whose address nobody wrote down."""

from __future__ import annotations

from crawler.charset import UndecodableError, decode
from crawler.extract.document import Document, TooDeepError
from storage.records import CapturedPage


def own_address(body: bytes) -> str | None:
    """``og:url`` or ``link[rel=canonical]`` of a page's bytes; None when it has neither or is no page."""
    try:
        document = Document(CapturedPage(url="", body=body), decode(body, None))
    except (UndecodableError, TooDeepError, ValueError):
        return None
    link = document.first('link[rel="canonical"]')
    meta = document.meta("og:url")
    return (meta.value if meta else None) or (link.get("href") if link is not None else None)
