from __future__ import annotations

import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from time import process_time
from urllib.parse import urljoin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discover.listing import ListMarkup, is_time, parse_listing
from storage.records.discovery import Listing

SEEN = datetime(2026, 9, 27, 1, 0, tzinfo=UTC)
BASE = "https://news.a.kr/society"
MARKUP = ListMarkup(
    proof=frozenset({"list_new"}), proof_needed=True, titles=("tit_txt",), infos=("txt_info", "date")
)


@dataclass(frozen=True)
class Found:
    url: str


def address(url: str) -> Found | None:
    match = re.fullmatch(r"https?://(?:v|news)\.a\.kr/v/(\d+)", url)
    return Found(f"https://v.a.kr/v/{match[1]}") if match else None


def read(page: str | bytes, *, base: str = BASE, markup: ListMarkup = MARKUP) -> Listing:
    body = page if isinstance(page, bytes) else page.encode()
    return parse_listing(body, base, SEEN, address=address, markup=markup, seed_url=BASE)


PAGE = """<!doctype html><html><head><meta charset="utf-8"></head><body>
<nav><a href="/">홈</a><a href="javascript:void(0)">메뉴</a>
<a href="#">위로</a><a name="x">표</a></nav>
<ul class="list_new">
<li><a class="item" href="https://v.a.kr/v/1" data-title="%EC%B2%AB%EC%A7%B8"><div>
<strong class="tit_txt">첫째
 기사</strong><p class="desc">첫 문장</p><span class="txt_info">가짜일보</span>
<span class="txt_info">22분 전</span></div></a></li>
<li><a href="/v/2"><img alt=""></a><a href="http://v.a.kr/v/2">둘째</a>
<em class="date">2026.09.27 10:01</em></li>
<li><a href="https://v.a.kr/v/3" data-title="%EC%85%8B%EC%A7%B8"></a></li>
<li><a href="https://v.a.kr/v/1">첫째 또</a></li>
<li><a href="http://127.0.0.1/v/4">안</a><a href="https://evil.example/v/5">밖</a><a href="http://[broken">?</a></li>
</ul></body></html>"""


def test_every_article_once_in_order_with_hints() -> None:
    listing = read(PAGE)
    assert listing.recognised
    assert [(found.position, found.url, found.title_hint) for found in listing.discoveries] == [
        (1, "https://v.a.kr/v/1", "첫째 기사"),
        (2, "https://v.a.kr/v/2", "둘째"),
        (3, "https://v.a.kr/v/3", "셋째"),
    ]
    first, second, third = listing.discoveries
    assert (first.publisher_hint, first.time_raw, first.time_hint) == ("가짜일보", "22분 전", None)
    assert (second.publisher_hint, second.time_raw) == (None, "2026.09.27 10:01")
    assert (third.publisher_hint, third.time_raw) == (None, None)
    assert listing.rejected == 6
    assert listing.next_url is None


def test_a_list_within_an_item_lends_no_hints() -> None:
    listing = read(
        '<ul class="list_new"><li><a href="/v/1">하나</a><ul><li><a href="/v/2">둘</a>'
        '<span class="txt_info">어제</span></li></ul></li></ul>'
    )
    assert [found.time_raw for found in listing.discoveries] == [None, "어제"]


@pytest.mark.parametrize("codec", ["utf-8", "cp949"])
@pytest.mark.parametrize("declared", ["utf-8", "euc-kr", "iso-8859-1"])
def test_charsets(codec: str, declared: str) -> None:
    assert read(PAGE.replace('charset="utf-8"', f'charset="{declared}"').encode(codec)) == read(PAGE)


def test_an_empty_list_is_a_list() -> None:
    listing = read('<ul class="list_new"></ul>')
    assert (listing.recognised, listing.reason, listing.discoveries) == (True, None, ())


def test_unknown_markup_is_told_and_its_addresses_are_kept() -> None:
    listing = read('<div class="redesigned"><a href="/v/1">하나</a></div>')
    assert not listing.recognised
    assert "no list that is known here; it shows 1 articles" in (listing.reason or "")
    assert [found.url for found in listing.discoveries] == ["https://v.a.kr/v/1"]


def test_a_dead_list_that_lands_on_the_home_page_is_refused_whole() -> None:
    listing = read(PAGE, base="https://news.a.kr/")
    assert (listing.recognised, listing.discoveries) == (False, ())
    assert "landed on another page, https://news.a.kr/" in (listing.reason or "")
    assert read(PAGE, base="https://news.a.kr/society/?x=1").recognised


