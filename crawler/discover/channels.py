"""Daum's list of publishers (``news.daum.net/cplist``, docs/sites/daum.md 1.3): which channel is whose."""

from __future__ import annotations

import re
from datetime import datetime

from crawler.discover.links import unrecognised
from crawler.discover.markup import clean, html_tree
from storage.records.discovery import Channel, Listing

# The number stands before the last part of a link's path (a caller of 2025-06, another of 2026-07).
_CHANNEL = re.compile(r"/(?:channel|cp)/([0-9]{1,9})(?:/|$|\?)|^(?:https?:)?//v\.daum\.net/([0-9]{1,9})/")
_LEAST = 20
"""Our choice: the portal has some hundred publishers, a page's footer links to few."""


def parse_channels(body: bytes, base_url: str, seen_at: datetime) -> Listing:
    """Every publisher's number and name, each once, in the page's order; nothing of a page with few."""
    tree = html_tree(body)
    if tree is None:
        return unrecognised("The page is empty or holds no HTML at all.")
    found: dict[int, str] = {}
    for anchor in tree.iter("a"):
        match = _CHANNEL.search(anchor.get("href") or "")
        name = clean(anchor.text_content())
        if match and name:
            found.setdefault(int(match[1] or match[2]), name)
    if len(found) < _LEAST:
        return unrecognised(
            f"The page names {len(found)} publishers with their numbers; it is no list of them."
        )
    channels = tuple(Channel(number=number, name=name) for number, name in found.items())
    return Listing(discoveries=(), recognised=True, channels=channels)
