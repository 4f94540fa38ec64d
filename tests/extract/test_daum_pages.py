"""Daum's fields: where each comes from, and what it must never be."""

from __future__ import annotations

import pytest

from crawler.sources.daum import SOURCE as DAUM
from storage.records.extraction import Extraction

from .pages import SENTENCE, article, daum_page, extraction

BODY = f"<p dmcf-ptype='general'>{SENTENCE}</p>"


def read(
    *, head: str = "", around: str = "", url: str = "https://v.daum.net/v/20231101070012345"
) -> Extraction:
    return extraction(daum_page(BODY, head=head, around=around), DAUM, url)


def meta(name: str, value: str) -> str:
    return f'<meta property="{name}" content="{value}">'


def dates(published: str, modified: str = "") -> str:
    second = (
        f"<span class='txt_info'>수정 <span class='num_date'>{modified}</span></span>" if modified else ""
    )
    return (
        f"<div class='info_view'><span class='txt_info'>임새솔 기자</span>"
        f"<span class='txt_info'>입력 <span class='num_date'>{published}</span></span>{second}</div>"
    )


def test_the_publisher_is_og_article_author_never_the_portal() -> None:
    found = read(head=meta("og:site_name", "다음뉴스") + meta("og:article:author", "노컷뉴스"))
    assert found.publisher is not None
    assert (found.publisher.value, found.publisher.rule) == ("노컷뉴스", "og:article:author")
    assert read(head=meta("og:site_name", "다음뉴스")).publisher is None


@pytest.mark.parametrize(
    ("printed", "reg_date", "expected"),
    [
        ("2023. 11. 1. 07:00", "20231101070012", "20231101070012"),  # the same minute: the second is known
        ("2023. 11. 1. 07:00", "20231101081500", "2023. 11. 1. 07:00"),  # they differ: what is printed
        ("2023. 11. 01. 07:00", "20231101070059", "20231101070059"),
        ("2023. 11. 1. 07:00", "", "2023. 11. 1. 07:00"),
    ],
)
def test_the_published_time_is_the_most_exact_consistent_one(
    printed: str, reg_date: str, expected: str
) -> None:
    found = read(head=meta("og:regDate", reg_date), around=dates(printed))
    assert found.published is not None
    assert found.published.value == expected


def test_only_a_second_date_is_the_modified_time() -> None:
    assert read(around=dates("2023. 11. 1. 07:00")).modified is None
    found = read(around=dates("2023. 11. 1. 07:00", "2023. 11. 2. 10:21"))
    assert found.modified is not None
    assert found.modified.value == "2023. 11. 2. 10:21"
    same_day = read(around=dates("2023. 11. 1. 07:00", "10:21")).modified
    assert same_day is not None
    assert same_day.value == "2023. 11. 1. 10:21"
    assert read(around=dates("2023. 11. 1. 07:00", "06:21")).modified is None


def test_the_byline_is_the_first_line_without_a_date() -> None:
    found = read(around=dates("2023. 11. 1. 07:00"))
    assert found.byline_line is not None
    assert found.byline_line.value == "임새솔 기자"
    nobody = dates("2023. 11. 1. 07:00").replace("<span class='txt_info'>임새솔 기자</span>", "")
    assert read(around=nobody).byline_line is None


SCRIPT = (
    '<script>TiaraTracker.getInstance();p={id:"20231101070012345",type:"article",name:"author:\\"가짜\\"",category:"society",'
    'author:"\\uD55C\\uAC00\\uB78C",author_id:"garam@newsis.com",provider:"\\uB274\\uC2DC\\uC2A4",'
    'regdate:"2023-11-01 07:00:12"},f={docId:"oUx1b2c3d4"};</script>'
)


def test_the_statistics_script_gives_hints_and_is_never_required() -> None:
    found = read(around=SCRIPT)
    assert [h.value for h in found.author_hints] == ["한가람", "garam@newsis.com"]
    assert found.publisher is not None
    assert found.publisher.value == "뉴시스"
    assert found.published is not None
    assert found.published.value == "2023-11-01 07:00:12"
    assert found.aliases == ("https://v.daum.net/v/oUx1b2c3d4",)
    assert read().author_hints == ()


