"""Which list stands at which address, and what it lists."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from twin import daum_lists, fnnews_lists
from twin.daum_lists import Item
from twin.model import KST, Appearance, Story
from twin.publishers import FINANCIAL_NEWS, publisher, publishers
from twin.reply import Reply, conditional, html_reply, redirect, text_reply
from twin.rough import HOSTILE_FN_LINKS, HOSTILE_LINKS, RoughPages
from twin.saved import SavedPage

HOME_ITEMS = 60
FEED = re.compile(r"/rss/(?:r20/|new/)?fn_(?:realnews|manyview)_(\w+)\.xml")
NEIGHBOUR_LINKS = (
    "https://v.daum.net/channel/2/home",
    "https://v.daum.net/channel/340/home",
    "https://sports.daum.net/news/20261120",
    "https://gallery.v.daum.net/p/viewer/5120/LdmRfQ8h2A",
    "https://issue.daum.net/focus/241203",
    "https://news.daum.net/photo",
)
PARENT = {"stock": "economy", "estate": "economy", "coin": "economy"}


@dataclass(frozen=True, slots=True)
class Listings:
    """All lists at one moment."""

    stories: Sequence[Story]
    saved: Sequence[SavedPage]
    now: datetime
    scenario: str
    rough: RoughPages

    def answer(
        self, host: str, path: str, query: Mapping[str, str], headers: Mapping[str, str]
    ) -> Reply | None:
        """The list at that address, None when there is none."""
        if host == "news.daum.net":
            return self._daum_section(path, headers)
        if host == "hades-cerberus.v.daum.net" and path == "/charon/media_home_news_all/data":
            return self._channel(query)
        if host == "search.daum.net" and path == "/search":
            return self._search(query)
        if host.endswith("fnnews.com"):
            return self._fnnews(path, query, headers)
        return None

    def _daum_section(self, path: str, headers: Mapping[str, str]) -> Reply | None:
        """Section pages; the dead breakingnews lists land on the home page without a word."""
        slug = path.strip("/") or "home"
        if slug == "cplist":
            named = [(house.cp, house.name) for house in publishers()]
            return html_reply(daum_lists.publishers_page(named))
        if slug.split("/")[0] == "breakingnews":
            return redirect("https://news.daum.net/", 302)
        if slug not in daum_lists.SECTIONS:
            return None
        items = self._daum_items(slug)
        page = html_reply(daum_lists.section_page(slug, items, self.now, NEIGHBOUR_LINKS))
        return conditional(page, headers, None) if slug == "home" else page

    def _daum_items(self, slug: str) -> list[Item]:
        """What a section shows: home the newest of all, economy its sub-sections too."""
        items = [
            item
            for item in self._items("daum")
            if slug == "home" or slug in {item.section, PARENT.get(item.section)}
        ]
        if slug != "home":
            return items
        first = [page.item(self.now) for page in self.saved if page.site == "daum"]
        return [*first, *self._rough("daum", HOSTILE_LINKS), *items[:HOME_ITEMS]]

    def _rough(self, site: str, links: Sequence[str]) -> list[Item]:
        """Lines that only the scenarios rough (pages and links) and hostile (links) show."""
        if self.scenario not in {"rough", "hostile"}:
            return []
        pages = self.rough.addresses(site) if self.scenario == "rough" else []
        return [_bare(url, self.now) for url in (*pages, *links)]

    def _channel(self, query: Mapping[str, str]) -> Reply:
        cp, size = query.get("cpId", ""), query.get("size", "10")
        if not cp.isdecimal() or not size.isdecimal() or int(cp) not in {house.cp for house in publishers()}:
            return text_reply('{"items":[]}', kind="application/json; charset=utf-8")
        items = [item for item in self._items("daum") if item.cp == int(cp)]
        number, kind = min(100, int(size)), "application/json; charset=utf-8"
        before = _cursor(query.get("searchId", ""))
        if before is None or self.scenario == "ways_closed":  # the newest, whatever was asked
            return text_reply(daum_lists.channel_json(items, number), kind=kind)
        older = sorted((one for one in items if one.when < before), key=lambda one: one.when, reverse=True)
        page = daum_lists.channel_page(older, number, graphql=int(cp) % 2 == 0)
        return text_reply(page, kind=kind)

    def _search(self, query: Mapping[str, str]) -> Reply:
        """Search by word and days (``period=u`` with ``sd`` and ``ed``), newest first."""
        wanted = query.get("q", "")
        items = [item for item in self._items("daum", once=True) if _matches(item, wanted)]
        if query.get("period") == "u":
            since, until = _day(query.get("sd")), _day(query.get("ed"))
            items = [item for item in items if _within(item.when, since, until)]
        return html_reply(daum_lists.search_page(wanted, items, _page(query.get("p")), self.now))

    def _fnnews(self, path: str, query: Mapping[str, str], headers: Mapping[str, str]) -> Reply | None:
        if feed := FEED.fullmatch(path):
            return self._feed(feed.group(1), headers)
        if path.rstrip("/") == "/search":
            return self._fn_search(query)
        items = self._fn_items(None)
        if path.rstrip("/") == "/newsflash":
            return conditional(html_reply(fnnews_lists.newsflash(items)), headers, None)
        code = path.removeprefix("/section/").rstrip("/")
        if path.startswith("/section/") and code in fnnews_lists.SECTION_CODES:
            name = fnnews_lists.SECTION_CODES[code]
            return html_reply(fnnews_lists.section_page(name or "전체", self._fn_items(name)))
        return None

    def _fn_search(self, query: Mapping[str, str]) -> Reply:
        """By days, ten to a page; in the scenario ``ways_closed`` the days are not looked at."""
        since, until = _iso_day(query.get("searchDateS")), _iso_day(query.get("searchDateE"))
        items = [item for item in self._items("fnnews", once=True) if item.url.startswith(_FN)]
        if self.scenario != "ways_closed":
            items = [item for item in items if _within(item.when, since, until)]
        return html_reply(fnnews_lists.search_page(items, _page(query.get("page"))))

    def _feed(self, slug: str, headers: Mapping[str, str]) -> Reply | None:
        if slug not in fnnews_lists.FEEDS:
            return None
        items = self._fn_items(fnnews_lists.FEEDS[slug])
        feed = text_reply(fnnews_lists.rss(slug, items, self.now), kind="application/rss+xml; charset=utf-8")
        return conditional(feed, headers, items[0].when if items else None)

    def _fn_items(self, section: str | None) -> list[Item]:
        items = [item for item in self._items("fnnews") if section is None or item.section == section]
        if section is not None:
            return items
        first = [page.item(self.now) for page in self.saved if page.site == "fnnews"]
        return [*first, *self._rough("fnnews", HOSTILE_FN_LINKS), *items]

    def _items(self, site: str, *, once: bool = False) -> Iterable[Item]:
        for story in self.stories:
            page = story.on(site)
            if page is None or page.published > self.now:
                continue
            urls = (page.url,) if once else page.listed_as
            for url in urls:
                yield item_of(page, url)


def item_of(page: Appearance, url: str) -> Item:
    """The list's line for a page."""
    house = publisher(page.publisher)
    return Item(
        url=url,
        title=page.title,
        publisher=page.publisher,
        cp=house.cp,
        snippet=" ".join(page.paragraphs)[:110] + "...",
        when=page.published,
        image=page.pictures[0].url if page.pictures else None,
        doc_id=page.doc_id or page.site_id,
        section=page.section,
        author=page.byline_line,
    )


