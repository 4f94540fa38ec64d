from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discover.channel import instant_of
from crawler.sources import all_sources, source_of
from crawler.sources.base import Window, lists
from crawler.sources.daum import KNOWN_CHANNELS, SOURCE, address, seed_of
from storage.records.discovery import Channel
from storage.seoul import day_of
from tests.places import SHARED

SEEN = datetime(2026, 9, 27, tzinfo=UTC)
PAGES = SHARED
CANONICAL = "https://v.daum.net/v/20260927095437316"


@pytest.mark.parametrize(
    "printed",
    [
        CANONICAL,
        "http://v.daum.net/v/20260927095437316",
        "https://V.DAUM.NET:443/v/20260927095437316/",
        "https://v.daum.net/v/20260927095437316?f=o#reply",
        "https://news.v.daum.net/v/20260927095437316",
        "http://v.media.daum.net/v/20260927095437316?f=m",
        "https://media.daum.net/v/20260927095437316",
        "https://news.v.daum.net/v/20260927095437316?s=print_news",
        "http://media.daum.net/society/others/newsview?newsid=20260927095437316",
        "http://media.daum.net/society/others/newsview?x=1&newsid=20260927095437316&t=2",
        "http://m.media.daum.net/m/media/issue/12?selectedNewsId=20260927095437316",
    ],
)
def test_every_form_of_one_article(printed: str) -> None:
    found = address(printed)
    assert found is not None
    assert (found.url, found.site_id) == (CANONICAL, "20260927095437316")


@pytest.mark.parametrize("alias", ["jvTmrluST6", "oU43f89lSh", "0123456x89", "abcdefghij"])
@pytest.mark.parametrize("host", ["https://v.daum.net", "http://news.v.daum.net"])
def test_an_alias_keeps_its_letters_and_has_no_id(alias: str, host: str) -> None:
    found = address(f"{host}/v/{alias}")
    assert found is not None
    assert (found.url, found.site_id) == (f"https://v.daum.net/v/{alias}", None)


@pytest.mark.parametrize(
    "printed",
    [
        "",
        "https://v.daum.net/",
        "https://v.daum.net/channel/13/home",
        "https://v.daum.net/channel/551724/list",
        "https://v.daum.net/channel/396/contents",
        "https://v.daum.net/v/2026092709543731",
        "https://v.daum.net/v/202609270954373160",
        "https://v.daum.net/v/0123456789",
        "https://v.daum.net/v/jvTmrluST",
        "https://v.daum.net/v/20260927095437316/comments",
        "https://v.daum.net/x?newsid=20260927095437316",
        "https://media.daum.net/newsview?newsid=411218175",
        "https://news.daum.net/society",
        "https://news.daum.net/breakingnews/society?regDate=20240101",
        "https://sports.daum.net/v/20260927095437316",
        "https://entertain.daum.net/v/20260927095437316",
        "https://v.auto.daum.net/v/20260927095437316",
        "https://gallery.v.daum.net/p/viewer/12345",
        "https://issue.daum.net/focus/241203",
        "https://newslink.media.daum.net/v/411218175",
        "https://newslink.media.daum.net/v/20260927095437316",
        "https://v.daum.net.evil.example/v/20260927095437316",
        "https://v.daum.net:8443/v/20260927095437316",
        "https://v.daum.net@evil.example/v/20260927095437316",
        "http://127.0.0.1/v/20260927095437316",
        "ftp://v.daum.net/v/20260927095437316",
        "javascript:location='https://v.daum.net/v/20260927095437316'",
        "https://www.fnnews.com/news/202610090610286257",
    ],
)
def test_what_is_no_article(printed: str) -> None:
    assert address(printed) is None


@given(st.text() | st.builds("https://v.daum.net/v/{}".format, st.text()))
def test_the_canonical_form_is_its_own(printed: str) -> None:
    found = address(printed)
    assert found is None or address(found.url) == found


def test_the_source_is_found_by_its_file_and_by_its_addresses() -> None:
    assert all_sources()["daum"] is SOURCE
    assert source_of("http://v.media.daum.net/v/20161105090000123?f=m") is SOURCE
    assert source_of("https://news.daum.net/society") is None


