"""The house of a page on a site without page classes, and of a portal's page that names none."""

from __future__ import annotations

import pytest

from crawler.extract.house import house_of
from crawler.stages import article_in_file
from tests.extract.pages import document

HOUSE = "한빛신문"


def told(head: str) -> str | None:
    page = f"<html><head>{head}</head><body><h1>제목</h1></body></html>"
    found = house_of(document(page, "https://news.example.kr/view/1"))
    return found.value if found else None


@pytest.mark.parametrize(
    "name",
    [
        "::: 한빛신문 :::",
        "[한빛신문]",
        "정치 | 한빛신문",
        "세상을 보는 창 - 한빛신문",
        "한빛신문 :: 지역 뉴스",
        "모바일 한빛신문",
        "한빛신문 RSS",
        "(주)한빛신문",
        "한빛신문(hanbit.kr)",
    ],
)
def test_its_name_without_what_stands_beside_it(name: str) -> None:
    assert told(f'<meta property="og:site_name" content="{name}">') == HOUSE


@pytest.mark.parametrize(
    "name",
    [
        "{{siteName}}",
        "${title}",
        "홈",
        "Home",
        "제목 없음",
        "Untitled",
        "WordPress",
        "https://hanbit.kr",
        "네이버 뉴스",
    ],
)
def test_what_a_template_left_is_no_name(name: str) -> None:
    assert told(f'<meta property="og:site_name" content="{name}">') is None
    assert told(f'<meta property="og:site_name" content="{name}"><title>제목 - 한빛신문</title>') == HOUSE


@pytest.mark.parametrize(
    "name", ["홍길동 기자", "hong@hanbit.kr", "@hanbit", "facebook.com/hanbit", "https://www.facebook.com/x"]
)
def test_a_person_or_an_address_is_no_house(name: str) -> None:
    assert told(f'<meta property="og:article:author" content="{name}">') is None
    assert told(f'<meta property="article:publisher" content="{name}">') is None


def test_an_author_told_twice_is_no_house() -> None:
    twice = '<meta property="og:article:author" content="홍길동"><meta name="author" content="홍길동">'
    assert told(twice) is None
    assert told(twice.replace("홍길동", HOUSE)) == HOUSE


@pytest.mark.parametrize(
    "publisher", ['[{"name": "한빛신문"}]', '"한빛신문"', '{"name": "한빛신문"}', '["한빛신문"]']
)
@pytest.mark.parametrize("key", ["publisher", "sourceOrganization"])
def test_told_to_machines_in_any_shape(key: str, publisher: str) -> None:
    linked = f'{{"@type": "NewsArticle", "headline": "제목", "{key}": {publisher}}}'
    assert told(f'<script type="application/ld+json">{linked}</script>') == HOUSE


@pytest.mark.parametrize(
    "head",
    [
        "<title>제목 — 한빛신문</title>",
        "<title>제목 ㅣ 한빛신문</title>",
        "<title>제목 &lt; 정치 &lt; 한빛신문</title>",
        '<meta name="application-name" content="한빛신문">',
        '<meta name="DC.publisher" content="한빛신문">',
    ],
)
def test_other_places(head: str) -> None:
    assert told(head) == HOUSE


def test_none_of_an_application() -> None:
    assert told('<meta name="application-name" content="News App">') is None


ORIGINAL = """<html><head><meta property="og:title" content="가상시 다리 놓는다"></head><body>
<div class="head_view"><h3 class="tit_view">가상시 다리 놓는다</h3></div>
<div class="news_view"><div class="article_view"><section dmcf-sid="x1">
<p dmcf-pid="p1" dmcf-ptype="general">가상시는 20일 낡은 다리를 새로 놓겠다고 밝혔다.</p></section></div>
<div class="foot_view"><a href="{url}">기사 원문 보기</a>{notice}</div></div></body></html>"""
NOTICE = '<p class="txt_copyright">Copyright © 연합뉴스. 무단 전재 및 재배포 금지.</p>'


@pytest.mark.parametrize("notice", ["", NOTICE])
def test_a_portals_page_has_its_originals_house(notice: str) -> None:
    page = ORIGINAL.format(url="https://biz.sbs.co.kr/article/20000", notice=notice)
    article = article_in_file(page.encode(), "https://v.daum.net/v/20261120090000123")
    assert article.publisher == "SBS Biz"
    assert article.rules["publisher"] == "domain of the original"


def test_an_unknown_original_names_nobody() -> None:
    page = ORIGINAL.format(url="https://paper.example/article/20000", notice="")
    assert article_in_file(page.encode(), "https://v.daum.net/v/20261120090000123").publisher is None


@pytest.mark.parametrize(
    ("head", "publisher"),
    [
        ('<meta property="article:media_name" content="뉴스1코리아">', "뉴스1"),
        ('<meta property="og:author" content="Daum | SBS Biz">', "SBS Biz"),
        ('<meta property="og:author" content="Daum">', None),
    ],
)
def test_what_daum_says_of_the_house_in_other_metas(head: str, publisher: str | None) -> None:
    page = ORIGINAL.format(url="https://v.daum.net/v/20261120090000124", notice="").replace(
        "</head>", f"{head}</head>"
    )
    assert article_in_file(page.encode(), "https://v.daum.net/v/20261120090000123").publisher == publisher
