"""Daum's lists: section pages, channel JSON, search (docs/sites/daum.md 1.3). Pure: the clock comes in."""

# ruff: noqa: E501 (the sites' markup is easier to check against docs/sites/ unbroken)

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape
from urllib.parse import quote

SECTIONS = (
    "home",
    "politics",
    "society",
    "economy",
    "world",
    "culture",
    "tech",
    "life",
    "people",
    "climate",
    "stock",
    "estate",
    "coin",
)
HEADLINES = 27
"""Items in the headline box: the home page shows 3 carousel pages of 9 (docs/sites/daum.md 1.3)."""


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a list: an address as the list prints it, and what stands beside it."""

    url: str
    title: str
    publisher: str
    cp: int
    snippet: str
    when: datetime
    image: str | None
    doc_id: str
    section: str = "home"
    author: str | None = None


def ago(when: datetime, now: datetime) -> str:
    """A relative time as Daum prints it: 방금, N분 전, N시간 전, 어제, or the date."""
    passed = now - when
    if passed < timedelta(minutes=1):
        return "방금 전"
    if passed < timedelta(hours=1):
        return f"{int(passed.total_seconds() // 60)}분 전"
    if when.date() == now.date() or passed < timedelta(hours=12):
        return f"{int(passed.total_seconds() // 3600)}시간 전"
    if when.date() == now.date() - timedelta(days=1):
        return "어제"
    return f"{when:%Y.%m.%d}" if when.year == now.year else f"{when:%Y.%m.%d}."


def section_page(slug: str, items: Sequence[Item], now: datetime, extra_links: Sequence[str]) -> str:
    """A section page: a headline box, a block box and a basic list. ``extra_links``: links that are no articles."""
    heads, blocks, rest = items[:HEADLINES], items[HEADLINES : HEADLINES + 8], items[HEADLINES + 8 :]
    return f"""<!doctype html>
<html lang="ko"><head><meta charset="utf-8"><title>{slug} | Daum 뉴스</title><meta property="og:site_name" content="Daum 뉴스"></head>
<body><div id="kakaoWrap"><header class="doc-header"><h1><a href="https://news.daum.net/">뉴스</a></h1>
<nav class="doc-gnb"><ul>{"".join(f'<li><a href="https://news.daum.net/{name}" class="link_gnb">{name}</a></li>' for name in SECTIONS)}<li><a href="https://sports.daum.net/">스포츠</a></li><li><a href="https://entertain.daum.net/">연예</a></li></ul></nav></header>
<main class="doc-main"><article class="content-article">
<div class="box_comp box_news_headline2"><ul class="list_newsheadline2">
{chr(10).join(_headline(item, number, now) for number, item in enumerate(heads, start=1))}
</ul><div class="group_btn"><a href="#none" class="link_refresh">새로운 뉴스</a><span class="txt_page">현재 페이지 <span class="count_page">1</span> / 전체 페이지 <span class="total_page">3</span></span></div></div>
<div class="box_comp box_news_block"><ul class="list_newsblock">
{chr(10).join(_other(item, "item_newsblock", now) for item in blocks)}
</ul></div>
<div class="box_comp box_news_basic"><ul class="list_newsbasic">
{chr(10).join(_other(item, "item_newsbasic", now) for item in rest)}
</ul></div>
<div class="box_comp box_channel"><ul class="list_channel">{"".join(f'<li><a href="{escape(link)}" class="link_channel">바로가기</a></li>' for link in extra_links)}</ul></div>
</article></main>
<footer class="doc-footer"><small>Copyright © AXZ Corp. All rights reserved.</small></footer></div></body></html>
"""


def _headline(item: Item, number: int, now: datetime) -> str:
    image = item.image or "https://t1.daumcdn.net/media/news/news2016/no_img.png"
    return f"""<li><a href="{escape(item.url)}" class="item_newsheadline2" data-tiara-layer="news" data-tiara-ordnum="{number}" data-title="{quote(item.title)}">
<div class="wrap_thumb"><picture><source srcset="{image}" type="image/webp"><img src="{image}" class="img_g" alt=""></picture></div>
<div class="cont_thumb"><strong class="tit_txt">{escape(item.title, quote=False)}</strong><p class="desc_txt">{escape(item.snippet, quote=False)}</p>
<span class="info_txt"><span class="con_txt"><span class="txt_info">{escape(item.publisher)}</span><span class="txt_info">{ago(item.when, now)}</span></span></span></div></a></li>"""


def _other(item: Item, kind: str, now: datetime) -> str:
    return f"""<li><a href="{escape(item.url)}" class="{kind}" data-title="{quote(item.title)}"><div class="cont_thumb"><strong class="tit_txt">{escape(item.title, quote=False)}</strong><span class="info_txt"><span class="con_txt"><span class="txt_info">{escape(item.publisher)}</span><span class="txt_info">{ago(item.when, now)}</span></span></span></div></a></li>"""


def channel_json(items: Sequence[Item], size: int) -> str:
    """The publisher channel's JSON, newest first; createDt in epoch milliseconds."""
    return json.dumps({"items": [_row(item) for item in items[:size]]}, ensure_ascii=False)


