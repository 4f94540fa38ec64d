"""Replies for single pages: articles, deleted articles, channel pages and other pages that are no articles."""

# ruff: noqa: E501 (markup is easier to read unbroken)

from __future__ import annotations

import re
from collections.abc import Mapping

from twin import daum_pages, fnnews_pages
from twin.headlines import around
from twin.model import Appearance, Story
from twin.publishers import publishers
from twin.reply import Reply, conditional, html_reply
from twin.surroundings import surrounded

_CHANNEL = re.compile(r"/channel/(\d+)/(?:home|list|contents)")


def article_reply(
    story: Story,
    page: Appearance,
    headers: Mapping[str, str],
    *,
    amp: bool,
    around_it: str | None = None,
    kilobytes: float | None = None,
) -> Reply:
    """The article's page with validators, or 304.

    ``around_it``: key of its related headlines and advertisement; ``kilobytes``: about so large as a portal makes it.
    """
    related = around(around_it or page.site_id, 6)
    if page.site == "daum":
        text = daum_pages.render(page, related)
    elif amp:
        text = fnnews_pages.render_amp(page, related)
    else:
        text = fnnews_pages.render(page, related)
    if around_it is not None:
        text = text.replace("</body>", f'<div class="ad_wrap"><p>{related[0]} {around_it}</p></div></body>')
    if kilobytes is not None:
        text = surrounded(text, around_it or page.site_id, kilobytes)
    body, kind = encoded(text, "utf-8" if amp else page.charset, page.site_id)
    return conditional(
        Reply(200, body, {"Content-Type": kind, **dict(page.signals)}, story_id=story.story_id),
        headers,
        page.touched,
    )


def encoded(text: str, charset: str, key: str) -> tuple[bytes, str]:
    """Bytes and Content-Type. A page ``utf-8 as euc-kr`` says EUC-KR in its meta and, half of them, in the header."""
    if charset == "euc-kr":
        return text.encode("euc-kr", "xmlcharrefreplace"), "text/html; charset=euc-kr"
    if charset == "utf-8 as euc-kr":
        header = "text/html; charset=EUC-KR" if int(key[-1]) % 2 else "text/html"
        return text.encode(), header
    return text.encode(), "text/html; charset=utf-8"


def gone_reply(site: str, status: int) -> Reply:
    """404, 410, or the page that says with status 200 that the article was deleted."""
    name = "다음뉴스" if site == "daum" else "파이낸셜뉴스"
    said = {
        200: "언론사의 요청으로 삭제된 기사입니다.",
        404: "페이지를 찾을 수 없습니다.",
        410: "더 이상 제공되지 않는 기사입니다.",
    }[status]
    title = "삭제된 기사" if status == 200 else "오류"
    return html_reply(
        f'<!doctype html><html lang="ko"><head><meta charset="utf-8"><title>{title} | {name}</title></head>'
        f'<body><div class="error_view"><h2 class="tit_error">{title}</h2><p class="desc_error">{said}</p>'
        f'<a href="/">{name} 홈으로 가기</a></div></body></html>',
        status=status,
    )


def other_page(host: str, path: str) -> Reply | None:
    """Pages that are no articles: channels, neighbours, the portal's front page. None: not played."""
    if host == "v.daum.net" and (match := _CHANNEL.fullmatch(path)):
        return _channel(int(match.group(1)))
    if host in {
        "sports.daum.net",
        "entertain.daum.net",
        "gallery.v.daum.net",
        "issue.daum.net",
        "v.auto.daum.net",
    }:
        return html_reply(
            f'<!doctype html><html lang="ko"><head><meta charset="utf-8"><title>{host}</title></head>'
            '<body><div id="app"></div><script>window.__STATE__={}</script></body></html>'
        )
    if host == "www.daum.net" and path == "/":
        return html_reply(
            '<!doctype html><html lang="ko"><head><meta charset="utf-8"><title>Daum</title></head><body><h1>Daum</h1></body></html>'
        )
    if host.endswith("fnnews.com") and path == "/":
        return html_reply(
            '<!doctype html><html lang="ko"><head><meta charset="utf-8"><title>파이낸셜뉴스</title></head>'
            '<body><a href="/newsflash">속보</a></body></html>'
        )
    return None


def _channel(cp: int) -> Reply | None:
    house = next((each for each in publishers() if each.cp == cp), None)
    if house is None:
        return None
    return html_reply(
        f'<!doctype html><html lang="ko"><head><meta charset="utf-8"><title>{house.name} | 다음채널</title>'
        f'<meta property="og:title" content="{house.name}"><meta property="og:type" content="website"></head>'
        f"<body><h1>{house.name}</h1><p>{house.name}의 채널입니다. 구독하면 새 소식을 받아 볼 수 있습니다.</p></body></html>"
    )
