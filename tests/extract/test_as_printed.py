"""Titles letter for letter, and the fields that a template hides: other places for the same thing."""

from __future__ import annotations

import unicodedata

import pytest

from crawler.normalise.article_json import as_json
from crawler.normalise.publisher import publisher_name
from crawler.sources.base import Source
from crawler.sources.daum import SOURCE as DAUM
from crawler.sources.fnnews import SOURCE as FNNEWS
from crawler.stages import article_in_file
from storage.records import PageKind

from .pages import DAUM_URL, SENTENCE, article, daum_page

FNNEWS_URL = "https://www.fnnews.com/news/202611200900001234"
OTHER_URL = "https://www.gasang.example/news/1"
BODY = "".join(f"<p>{SENTENCE} {i}번째 문장이다. 주민들은 오래 기다렸다고 말했다.</p>" for i in range(5))


def titled(title: str, heading: str | None = None) -> str | None:
    head = f'<meta property="og:title" content="{title}"><meta property="og:site_name" content="가상신문">'
    above = f"<h1>{heading}</h1>" if heading else ""
    html = f"<html><head>{head}</head><body>{above}<div>{BODY}</div></body></html>"
    return article(html, None, OTHER_URL).title


@pytest.mark.parametrize(
    "title",
    [
        "\uf90a값 사상 최고",  # a compatibility ideograph, which NFC makes another letter
        "물길을\xa0다시 잇다",
        "e-스포츠 금메달",
        "산업-생활",
        "1 - 정치",
        "낡은 다리 - 새 다리",
    ],
)
def test_a_title_is_what_the_page_prints(title: str) -> None:
    assert titled(title) == title
    assert titled(title, heading=title) == title


@pytest.mark.parametrize(
    ("told", "printed"),
    [
        ("물길을 다시 잇다…주민은 ...", "물길을 다시 잇다…주민은 “기다렸다”"),
        ("물길을 다시 잇는…", "물길을 다시 잇는 사람들"),
        ('물길을 "다시" 잇다', '물길을 "다시" 잇다'),  # the attribute ends at the mark
        ("물길을 다시 잇다…", "물길을 다시 잇다…"),
        ("가상신문", "물길을 다시 잇다"),  # one meta for every page of the site
    ],
)
def test_a_title_that_is_told_in_part_is_as_the_heading_prints_it(told: str, printed: str) -> None:
    assert titled(told, heading=printed) == printed


def test_what_nobody_sees_is_no_part_of_a_title() -> None:
    assert titled("\u200b물길을 \u2068다시\u2069 잇다\ufeff") == "물길을 다시 잇다"
    assert titled(unicodedata.normalize("NFD", "물길을 다시 잇다")) == "물길을 다시 잇다"


def test_a_site_is_taken_off_where_its_name_is_known() -> None:
    assert titled("물길을 다시 잇다 - 가상신문") == "물길을 다시 잇다"
    assert titled("물길을 다시 잇다 | 사회 | 가상신문") == "물길을 다시 잇다"
    assert titled("물길을 다시 잇다 | 사회") == "물길을 다시 잇다 | 사회"
    assert (
        titled("가상신문 - 물길을 다시 잇다", heading="가상신문 - 물길을 다시 잇다")
        == "가상신문 - 물길을 다시 잇다"
    )


def daum(head: str = "", around: str = "", body: str = BODY) -> str:
    return daum_page(body.replace("<p>", "<p dmcf-ptype='general'>"), head=head, around=around)


@pytest.mark.parametrize(
    ("head", "publisher"),
    [
        ('<meta name="alex-action" content="x" data-cp-name="뉴시스">', "뉴시스"),
        ("<script>var info = {cpKorName: '뉴시스', cpId: 21};</script>", "뉴시스"),
        ('<meta property="og:site_name" content="다음 - 뉴시스">', "뉴시스"),
        ('<meta property="og:site_name" content="다음 - 가상일보 | 뉴시스">', "뉴시스"),
        ('<meta property="og:site_name" content="다음뉴스">', None),
    ],
)
def test_daum_names_its_publisher_in_several_places(head: str, publisher: str | None) -> None:
    assert article(daum(head), DAUM, DAUM_URL).publisher == publisher


