"""Daum News: a portal that shows other publishers' articles. All facts are in docs/sites/daum.md."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import partial
from urllib.parse import parse_qs, quote, urlsplit

from crawler.discover.channel import parse_channel
from crawler.discover.listing import ListMarkup, parse_listing
from crawler.discover.search import parse_search
from crawler.normalise.url import canonical_url
from crawler.sources.base import Address, Expectation, Seed, Source, Window
from crawler.sources.daum_pages import PAGES

ARTICLE_HOSTS = frozenset({"v.daum.net", "news.v.daum.net", "v.media.daum.net", "media.daum.net"})
"""Hosts with ``/v/<id>`` (1.1); the last three are old names of the first."""
OLD_HOSTS = frozenset({"media.daum.net", "m.media.daum.net"})
"""Hosts that carried the id in the query until 2017 (1.1)."""
LIST_HOSTS = frozenset({"news.daum.net", "hades-cerberus.v.daum.net", "search.daum.net"})

# 17 digits: the moment Daum received the story and three more. Ten letters and digits: a second name of
# the same article, which only its page can resolve; ten digits alone were never seen.
_ARTICLE_PATH = re.compile(r"/v/(?:([0-9]{17})|((?=[0-9]*[A-Za-z])[A-Za-z0-9]{10}))/?")
_ID = re.compile(r"[0-9]{17}")
_OLD_PARAMETERS = ("newsid", "newsId", "selectedNewsId")

SECTIONS: dict[str, str | None] = {
    "home": None,  # B 2024-11-25
    "politics": "정치",  # A 2026-07-15
    "society": "사회",  # A 2026-07-15
    "economy": "경제",  # B
    "world": "국제",  # B 2026-09, as all that follow
    "culture": "문화",
    "tech": "IT/과학",
    "life": "생활",
    "people": "사람",
    "climate": "기후/환경",
    "stock": "증권",
    "estate": "부동산",
    "coin": "가상자산",
}
"""Slug -> section. Those that 1.3 marks C (policy, industry, global ...) and the dead ones (breakingnews,
ranking, economic, foreign, digital) are left out: each would be a failed seed in every run."""

CHANNELS = {
    2: "연합뉴스",
    5: "머니투데이",
    13: "일간스포츠",
    21: "뉴시스",
    23: "YTN",
    35: "노컷뉴스",
    396: "뉴스1",
    551724: "TJB",
}
"""cpId -> publisher, those seen in real pages (1.3). 파이낸셜뉴스's was never found."""

CHANNEL_SIZE = 30
"""Items asked of a channel: what the caller of 2026-05-17 asked for."""

QUERIES = ("기자", "특파원", "연합뉴스", "뉴시스", "뉴스1", "파이낸셜뉴스")
"""What a backfill asks the search for, day by day: the words that stand in nearly every byline,
and publishers whose names open their articles. A double costs a place in a list, never an article."""

SEARCH_PAGES = 50
"""Pages followed for one query of one day (10 results each). Our choice: how deep the list goes is not
known, and it ends earlier by itself where the results do."""
LATEST_SEARCH_PAGES = 5
"""Our choice: the newest 50, about what the section pages show too."""

LISTS = ListMarkup(
    proof=frozenset({"list_newsheadline2", "box_news_block", "list_newsblock", "list_newsbasic"}),
    proof_needed=True,
    titles=("tit_txt", "tit_thumb"),
    infos=("txt_info",),
)


def address(url: str) -> Address | None:
    """The one address of a Daum article, whichever of its hosts, schemes and views is printed.

    A numeric id gives ``https://v.daum.net/v/<17 digits>``. A ten-character alias stays an address of its
    own until the page tells its id. Channels, sections, sports, entertainment, galleries and the outlinks
    of ``newslink`` are no articles.

    >>> address("http://v.media.daum.net/v/20161105090000123?f=m").url
    'https://v.daum.net/v/20161105090000123'
    >>> address("https://v.daum.net/channel/13/home") is None
    True
    """
    canonical = canonical_url(url)
    if canonical is None:
        return None
    parts = urlsplit(canonical)
    if parts.netloc in ARTICLE_HOSTS and (match := _ARTICLE_PATH.fullmatch(parts.path)):
        return Address(url=f"https://v.daum.net/v/{match[1] or match[2]}", site_id=match[1])
    if parts.netloc in OLD_HOSTS and (number := _old_id(parts.query)):
        return Address(url=f"https://v.daum.net/v/{number}", site_id=number)
    return None


