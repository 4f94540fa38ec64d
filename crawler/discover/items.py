"""A feed's items, read by feedparser from text that leaves it nothing to guess; in pieces where it throws."""

from __future__ import annotations

import html
import html.entities
import io
import re
import sys
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import feedparser
from lxml import etree

from crawler.discover.markup import local_name, xml_tree

NO_TAGS = re.compile(r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)", re.DOTALL)
"""What holds no tags of the feed's own."""
ITEM_TAG = re.compile(r"<(?:[\w.-]+:)?(?:item|entry)(?=[\s/>])", re.IGNORECASE)
_ITEM_END = re.compile(r"</(?:[\w.-]+:)?(?:item|entry)\s*>", re.IGNORECASE)
_TITLE = re.compile(
    r"(<title(?![^<>]*\bxhtml\b)(?:\s[^<>]*)?>)(?!\s*<!\[CDATA\[)((?:(?!</?(?:title|link|item|entry)\b).)*)(?=</title)",
    re.DOTALL | re.IGNORECASE,
)
_OPENS = re.compile(r"<(?![!?])")
_NO_TAG = re.compile(r"<(?![A-Za-z_/!?])")
_AMPERSAND = re.compile(r"&(?!#(?:[0-9]{1,7}|[xX][0-9a-fA-F]{1,6});)(?:([A-Za-z][\w.-]*);)?")
_NUMBER = re.compile(r"&#(?:([0-9]+)|[xX]([0-9a-fA-F]+));?")
_XML_NAMES = frozenset({"amp", "lt", "gt", "quot", "apos"})

Item = dict[str, Any]
"""As feedparser names its parts."""

_FAULTS = (ArithmeticError, AssertionError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)
"""What feedparser throws at markup that it did not expect: five kinds of KeyError in 1,500 damaged feeds
(2026-11-26), an AssertionError at an unclosed mark."""


def read_items(text: str) -> list[Item]:
    """The items of a feed, in its order.

    Where feedparser throws, the feed is halved between two items until what it throws at is a single one,
    which is read by its tags alone; one in which nothing is found is left out, and the caller's count tells.
    So are all where it finds no address in any, as under a namespace that is not a feed's.

    Args:
        text: without a doctype.
    """
    mended = _mended(text)
    found = _tried(mended)
    if found is None:
        return list(_piecewise(mended))
    if any(item.get("links") or item.get("id") for item in found):
        return found
    return [item for piece in _pieces(mended)[1] for item in _by_tags(piece)] or found


_OUTSIDE = re.compile(
    r"<(?:[\w.-]+:)?(item|entry)(?=[\s/>]).*?(?:</(?:[\w.-]+:)?\1\s*>|\Z)", re.DOTALL | re.IGNORECASE
)
_LINK = re.compile(r"<(?:[\w.-]+:)?link\s[^<>]*>", re.IGNORECASE)
_SAID = re.compile(r"""(?<![\w:-])([\w:-]++)\s*+=\s*+(?:"([^"]*)"|'([^']*)')""")
_NEXT = ("next", "prev-archive")
"""How a feed names the page behind it: a paged feed, an archived one (RFC 5005 sections 3 and 4)."""


def next_page(bare: str) -> str | None:
    """The page that the feed itself, none of its items, names as the one that follows.

    Args:
        bare: the feed without comments and CDATA.
    """
    named: dict[str, str] = {}
    for link in _LINK.finditer(_OUTSIDE.sub("", bare)):
        said = {name.lower(): html.unescape(one or other) for name, one, other in _SAID.findall(link[0])}
        for relation in said.get("rel", "").lower().split():
            named.setdefault(relation.rpartition("/")[2], said.get("href", "").strip())
    return next((named[relation] for relation in _NEXT if named.get(relation)), None)


def _tried(text: str) -> list[Item] | None:
    """None where feedparser throws. From memory only: bytes that spell a path would open that file."""
    try:
        found = feedparser.parse(
            io.BytesIO(text.encode()),
            response_headers={"content-type": "application/xml; charset=utf-8"},
            sanitize_html=False,
            resolve_relative_uris=False,
        )
        return [dict(entry) for entry in found.entries]
    except _FAULTS:
        return None