@pytest.mark.parametrize("body", [b"", b" \n\t", b"\x00\x00", b"<!-- nothing -->", b"<!doctype html>"])
def test_nothing_is_no_list(body: bytes) -> None:
    listing = read(body)
    assert (listing.recognised, listing.discoveries) == (False, ())
    assert listing.reason


def test_an_id_proves_a_list_as_well() -> None:
    markup = ListMarkup(proof=frozenset({"secNo1"}))
    assert read('<ul id="secNo1" class="x"></ul>', markup=markup).recognised
    assert not read('<ul id="secNo2"></ul>', markup=markup).recognised


def test_without_a_proof_any_article_will_do() -> None:
    free = ListMarkup()
    assert read("<p><a href='/v/1'>하나</a></p>", markup=free).recognised
    nothing = read("<p><a href='/'>홈</a></p>", markup=free)
    assert (nothing.recognised, nothing.rejected) == (False, 1)


def test_depth_junk_and_size_do_not_raise() -> None:
    deep = b"<ul class=list_new>" + b"<div>" * 100_000 + b"<a href=/v/1>x</a>"
    read(deep)
    read(os.urandom(200_000))
    big = b"<ul class=list_new>" + b"<li><a href='/v/7'>x</a></li>" * 50_000
    assert len(read(big).discoveries) == 1


@given(st.binary(max_size=200))
def test_any_bytes(body: bytes) -> None:
    assert read(body).discoveries == ()
    read(PAGE.encode()[:300] + body + PAGE.encode()[300:])


@pytest.mark.parametrize(
    "text", ["방금", "22분 전", "3시간전", "어제", "2026.09.01", "2026-09-01 10:00", "10:32", "2026. 9. 1."]
)
def test_times(text: str) -> None:
    assert is_time(text)


@pytest.mark.parametrize("text", ["가짜일보", "MBC", "뉴스1", "댓글 12", "SBS Biz", "12"])
def test_not_times(text: str) -> None:
    assert not is_time(text)


@pytest.mark.parametrize(
    ("base", "href"),
    [
        ("https://www.a.kr/news/", "1"),
        ("/news/", "1"),
        ("../../news/x", "1"),
        ("https://[broken/", "https://www.a.kr/news/1"),
    ],
)
def test_links_are_relative_to_the_base_that_the_page_names(base: str, href: str) -> None:
    page = f'<html><head><base href="{base}"></head><body><a href="{href}">하나</a></body></html>'
    listing = parse_listing(
        page.encode(),
        "https://www.a.kr/section/1/",
        SEEN,
        address=lambda url: Found(url) if url == "https://www.a.kr/news/1" else None,
        markup=ListMarkup(),
    )
    assert [found.url for found in listing.discoveries] == ["https://www.a.kr/news/1"]


@pytest.mark.parametrize(
    "link",
    [
        '<a href="javascript:;" data-href="/v/7">일곱</a>',
        '<a data-url="https://v.a.kr/v/7">일곱</a>',
        '<a href="\\\\v.a.kr\\v\\7">일곱</a>',
        '<map><area href="/v/7" alt="일곱"></map>',
        '<div data-link="/v/7"><b>일곱</b></div>',
        """<div onclick="location.href='/v/7'"><b>일곱</b> 요약이다</div>""",
        """<a href="#" onclick="goView('/v/7'); return false;">일곱</a>""",
        """<a href="javascript:window.open('https://v.a.kr/v/7')">일곱</a>""",
    ],
)
def test_where_else_a_link_keeps_its_address(link: str) -> None:
    listing = read(f'<ul class="list_new"><li>{link}</li></ul>')
    assert [found.url for found in listing.discoveries] == ["https://v.a.kr/v/7"]


def test_a_box_that_is_clicked_takes_no_title_from_the_link_within() -> None:
    box = """<li onclick="location.href='/v/7'"><a href="/v/7">일곱</a><p>요약이다</p></li>"""
    listing = read(f'<ul class="list_new">{box}<li onclick="open_menu()"><a href="#">차림</a></li></ul>')
    assert [(found.url, found.title_hint) for found in listing.discoveries] == [
        ("https://v.a.kr/v/7", "일곱")
    ]
    assert listing.rejected == 1