def _bare(url: str, now: datetime) -> Item:
    return Item(
        url=url,
        title="목록에만 있는 제목",
        publisher=FINANCIAL_NEWS,
        cp=publisher(FINANCIAL_NEWS).cp,
        snippet="목록에만 있는 설명",
        when=now - timedelta(minutes=2),
        image=None,
        doc_id=url[-10:],
    )


_FN = "https://www.fnnews.com/"


def _page(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and int(text) > 0 else 1


def _iso_day(text: str | None) -> datetime | None:
    return _day((text or "").replace("-", ""))


def _cursor(text: str) -> datetime | None:
    """The instant of a channel's cursor, None for none."""
    try:
        number = bytes.fromhex(text).decode().partition(daum_lists.MARK)[0]
        return datetime.fromtimestamp(int(number) / 1000, KST)
    except (ValueError, OverflowError):
        return None


def _matches(item: Item, wanted: str) -> bool:
    return all(
        word in item.title or word in item.snippet or word == item.publisher for word in wanted.split()
    )


def _day(text: str | None) -> datetime | None:
    """The day of ``20261120`` (search also writes 20261120000000), None when there is none."""
    if text is None or not re.match(r"\d{8}", text):
        return None
    try:
        return datetime.strptime(text[:8], "%Y%m%d").replace(tzinfo=KST)
    except ValueError:  # 20261399: the real search ignores it, too
        return None


def _within(when: datetime, since: datetime | None, until: datetime | None) -> bool:
    return (since is None or when >= since) and (until is None or when < until + timedelta(days=1))
