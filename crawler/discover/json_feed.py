"""JSON Feed 1 and 1.1 (https://www.jsonfeed.org/version/1.1): its items by feedparser's names."""

from __future__ import annotations

import json
from typing import Any

from crawler.discover.items import Item
from crawler.discover.script_list import values_of

_VERSION = "jsonfeed.org/version/"
_START = 2000
"""Bytes in which a feed that a function is given names its version: the standard puts it first."""
_SPACE = b"\xef\xbb\xbf \t\r\n"


class NoJsonFeedError(ValueError):
    """The bytes are JSON and no feed, or broken; the message says which."""


def is_json(body: bytes) -> bool:
    """Whether a list is an object of JSON, or one that a function is given (JSONP): no XML begins so."""
    start = body.lstrip(_SPACE)[:_START]
    return start[:1] == b"{" or (start[:1] not in (b"<", b"") and _VERSION in _unescaped(start))


def json_items(body: bytes) -> tuple[list[Item], int, str | None]:
    """The items that can be read, how many there are, and the feed's next page (``next_url``).

    Raises:
        NoJsonFeedError: it names no version of JSON Feed, has no list of items, or is no whole JSON.
    """
    feed = _object(body.lstrip(_SPACE))
    if _VERSION not in str(feed.get("version")):
        raise NoJsonFeedError("The page is no feed: it is JSON without a version of JSON Feed.")
    items = feed.get("items")
    if not isinstance(items, list):
        raise NoJsonFeedError("The JSON feed has no list of items.")
    read = [_item(one, feed) for one in items if isinstance(one, dict)]
    return read, len(items), _said(feed, "next_url")


def _object(body: bytes) -> dict[str, Any]:
    if body[:1] != b"{":
        called = values_of(body)
        if not called or not isinstance(called[0], dict):
            raise NoJsonFeedError("The feed is broken JSON: a function is given no whole object.")
        return called[0]
    try:
        return dict(json.loads(body))
    except (ValueError, RecursionError) as error:
        raise NoJsonFeedError(f"The feed is broken JSON: {error}.") from error


def _unescaped(start: bytes) -> str:
    return start.decode("latin-1").replace("\\/", "/")


def _item(one: dict[str, Any], feed: dict[str, Any]) -> Item:
    """Authors are the feed's where an item names none (1.1; ``author`` is that of version 1)."""
    links = [
        {"href": url, "rel": "alternate"} for name in ("url", "external_url") if (url := _said(one, name))
    ]
    tags = one.get("tags")
    named = {
        "title": _said(one, "title"),
        "id": _said(one, "id"),
        "published": _said(one, "date_published"),
        "updated": _said(one, "date_modified"),
        "author": _authors(one) or _authors(feed),
        "tags": [{"term": tag} for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else [],
    }
    return {"links": links} | {name: value for name, value in named.items() if value}


def _said(place: dict[str, Any], name: str) -> str | None:
    value = place.get(name)
    return str(value) if isinstance(value, (str, int)) and not isinstance(value, bool) else None


def _authors(place: dict[str, Any]) -> str | None:
    listed = place.get("authors")
    authors = listed if isinstance(listed, list) and listed else [place.get("author")]
    return (
        ", ".join(name for one in authors if isinstance(one, dict) and (name := _said(one, "name"))) or None
    )
