"""Templates that come without a text, with a refusal in its place, or with furniture beside it."""

from __future__ import annotations

import unicodedata

import pytest

from crawler.sources.daum import SOURCE as DAUM
from crawler.sources.fnnews import SOURCE as FNNEWS
from storage.records import Article, PageKind

from .pages import article

NUMBER = "202611200900001234"
URL = f"https://www.fnnews.com/news/{NUMBER}"
TITLE = "새 다리 열리는 가상시…'보행자 먼저'"
TEXT = (
    "<p>[파이낸셜뉴스] 가상시는 내년 봄까지 보행교 공사를 마칠 계획이라고 20일 밝혔다.</p>"
    "<p>다리 길이는 210m이고 폭은 4m다. 시는 두 해 동안 예산 38억원을 들인다.</p>"
    "<p>주민들은 강 건너 시장까지 걸어서 갈 수 있게 됐다며 반겼다고 시는 전했다.</p>"
)


def page(inner: str, title: str = TITLE, own: str = URL) -> str:
    return (
        f'<html lang="ko"><head><title>{title} - 파이낸셜뉴스</title><link rel="canonical" href="{own}">'
        f'<meta property="og:title" content="{title}"><meta property="og:type" content="article">'
        f'<meta property="og:url" content="{own}">'
        '<meta property="og:site_name" content="파이낸셜뉴스"></head>'
        f'<body><article class="article-view"><h1 class="article-view__title">{title}</h1>'
        f'<span class="article-view__reporter">한나비 기자</span><div class="article-view__body">{inner}'
        '<p class="article-view__byline">bee@example.com 한나비 기자</p></div></article></body></html>'
    )


def read(inner: str, title: str = TITLE, own: str = URL) -> Article:
    return article(page(inner, title, own), FNNEWS, URL)


@pytest.mark.parametrize(
    "inner",
    [
        "",
        "<p></p><p>&nbsp;</p>",
        "<script>render()</script>",
        f"<script>document.write('{TEXT}')</script>",
        f"<template>{TEXT}</template>",
        "<noscript>자바스크립트를 켜 주세요.</noscript>",
        "<!-- 본문 -->",
        "<div class='loading'></div>",
        "<p>저작권자 ⓒ 파이낸셜뉴스, 무단전재-재배포 금지</p>",
    ],
)
def test_a_template_without_a_text_is_no_article(inner: str) -> None:
    found = read(inner)
    assert found.kind is PageKind.QUARANTINED
    assert found.reason == "The page looks like fnnews/2026, but its body is empty."


@pytest.mark.parametrize(
    "inner",
    [
        '<img src="https://image.example.com/1.jpg">',
        '<iframe src="https://film.example.com/1"></iframe>',
        '<figure><img src="https://image.example.com/1.jpg"><figcaption>다리 위</figcaption></figure>',
    ],
)
def test_a_picture_or_a_film_is_an_article_without_a_text(inner: str) -> None:
    found = read(inner)
    assert found.kind is PageKind.ARTICLE
    assert found.body is None


@pytest.mark.parametrize(
    ("kind", "title", "text"),
    [
        (PageKind.BLOCKED, TITLE, "로그인 후 이용하실 수 있는 기사입니다. 로그인 해 주세요."),
        (PageKind.BLOCKED, TITLE, "로그인하셔야 이 기사를 보실 수 있습니다."),
        (PageKind.BLOCKED, TITLE, "이 기사는 로그인해야 보실 수 있습니다."),
        (PageKind.BLOCKED, TITLE, "본인 인증이 필요한 기사입니다."),
        (PageKind.BLOCKED, TITLE, "회원만 이용하실 수 있습니다."),
        (PageKind.QUARANTINED, "일시적인 오류가 발생했습니다", "잠시 후 다시 시도해 주세요."),
        (PageKind.QUARANTINED, "일시적인 오류가 발생했습니다", "이용에 불편을 드려 죄송합니다."),
        (PageKind.QUARANTINED, TITLE, "일시적인 오류가 발생했습니다. 잠시 후 다시 시도해 주세요."),
        (PageKind.QUARANTINED, TITLE, "기사를 불러오지 못했습니다."),
        (PageKind.QUARANTINED, TITLE, "기사를 불러오는 중입니다..."),
    ],
)
def test_a_refusal_within_the_template_is_no_article(kind: PageKind, title: str, text: str) -> None:
    found = read(f"<p>{text}</p>", title)
    assert found.kind is kind
    assert found.reason


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("가상은행 앱 한때 멈춰", "가상은행 앱이 20일 오전 한때 멈췄다. 은행은 전산 오류였다고 밝혔다."),
        ("로그인 막힌 가상톡", "가상톡은 20일 로그인이 30분 동안 되지 않았다. 회사는 까닭을 살피고 있다."),
        ("가상톡 | 로그인 두 번으로 나눈다", "가상톡은 20일 로그인을 두 번으로 나눈다고 밝혔다."),
        ("[속보] 가상시 지하철 멈춰", "가상시 지하철이 오전 8시부터 멈췄다."),
        ("회원 전용 매장 연 가상마트", "가상마트가 20일 회원 전용 매장을 열었다. 회원만 들어간다."),
    ],
)
def test_short_news_of_refusals_is_an_article(title: str, text: str) -> None:
    assert read(f"<p>{text}</p>", title).kind is PageKind.ARTICLE


