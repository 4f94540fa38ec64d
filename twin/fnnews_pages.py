"""fnnews article pages: up to 2021, 2022-25 and 2026 (docs/sites/fnnews.md 3), and the AMP page.

Where the sources prove no selector (header of 2022-25 and 2026) the page prints the text forms
that rendered copies show: section, title, ``이름 기자``, ``파이낸셜뉴스``, ``입력 ...``, ``수정 ...``.
"""

# ruff: noqa: E501 (the sites' markup is easier to check against docs/sites/ unbroken)

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from html import escape

from twin.daum_body import is_notable, rows
from twin.daum_pages import template
from twin.model import Appearance, Block, Picture


def render(page: Appearance, related: Sequence[str]) -> str:
    """The whole page as text. ``related``: headlines of the recommended stories."""
    year = page.template.partition("/")[2]
    return template(f"fnnews_{year}.html").substitute(_words(page, year, related))


def render_amp(page: Appearance, related: Sequence[str]) -> str:
    """The /ampNews/ page of the same article."""
    return template("fnnews_amp.html").substitute(_words(page, "amp", related))


def _words(page: Appearance, year: str, related: Sequence[str]) -> dict[str, str]:
    mail = next((person.email for person in page.bylines if person.email), None)
    return {
        "charset": "utf-8" if page.charset == "utf-8" else "euc-kr",
        "title": escape(page.title),
        "url": page.url,
        "site_id": page.site_id,
        "image": page.pictures[0].url
        if page.pictures
        else "https://image.fnnews.com/resources/images/no_img_fnnews_570.jpg",
        "description": escape(" ".join(page.paragraphs)[:160]),
        "section": escape(page.section_name),
        "desk": escape(f"{page.section_name}일반"),
        "byline": escape(page.byline_line or ""),
        "mail": mail or "",
        "published": stamp(page.published),
        "modified": stamp(page.modified) if page.modified else "",
        "modified_line": f"<li>수정 {stamp(page.modified)}</li>" if page.modified else "",
        "modified_bar": f" | 수정 : {stamp(page.modified)}" if page.modified else "",
        "modified_amp": f"   수정 : {stamp(page.modified)}" if page.modified else "",
        "iso": page.published.isoformat(),
        "subtitle": "<br>".join(escape(line, quote=False) for line in (page.subtitle or "").split("\n")),
        "body": body(page, year),
        "notice": escape(page.notice or "", quote=False),
        "tags": " ".join(
            f'<a href="/search?search_txt={escape(tag)}">#{escape(tag)}</a>' for tag in page.tags
        ),
        "related": _related(page, year, related),
    }


def stamp(when: datetime) -> str:
    """``2026.11.20 17:05``."""
    return f"{when:%Y.%m.%d %H:%M}"


def body(page: Appearance, year: str) -> str:
    """The inside of the body container: figures, paragraphs, an advertisement, the signature."""
    parts = [_block(page, block, year) for block in page.blocks]
    if len(parts) > 3:
        parts.insert(2, _advert(year))
    pictures = [_figure(picture, year) for picture in page.pictures]
    return "\n".join([*pictures[:1], *parts[:4], *pictures[1:], *parts[4:]])


def _advert(year: str) -> str:
    if year == "2021":
        return '<div id="ad_body" class="ad_left">AD 광고 문구가 들어가는 자리</div>'
    return (
        '<div id="ad_view_1" class="ad-article"><script src="/resources/js/fnnewsAd.js"></script>광고</div>'
    )


def _figure(picture: Picture, year: str) -> str:
    line = escape(picture.line, quote=False)
    image = f'<img src="{picture.url}" alt="{escape(picture.line)}">'
    if year == "2021":
        return f'<table class="class_div_main image"><tbody><tr><td>{image}</td></tr><tr><td class="caption">{line}</td></tr></tbody></table>'
    return f'<figure class="article-photo">{image}<figcaption>{line}</figcaption></figure>'


def _block(page: Appearance, block: Block, year: str) -> str:
    text = escape(block.text + block.tail, quote=False)
    if page.loose_space:
        text = text.replace(" ", "  ", 3).replace(". ", ".\n   ")
    if block.kind in {"h3", "strong", "smtitle"}:
        return f"<strong>{text}</strong>" + ("<br><br>" if year == "2021" else "")
    if block.kind == "quote":
        return f"<blockquote>{text}</blockquote>"
    if block.kind == "list":
        return "<ul>" + "".join(f"<li>{escape(item, quote=False)}</li>" for item in block.items) + "</ul>"
    if block.kind == "table":
        return f"<table><tbody>{rows(block)}</tbody></table>"
    if block.kind == "related":
        return "<p>" + "<br>".join(escape(item, quote=False) for item in block.items) + "</p>"
    if year == "2021":
        return f"{text}<br><br>"
    if block.kind == "signature":
        return f'<p class="article-view__byline">{text}</p>'
    return f"<p>{text}</p>"


def _related(page: Appearance, year: str, related: Sequence[str]) -> str:
    if year == "2026":
        return "\n".join(
            f'<article><a href="/news/{2026010100000000 + number}00"><h3>{escape(line, quote=False)}</h3></a></article>'
            for number, line in enumerate(related)
        )
    extra = "<li>Hot 포토</li>" if is_notable(page.site_id, 0.5) else ""
    return "\n".join(f"<li>{escape(line, quote=False)}</li>" for line in related) + extra