def test_a_list_item_is_looked_through_once_however_many_links_it_holds() -> None:
    """20,000 links in one item took minutes when each looked through the whole item (our own count)."""
    links = "".join(f'<a href="/v/{number}">제목</a><i class="date">11:00</i>' for number in range(4000))
    began = process_time()
    listing = read(f'<ul class="list_new"><li>{links}</li></ul>')
    assert len(listing.discoveries) == 4000
    assert process_time() - began < 5  # 0.2 s; looked through by each link: 60 s and more


# --- lists that a script asks for -----------------------------------------------------------------

ONE = (
    '{"title": "다리 <b>다시</b> 열다", "reg_date": "2026-11-20T09:00:00+09:00", '
    '"link": "https:\\/\\/v.a.kr\\/v\\/1"}'
)
HTML = '{"more": true, "html": "<ul><li><a href=\\"https://v.a.kr/v/1\\">다리 다시 열다<\\/a></li></ul>"}'


@pytest.mark.parametrize(
    "text",
    [
        f'{{"title": "최신", "data": {{"items": [{ONE}]}}}}',
        f"[{ONE}]",
        f'\ufeff callback({{"list": [{ONE}]}});',
        f"/**/ typeof jQuery3_1 === 'function' && jQuery3_1([{ONE}], 200)",
        f")]}}',\n[{ONE}]",
        f"var list = [{ONE}];",
        f"{ONE}\n{ONE}\n",
        '[{"title": "다리 다시 열다", "link": {"pc": "https://v.a.kr/v/1"}}]',
        '["https://news.a.kr/v/1", "https://img.a.kr/1.jpg"]',
        HTML,
        f"cb({HTML})",
    ],
)
def test_a_list_that_a_script_asks_for_names_its_articles(text: str) -> None:
    listing = read(text)
    (found,) = listing.discoveries
    assert (listing.recognised, found.url) == (True, "https://v.a.kr/v/1")
    assert found.title_hint == (None if text.startswith('["') else "다리 다시 열다")
    assert found.time_hint == (datetime(2026, 11, 20, tzinfo=UTC) if "reg_date" in text else None)


@pytest.mark.parametrize(
    ("said", "follows", "told"),
    [
        ('"hasNext": true, "cursor": "a1"', None, True),
        ('"meta": {"has_more": true}', None, True),
        ('"hasNext": false', None, False),
        ('"nextPage": 2', None, True),
        ('"nextPage": 0', None, False),
        ('"nextPage": null', None, False),
        ('"next": null, "page": 1', None, False),
        ('"next": "/other?page=2"', None, True),
        ('"next": "?page=2", "hasNext": true', "https://news.a.kr/society?page=2", False),
        (
            '"paging": {"next_url": "https://news.a.kr/society?after=a1"}',
            "https://news.a.kr/society?after=a1",
            False,
        ),
    ],
)
def test_a_script_s_list_that_goes_on_is_followed_or_says_so(
    said: str, follows: str | None, told: bool
) -> None:
    listing = read(f'{{"items": [{ONE}], {said}}}')
    assert (len(listing.discoveries), listing.next_url, listing.note is not None) == (1, follows, told)


@pytest.mark.parametrize(
    ("asked", "said", "follows", "told"),
    [
        ("cursor=0&size=5", '"next_cursor": 5, "has_more": true', "cursor=5&size=5", False),
        ("size=5&cursor=", '"page": {"nextCursor": "a 1", "hasNext": true}', "size=5&cursor=a+1", False),
        ("cursor=a1", '"cursor": "a2", "hasNext": true', "cursor=a2", False),
        ("cursor=a1", '"cursor": "a1", "next_cursor": null, "hasNext": false', None, False),
        ("cursor=a1", '"cursor": "a2", "hasNext": false', None, False),
        ("offset=20", '"nextOffset": 40', "offset=40", False),
        ("last_id=9", '"nextLastId": 5', "last_id=5", False),
        ("page=1", '"hasNext": true', "page=2", False),
        ("pageNo=3&sec=1", '"totalPages": 9', "pageNo=4&sec=1", False),
        ("page=0", '"page": 0, "totalPages": 2', "page=1", False),
        ("page=1", '"page": 1, "totalPages": 2', None, True),
        ("page=2", '"page": 2, "totalPages": 2', None, False),
        ("page=2", '"hasNext": false, "totalPages": true', None, False),
        ("page=0", '"first": true, "last": false, "totalPages": 2', "page=1", False),
        ("page=1", '"first": false, "last": true, "totalPages": 2', None, False),
        ("page=1", '"meta": {"is_end": false}', "page=2", False),
        ("sec=1", '"totalPages": 2', None, True),
        ("sec=1", '"totalPages": 1, "count": 30', None, False),
        ("sec=1", '"next_cursor": "a1", "has_more": true', None, True),
    ],
)
def test_a_script_s_list_is_asked_on_with_what_its_address_and_it_name(
    asked: str, said: str, follows: str | None, told: bool
) -> None:
    listing = read(f'{{"items": [{ONE}], {said}}}', base=f"{BASE}?{asked}")
    expected = f"{BASE}?{follows}" if follows else None
    assert (len(listing.discoveries), listing.next_url, listing.note is not None) == (1, expected, told)


