"""fnnews lists: RSS with CDATA, newsflash in both markups, section pages (docs/sites/fnnews.md 2)."""

# ruff: noqa: E501 (the sites' markup is easier to check against docs/sites/ unbroken)

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from html import escape

from twin.daum_lists import Item

FEEDS = {
    "all": None,
    "economy": "경제",
    "stock": "증권",
    "realestate": "부동산",
    "industry": "산업",
    "it": "IT",
    "international": "국제",
    "politics": "정치",
    "society": "사회",
    "culture": "문화",
    "circulation": "생활경제",
    "finance": "금융",
    "sports": "스포츠",
    "edu": "교육",
    "people": "피플",
}
SECTION_CODES = {
    "000000000": None,
    "001001000": "정치",
    "002000000": "경제",
    "002001000": "증권",
    "002001002002": "금융",
    "002003000": "부동산",
    "002004002005": "산업",
    "002005000": "IT",
    "003000000": "국제",
    "004000000": "사회",
    "005000000": "문화",
    "007001000000": "생활경제",
}
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def rss(slug: str, items: Sequence[Item], now: datetime) -> str:
    """An RSS 2.0 feed whose texts stand in CDATA."""
    return f"""<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0"><channel>
<title><![CDATA[파이낸셜뉴스 - {slug}]]></title>
<link>https://www.fnnews.com</link>
<description><![CDATA[파이낸셜뉴스 실시간 뉴스]]></description>
<language>ko</language>
<pubDate>{_mail_date(items[0].when if items else now)}</pubDate>
{chr(10).join(_entry(item) for item in items)}
</channel></rss>
"""


def _entry(item: Item) -> str:
    return f"""<item>
<title><![CDATA[{item.title}]]></title>
<link><![CDATA[{item.url}]]></link>
<description><![CDATA[{item.snippet}]]></description>
<author><![CDATA[{item.author or ""}]]></author>
<pubDate>{_mail_date(item.when)}</pubDate>
</item>"""


def _mail_date(when: datetime) -> str:
    return f"{_DAYS[when.weekday()]}, {when.day:02} {_MONTHS[when.month - 1]} {when:%Y %H:%M:%S} +0900"


def newsflash(items: Sequence[Item]) -> str:
    """The newest first; the upper half in the newer markup, the rest in the older one."""
    half = (len(items) + 1) // 2
    newer = "\n".join(
        f'<li><div class="wrap_txt"><strong class="tit_thumb"><a href="{_relative(item.url)}">{escape(item.title, quote=False)}</a></strong>'
        f'<span class="caption">{item.when:%Y.%m.%d %H:%M}</span></div></li>'
        for item in items[:half]
    )
    older = "\n".join(
        f'<li><strong><a href="{_relative(item.url)}">{escape(item.title, quote=False)}</a></strong><span class="date">{item.when:%Y.%m.%d %H:%M}</span></li>'
        for item in items[half:]
    )
    return _page(
        "실시간 뉴스",
        f'<ul class="list_flash">{newer}</ul><div class="art_flash_wrap"><ul>{older}</ul></div>',
    )


def section_page(name: str, items: Sequence[Item]) -> str:
    """A section list: ``#secNo1 > li`` with relative links."""
    rows = "\n".join(
        f'<li><div class="wrap_txt"><strong class="tit_thumb"><a href="{_relative(item.url)}">{escape(item.title, quote=False)}</a></strong>'
        f'<p class="txt_dec">{escape(item.snippet, quote=False)}</p><span class="date">{item.when:%Y.%m.%d %H:%M}</span></div></li>'
        for item in items
    )
    return _page(name, f'<ul id="secNo1" class="list_art">{rows}</ul>')


SEARCH_PAGE = 10


def search_page(items: Sequence[Item], page: int) -> str:
    """One page of the search, newest first; without a hit, the page that says so."""
    found = items[(page - 1) * SEARCH_PAGE : page * SEARCH_PAGE]
    rows = "\n".join(
        f'<li><strong class="tit_thumb"><a href="{_relative(item.url)}">{escape(item.title, quote=False)}</a></strong>'
        f'<p class="txt_dec">{escape(item.snippet, quote=False)}</p>'
        f'<span class="caption">{item.when:%Y-%m-%d %H:%M:%S}</span></li>'
        for item in found
    )
    inner = (
        f'<ul class="list_article">{rows}</ul>' if found else '<p class="no_data">검색 결과가 없습니다.</p>'
    )
    return _page("검색", inner)


def _relative(url: str) -> str:
    return url.removeprefix("https://www.fnnews.com")


def _page(title: str, inner: str) -> str:
    return f"""<!DOCTYPE html>
<html lang="ko"><head><meta charset="utf-8"><title>{escape(title)} - 파이낸셜뉴스</title></head>
<body><div id="root"><header><a href="/">파이낸셜뉴스</a><nav><a href="/section/001001000">정치</a><a href="/section/002003000">부동산</a><a href="/newsflash">속보</a><a href="/member/login">로그인</a></nav></header>
<div class="contents"><h2>{escape(title)}</h2>{inner}</div>
<footer>Copyright ⓒ 파이낸셜뉴스. All rights reserved.</footer></div></body></html>
"""
