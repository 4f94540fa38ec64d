"""The JSON list of one publisher's channel on Daum (the "charon" endpoint, docs/sites/daum.md 1.3)."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from crawler.charset import decode_anyway
from crawler.discover.links import AddressOf, Hints, Links, unrecognised
from crawler.discover.markup import clean
from storage.records import Listing

# createDt is in milliseconds since 1970; seen 1778973158466 (2026-05-17). Anything outside these years
# is another unit or damage: no hint rather than a wrong one.
_YEARS = range(1990, 2100)


def parse_channel(
    body: bytes, base_url: str, seen_at: datetime, *, address: AddressOf, publisher: str | None = None
) -> Listing:
    """``{"items": [{"createDt", "title", "pcLink", "mobileLink"}]}`` -> its articles, newest first as sent.

    ``publisher`` is the channel's own, known from its id. An empty ``items`` is recognised and empty.
    """
    try:
        answer = json.loads(decode_anyway(body))
    except (ValueError, RecursionError):
        return unrecognised("The answer is not JSON.")
    items = answer.get("items") if isinstance(answer, dict) else None
    if not isinstance(items, list):
        return unrecognised('The answer is JSON without a list "items".')
    links = Links(address, base_url)
    for item in items:
        url = _article(item, links) if isinstance(item, dict) else None
        if url is None:
            links.reject()
        else:
            links.add(url, _hints(item, publisher))
    if items and not len(links):
        return links.listing(problem=f"None of the {len(items)} items is an article of this source.")
    return links.listing()


def _article(item: dict[str, Any], links: Links) -> str | None:
    printed = (item.get(name) for name in ("pcLink", "mobileLink"))
    return next(filter(None, (links.canonical(link) for link in printed if isinstance(link, str))), None)


def _hints(item: dict[str, Any], publisher: str | None) -> Hints:
    title, created = item.get("title"), item.get("createDt")
    return Hints(
        title=clean(title) if isinstance(title, str) else None,
        time=_instant(created),
        time_raw=None if created is None else clean(str(created)),
        publisher=publisher,
    )


def _instant(milliseconds: object) -> datetime | None:
    if isinstance(milliseconds, bool) or not isinstance(milliseconds, int | float):
        return None
    try:
        instant = datetime.fromtimestamp(milliseconds / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return instant if instant.year in _YEARS else None
