"""RSS 0.9x, 1.0, 2.0 and Atom, read by feedparser, and JSON Feed; addresses and times go by our own rules."""

from __future__ import annotations

import html
import html.entities
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

from crawler.discover.cdata import closed
from crawler.discover.items import ITEM_TAG, NO_TAGS, Item, next_page, read_items
from crawler.discover.json_feed import NoJsonFeedError, is_json, json_items
from crawler.discover.links import AddressOf, Hints, Links, unrecognised
from crawler.discover.markup import clean, feed_text, root_of
from crawler.packing import MAX_LIST, unpacked
from storage.records.discovery import Listing

FEED_ROOTS = frozenset({"rss", "rdf", "feed"})
_DOCTYPE_OPENS = re.compile(r"<!DOCTYPE", re.IGNORECASE)
_DOCTYPE = re.compile(r"<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>", re.DOTALL | re.IGNORECASE)
"""Taken out: entities that a document defines itself are never resolved. Tried at the first place alone: one
that opens and never closes is looked through once, not once for each further opening."""
_ENTITY = re.compile(r"&[A-Za-z][\w.-]*;")
_MARKUP = re.compile(
    r"<!--(?:(?!<!--).)*?-->|<\?(?:(?!<\?).)*?\?>"
    r"|</?(?:a|abbr|b|big|br|cite|code|del|div|em|font|h[1-6]|i|img|ins|mark|p|q|s|small|span"
    r"|strike|strong|sub|sup|tt|u|wbr)(?:\s[^<>]*)?/?>",
    re.DOTALL | re.IGNORECASE,
)
"""HTML's own marks. Other words in angle brackets are titles of works: ``영화 <기생충> 흥행``."""


def parse_feed(body: bytes, base_url: str, seen_at: datetime, *, address: AddressOf) -> Listing:
    """A feed's items that are articles of the source, in the feed's order, doubles out.

    CDATA, EUC-KR and CP949 (whatever the declaration says) and damaged feeds are read; entities that the
    document defines are never resolved and nothing is fetched. ``time_hint`` is set only where the item's
    time names its zone (RFC 822 or ISO 8601). A feed without items is recognised and empty; a feed none of
    whose items is an article of the source is not the feed that the seed promises. Items that are lost to
    damage are told: the tags that open one are counted. So are those that are no article of the source: a
    feed names hardly anything else, unless a section's addresses have a form of their own.
    """
    try:
        plain = unpacked(body, MAX_LIST)
        entries, tags, follows = json_items(plain) if is_json(plain) else _xml_items(plain)
    except (NoJsonFeedError, _NoFeedError) as no_feed:
        return unrecognised(str(no_feed))
    links = Links(address, base_url)
    others: list[str] = []
    for entry in entries:
        printed = list(_targets(entry, base_url))
        url = next(filter(None, map(links.canonical, printed)), None)
        if url is None:
            links.reject()
            others += printed[:1]
        else:
            links.add(url, _hints(entry))
    lost = f"{tags - len(entries)} of its {tags} items could not be read" if tags > len(entries) else None
    if tags and not len(links):
        items = max(tags, len(entries))
        told = f"; {lost}" if lost else ""
        return links.listing(problem=f"None of the feed's {items} items is an article of this source{told}.")
    told = "; ".join(filter(None, (lost, _passed_over(links.rejected, len(entries), others))))
    return links.listing(note=told or None, next_url=next_of(follows, base_url))


_LONGEST_LINK = 200
"""Characters of a link in a reason; our choice."""


def _passed_over(rejected: int, items: int, others: Sequence[str]) -> str | None:
    """How many items are no article of the source, and where the first of them leads."""
    if not rejected:
        return None
    first = f", such as {clean(others[0][:_LONGEST_LINK])}" if others else ""
    return f"no article of this source: {rejected} of its {items} items{first}"


def next_of(follows: str | None, base_url: str) -> str | None:
    """A list's next page; none where it names itself, or what cannot be asked for."""
    try:
        found = urljoin(base_url, (follows or "").strip()).partition("#")[0]
        is_page = urlsplit(found).scheme in ("http", "https") and bool(urlsplit(found).hostname)
    except ValueError:  # a broken IPv6 literal
        return None
    return found if is_page and found != base_url.partition("#")[0] else None


class _NoFeedError(ValueError):
    """The bytes are no feed of XML."""


def _xml_items(body: bytes) -> tuple[list[Item], int, str | None]:
    """The items that can be read, how many tags open one, and which page the feed names as its next."""
    text = feed_text(body)
    if not text:
        raise _NoFeedError("The feed is empty or holds no XML at all.")
    text = closed(without_doctype(text))
    bare = NO_TAGS.sub("", text)
    if (root := root_of(bare)) is None:
        raise _NoFeedError("The feed is empty or holds no XML at all.")
    if root not in FEED_ROOTS:
        raise _NoFeedError(f"The page is no feed: its first tag is {root!r}.")
    return read_items(text), len(ITEM_TAG.findall(bare)), next_page(bare)