FURNITURE = [
    "<p>조회수 {n}</p>",
    "<p>조회 {n},312회</p>",
    "<div class='sns'><span>좋아요 {n}</span> <span>공유 {n}</span></div>",
    "<div><span>좋아요 {n}</span> | <span>댓글 {n}</span></div>",
    "<div class='comment_area'><strong>댓글 {n}개</strong><p>나도 {n}번 걸었다</p></div>",
    "<div id='commentList'><p>걸어 본 사람 {n}</p></div>",
    "<div class='banner_box'><a href='https://ad.example/{n}'>운동화 {n}원 지금 구매하세요</a></div>",
    "<div class='stock_box'><span>가상지수 {n}.3</span><span>▲ {n}</span></div>",
    "<form><p>투표 참여 {n}명</p><button>투표</button></form>",
    "<div class='poll-wrap'><p>이 다리를 걷겠습니까? {n}%</p></div>",
]


@pytest.mark.parametrize("markup", FURNITURE)
def test_furniture_in_the_body_is_no_text(markup: str) -> None:
    """Each made a revision at every look."""
    bare = read(TEXT)
    assert read(TEXT + markup.format(n=31)).body == bare.body
    assert read(markup.format(n=47) + TEXT).body == bare.body


@pytest.mark.parametrize("name", ["comment_area", "banner_box", "sns", "stock_box", "poll"])
@pytest.mark.parametrize("tag", ["div", "section", "form"])
def test_a_wrapper_of_the_text_stays_whatever_it_is_called(tag: str, name: str) -> None:
    assert read(f'<{tag} class="{name}">{TEXT}</{tag}>').body == read(TEXT).body


@pytest.mark.parametrize(
    "text", ["조회수 3060회를 넘긴 영상이 퍼졌다.", "추천 5선", "공감 100배", "좋아요 3위에 오른 시"]
)
def test_lines_that_only_begin_like_a_counter_stay(text: str) -> None:
    assert text in (read(f"{TEXT}<p>{text}</p>").body or "")


@pytest.mark.parametrize(
    "markup",
    [
        "<div class='expert-comment'>가상대 교수는 다리가 좁다고 말했다.</div>",
        "<div class='quote_box'>걸어서 5분이면 됩니다.</div>",
        "<p class='comment'>가상대 교수는 다리가 좁다고 말했다.</p>",
        "<div class='survey_result'>찬성 54%, 반대 40%였다.</div>",
        "<div class='vote-table'>가상동 1,204표, 나상동 988표</div>",
        "<div class='market-report'>가상시장은 이날 문을 닫았다.</div>",
        "<div class='liked-by-many'>주민 300명이 서명했다.</div>",
    ],
)
def test_text_in_a_box_with_a_like_name_stays(markup: str) -> None:
    assert len((read(TEXT + markup).body or "").split("\n")) == 4


@pytest.mark.parametrize("separator", ["-", "|", ":", "::", "–", "<"])
def test_an_empty_headline_is_not_the_sites_name(separator: str) -> None:
    html = page(TEXT, "").replace("<title> - ", f"<title> {separator.replace('<', '&lt;')} ")
    assert article(html, FNNEWS, URL).title is None


OTHER = "https://www.fnnews.com/news/202611200900009999"


@pytest.mark.parametrize(
    ("own", "other"),
    [
        (URL, None),
        (OTHER, OTHER),
        (OTHER.replace("www.", "m."), OTHER),
        (URL.replace("/news/", "/ampNews/"), None),
        ("https://www.fnnews.com/", None),
        ("https://elsewhere.example/1", None),
        ("javascript:void(0)", None),
    ],
)
def test_the_article_that_a_page_says_it_is(own: str, other: str | None) -> None:
    assert read(TEXT, own=own).other_url == other


def test_a_page_that_gives_both_addresses_is_the_one_asked() -> None:
    html = page(TEXT, own=OTHER).replace(
        f'<link rel="canonical" href="{OTHER}">', f'<link rel="canonical" href="{URL}">'
    )
    assert article(html, FNNEWS, URL).other_url is None


def test_an_alias_without_a_number_is_resolved_by_its_page() -> None:
    number = "20261120090000123"
    html = (
        f'<html><head><meta property="og:url" content="https://v.daum.net/v/{number}">'
        '<meta property="og:title" content="새 다리"></head><body><h3 class="tit_view">새 다리</h3>'
        '<div class="article_view" data-tiara-layer="article_body"><section dmcf-sid="1">'
        f"<p dmcf-ptype='general'>{TEXT}</p></section></div></body></html>"
    )
    found = article(html, DAUM, "https://v.daum.net/v/jvTmrluST6")
    assert (found.url, found.other_url) == (f"https://v.daum.net/v/{number}", None)
    wrong = article(html, DAUM, "https://v.daum.net/v/20261120090000999")
    assert wrong.other_url == f"https://v.daum.net/v/{number}"


def test_a_title_in_pieces_is_read_in_syllables() -> None:
    pieces = unicodedata.normalize("NFD", TITLE)
    assert pieces != TITLE
    assert read(TEXT, pieces).title == TITLE


@pytest.mark.parametrize(
    ("head", "names_itself"),
    [
        ("<link rel=canonical href='https://news.example/a/1'>", True),
        ("<link rel=canonical href='http://www.news.example/a/1?utm_source=x'>", True),
        ("<meta property='og:url' content='/a/1'>", True),
        ("<link rel=canonical href='https://news.example/a/2'>", False),
        ("<link rel=canonical href='https://news.example/'>", False),
        ("", False),
    ],
)
def test_whether_a_page_gives_its_own_address(head: str, names_itself: bool) -> None:
    html = f"<html><head>{head}</head><body><article><h1>다리를 다시 열다</h1>{TEXT}</article></body></html>"
    assert article(html, None, "https://news.example/a/1").names_itself is names_itself
