"""RSS 0.9x, 1.0, 2.0 and Atom feeds."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin

from lxml import etree

from crawler.discover.links import AddressOf, Hints, Links, unrecognised
from crawler.discover.markup import clean, xml_tree
from storage.records import Listing

_ROOTS = frozenset({"rss", "rdf", "feed"})
_ITEMS = frozenset({"item", "entry"})
_TIMES = ("pubdate", "published", "date", "updated")
_ENTITY = re.compile(r"&[^&;\s]+;")


def parse_feed(body: bytes, base_url: str, seen_at: datetime, *, address: AddressOf) -> Listing:
    """A feed's items that are articles of the source, in the feed's order, doubles out.

    CDATA, EUC-KR and CP949 (whatever the declaration says) and damaged feeds are read; entities are
    never resolved and nothing is fetched. ``time_hint`` is set only where the item's time names its zone
    (RFC 822 or ISO 8601). A feed without items is recognised and empty; a feed none of whose items is an
    article of the source is not the feed that the seed promises.
    """
    root = xml_tree(body)
    if root is None:
        return unrecognised("The feed is empty or holds no XML at all.")
    if _name(root) not in _ROOTS:
        return unrecognised(f"The page is no feed: its first tag is {_name(root) or 'unknown'!r}.")
    links = Links(address, base_url)
    items = 0
    for item in _items(root):
        items += 1
        url = next(filter(None, map(links.canonical, _targets(item))), None)
        if url is None:
            links.reject()
        else:
            links.add(url, _hints(item))
    if items and not len(links):
        return links.listing(problem=f"None of the feed's {items} items is an article of this source.")
    return links.listing()


def machine_time(raw: str | None) -> datetime | None:
    """An instant in UTC from RFC 822 or ISO 8601 with a zone; None for anything less exact.

    >>> machine_time("Sun, 27 Sep 2026 09:54:00 +0900")
    datetime.datetime(2026, 9, 27, 0, 54, tzinfo=datetime.timezone.utc)
    >>> machine_time("2026-09-27 09:54:00") is None
    True
    """
    for parse in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            instant = parse((raw or "").strip())
            if instant.tzinfo is not None:
                return instant.astimezone(UTC)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    return None


def _items(root: etree._Element) -> Iterator[etree._Element]:
    return (element for element in root.iter(etree.Element) if _name(element) in _ITEMS)


def _targets(item: etree._Element) -> Iterator[str]:
    """The addresses that an item gives for itself, the likeliest first."""
    links = [child for child in _children(item) if _name(child) == "link"]
    for link in links:
        if link.get("rel", "alternate") == "alternate":
            yield _based(link, link.get("href") or _text(link) or "")
    for child in _children(item):
        if _name(child) in {"guid", "id", "origlink"}:
            yield _text(child) or ""


def _based(link: etree._Element, href: str) -> str:
    """A link as its ``xml:base`` has it."""
    try:
        return urljoin(link.base, href.strip()) if link.base and href else href
    except ValueError:  # a broken IPv6 literal: one bad link, not a bad feed
        return href


def _hints(item: etree._Element) -> Hints:
    texts: dict[str, str] = {}
    for child in _children(item):
        value = _text(child)
        if value is not None:
            texts.setdefault(_name(child), value)
    time_raw = next((texts[name] for name in _TIMES if name in texts), None)
    return Hints(
        title=texts.get("title"),
        time=machine_time(time_raw),
        time_raw=time_raw,
        section=texts.get("category"),
        publisher=texts.get("source"),
    )


def _children(item: etree._Element) -> Iterator[etree._Element]:
    """The elements in an item: what stands between them (a comment, a processing instruction, an entity)
    says nothing of the article."""
    return item.iterchildren(etree.Element)


def _text(element: etree._Element) -> str | None:
    """Text as read; escapes within CDATA, which are text to XML, are resolved as well."""
    return clean("".join(_resolved(str(part)) for part in element.itertext(etree.Element, etree.Entity)))


def _resolved(part: str) -> str:
    """A piece of text with HTML's escapes resolved; nothing for an entity that is none of HTML's."""
    text = html.unescape(part)
    return "" if _ENTITY.fullmatch(text) else text


def _name(element: etree._Element) -> str:
    """The tag without its namespace (feeds disagree about it), lower-case; empty for a comment."""
    return element.tag.rpartition("}")[2].rpartition(":")[2].lower() if isinstance(element.tag, str) else ""
