from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discover.search import parse_search
from crawler.sources.fnnews import address
from storage.records.discovery import Listing

SEEN = datetime(2026, 11, 26, 1, 0, tzinfo=UTC)
DAY = date(2025, 12, 8)
BASE = "https://www.fnnews.com/search?page=1&searchDateS=2025-12-08&searchDateE=2025-12-08&search_txt=x"


def read(body: str, base: str = BASE) -> Listing:
    return parse_search(body.encode(), base, SEEN, address=address, day=DAY)


def item(number: int, caption: str = "2025-12-08 15:01:05") -> str:
    return (
        f'<li><strong class="tit_thumb"><a href="/news/20251208150105{number:04d}">제목 {number}</a></strong>'
        f'<span class="caption">{caption}</span></li>'
    )


def page(*items: str) -> str:
    return f'<html><body><ul class="list_article">{"".join(items)}</ul></body></html>'


def test_results() -> None:
    listing = read(page(item(1), item(2), '<li><a href="https://other.example/1">밖</a></li>', item(1)))
    assert listing.recognised
    assert [found.title_hint for found in listing.discoveries] == ["제목 1", "제목 2"]
    assert listing.discoveries[0].time_hint == datetime(2025, 12, 8, 6, 1, 5, tzinfo=UTC)
    assert listing.rejected == 1
    assert listing.next_url == BASE.replace("page=1", "page=2")


@pytest.mark.parametrize("said", ["검색 결과가 없습니다.", "검색된 기사가 없습니다", "검색결과가 없습니다"])
def test_nothing_found_is_a_result(said: str) -> None:
    listing = read(f"<html><body><p>{said}</p></body></html>")
    assert (listing.recognised, listing.discoveries, listing.next_url) == (True, (), None)


def test_behind_the_last_page_the_list_is_over() -> None:
    assert read(page(), BASE.replace("page=1", "page=7")).recognised


@pytest.mark.parametrize(
    "body",
    [
        "",
        "<html><body>점검 중입니다</body></html>",
        page(),
        page('<li><a href="/login">로그인</a></li>'),
        page(item(1, "2026-11-25 09:00:00"), item(2)),
        page(item(1, "방금 전"), item(2, "")),
        '<html><body><a href="/news/202512081501050001">많이 본 기사</a></body></html>',
    ],
)
def test_an_answer_of_another_shape_is_told(body: str) -> None:
    listing = read(body)
    assert not listing.recognised
    assert listing.reason


@given(st.binary(max_size=200))
def test_any_bytes(body: bytes) -> None:
    assert not parse_search(body, BASE, SEEN, address=address, day=DAY).recognised