def test_no_seed_leaves_the_declared_hosts() -> None:
    window = Window(since=date(2026, 9, 1), until=date(2026, 9, 2))
    seeds = [*SOURCE.seeds(None), *SOURCE.seeds(window)]
    assert {urlsplit(seed.url).netloc for seed in seeds} <= SOURCE.fetch_hosts
    assert {urlsplit(seed.url).scheme for seed in seeds} == {"https"}
    assert len({seed.url for seed in seeds}) == len(seeds)


def test_the_newest() -> None:
    seeds = list(SOURCE.seeds(None))
    kinds = [seed.kind for seed in seeds]
    assert (kinds.count("listing"), kinds.count("channel"), kinds.count("channels")) == (13, 8, 1)
    channel = next(seed for seed in seeds if seed.kind == "channel" and "cpId=396&" in seed.url)
    assert channel.headers == {
        "Referer": "https://v.daum.net/channel/396/list",
        "Accept": "application/json",
    }
    assert "search.daum.net" not in SOURCE.fetch_hosts  # its robots.txt forbids everything to everybody


def test_a_backfill_asks_each_channel_for_every_day_the_newest_first() -> None:
    since, until = date(2026, 2, 27), date(2026, 3, 2)
    window = Window(since=since, until=until)
    asked = []
    for seed in SOURCE.seeds(window):
        query = parse_qs(urlsplit(seed.url).query)
        before = instant_of(query["searchId"][0])
        assert before is not None
        assert seed.max_pages > 1
        assert (seed.grade or "").startswith("C")
        asked.append((day_of(before) - timedelta(days=1), int(query["cpId"][0])))
        again = seed_of(seed.url)
        assert again is not None
        assert (again.url, again.kind) == (seed.url, "channel")
        assert again.parse.keywords["day"] == asked[-1][0]  # type: ignore[attr-defined]
    days = [until - timedelta(days=n) for n in range(4)]
    assert asked == [(day, channel.number) for day in days for channel in KNOWN_CHANNELS]


def test_the_chosen_channels_take_the_place_of_the_known_ones() -> None:
    two = [Channel(number=7, name="가일보"), Channel(number=8, name="나일보")]
    window = Window(since=date(2026, 2, 27), until=date(2026, 3, 2))
    assert len(lists(SOURCE, window, two)) == 2 * 4
    newest = lists(SOURCE, None, two)
    assert [seed.publisher for seed in newest if seed.kind == "channel"] == ["가일보", "나일보"]
    assert len(newest) == 13 + 1 + 2


def test_each_seed_reads_its_own_kind_of_list() -> None:
    link = "http://v.daum.net/v/20260927095437316"
    bodies = {
        "listing": f'<ul class="list_newsheadline2"><li><a href="{link}">x</a></li></ul>',
        "channel": json.dumps({"items": [{"pcLink": link}]}),
    }
    for seed in SOURCE.seeds(None):
        if seed.kind == "channels":
            continue
        listing = seed.parse(bodies[seed.kind].encode(), seed.url, SEEN)
        assert listing.recognised, seed.url
        assert [found.url for found in listing.discoveries] == [CANONICAL]
        home = seed.parse(b"<html><body><a href='/'>home</a></body></html>", "https://news.daum.net/", SEEN)
        assert not home.recognised
        assert home.reason


def test_a_dead_section_that_lands_on_the_home_page() -> None:
    society = next(seed for seed in SOURCE.seeds(None) if seed.url.endswith("/society"))
    body = f'<ul class="list_newsheadline2"><li><a href="{CANONICAL}">x</a></li></ul>'.encode()
    assert not society.parse(body, "https://news.daum.net/home", SEEN).recognised


@pytest.mark.parametrize("name", ["20180516162315753", "20200522093902880"])
def test_related_headlines_of_a_real_page_are_addresses_of_the_source_or_nothing(name: str) -> None:
    path = PAGES / "daum_raw" / f"{name}.html"
    if not path.exists():
        pytest.skip("the shared pages are not here")
    home = next(iter(SOURCE.seeds(None)))
    listing = home.parse(path.read_bytes(), home.url, SEEN)
    assert not listing.recognised
    assert listing.rejected > 0
    assert all(address(found.url) is not None for found in listing.discoveries)