@pytest.mark.parametrize(
    "text", ['{"items": []}', f"cb([{ONE}", '{"a":' * 100_000, "{}", "[1]", '{"link": "/v/"}']
)
def test_a_script_that_names_no_article_is_not_the_list(text: str) -> None:
    assert (read(text).recognised, read(text).discoveries) == (False, ())


LIST = f"{BASE}?sc=1"


@pytest.mark.parametrize(
    ("asked", "links", "follows"),
    [
        (BASE, ["?page=1", "?page=2", "?page=3"], f"{BASE}?page=2"),
        (BASE, ["?page=2", "?page=3", "?page=9"], f"{BASE}?page=2"),
        (BASE, ["?page=0", "?page=1", "?page=2"], f"{BASE}?page=1"),
        (f"{BASE}?page=4", ["?page=3", "?page=5"], f"{BASE}?page=5"),
        (f"{BASE}?page=9", ["?page=8", "?page=9", "?page=1"], None),
        (LIST, ["?sc=2&page=2", "?page=2", "?nowPage=2&sc=1"], f"{BASE}?nowPage=2&sc=1"),
        (BASE, ["?page=2&PHPSESSID=a1", "?page=2", "?page=3"], f"{BASE}?page=2"),
        (BASE, ["?page=2&PHPSESSID=a1"], f"{BASE}?page=2&PHPSESSID=a1"),
        (f"{BASE}/", ["/society/page/2/", "/culture/page/2/"], f"{BASE}/page/2/"),
        (
            BASE,
            ["/v/1?page=2", "javascript:go(2)", "#page2", "http://[::1/?page=2", "?page=x", "?size=2"],
            None,
        ),
        (BASE, ["?cpage=22222222", "?page=", "https://news.a.kr/?page=2"], None),
    ],
)
def test_the_next_page_is_the_next_number_of_the_same_list(
    asked: str, links: list[str], follows: str | None
) -> None:
    row = "".join(f'<a href="{link.replace("&", "&amp;")}">{at}</a>' for at, link in enumerate(links))
    assert (
        read(f'<ul class="list_new"><li><a href="/v/1">첫째</a></li></ul>{row}', base=asked).next_url
        == follows
    )


def test_what_a_page_calls_its_next_is_the_next_page_where_it_is_of_the_same_list() -> None:
    page = '<a rel="next" href="/culture?start=20">문화</a><a rel="next" href="?start=20">다음</a>'
    assert read(f'{page}<a href="/v/1">1</a>').next_url == f"{BASE}?start=20"


def test_a_next_page_is_known_among_other_relations() -> None:
    page = '<a rel="Next nofollow" href="?start=20">다음</a><a href="/v/1">1</a>'
    assert read(page).next_url == f"{BASE}?start=20"


@pytest.mark.parametrize("href", ["/culture/2", "https://other.example/list?page=2"])
def test_a_next_page_at_another_path_is_told(href: str) -> None:
    listing = read(f'<link rel="next" href="{href}"><a href="/v/1">1</a>')
    assert listing.next_url is None
    assert listing.note == f"its next page is another list: {urljoin(BASE, href)}"


