"""Daum's news search list, the only way into past days (docs/sites/daum.md 1.3; markup seen 2026-09-03)."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from lxml.html import HtmlElement

from crawler.discover.links import AddressOf, Hints, Links, unrecognised
from crawler.discover.listing import first_of_class, is_time
from crawler.discover.markup import clean, html_tree
from storage.records import Listing

RESULTS_PER_PAGE = 10
"""Seen 2026-09-03. A page with fewer is the last one."""

_LIST = "c-list-basic"
# The wording of an empty result. Not seen in a stored page: general knowledge of the portal.
_NOTHING_FOUND = ("검색결과가 없", "검색 결과가 없")


def parse_search(body: bytes, base_url: str, seen_at: datetime, *, address: AddressOf) -> Listing:
    """The results of ``ul.c-list-basic > li[data-docid]`` that are articles of the source, doubles out.

    ``next_url`` is this address with ``p`` one higher, while the page is full. Results that lead
    elsewhere (sports, other sites) are counted as rejected.
    """
    tree = html_tree(body)
    if tree is None:
        return unrecognised("The page is empty or holds no HTML at all.")
    items = _items(tree)
    links = Links(address, base_url)
    for item in items:
        url = _article(item, links)
        if url is None:
            links.reject()
        else:
            links.add(url, _hints(item))
    next_url = _next_page(base_url) if len(items) >= RESULTS_PER_PAGE else None
    return links.listing(problem=_problem(tree), next_url=next_url)


def _problem(tree: HtmlElement) -> str | None:
    if tree.find_class(_LIST) or any(words in tree.text_content() for words in _NOTHING_FOUND):
        return None
    return "The page has no list of results and does not say that nothing was found."


def _items(tree: HtmlElement) -> list[HtmlElement]:
    return [
        item
        for found in tree.find_class(_LIST)
        for item in found.iterchildren("li")
        if item.get("data-docid") is not None
    ]


def _article(item: HtmlElement, links: Links) -> str | None:
    titles = [anchor for title in item.find_class("item-title") for anchor in title.iter("a")]
    hrefs = (anchor.get("href") for anchor in [*titles, *item.iter("a")])
    return next(filter(None, map(links.canonical, hrefs)), None)


def _hints(item: HtmlElement) -> Hints:
    # The second .txt_info of .gem-subinfo is a count of comments.
    times = [
        text
        for subinfo in item.find_class("gem-subinfo")
        for info in subinfo.find_class("txt_info")
        if (text := clean(info.text_content())) is not None and is_time(text)
    ]
    heads = item.find_class("c-tit-doc")
    return Hints(
        title=first_of_class(item, ("item-title",)),
        time_raw=times[0] if times else None,
        publisher=first_of_class(heads[0], ("txt_info",)) if heads else None,
    )


def _next_page(url: str) -> str | None:
    """The same search one page on; None for an address that is no search."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    page = query.get("p", "1")
    if "q" not in query or not page.isascii() or not page.isdigit():
        return None
    query["p"] = str(int(page) + 1)
    return urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode(query), ""))