def test_the_link_to_check_it_at_the_publisher_is_the_original() -> None:
    link = (
        '<div class="foot_view"><a href="https://www.newsis.com/view/N1">뉴시스에서 직접 확인하세요</a></div>'
    )
    assert article(daum(around=link), DAUM, DAUM_URL).original_url == "https://www.newsis.com/view/N1"


def fnnews(container: str, inside: str = "") -> str:
    head = '<meta property="article:published_time" content="2026-11-20T09:00:05+09:00">'
    return (
        f"<html><head>{head}</head><body><article class='article-view'>"
        "<h1 class='article-view__title'>물길을 다시 잇다</h1>"
        "<div class='writer'><a href='/reporter/1'>나정우</a></div>"
        "<div class='date'>입력 2026.11.20 09:00</div>"
        f"<div class='{container}'>{BODY}{inside}</div></article></body></html>"
    )


@pytest.mark.parametrize("container", ["article-view__body", "article-view__content"])
def test_fnnews_writer_and_second(container: str) -> None:
    found = article(fnnews(container), FNNEWS, FNNEWS_URL)
    assert [p.name for p in found.bylines] == ["나정우"]
    assert as_json(found)["published_at"] == "2026-11-20T09:00:05+09:00"


@pytest.mark.parametrize("box", ["id='madd06'", "id='adBody_12'", "class='wrap_ad10'", "id='lineAdList'"])
def test_fnnews_boxes_of_advertisements_are_no_text(box: str) -> None:
    dressed = article(fnnews("article-view__body", f"<div {box}>지금 사면 반값</div>"), FNNEWS, FNNEWS_URL)
    assert dressed.body == article(fnnews("article-view__body"), FNNEWS, FNNEWS_URL).body


PORTALS = ["네이버 스포츠", "Daum 연예", "네이트", "NAVER TV연예", "다음 스포츠", "ZUM 뉴스"]


@pytest.mark.parametrize("name", PORTALS)
def test_a_portal_is_never_a_publisher(name: str) -> None:
    assert publisher_name(name) is None


@pytest.mark.parametrize("name", ["다음소프트", "내일신문", "스포츠동아", "줌인라이프"])
def test_a_name_that_begins_like_a_portal_s_is_a_name(name: str) -> None:
    assert publisher_name(name) == name


@pytest.mark.parametrize(("source", "url"), [(DAUM, DAUM_URL), (FNNEWS, FNNEWS_URL)])
def test_extract_says_what_a_crawl_would_do(source: Source, url: str) -> None:
    html = f"<html><head><title>물길</title></head><body><div class='new'>{BODY}</div></body></html>"
    found = article_in_file(html.encode(), url)
    assert found.kind is PageKind.QUARANTINED
    assert found.reason == f"No page class of {source.name} knows this page, only generic/1 reads it."
    assert found.body is None


def test_markup_that_a_library_stumbles_over_has_an_outcome() -> None:
    html = (
        '<meta property="og:type" content="article"><h3 class="tit_view">전력 조사 &quot;바닥&quot;</h3>'
        "<div class='layer_font'><ul><li><![CDATA[보통 글자<p>(예시) 빠른 소식을 만나 보세요."
    )
    found = article_in_file(html.encode(), DAUM_URL)
    assert found.kind is PageKind.ARTICLE or found.reason


def test_the_title_of_a_drawing_is_not_the_pages() -> None:
    logo = "<svg><title>로고</title><path d='M0 0'/></svg>"
    head = "<meta property='og:type' content='article'>"
    html = f"<html><head>{head}</head><body>{logo}<div>{BODY}</div></body></html>"
    found = article(html, None, OTHER_URL)
    assert (found.kind, found.title) == (PageKind.ARTICLE, None)
