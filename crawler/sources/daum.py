"""Daum News: a portal that shows other publishers' articles. All facts are in docs/sites/daum.md."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from functools import partial
from urllib.parse import parse_qs, parse_qsl, urlsplit

from crawler.discover.channel import cursor_before, instant_of, parse_channel
from crawler.discover.channels import parse_channels
from crawler.discover.listing import ListMarkup, parse_listing
from crawler.normalise.url import canonical_url, parts_of
from crawler.sources.base import CHANNEL, CHANNEL_SIZE, Address, Expectation, Seed, Source, Window
from crawler.sources.daum_newsview import DaumNewsview
from crawler.sources.daum_pages import PAGES
from storage.records.discovery import Channel
from storage.seoul import day_of, day_start

ARTICLE_HOSTS = frozenset({"v.daum.net", "news.v.daum.net", "v.media.daum.net", "media.daum.net"})
"""Hosts with ``/v/<id>`` (1.1); the last three are old names of the first."""
OLD_HOSTS = frozenset({"media.daum.net", "m.media.daum.net"})
"""Hosts that carried the id in the query until 2017 (1.1)."""
CHANNEL_HOST = "hades-cerberus.v.daum.net"
LIST_HOSTS = frozenset({"news.daum.net", CHANNEL_HOST})
"""search.daum.net is none: its robots.txt forbids everything to everybody (4)."""

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

KNOWN_CHANNELS = (
    Channel(number=2, name="연합뉴스"),
    Channel(number=5, name="머니투데이"),
    Channel(number=13, name="일간스포츠"),
    Channel(number=21, name="뉴시스"),
    Channel(number=23, name="YTN"),
    Channel(number=35, name="노컷뉴스"),
    Channel(number=396, name="뉴스1"),
    Channel(number=551724, name="TJB"),
)
"""Those seen in real pages (1.3)."""
WANTED = "파이낸셜뉴스"
"""Polled as well once ``cplist`` names its number, which was never seen."""
CHANNELS_PAGE = "https://news.daum.net/cplist"

CHANNEL_PAGES = 100
"""Pages followed of one channel for one day: 3,000 items, twice what 연합뉴스 publishes (our choice).
A list that goes on says so."""
LATEST_CHANNEL_PAGES = 5
"""Of the newest, where the answer gives a cursor: 150 items, more than come between two polls."""

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
    host, path, query = parts_of(canonical)
    if host in ARTICLE_HOSTS and (match := _ARTICLE_PATH.fullmatch(path)):
        return Address(url=f"https://v.daum.net/v/{match[1] or match[2]}", site_id=match[1])
    if host in OLD_HOSTS and (number := _old_id(query)):
        return Address(url=f"https://v.daum.net/v/{number}", site_id=number)
    return None


def _old_id(query: str) -> str | None:
    values = parse_qs(query)
    found = (value for name in _OLD_PARAMETERS for value in values.get(name, ()))
    return next((value for value in found if _ID.fullmatch(value)), None)


def seeds(window: Window | None) -> Iterable[Seed]:
    """The newest: section pages, the publishers' list, channels. A backfill: the channels, day by day."""
    if window is None:
        return (*_sections(), _publishers(), *channels(None, KNOWN_CHANNELS))
    return channels(window, KNOWN_CHANNELS)


def channels(window: Window | None, chosen: Sequence[Channel]) -> Iterable[Seed]:
    """The lists of these channels: the newest, or those of the window's days, the newest day first."""
    if window is None:
        return [_channel(one.number, one.name) for one in chosen]
    return [_channel_of_day(one.number, one.name, day) for day in window.days for one in chosen]


def seed_of(url: str) -> Seed | None:
    """The seed of a channel's list, from its address alone: its number and, in the cursor, its day."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    number, cursor = query.get("cpId", ""), query.get("searchId")
    if parts.netloc != CHANNEL_HOST or not re.fullmatch("[0-9]{1,9}", number):
        return None
    if cursor is None:
        return _channel(int(number), None)
    before = instant_of(cursor)
    return None if before is None else _channel_of_day(int(number), None, day_of(before) - timedelta(days=1))


def _sections() -> Iterator[Seed]:
    for slug, section in SECTIONS.items():
        url = f"https://news.daum.net/{slug}"
        parse = partial(parse_listing, address=address, markup=LISTS, seed_url=url)
        yield Seed(url=url, kind="listing", parse=parse, section=section)


def _publishers() -> Seed:
    way = "the publishers' list (cplist)"
    return Seed(url=CHANNELS_PAGE, kind="channels", parse=parse_channels, way=way, grade="B 2026-07-11")


def _channel(number: int, publisher: str | None) -> Seed:
    return Seed(
        url=_newest_of(number),
        kind=CHANNEL,
        parse=partial(parse_channel, address=address, publisher=publisher),
        headers=_as_a_reader(number),
        max_pages=LATEST_CHANNEL_PAGES,
        publisher=publisher,
        way="channels",
        grade="B 2026-05-17",
    )


def _channel_of_day(number: int, publisher: str | None, day: date) -> Seed:
    """The list from the end of the day on. That the GET form goes by a cursor is not proven (1.3)."""
    cursor = cursor_before(day_start(day + timedelta(days=1)))
    return Seed(
        url=f"{_newest_of(number)}&sort=createDt%3Adesc&searchId={cursor}",
        kind=CHANNEL,
        parse=partial(parse_channel, address=address, publisher=publisher, day=day),
        headers=_as_a_reader(number),
        max_pages=CHANNEL_PAGES,
        publisher=publisher,
        way="channels by cursor",
        grade="C 2025-06-15",
    )


def _newest_of(number: int) -> str:
    return f"https://{CHANNEL_HOST}/charon/media_home_news_all/data?cpId={number}&size={CHANNEL_SIZE}"


def _as_a_reader(number: int) -> dict[str, str]:
    return {"Referer": f"https://v.daum.net/channel/{number}/list", "Accept": "application/json"}


SOURCE = Source(
    name="daum",
    title="Daum 뉴스",
    homepage="https://news.daum.net/",
    hosts=ARTICLE_HOSTS | OLD_HOSTS,
    fetch_hosts=ARTICLE_HOSTS | OLD_HOSTS | LIST_HOSTS,
    address=address,
    seeds=seeds,
    channels=channels,
    default_channels=KNOWN_CHANNELS,
    default_names=(WANTED,),
    seed_of=seed_of,
    pages=(*PAGES, DaumNewsview),
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