def _old_id(query: str) -> str | None:
    values = parse_qs(query)
    found = (value for name in _OLD_PARAMETERS for value in values.get(name, ()))
    return next((value for value in found if _ID.fullmatch(value)), None)


def seeds(window: Window | None) -> Iterable[Seed]:
    """The newest: section pages, channels, search. A backfill: search alone, the only way into past days."""
    if window is None:
        return (*_sections(), *_channels(), _newest_search())
    return _searches(window)


def _sections() -> Iterator[Seed]:
    for slug, section in SECTIONS.items():
        url = f"https://news.daum.net/{slug}"
        parse = partial(parse_listing, address=address, markup=LISTS, seed_url=url)
        yield Seed(url=url, kind="listing", parse=parse, section=section)


def _channels() -> Iterator[Seed]:
    for cp, publisher in CHANNELS.items():
        yield Seed(
            url=f"https://hades-cerberus.v.daum.net/charon/media_home_news_all/data?cpId={cp}&size={CHANNEL_SIZE}",
            kind="channel",
            parse=partial(parse_channel, address=address, publisher=publisher),
            headers={"Referer": f"https://v.daum.net/channel/{cp}/list", "Accept": "application/json"},
        )


def _newest_search() -> Seed:
    url = f"https://search.daum.net/search?w=news&q={quote(QUERIES[0])}&sort=recency&cluster=n&p=1&DA=PGD"
    return _search(url, LATEST_SEARCH_PAGES)


def _searches(window: Window) -> Iterator[Seed]:
    for day in _days(window):
        for query in QUERIES:
            yield _search(
                f"https://search.daum.net/search?w=news&q={quote(query)}&sort=old&cluster=n&p=1&DA=PGD"
                f"&period=u&sd={day:%Y%m%d}&ed={day:%Y%m%d}",
                SEARCH_PAGES,
            )


def _search(url: str, pages: int) -> Seed:
    # No robots.txt of search.daum.net was found: silence is not taken for permission there (section 4).
    parse = partial(parse_search, address=address)
    return Seed(url=url, kind="search", parse=parse, max_pages=pages, needs_explicit_robots=True)


def _days(window: Window) -> Iterator[date]:
    """The window's days, the newest first: what is asked first is what is still there."""
    for back in range((window.until - window.since).days + 1):
        yield window.until - timedelta(days=back)


SOURCE = Source(
    name="daum",
    title="Daum 뉴스",
    homepage="https://news.daum.net/",
    hosts=ARTICLE_HOSTS | OLD_HOSTS,
    fetch_hosts=ARTICLE_HOSTS | OLD_HOSTS | LIST_HOSTS,
    address=address,
    seeds=seeds,
    pages=PAGES,
    expectation=Expectation(
        # The home page alone shows 3 carousel pages of 9 articles (1.3, seen 2024-11 and 2024-12).
        min_listed=27,
        # Our choice: one page in five may be photos, a video or a live page without text.
        min_articles_share=0.8,
        # Our choice: a redesign shows in the first run, a single odd page does not.
        max_quarantined_share=0.05,
        min_fill={
            # og:title, og:article:author, og:regDate stand in every page seen (2.1, 2.2).
            "title": 0.99,
            "publisher": 0.99,
            "published": 0.99,
            # Photo and video articles have none; 9 in 10 is our choice, a redesign leaves 0 in 10.
            "body": 0.9,
            # 294 of 306 header bylines of 2023-11-01 were not empty (2.3); less a margin of our own.
            "byline_line": 0.85,
        },
    ),
    syndicates=True,
)
