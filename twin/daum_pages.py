"""Daum article pages: the 2022, the 2023 and the 2025-26 template (docs/sites/daum.md 2)."""

# ruff: noqa: E501 (the sites' markup is easier to check against docs/sites/ unbroken)

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from html import escape
from importlib import resources
from string import Template

from twin.daum_body import section
from twin.model import Appearance
from twin.publishers import publisher

CATEGORY_IDS = {"politics": "1020", "society": "1067", "world": "1046"}


@cache
def template(name: str) -> Template:
    """A page template of this package."""
    return Template(resources.files("twin").joinpath("templates", name).read_text("utf-8"))


def render(page: Appearance, related: Sequence[str]) -> str:
    """The whole page as text. ``related``: headlines for the block under the article."""
    year = page.template.partition("/")[2]
    house = publisher(page.publisher)
    registered = page.published
    words = {
        "charset": "utf-8" if page.charset == "utf-8" else "euc-kr",
        "doc_id": page.doc_id or "",
        "title": escape(page.title),
        "publisher": escape(page.publisher),
        "home": f"https://{house.home}/",
        "cp": str(house.cp),
        "code": house.code,
        "reg": f"{registered:%Y%m%d%H%M%S}",
        "og_url": f"https://news.v.daum.net/v/{page.doc_id}" if year == "2022" else page.url,
        "image": page.pictures[0].url
        if page.pictures
        else "https://t1.daumcdn.net/media/news/news2016/og.png",
        "description": escape(" ".join(page.paragraphs)[:200]),
        "section": escape(page.section_name),
        "slug": page.section,
        "info": _info(page, year),
        "subtitle": _subtitle(page),
        "body": section(page, adverts=year != "2022"),
        "notice_after": _notice_after(page),
        "foot_notice": _foot_notice(page),
        "related": _related(house.home, related),
        "tracker": _tracker(page, registered),
        "site_id": page.site_id,
        "summary": _summary(page),
        "original": _original(page, year),
    }
    return template(f"daum_{year}.html").substitute(words)


def stamp(when: datetime, year: str) -> str:
    """A time as the template prints it: padded until 2022, not padded later."""
    if year == "2022":
        return f"{when:%Y. %m. %d. %H:%M}"
    return f"{when.year}. {when.month}. {when.day}. {when:%H:%M}"


def _info(page: Appearance, year: str) -> str:
    parts = (
        [f'<span class="txt_info">{escape(page.byline_line, quote=False)}</span>'] if page.byline_line else []
    )
    parts.append(
        f'<span class="txt_info">입력 <span class="num_date">{stamp(page.published, year)}</span></span>'
    )
    if page.modified:
        parts.append(
            f'<span class="txt_info">수정 <span class="num_date">{stamp(page.modified, year)}</span></span>'
        )
    return " ".join(parts)


def _subtitle(page: Appearance) -> str:
    if not page.subtitle:
        return ""
    lines = "<br>".join(escape(line, quote=False) for line in page.subtitle.split("\n"))
    return f'<strong class="summary_view" data-translation="true">{lines}</strong>'


def _notice_after(page: Appearance) -> str:
    if page.notice is None or page.notice_place != "after":
        return ""
    return f'<p data-translation="true">{escape(page.notice, quote=False)} </p>'


def _foot_notice(page: Appearance) -> str:
    if page.notice is None or page.notice_place != "foot":
        return ""
    return f'<p class="txt_copyright">{escape(page.notice, quote=False)}</p>'


def _original(page: Appearance, year: str) -> str:
    """The link to the publisher's own page; the publisher's front page alone where there is none."""
    if page.original_url is None:
        return ""
    if year == "2026":
        return (
            f'<a class="link_origin" href="{page.original_url}" target="_blank">원문 보기'
            '<span class="screen_out">해당 언론사로 이동합니다</span></a>'
        )
    return f'<a href="{page.original_url}" class="btn_origin" target="_blank">원문</a>'


def _summary(page: Appearance) -> str:
    if page.summary is None:
        return ""
    return (
        '<div class="layer_util layer_summary"><strong class="tit_summary">자동요약</strong>'
        '<p class="desc_summary">기사 제목과 주요 문장을 기반으로 자동요약한 결과입니다. 전체 맥락을 이해하기 위해서는 본문 보기를 권장합니다.</p>'
        f'<div class="box_summary"><p class="txt_summary">{escape(page.summary, quote=False)}</p></div></div>'
    )


def _related(home: str, headlines: Sequence[str]) -> str:
    return "\n".join(
        f'<li><a href="https://{home}/article/{number}" title="{escape(line)}" class="link_txt" target="_blank" data-type="related">{escape(line, quote=False)}</a></li>'
        for number, line in enumerate(headlines, start=7001)
    )


def _tracker(page: Appearance, registered: datetime) -> str:
    """The statistics script of 2022 and 2023: who, when, to the second."""
    first = page.bylines[0] if page.bylines else None
    meta = {
        "id": page.site_id,
        "type": "article",
        "name": page.title,
        "category_id": CATEGORY_IDS.get(page.section, "1006"),
        "category": page.section,
        "author": (first and first.name) or "",
        "author_id": (first and first.email) or "",
        "provider": page.publisher,
        "provider_id": str(publisher(page.publisher).cp),
        "regdate": f"{registered:%Y-%m-%d %H:%M:%S}",
        "plink": f"https://media.daum.net/v/{page.site_id}",
        "image": page.pictures[0].url if page.pictures else "",
    }
    body = ",".join(f"{key}:{json.dumps(value)}" for key, value in meta.items())
    stamp_ms = int(registered.timestamp() * 1000)
    return (
        '"use strict";!(function(){if(window.TiaraTracker){var y=TiaraTracker.getInstance().setSvcDomain("media.daum.net")'
        f'.setPage("newsview").trackPage("newsview").setSection("{page.section}"),p={{{body},harmony_consumer_id:"media",media:"pcweb"}},'
        f'f={{contentUniqueKey:"hamny-".concat(p.id),docId:"{page.doc_id}",reg_dt:"{registered:%Y-%m-%d %H:%M:%S}",reg_timestamp:"{stamp_ms}"}};'
        'y.actionKind("ViewContent").pageMeta(p).customProps(f).track()}})();'
    )
