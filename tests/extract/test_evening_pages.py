"""Heads, times, notices and hidden copies that pages of 2006 to 2026 have, and that were misread before."""

from __future__ import annotations

import pytest

from tests.extract.test_promises import BODY, SITE, B, P, T, Wanted, misread, page

DAUM = "https://v.daum.net/v/20261120090000123"
FNNEWS = "https://www.fnnews.com/news/202611200900001234"
SITE_TOLD = '<meta property="og:site_name" content="가람신문"><meta property="og:title" content="가람신문">'
ROWS: list[tuple[str, str, Wanted, str]] = []


def row(name: str, html: str, want: Wanted, url: str = SITE) -> None:
    ROWS.append((name, html, want, url))


def headed(head: str, body: str = B) -> str:
    return page(body, art=f"<p>{head}</p><div class=text>%s</div>")


for head, at in (
    ("김서윤 기자 seoyun@a.kr | 입력 : 2006/11/25 [15:05]", "2006-11-25T15:05+09:00"),
    ("기사입력: 2006/11/25 [15:05] ⓒ 가람신문 김서윤 기자", "2006-11-25T15:05+09:00"),
    ("김서윤 기자 입력 2026.11.20 (15:05)", "2026-11-20T15:05+09:00"),
    ("김서윤 기자 입력 2026.11.20 밤 9:05", "2026-11-20T21:05+09:00"),
    ("김서윤 기자 입력 2026년 11월 20일 낮 1시 5분", "2026-11-20T13:05+09:00"),
):
    row(head, headed(head), {"published_at": at, "bylines": lambda b: b[0][0] == "김서윤", "body": BODY})
row(
    "a table in a table, its head in a row",
    f"<html><head><meta charset=utf-8><title>가람신문 - {T}</title></head><body>"
    "<table><tr><td>홈</td><td><table>"
    f"<tr><td><b>{T}</b></td></tr><tr><td align=right>김서윤 기자 seoyun@a.kr | 입력 : 2006/11/25 [15:05]"
    f"</td></tr><tr><td>{'<br><br>'.join(P)}</td></tr></table></td></tr></table></body></html>",
    {"published_at": "2006-11-25T15:05+09:00", "body": BODY},
)
row(
    "by in a line of its own",
    headed("By Kim Seo-yun and Park Do-hyun</p><p>Published : Nov. 20, 2026 - 15:05"),
    {"bylines": [("Kim Seo-yun", None, None), ("Park Do-hyun", None, None)]},
)
row(
    "the time under the body alone",
    page(B + "<p>seoyun@yna.co.kr</p><p>2026/11/20 18:49 송고</p>"),
    {"published_at": "2026-11-20T18:49+09:00", "body": BODY},
)
row(
    "a copy for printing, hidden",
    page(B + f'<div style="display:none">{B}<p>인쇄용</p></div>'),
    {"body": BODY},
)
row(
    "a long text, hidden at first and nowhere else",
    page(f'<div style="display:none">{B}</div>'),
    {"body": BODY},
)
row(
    "the site's name told as a title first",
    page(head=f'{SITE_TOLD}<meta property="og:title" content="{T}">'),
    {"title": T},
)
row(
    "the site's name told as the only title",
    page(
        head='<meta property="og:site_name" content="가람신문"><meta property="og:title" content="가람신문">'
    ),
    {"title": T},
)
row(
    "two lines of people on Daum",
    '<html><head><meta charset="utf-8"><meta property="og:article:author" content="가람일보"></head><body>'
    f'<h3 class="tit_view">{T}</h3><div class="info_view"><span class="txt_info">김서윤 기자</span>'
    '<span class="txt_info">박도현 기자</span><span class="txt_info">타임톡 3</span>'
    '<span class="txt_info">입력 <span class="num_date">2026. 11. 20. 09:00</span></span></div>'
    '<div class="article_view"><section dmcf-sid=s>'
    + "".join(f'<p dmcf-ptype="general">{p}</p>' for p in P)
    + "</section></div></body></html>",
    {"bylines": [("김서윤", "기자", None), ("박도현", "기자", None)], "body": BODY},
    DAUM,
)
row(
    "the agency's notice under its copy, the site's behind it",
    f'<html><head><meta charset="utf-8"><meta property="og:title" content="{T}"></head><body>'
    f'<article class="article-view"><h1 class="article-view__title">{T}</h1><div class="article-view__body">'
    f"(서울=뉴스1) 김서윤 기자 = {'<br><br>'.join(P)}<br><br>Copyright ⓒ 뉴스1. All rights reserved. "
    "무단 전재 및 재배포, AI학습 이용 금지."
    '<div class="article-view_copyright"><p>※ 저작권자 ⓒ 파이낸셜뉴스, 무단전재-재배포 금지</p></div></div>'
    "</article></body></html>",
    {"rights.holder": "뉴스1", "publisher": "파이낸셜뉴스"},
    FNNEWS,
)


@pytest.mark.parametrize(("html", "want", "url"), [r[1:] for r in ROWS], ids=[r[0] for r in ROWS])
def test_a_page_is_read_as_a_reader_sees_it(html: str, want: Wanted, url: str) -> None:
    assert misread(html.encode(), want, url) == {}