@pytest.mark.parametrize(
    ("url", "extra"),
    [
        ("http://v.daum.net/v/20231101070012345", ""),
        ("https://news.v.daum.net/v/20231101070012345?f=m", ""),
        ("https://v.daum.net/v/oUx1b2c3d4", SCRIPT),
        (
            "https://v.daum.net/v/oUx1b2c3d4",
            "<div class='alex-area' data-post-id='@20231101070012345'></div>",
        ),
        ("https://v.daum.net/v/oUx1b2c3d4", meta("og:url", "https://v.daum.net/v/20231101070012345")),
    ],
)
def test_every_address_of_an_article_leads_to_one(url: str, extra: str) -> None:
    found = read(url=url, around=extra)
    assert found.site_id == "20231101070012345"
    assert found.canonical_url == "https://v.daum.net/v/20231101070012345"
    assert found.canonical_url not in found.aliases


def test_a_page_cannot_name_an_alias_outside_its_source() -> None:
    found = read(
        head=meta("og:url", "http://127.0.0.1/v/20231101070012345") + meta("mccp:docId", "../../../x")
    )
    assert found.aliases == ()


def test_the_portal_s_footer_is_no_notice_and_the_label_is_cut() -> None:
    around = (
        "<div class='foot_view'><p class='txt_copyright'>Copyright © 동아일보. "
        "무단 전재, 재배포 및 AI학습 이용 금지. "
        "<a href='https://www.donga.com/news/1'>해당 언론사로 이동합니다.</a></p></div>"
        "<small class='txt_copyright'>Copyright © <a href='#'>Kakao Corp.</a> All rights reserved.</small>"
    )
    found = read(around=around)
    assert [n.value for n in found.notices] == [
        "Copyright © 동아일보. 무단 전재, 재배포 및 AI학습 이용 금지."
    ]
    assert found.original_url is not None
    assert found.original_url.value == "https://www.donga.com/news/1"


def test_the_publisher_s_front_page_is_no_original() -> None:
    assert (
        read(
            around="<div class='foot_view'><a href='http://www.newsis.com/'>원문 보기</a></div>"
        ).original_url
        is None
    )
    assert (
        read(
            around="<div class='foot_view'><a href='https://v.daum.net/v/1'>원문 보기</a></div>"
        ).original_url
        is None
    )


def test_the_template_generation_is_recognised_by_what_the_page_is() -> None:
    old = daum_page(BODY).replace('class="article_view"', 'id="harmonyContainer" class="article_view"')
    assert extraction(old, DAUM).extractor == "daum/2022"
    assert read().extractor == "daum/2023"
    assert read(around=dates("2023. 11. 1. 07:00")).extractor == "daum/2025"
    logo = "<em class='info_cp'><img alt='뉴시스' src='/cp.gif'></em>"
    assert read(around=logo + dates("2023. 11. 1. 07:00")).extractor == "daum/2023"


def test_the_last_section_is_the_body() -> None:
    inner = daum_page(BODY)
    shell = inner.replace(
        "<body>",
        "<body><div class='article_view'><section dmcf-sid='s'><figure></figure>",
    )
    assert extraction(shell, DAUM).paragraphs == (SENTENCE,)


@pytest.mark.parametrize(
    "line",
    [
        "기사 원문 - {}",
        "기사원문 {}",
        "▶ 기사 원문 보기: {}",
        "원문 링크 : {}",
        "[원문 보기] {}",
        "원본 기사 {}",
        "원문보기▶{}",
        "기사 전문 보러가기 {}",
        "기사 출처: {}",
    ],
)
def test_a_printed_link_to_the_original_is_its_address(line: str) -> None:
    url = "https://imnews.imbc.com/news/2023/politics/article/1_2.html"
    body = f"<p dmcf-ptype='general'>{SENTENCE}</p><p dmcf-ptype='general'>{line.format(url)}</p>"
    found = article(daum_page(body), DAUM)
    assert (found.original_url, found.rules["original_url"]) == (url, "body.original_link")
    assert found.body == SENTENCE
    assert url in found.removed[-1].text


@pytest.mark.parametrize(
    "line",
    [
        "출처: https://a.example/1",
        "기사 원문 - https://v.daum.net/v/20231101070012345",
        "기사 원문 - https://imnews.imbc.com/",
        "그는 기사 원문 https://a.example/1 을 보라고 했다.",
    ],
)
def test_other_links_are_no_original(line: str) -> None:
    body = f"<p dmcf-ptype='general'>{SENTENCE}</p><p dmcf-ptype='general'>{line}</p>"
    assert article(daum_page(body), DAUM).original_url is None