# --- where feedparser throws ----------------------------------------------------------------------


def _piecewise(text: str) -> Iterator[Item]:
    head, items, tail = _pieces(text)
    yield from _halved(head, items, tail, [MOST_THROWS]) if items else ()


def _pieces(text: str) -> tuple[str, list[str], str]:
    """What stands before a feed's items, each of them, and what stands behind."""
    covered = NO_TAGS.sub(lambda kept: " " * len(kept[0]), text)  # a tag in CDATA or a comment is none
    starts = [tag.start() for tag in ITEM_TAG.finditer(covered)]
    if not starts:
        return text, [], ""
    ends = [tag.end() for tag in _ITEM_END.finditer(covered)]
    over = max(ends[-1], starts[-1]) if ends else len(text)
    items = [text[low:high] for low, high in pairwise([*starts, over])]
    return text[: starts[0]], items, text[over:]


MOST_THROWS = 40
"""So often is a feed halved, our choice: about five of its items are found so, each in eight steps of a feed
of 200. One that is broken throughout is read by its tags."""


def _halved(head: str, items: list[str], tail: str, left: list[int]) -> Iterator[Item]:
    """Items at which, together, feedparser threw.

    Args:
        left: how often more it may throw.
    """
    left[0] -= 1
    if len(items) == 1 or left[0] <= 0:
        for item in items:
            yield from _by_tags(item)
        return
    middle = len(items) // 2
    for half in (items[:middle], items[middle:]):
        found = _tried("".join([head, *half, tail])) if left[0] > 0 else None
        yield from _halved(head, half, tail, left) if found is None else found


_PARTS = {
    "title": "title",
    "guid": "id",
    "id": "id",
    "pubdate": "published",
    "published": "published",
    "date": "published",
    "updated": "updated",
    "creator": "author",
}
"""Tag -> what feedparser calls it."""


def _by_tags(item: str) -> Iterator[Item]:
    """One item by the first tag of each kind that holds a text; nothing where it names no address."""
    tree = xml_tree(f"<items>{item}</items>")
    found: Item = {}
    links: list[dict[str, str]] = []
    for element in () if tree is None else tree.iter(etree.Element):
        name = local_name(element.tag)
        said = (element.get("href") or element.text or "").strip()
        if said and name == "link":
            links.append({"href": said, "rel": element.get("rel") or "alternate"})
        elif said and name in _PARTS:
            found.setdefault(_PARTS[name], said)
    if links or "id" in found:
        yield found | {"links": links}


# --- what servers print unescaped -----------------------------------------------------------------


def _mended(text: str) -> str:
    """What servers print unescaped, escaped, so that the strict parser reads what was printed.

    Where it cannot, feedparser guesses: it would read ``A&B`` as a reference and ``<BTS>`` as a tag.
    """
    text = _NUMBER.sub(_character, text)
    return escaped(_TITLE.sub(lambda title: title[1] + _OPENS.sub("&lt;", title[2]), text))


def escaped(text: str) -> str:
    """Bare ampersands and angle brackets, escaped; CDATA and comments stay as they are."""
    parts, last = [], 0
    for kept in NO_TAGS.finditer(text):
        parts += [_escaped(text[last : kept.start()]), kept[0]]
        last = kept.end()
    return "".join([*parts, _escaped(text[last:])])


def _escaped(text: str) -> str:
    return _NO_TAG.sub("&lt;", _AMPERSAND.sub(_reference, text))


def _character(match: re.Match[str]) -> str:
    """The number of a character as it is; U+FFFD, as browsers have it, for any other: feedparser throws."""
    digits = (match[1] or match[2]).lstrip("0") or "0"
    number = int(digits, 10 if match[1] else 16) if len(digits) <= 7 else None
    is_one = number is not None and number <= sys.maxunicode and not 0xD800 <= number <= 0xDFFF
    return match[0] if is_one else "&#xFFFD;"


def _reference(match: re.Match[str]) -> str:
    """A character for a name of HTML's, nothing for an unknown one, an escaped ampersand for a bare one."""
    name = match[1]
    if name is None:
        return "&amp;"
    if name in _XML_NAMES:
        return match[0]
    return html.escape(html.entities.html5.get(f"{name};", ""), quote=False)
