from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discover.search import parse_search
from storage.records import Listing
from tests.places import SHARED

SEEN = datetime(2026, 9, 27, 1, 0, tzinfo=UTC)
BASE = "https://search.daum.net/search?w=news&q=%EA%B8%88%EB%A6%AC&sd=20260901&ed=20260901&period=u&p=1"
PAGE = SHARED / "daum_fragments" / "search_list_20260903_item1.html"


@dataclass(frozen=True)
class Found:
    url: str


def address(url: str) -> Found | None:
    match = re.fullmatch(r"https?://v\.daum\.net/v/(\d{17})", url)
    return Found(f"https://v.daum.net/v/{match[1]}") if match else None


def read(page: str | bytes, base: str = BASE) -> Listing:
    return parse_search(page if isinstance(page, bytes) else page.encode(), base, SEEN, address=address)


def item(number: int, link: str = "http://v.daum.net/v/{}") -> str:
    href = link.format(20260901000000000 + number)
    return (
        f'<li data-docid="d{number}"><div class="c-tit-doc"><a href="https://v.daum.net/channel/13/home">'
        f'<span class="txt_info">가짜일보</span></a></div><a href="{href}"><img alt=""></a>'
        f'<div class="item-title"><a href="{href}"><b>금리</b> 소식 {number}</a></div><p class="conts-desc">'
        f'<a href="{href}">요약</a></p><span class="gem-subinfo"><span class="txt_info">2026.09.01</span>'
        f'<span class="txt_info">7</span></span></li>'
    )


def page(count: int) -> str:
    return f'<ul class="c-list-basic">{"".join(map(item, range(count)))}</ul>'


def test_results() -> None:
    listing = read(page(3))
    assert listing.recognised
    assert listing.rejected == 0
    assert listing.next_url is None
    first = listing.discoveries[0]
    assert first.url == "https://v.daum.net/v/20260901000000000"
    assert first.title_hint == "금리 소식 0"
    assert (first.publisher_hint, first.time_raw, first.time_hint) == ("가짜일보", "2026.09.01", None)
    assert [found.position for found in listing.discoveries] == [1, 2, 3]


def test_results_that_lead_elsewhere_are_counted() -> None:
    listing = read(f'<ul class="c-list-basic">{item(1, "https://sports.daum.net/{}")}{item(2)}</ul>')
    assert (len(listing.discoveries), listing.rejected) == (1, 1)


def test_a_full_page_has_a_next_one() -> None:
    second = read(page(10)).next_url
    assert second == BASE.replace("&p=1", "&p=2")
    assert read(page(10), second).next_url == BASE.replace("&p=1", "&p=3")
    assert read(page(10), BASE.replace("&p=1", "")).next_url == BASE.replace("&p=1", "&p=2")


@pytest.mark.parametrize(
    "base", ["https://search.daum.net/", BASE.replace("p=1", "p=x"), BASE.replace("p=1", "p=²")]
)
def test_no_next_page_without_a_search(base: str) -> None:
    assert read(page(10), base).next_url is None


def test_nothing_found_is_a_result() -> None:
    listing = read("<p>‘없는말’에 대한 검색결과가 없습니다.</p>")
    assert (listing.recognised, listing.discoveries) == (True, ())


@pytest.mark.parametrize(
    "body", ["", "<html><body>홈</body></html>", "<ul class='other'><li data-docid='1'></ul>"]
)
def test_another_page_is_told(body: str) -> None:
    listing = read(body)
    assert (listing.recognised, listing.discoveries) == (False, ())


@given(st.binary(max_size=200))
def test_any_bytes(body: bytes) -> None:
    assert read(body).discoveries == ()


def test_the_first_item_of_a_real_list() -> None:
    if not PAGE.exists():
        pytest.skip("the shared pages are not here")
    listing = read(PAGE.read_bytes())
    (found,) = listing.discoveries
    assert found.url == "https://v.daum.net/v/20260903000149928"
    assert (found.publisher_hint, found.time_raw) == ("일간스포츠", "23분 전")
    assert found.title_hint is not None
    assert found.title_hint.startswith("손흥민 떠나")
