"""Sitemaps and their indexes (sitemaps.org 0.9, Google's news extension), packed, as text, damaged."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urljoin

from lxml import etree

from crawler.coding import GZIP
from crawler.discover.feed import FEED_ROOTS, machine_time, parse_feed, without_doctype
from crawler.discover.items import NO_TAGS, escaped
from crawler.discover.links import AddressOf, Hints, Links, unrecognised
from crawler.discover.markup import clean, feed_text, local_name, root_of, xml_tree
from crawler.packing import MAX_LIST, unpacked
from storage.records.discovery import Listing
from storage.seoul import day_end, day_of

_ENTRY = re.compile(r"<(?:[\w.-]+:)?url(?=[\s/>])", re.IGNORECASE)
_LINE = re.compile(r"https?://\S+", re.IGNORECASE)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")

Said = dict[str, str]
"""What a place says: ``loc``, ``lastmod``; of its news ``publication_date``, ``title``, ``name``."""


def parse_sitemap(
    body: bytes, base_url: str, seen_at: datetime, *, address: AddressOf, since: date | None = None
) -> Listing:
    """The articles that a sitemap names; of an index the sitemaps that it names, in ``Listing.further``.

    An index's sitemaps come in the order of their last change, the newest first; those that tell none stand
    behind them as the index has them. A feed may be a sitemap too (sitemaps.org), and a text with an address
    in each line.

    Args:
        since: of an index, sitemaps that were changed last before this day (Asia/Seoul) are left out.
    """
    plain = unpacked(body, MAX_LIST)
    if plain.startswith(GZIP):
        return unrecognised(f"The list is packed and damaged, or has more than {MAX_LIST} bytes unpacked.")
    text = without_doctype(feed_text(plain))
    bare = NO_TAGS.sub("", text)
    root = root_of(bare)
    if root in FEED_ROOTS:
        return parse_feed(plain, base_url, seen_at, address=address)
    if root == "urlset":
        return _of_pages(text, len(_ENTRY.findall(bare)), Links(address, base_url))
    if root == "sitemapindex":
        return _of_index(text, base_url, since)
    return _of_lines(text, Links(address, base_url))


def _of_pages(text: str, tags: int, links: Links) -> Listing:
    """Args: tags: how many open an address."""
    read = 0
    for said in _places(text, "url"):
        _keep(links, said.get("loc"), _hints(said))
        read += 1
    lost = f"{tags - read} of its {tags} addresses could not be read" if tags > read else None
    tags = max(tags, read)
    return links.listing(problem=_problem(links, tags), note=lost)


def _of_index(text: str, base_url: str, since: date | None) -> Listing:
    named: dict[str, datetime | None] = {}
    for said in _places(text, "sitemap"):
        try:
            named.setdefault(urljoin(base_url, said["loc"]), _changed(said.get("lastmod")))
        except (KeyError, ValueError):  # no address, or a broken IPv6 literal
            continue
    if not named:
        return unrecognised("The index of sitemaps names none.")
    kept = [(url, at) for url, at in named.items() if since is None or at is None or _reaches(at, since)]
    kept.sort(key=lambda one: one[1] or _NEVER, reverse=True)  # stable: undated ones stay in their order
    return Listing(discoveries=(), recognised=True, further=tuple(url for url, _ in kept))


_NEVER = datetime.min.replace(tzinfo=UTC)


def _reaches(changed: datetime, since: date) -> bool:
    """A day more: a day without its zone may be London's."""
    return day_of(changed) >= since - timedelta(days=1)


def _of_lines(text: str, links: Links) -> Listing:
    lines = text.replace("\ufeff", "").split()
    if not lines or not all(map(_LINE.fullmatch, lines)):
        return unrecognised("The page is no sitemap: no urlset, no index of sitemaps, no list of addresses.")
    for line in lines:
        _keep(links, line, Hints())
    return links.listing(problem=_problem(links, len(lines)))


def _keep(links: Links, printed: str | None, hints: Hints) -> None:
    url = links.canonical(printed)
    if url is None:
        links.reject()
    else:
        links.add(url, hints)


def _problem(links: Links, named: int) -> str | None:
    if len(links) or not named:
        return None
    return f"None of the sitemap's {named} addresses is an article of this source."


def _hints(said: Said) -> Hints:
    published, changed = clean(said.get("publication_date")), clean(said.get("lastmod"))
    return Hints(
        title=clean(said.get("title")),
        time=machine_time(published),
        time_raw=published,
        updated=machine_time(changed),
        updated_raw=changed,
        publisher=clean(said.get("name")),
    )


def _changed(printed: str | None) -> datetime | None:
    """When a sitemap was changed last: of a day, or a time without its zone, the day's end in Seoul."""
    if (instant := machine_time(printed)) is not None:
        return instant
    try:
        day = _DAY.match((printed or "").strip())
        return day_end(date.fromisoformat(day[0])) if day else None
    except (ValueError, OverflowError):
        return None


# --- from its markup ------------------------------------------------------------------------------


def _places(text: str, name: str) -> Iterator[Said]:
    """What each ``<url>`` or ``<sitemap>`` says of itself; what it says of pictures and films is theirs."""
    tree = xml_tree(escaped(text))
    for place in () if tree is None else tree.iter(etree.Element):
        if local_name(place.tag) == name:
            yield _said(place)


def _said(place: etree._Element) -> Said:
    said: Said = {}
    for part in _parts(place):
        if written := (part.text or "").strip():
            said.setdefault(local_name(part.tag), written)
    return said


def _parts(place: etree._Element) -> Iterator[etree._Element]:
    """What stands in a place and, no deeper, in its news and in the publication that these name."""
    for part in place.iterchildren(etree.Element):
        yield part
        is_news = local_name(part.tag) in ("news", "publication")
        for inner in part.iterchildren(etree.Element) if is_news else ():
            yield inner
            if local_name(inner.tag) == "publication":
                yield from inner.iterchildren(etree.Element)
