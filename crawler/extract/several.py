"""An article on several pages: whether another page of it goes on where this one ends."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

from crawler.extract.document import Document

GOES_ON = ", more of its pages follow"
"""What the body's rule says then: the text is that of this page alone."""
PAGING = frozenset({"page", "pg", "pageno", "page_no", "pagenum", "paged", "curpage"})
"""Names in a query that count pages."""
_NAMES = PAGING | {"p"}
_NUMBER = re.compile(r"[0-9]{1,3}")
_BEHIND = re.compile(r"/(?:(?:page|p)[/_-]?)?([2-9]|[1-9]\d)/?", re.IGNORECASE)
"""``/2/`` or ``/page/2`` behind the article's own path."""
_OTHERS = frozenset({"nav", "footer", "aside"})
_READERS = re.compile(r"comment|reply|cmt|board|list", re.IGNORECASE)
"""What has pages of its own under an article: readers' words, the list of a board."""

Place = tuple[str, str, tuple[tuple[str, str], ...]]
"""Host, path and query of an address, without the number of its page."""


def goes_on(document: Document) -> bool:
    """True where the page leads to a later page of its own address (``?page=2``, ``/2``).

    Another article's ``rel=next`` has another address, and so have the pages of a list.
    """
    own, shown = _place(document.url)
    return any(_follows(own, shown, url) for url in _linked(document))


def _linked(document: Document) -> Iterator[str]:
    last = urlsplit(document.url).path.rstrip("/").rpartition("/")[2]
    for element in document.all("link[rel=next], a[href]"):
        href = (element.get("href") or "").strip()
        if not (href.startswith("?") or (last and last in href)):
            continue  # most links: not taken apart
        around = [element, *element.iterancestors()]
        if any(e.tag in _OTHERS or _READERS.search(e.get("class") or e.get("id") or "") for e in around):
            continue
        if (url := document.absolute(href)) is not None:
            yield url


def _follows(own: Place, shown: int, url: str) -> bool:
    other, number = _place(url)
    if other == own:
        return number > shown
    if shown > 1 or number > 1 or (other[0], other[2]) != (own[0], own[2]) or not own[1]:
        return False
    return other[1].startswith(own[1]) and _BEHIND.fullmatch(other[1][len(own[1]) :]) is not None


def _place(url: str) -> tuple[Place, int]:
    """An address, and the number of its page; 1 where it says none."""
    try:
        parts = urlsplit(url)
        pairs = parse_qsl(parts.query, keep_blank_values=True)
    except ValueError:
        return ("", url, ()), 1
    numbers = [int(value) for name, value in pairs if name.lower() in _NAMES and _NUMBER.fullmatch(value)]
    rest = sorted((name, value) for name, value in pairs if name.lower() not in _NAMES)
    return (parts.netloc.lower(), parts.path.rstrip("/"), tuple(rest)), max(numbers, default=1)
