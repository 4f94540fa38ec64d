"""Lists: coverage, markup, addresses, relative times, search, dead lists."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from datetime import timedelta

import pytest

from tests.twin.conftest import ask
from twin import Twin
from twin.daum_lists import SECTIONS, ago
from twin.fnnews_lists import SECTION_CODES
from twin.publishers import publishers

CHANNEL = "https://hades-cerberus.v.daum.net/charon/media_home_news_all/data"
FEED = "https://www.fnnews.com/rss/r20/fn_realnews_all.xml"


def links(page: str) -> set[str]:
    return set(re.findall(r'href="([^"]+)"', page))


def test_every_article_is_listed_somewhere(twin: Twin) -> None:
    seen: set[str] = set()
    for slug in SECTIONS:
        seen |= links(ask(twin, f"https://news.daum.net/{slug}").text)
    for house in publishers():
        items = json.loads(ask(twin, f"{CHANNEL}?cpId={house.cp}&size=30").body)["items"]
        seen |= {item["pcLink"] for item in items}
    feed = ET.fromstring(ask(twin, FEED).body)
    seen |= {link.text or "" for link in feed.findall("channel/item/link")}
    for story in twin.truth():
        for page in story.appearances:
            for url in page.listed_as:
                assert url in seen, url


def test_section_pages_alone_list_every_daum_story(twin: Twin) -> None:
    seen: set[str] = set()
    for slug in SECTIONS:
        seen |= links(ask(twin, f"https://news.daum.net/{slug}").text)
    for story in twin.truth():
        daum = story.on("daum")
        assert daum is None or set(daum.listed_as) <= seen


def test_section_page_has_the_markup_of_2026(twin: Twin) -> None:
    text = ask(twin, "https://news.daum.net/society").text
    assert 'class="list_newsheadline2"' in text
    assert re.search(
        r'<a href="https://v\.daum\.net/v/\w+" class="item_newsheadline2"[^>]*data-tiara-ordnum="1"', text
    )
    assert re.search(r'<span class="txt_info">\d+(?:분|시간) 전</span>', text)
    assert "https://v.daum.net/channel/2/home" in text
    assert "https://sports.daum.net/" in text
    assert "https://gallery.v.daum.net/" in text


def test_lists_point_by_odd_addresses_too(twin: Twin) -> None:
    seen = [url for story in twin.truth() for page in story.appearances for url in page.listed_as]
    for shape in (
        r"https://v\.daum\.net/v/[A-Za-z]\w{9}",
        r"http://v\.daum\.net/v/\d{17}",
        r"https://news\.v\.daum\.net/v/\d{17}",
        r"https://news\.v\.daum\.net/v/[A-Za-z]\w{9}",
        r"http://v\.media\.daum\.net/v/\d{17}\?f=m",
        r"https://media\.daum\.net/v/\d{17}",
    ):
        assert any(re.fullmatch(shape, url) for url in seen), shape
    assert any(len(page.listed_as) == 2 for story in twin.truth() for page in story.appearances)


def test_every_alias_gives_the_same_page(twin: Twin) -> None:
    for story in twin.truth()[:60]:
        daum = story.on("daum")
        if daum is None or story.faults or story.kind == "gone":
            continue
        canonical = ask(twin, daum.url)
        for alias in daum.aliases:
            answer = ask(twin, alias)
            if answer.status == 301:
                answer = ask(twin, answer.headers["location"])
            assert answer.body == canonical.body, alias


def test_dead_lists(twin: Twin) -> None:
    moved = ask(twin, "https://news.daum.net/breakingnews/society?page=1&regDate=20261119")
    assert (moved.status, moved.headers["location"]) == (302, "https://news.daum.net/")
    home = ask(twin, moved.headers["location"])
    assert home.status == 200
    assert home.body == ask(twin, "https://news.daum.net/home").body
    assert ask(twin, "https://news.daum.net/ranking/popular").status == 404
    assert ask(twin, "https://media.daum.net/rss/today/primary/all/rss2.xml").status == 404


def test_channel_json(twin: Twin) -> None:
    items = json.loads(ask(twin, f"{CHANNEL}?cpId=340&size=30").body)["items"]
    assert len(items) == 30
    assert [item["createDt"] for item in items] == sorted((item["createDt"] for item in items), reverse=True)
    story = next(story for story in twin.truth() if story.on("daum") and story.publisher == "파이낸셜뉴스")
    daum = story.on("daum")
    assert daum is not None
    assert items[0]["createDt"] == int(daum.published.timestamp() * 1000)
    assert json.loads(ask(twin, f"{CHANNEL}?cpId=999999").body) == {"items": []}


def test_feed_is_xml_with_cdata(twin: Twin) -> None:
    answer = ask(twin, FEED)
    assert b"<link><![CDATA[https://www.fnnews.com/news/" in answer.body
    assert len(ET.fromstring(answer.body).findall("channel/item")) >= 100
    stock = ET.fromstring(ask(twin, "https://www.fnnews.com/rss/r20/fn_realnews_stock.xml").body)
    assert len(stock.findall("channel/item")) >= 3
    assert ask(twin, "https://www.fnnews.com/rss/r20/fn_realtime_all.xml").status == 404


def test_newsflash_has_both_markups_and_relative_links(twin: Twin) -> None:
    text = ask(twin, "https://www.fnnews.com/newsflash").text
    assert re.search(r'<strong class="tit_thumb"><a href="/news/\d{18}"', text)
    assert re.search(r'<div class="art_flash_wrap"><ul><li><strong><a href="/news/\d{18}"', text)
    section = ask(twin, "https://www.fnnews.com/section/002003000").text
    assert re.search(r'<ul id="secNo1"[^>]*><li>', section)


def test_no_fnnews_list_is_empty(twin: Twin) -> None:
    for code in SECTION_CODES:
        assert 'href="/news/' in ask(twin, f"https://www.fnnews.com/section/{code}").text, code
    for slug in (
        "economy",
        "stock",
        "realestate",
        "finance",
        "industry",
        "it",
        "international",
        "politics",
        "society",
    ):
        assert b"<item>" in ask(twin, f"https://www.fnnews.com/rss/r20/fn_realnews_{slug}.xml").body, slug


def test_search_honours_days_and_pages(twin: Twin) -> None:
    base = "https://search.daum.net/search?w=news&q=&period=u"
    first = ask(twin, f"{base}&sd=20261119&ed=20261119&p=1").text
    second = ask(twin, f"{base}&sd=20261119&ed=20261119&p=2").text
    ids = re.findall(r'<strong class="tit-g clamp-g"><a href="http://v\.daum\.net/v/(\d{17})"', first)
    assert len(ids) == 10
    assert all(site_id.startswith("20261119") for site_id in ids)
    assert not set(ids) & set(re.findall(r"/v/(\d{17})", second))
    none = ask(twin, f"{base}&sd=19990101&ed=19990102").text
    assert "검색 결과가 없습니다" in none
    assert ask(twin, f"{base}&sd=20261399&ed=x&p=-1").status == 200


def test_lists_forget_what_is_older_than_their_memory() -> None:
    with Twin(articles=40, memory=timedelta(hours=12)) as forgetful:
        story = forgetful.publish()[0]
        page = story.on("fnnews")
        assert page is not None
        assert page.url in ask(forgetful, FEED).text
        forgetful.advance(timedelta(hours=13))
        fresh = forgetful.publish()[0].on("fnnews")
        assert fresh is not None
        listed = re.findall(r"https://www\.fnnews\.com/news/\d+", ask(forgetful, FEED).text)
        assert listed == [fresh.url]
        assert ask(forgetful, page.url).status == 200


@pytest.mark.parametrize(
    ("back", "expected"),
    [
        (timedelta(seconds=20), "방금 전"),
        (timedelta(minutes=22), "22분 전"),
        (timedelta(hours=5), "5시간 전"),
        (timedelta(hours=20), "어제"),
        (timedelta(days=10), "2026.11.10"),
    ],
)
def test_relative_times(twin: Twin, back: timedelta, expected: str) -> None:
    assert ago(twin.now - back, twin.now) == expected
