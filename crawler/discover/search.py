"""The search of fnnews.com by days (docs/sites/fnnews.md 2; a crawler of 2025-12-08 relied on it)."""

from __future__ import annotations

from datetime import UTC, date, datetime

from lxml.html import HtmlElement

from crawler.discover.links import AddressOf, Hints, Links, query_of, unrecognised, with_query
from crawler.discover.listing import first_of_class, is_time
from crawler.discover.markup import clean, html_tree
from storage.records.discovery import Listing
from storage.seoul import SEOUL, day_of

_LIST = "list_article"
# The wording of an empty result. Not seen in a stored page: general knowledge of Korean sites (C).
_NOTHING_FOUND = (
    "검색결과가 없",
    "검색 결과가 없",
    "검색된 결과가 없",
    "검색된 기사가 없",
    "결과가 존재하지 않",
)


def parse_search(
    body: bytes, base_url: str, seen_at: datetime, *, address: AddressOf, day: date | None = None
) -> Listing:
    """The results of ``ul.list_article > li`` that are articles of the source, doubles out.

    ``next_url`` is this address with ``page`` one higher while the page lists something. A list that is empty
    is one only where the page says that nothing was found, or, behind a first page, that the list is over.

    Args:
        day: the search was bounded to this day (Asia/Seoul); results of other days show that it is not.
    """
    tree = html_tree(body)
    if tree is None:
        return unrecognised("The page is empty or holds no HTML at all.")
    lists = [found for found in tree.find_class(_LIST) if found.tag in ("ul", "ol")]
    links = Links(address, base_url)
    items = [item for found in lists for item in found.iterchildren("li")]
    for item in items:
        url = _article(item, links)
        if url is None:
            links.reject()
        else:
            links.add(url, _hints(item))
    page = _page(base_url)
    over = not items and (_says_nothing(tree) or bool(lists and page > 1))
    problem = _problem(lists, links, over=over)
    if problem is None and day is not None and len(links):
        problem = _of_other_days(links, day)
    return links.listing(problem=problem, next_url=_page_url(base_url, page + 1) if len(links) else None)


def _problem(lists: list[HtmlElement], links: Links, *, over: bool) -> str | None:
    if over or len(links):
        return None
    if not lists:
        return "The page has no list of results and does not say that nothing was found."
    return "The list of results names no article and does not say that nothing was found."


def _of_other_days(links: Links, day: date) -> str | None:
    found = links.listing().discoveries
    days = {day_of(one.time_hint) for one in found if one.time_hint is not None}
    if not days:
        return f"The search of {day} says of none of its results when it was published."
    if other := days - {day}:
        return f"The search was asked for {day}, and lists {min(other)}: it does not go by the days."
    return None


def _says_nothing(tree: HtmlElement) -> bool:
    text = tree.text_content()
    return any(words in text for words in _NOTHING_FOUND)


def _article(item: HtmlElement, links: Links) -> str | None:
    titles = [anchor for title in item.find_class("tit_thumb") for anchor in title.iter("a")]
    hrefs = (anchor.get("href") for anchor in [*titles, *item.iter("a")])
    return next(filter(None, map(links.canonical, hrefs)), None)


def _hints(item: HtmlElement) -> Hints:
    captions = (clean(one.text_content()) for name in ("caption", "date") for one in item.find_class(name))
    raw = next((text for text in captions if text and is_time(text)), None)
    return Hints(title=first_of_class(item, ("tit_thumb",)), time=_korean(raw), time_raw=raw)


def _korean(raw: str | None) -> datetime | None:
    """The site's own clock: ``2025-12-08 15:01:05`` (B 2025-12-08), with or without its seconds."""
    for form in ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y.%m.%d %H:%M:%S", "%Y.%m.%d %H:%M"):
        try:
            return datetime.strptime(raw or "", form).replace(tzinfo=SEOUL).astimezone(UTC)
        except ValueError:
            continue
    return None


def _page(url: str) -> int:
    page = query_of(url).get("page", "1")
    return int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 1


def _page_url(url: str, page: int) -> str:
    return with_query(url, query_of(url) | {"page": str(page)})