def machine_time(raw: str | None) -> datetime | None:
    """An instant in UTC from RFC 822 or ISO 8601 with a zone; None for anything less exact.

    >>> machine_time("Sun, 27 Sep 2026 09:54:00 +0900")
    datetime.datetime(2026, 9, 27, 0, 54, tzinfo=datetime.timezone.utc)
    >>> machine_time("Sun,27 Sep 2026 09:54:00 KST")
    datetime.datetime(2026, 9, 27, 0, 54, tzinfo=datetime.timezone.utc)
    >>> machine_time("Sun, 27 Sep 2026 09:54:00 GMT+9")
    datetime.datetime(2026, 9, 27, 0, 54, tzinfo=datetime.timezone.utc)
    >>> machine_time("Tue, 11 08 2026 09:54:00 +0900")
    datetime.datetime(2026, 8, 11, 0, 54, tzinfo=datetime.timezone.utc)
    >>> machine_time("2026-09-27 09:54:00") is None
    True
    """
    if raw is None:
        return None
    try:  # a sitemap's: most of what is asked, 50,000 times for one list
        instant = datetime.fromisoformat(raw)
        return instant.astimezone(UTC) if instant.tzinfo is not None else None
    except (ValueError, OverflowError):
        return _mail_time(raw)


def _mail_time(raw: str) -> datetime | None:
    """RFC 822, and what servers make of it and of ISO 8601."""
    text = re.sub(r"(?<!\s)\s+KST$", " +0900", raw.strip())
    if _ZERO_YEAR.search(text):  # of 0001 the readers make 2001
        return None
    text = re.sub(r"^([A-Za-z]{3}),(?=\d)", r"\1, ", text)  # fnnews, 2026-08
    text = _NUMBERED.sub(_named_month, text)
    for parse, printed in (
        (datetime.fromisoformat, text),
        (parsedate_to_datetime, _ZONE.sub(_four_digits, text)),
    ):
        try:
            instant = parse(printed)
            if instant.tzinfo is not None:
                return instant.astimezone(UTC)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    return None


_ZERO_YEAR = re.compile(r"(?:^|[A-Za-z]{3}[\s-])0\d{3}(?!\d)")
_ZONE = re.compile(r"(?<!\s)\s*+(?:GMT|UTC)?([+-])(\d{1,2}):?(\d{2})?$")


_NUMBERED = re.compile(r"^(?P<weekday>[A-Za-z]{3}), (?P<one>\d{1,2}) (?P<two>\d{1,2}) (?P<year>\d{4})(?= )")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _named_month(found: re.Match[str]) -> str:
    """``Tue, 11 08 2026`` (fnnews, 2026-08) with its month's name: the weekday says which number that is."""
    one, two, year = int(found["one"]), int(found["two"]), int(found["year"])
    for day, month in ((one, two), (two, one)):
        try:
            weekday = date(year, month, day).weekday()
        except ValueError:
            continue
        if _WEEKDAYS[weekday] == found["weekday"].lower():
            return f"{found['weekday']}, {day} {_MONTHS[month - 1]} {year}"
    return found[0]


def _four_digits(zone: re.Match[str]) -> str:
    """A zone as RFC 822 has it: of ``+9`` its reader would make nine minutes."""
    return f" {zone[1]}{zone[2]:0>2}{zone[3] or '00'}"


def without_doctype(text: str) -> str:
    """The markup without its DTD, whose entities are never resolved."""
    opens = _DOCTYPE_OPENS.search(text)
    declared = None if opens is None else _DOCTYPE.match(text, opens.start())
    return text if declared is None else text[: declared.start()] + text[declared.end() :]


_ITSELF = ("", "alternate")


def _targets(entry: dict[str, Any], base_url: str) -> Iterator[str]:
    """The addresses that an item gives for itself, the likeliest first."""
    base = (entry.get("title_detail") or {}).get("base") or base_url
    # A relation may be written as its registered name's address (RFC 4287 section 4.2.7.2).
    links = [link for link in entry.get("links") or () if link.get("rel", "").rpartition("/")[2] in _ITSELF]
    for href in (*(link.get("href") for link in links), entry.get("link")):
        if href:
            yield str(href) if base == base_url else _based(base, str(href))
    for name in ("id", "feedburner_origlink"):
        if entry.get(name):
            yield str(entry[name])
    for link in links:  # one that counts clicks and carries the article's own address
        yield from _carried(str(link.get("href") or ""))


def _carried(href: str) -> list[str]:
    try:
        values = [value for _, value in parse_qsl(urlsplit(href).query)]
    except ValueError:
        return []
    inner = href.rfind("http")  # a reference to nothing before an address makes a relative one of it
    return [value for value in (*values, href[max(inner, 0) :]) if value.startswith(("http://", "https://"))]


def _based(base: str, href: str) -> str:
    """A link as its ``xml:base`` has it."""
    try:
        return urljoin(base, href.strip())
    except ValueError:  # a broken IPv6 literal: one bad link, not a bad feed
        return href


def _hints(entry: dict[str, Any]) -> Hints:
    updated = _text(entry.get("updated"))
    time_raw = next(filter(None, (_text(entry.get(name)) for name in ("published", "created"))), updated)
    tags, source = entry.get("tags") or (), entry.get("source") or {}
    return Hints(
        title=headline(entry.get("title")),
        time=machine_time(time_raw),
        time_raw=time_raw,
        updated=machine_time(updated),
        updated_raw=updated,
        section=next(filter(None, (_text(tag.get("term")) for tag in tags)), None),
        publisher=_text(source.get("title") or source.get("value")),
        author=_text(entry.get("author")),
    )


def headline(value: object) -> str | None:
    """A headline as readers see it, without HTML's marks and escapes."""
    return _text(_MARKUP.sub("", str(value))) if value else None


def _text(value: object) -> str | None:
    """Text on one line, HTML's escapes resolved; without references to what is none of HTML's."""
    return clean(_ENTITY.sub(" ", html.unescape(str(value)))) if value else None