def _row(item: Item, *, graphql: bool = False) -> dict[str, object]:
    created = {"createDt": int(item.when.timestamp() * 1000)}
    rest = {
        "title": item.title,
        "pcLink": item.url,
        "mobileLink": item.url,
        "thumbnail": item.image or "",
    }
    return {"meta": created | {"pv": 7}, **rest} if graphql else {**created, **rest}


MARK = "^|,#-@"


def channel_page(items: Sequence[Item], size: int, *, graphql: bool) -> str:
    """A page behind a cursor: what follows has the cursor of its last item. In either form of the answer."""
    page, rest = items[:size], items[size:]
    cursor = f"{int(page[-1].when.timestamp() * 1000)}{MARK}TWINTWIN".encode().hex() if rest else ""
    rows = [_row(item, graphql=graphql) for item in page]
    answer = {"size": size, "hasNext": bool(rest), "searchId": cursor, "items": rows}
    return json.dumps(
        {"data": {"media_home_tab_news_all_8": answer}} if graphql else answer, ensure_ascii=False
    )


def publishers_page(named: Sequence[tuple[int, str]]) -> str:
    """The list of all publishers; the last of each group leads to a search, as smaller ones' do."""
    groups = [named[start : start + 30] for start in range(0, len(named), 30)]
    lists = "".join(
        f"<dl><dt>묶음 {number}</dt><dd>"
        + "".join(
            f'<div><a href="https://v.daum.net/channel/{cp}/home">{escape(name)}</a></div>'
            for cp, name in group
        )
        + '<div><a href="https://search.daum.net/search?nil=1">지역의 작은 신문</a></div></dd></dl>'
        for number, group in enumerate(groups, start=1)
    )
    return f"""<!doctype html>
<html lang="ko"><head><meta charset="utf-8"><title>언론사별 뉴스 | Daum 뉴스</title></head>
<body><div class="baseinfo_list">{lists}</div></body></html>
"""


def search_page(query: str, items: Sequence[Item], page: int, now: datetime) -> str:
    """One page of ten search hits; past the last one, the page that says that there is none."""
    hits = items[(page - 1) * 10 : page * 10]
    found = "\n".join(_hit(item, query, now) for item in hits)
    body = (
        f'<ul class="c-list-basic">{found}</ul>'
        if hits
        else '<div class="sch_none"><p>검색 결과가 없습니다.</p></div>'
    )
    return f"""<!doctype html>
<html lang="ko"><head><meta charset="utf-8"><title>{escape(query)} - Daum 검색</title></head><body>
<div id="newsColl"><h3>뉴스</h3><span class="txt_info">1-{len(hits)} / 약 {len(items)}건</span>
{body}</div></body></html>
"""


def _hit(item: Item, query: str, now: datetime) -> str:
    link = item.url.replace("https://", "http://")
    title = (
        escape(item.title, quote=False).replace(
            escape(query, quote=False), f"<b>{escape(query, quote=False)}</b>"
        )
        if query
        else escape(item.title)
    )
    return f"""<li data-docid="{item.doc_id}"><div class="c-tit-doc"><a href="https://v.daum.net/channel/{item.cp}/home" class="item-writer"><strong class="tit_item" title="{escape(item.publisher)}"><span class="txt_info">{escape(item.publisher)}</span></strong></a></div>
<div class="c-item-content"><div class="item-thumb"><a href="{link}"><img src="data:image/gif;base64,R0lGODlhAQABAIAAAAAAAAD///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7" data-original-src="{item.image or ""}" alt=""></a></div>
<div class="item-bundle-mid"><div class="item-title"><strong class="tit-g clamp-g"><a href="{link}" target="_blank">{title}</a></strong></div>
<div class="item-contents"><p class="conts-desc clamp-g2"><a href="{link}">{escape(item.snippet, quote=False)}</a></p><span class="gem-subinfo"><span class="txt_info">{ago(item.when, now)}</span></span><span class="gem-subinfo"><span class="txt_info">댓글 3</span></span></div></div></div></li>"""