@pytest.mark.parametrize(
    ("row", "follows"),
    [
        ('<a href="?offset=20">다음</a>', "?offset=20"),
        ('<a href="/society?start=20">다음 페이지 ›</a>', "?start=20"),
        ('<a class="n" title="다음" href="?lastId=b7"><i></i></a>', "?lastId=b7"),
        ('<button data-next-url="/society?cursor=a1">더보기</button>', "?cursor=a1"),
        ('<a href="?limit=40">더 보기</a>', "?limit=40"),
        ('<a href="?tab=2">Next</a>', None),
        ('<a href="?fontsize=2">+</a>', None),
        ('<a href="?offset=0">다음</a>', None),
        ('<a href="?date=20261121">다음</a>', None),
        ('<a href="/v/2">다음</a>', None),
        ('<a href="/economy?offset=20">더보기</a>', None),
        ('<a href="?offset=20&sort=new">다음</a>', None),
        ('<a href="?offset=20">다음 기사는 무엇인가</a>', None),
    ],
)
def test_what_a_list_calls_the_next_is_its_next_page(row: str, follows: str | None) -> None:
    listing = read(f'<ul class="list_new"><li><a href="/v/1">첫째</a></li></ul>{row}')
    assert listing.next_url == (f"{BASE}{follows}" if follows else None)


@pytest.mark.parametrize(
    "script",
    [
        '<script id="__NEXT_DATA__" type="application/json">{"props": {"list": [%s]}}</script>',
        '<script type="application/ld+json">{"@type": "ItemList", "itemListElement": [%s]}</script>',
    ],
)
def test_a_page_whose_data_alone_names_the_articles_is_the_list(script: str) -> None:
    listing = read(f"<div id='__next'></div>{script % ONE}", markup=ListMarkup())
    assert (listing.recognised, [d.url for d in listing.discoveries]) == (True, ["https://v.a.kr/v/1"])
    assert (listing.next_url, listing.note) == (None, None)
    flagged = script.replace("]}", '], "hasNext": true}', 1) % ONE
    assert read(flagged, markup=ListMarkup()).note is not None
    assert read(flagged, base=f"{BASE}?page=1", markup=ListMarkup()).next_url == f"{BASE}?page=2"
    linked = read(f"<a href='/v/7'>일곱</a>{script % ONE}", markup=ListMarkup())
    assert [d.url.rpartition("/")[2] for d in linked.discoveries] == ["7"]


@pytest.mark.parametrize(
    ("row", "call"),
    [
        ('<a href="javascript:goPage(2)">2</a>', "goPage(2)"),
        ("""<a href="#" onclick="fn_page('2'); return false;"> 2 </a>""", "fn_page('2')"),
        ("<button onclick=\"board.movePage(2, 'A')\">2</button>", "board.movePage(2, 'A')"),
        ('<span onclick="fnList(2)"><b>2</b></span>', "fnList(2)"),
        ('<a href="#" data-page="2">2</a>', "data-page=2"),
        ('<form method="post"><button name="pageNo" value="2">2</button></form>', "pageNo=2"),
        ('<a href="#" data-day="2">2</a>', None),
        ('<a onclick="goDay(2)">2</a>', None),
        ('<a onclick="goPage(12)">2</a>', None),
        ('<a onclick="goPage(2)">다음</a>', "goPage(2)"),
        ('<button class="more" data-page="2">더보기</button>', "data-page=2"),
        ('<a onclick="goDay(2)">다음</a>', None),
        ('<a onclick="goPage(2)" href="?page=2">2</a>', None),
    ],
)
def test_a_row_of_numbers_that_only_a_script_follows_is_told(row: str, call: str | None) -> None:
    listing = read(f'<ul class="list_new"><li><a href="/v/1">첫째</a></li></ul>{row}')
    told = None if call is None else f"its page 2 is known to a script alone ({call}) and not read"
    assert (listing.recognised, listing.note) == (True, told)


def test_the_source_is_asked_what_a_click_leads_to_and_no_address_is_made_of_a_script() -> None:
    asked = []

    def of(url: str) -> Found | None:
        asked.append(url)
        number = re.match(r"javascript:goView\('?(\d+)", url)
        return Found(f"https://v.a.kr/v/{number[1]}") if number else None

    page = """<a href="#" onclick=" goView(11, 'news'); return false">첫째</a>
    <a href="javascript:goView('12')">둘째</a>
    <button onclick="share_news(13)">공유</button>"""
    found = parse_listing(page.encode(), BASE, SEEN, address=of, markup=ListMarkup())
    assert [one.url for one in found.discoveries] == ["https://v.a.kr/v/11", "https://v.a.kr/v/12"]
    assert not [one for one in asked if one.startswith("http") and "share" in one]
