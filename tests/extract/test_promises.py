"""One input for every promise of a field, as the world may send it: whole pages through the one door.

Invented wording; markup as sites have it. Each row is (what it shows, the page, what is right, its address).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from crawler.normalise.article_json import as_json
from crawler.stages import article_in_file

P = [
    "가상시는 20일 낡은 보행교 세 곳을 내년 봄까지 새로 놓겠다고 밝혔다. 시는 사업비 삼십억"
    " 원을 추경에 담았다.",
    '담당 공무원은 "비가 오면 미끄럽다는 민원이 해마다 늘었다"고 말했다. 주민 설명회는 다음'
    " 달 두 차례 열린다.",
    "공사는 야간에 진행하며 통행로는 임시로 북쪽 길을 쓴다. 시는 안내 표지판을 열 곳에 세우기로 했다.",
]
B = "".join(f"<p>{p}</p>" for p in P)
BODY = "\n".join(P)
T = "가상시, 낡은 보행교 세 곳 새로 놓는다"
SITE = "https://news.example.kr/view/20261120000001"
LD = '<script type="application/ld+json">%s</script>'
Wanted = Mapping[str, Any]
"""Field of ``extract``'s object (dots lead inwards) -> its value, or what must hold of it."""
ROWS: list[tuple[str, bytes, Wanted, str]] = []


def row(name: str, html: str | bytes, want: Wanted, url: str = SITE) -> None:
    ROWS.append((name, html.encode() if isinstance(html, str) else html, want, url))


def page(body: str = B, head: str = "", title: str = T, art: str = "<article>%s</article>") -> str:
    return (
        f'<!doctype html><html lang="ko"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta property="og:type" content="article">{head}</head><body><h1>{title}</h1>{art % body}'
        "</body></html>"
    )


for w in [
    "content-with-sidebar",
    "non-ad-column",
    "has-caption",
    "article_added",
    "share-content",
    "comment-free",
    "news_ad_wrap",
    "with-related",
    "hot-issue-body",
    "tag-layout",
    "reply-off",
    "promo-page",
    "advertorial",
    "social_article",
    "reporter_article",
    "layer-body",
    "popup-content",
    "banner-top-page",
    "newsletter-layout",
    "cookie-consent-given",
    "subscribe-wrap",
    "series-view",
    "ranking-none",
    "cp_article",
]:
    row("wrapper " + w, page(art=f'<div class="{w}">%s</div>'), {"outcome": "article", "body": BODY})
    row(
        "wrapper2 " + w,
        page(
            art=(
                f'<div id="{w}"><div class="inner"><div class="txt">%s</div></div></div><div class="side"'
                "><ul><li><a href=/1>다른 기사 하나</a></li><li><a href=/2>다른 기사 둘</a></li>"
                "</ul></div>"
            )
        ),
        {"outcome": "article", "body": BODY},
    )
row("body id", page().replace("<body>", '<body id="article_body">'), {"outcome": "article", "body": BODY})
row(
    "several articleBody",
    page(art="<div>%s</div>", body="".join(f'<div itemprop="articleBody"><p>{p}</p></div>' for p in P)),
    {"body": BODY},
)
row("no </html>", page().replace("</html>", "").replace("</body>", ""), {"outcome": "article", "body": BODY})
for msg, oc in [
    ("Access denied", "blocked"),
    ("자동등록방지를 위해 보안절차를 거치고 있습니다.", "blocked"),
    ("로그인이 필요한 서비스입니다.", "blocked"),
    ("Please complete the captcha to continue", "blocked"),
    ("비정상적인 접근이 감지되어 이용이 제한되었습니다.", "blocked"),
    ("We use cookies to improve your experience. Accept all cookies or manage your preferences.", "blocked"),
    ("접속량이 많아 잠시 후 다시 이용해 주시기 바랍니다.", ("blocked", "quarantined", "not_article")),
]:
    row(
        "refusal " + msg[:14],
        f"<html><head><title>{msg[:20]}</title></head><body><div><p>{msg}</p></div></body></html>",
        {"outcome": (lambda o, oc=oc: o in oc if isinstance(oc, tuple) else o == oc)},
    )
row(
    "paywall free false",
    page(
        body=f"<p>{P[0]}</p>",
        head=LD
        % json.dumps(
            {"@type": "NewsArticle", "headline": T, "isAccessibleForFree": False}, ensure_ascii=False
        ),
    ),
    {"outcome": "not_article"},
)
row("empty article", page(body=""), {"outcome": lambda o: o != "article"})
row(
    "photo article",
    page(
        body=(
            '<figure><img src="/a.jpg" width=600><figcaption>20일 가상시 보행교. 연합뉴스</figcaption>'
            "</figure>"
        )
    ),
    {"outcome": "article", "body": None, "images": [("20일 가상시 보행교.", "연합뉴스")]},
)
# 3 tail
row(
    "cfemail in signature",
    page(
        B + '<p>김서윤 기자 <a class="__cf_email__" data-cfemail="543531142c7a3f26" href="/cdn-cgi/l/ema'
        'il-protection">[email&#160;protected]</a></p>'
    ),
    {"bylines": [("김서윤", "기자", "ae@x.kr")], "body": BODY},
)
row(
    "cfemail link",
    page(
        B + '<p>김서윤 기자 <a href="/cdn-cgi/l/email-protection#543531142c7a3f26">[email&#160;protected'
        "]</a></p>"
    ),
    {"bylines": [("김서윤", "기자", "ae@x.kr")]},
)
row(
    "cfemail broken",
    page(B + '<p>김서윤 기자 <a data-cfemail="zz">[email&#160;protected]</a></p>'),
    {"bylines": [("김서윤", "기자", None)], "body": BODY},
)
row(
    "angle mail",
    page(B + "<p>김서윤 기자 <seoyun@news.example.kr></p>"),
    {"bylines": [("김서윤", "기자", "seoyun@news.example.kr")], "body": BODY},
)
row(
    "Parasite",
    page(B + "<p>그는 영화 <Parasite>를 보았다고 했다.</p>"),
    {"body": BODY + "\n그는 영화 <Parasite>를 보았다고 했다."},
)
row(
    "four pieces",
    page(
        "".join(f"<p>{p}</p><p>{n} 기자</p>" for p, n in zip(P, ["김서윤", "박도현", "이하람"], strict=True))
    ),
    {"bylines": [("김서윤", "기자", None), ("박도현", "기자", None), ("이하람", "기자", None)]},
)
row(
    "#사진",
    page(B + "<p>#사진=가상시</p><p>김서윤 기자</p>"),
    {"body": BODY, "bylines": [("김서윤", "기자", None)]},
)
# 4
row(
    "empty box",
    page(
        '<div class="img_box"><span class="img"><img src=/a.jpg width=600></span><p class="caption">'
        "20일 보행교 모습. /가상시 제공</p></div>" + B
    ),
    {"images": [("20일 보행교 모습.", "가상시 제공")], "body": BODY},
)
row(
    "table in figure",
    page(
        B + "<figure><table><tr><th>구간</th><th>길이</th></tr><tr><td>북교</td><td>20m</td></tr>"
        "</table><figcaption>구간별 길이</figcaption></figure>"
    ),
    {"body": BODY + "\n구간\t길이\n북교\t20m"},
)
for st in [
    "display:none",
    "display : none !important",
    "visibility:hidden",
    "clip:rect(0,0,0,0);position:absolute",
    "position:absolute;left:-9999px",
    "font-size:0",
    "text-indent:-9999px",
]:
    row(
        "hidden " + st,
        page(B.replace("</p><p>", f'</p><p style="{st}">숨은 문장 하나이다.</p><p>', 1)),
        {"body": BODY},
    )
row(
    "hidden by style",
    page(
        B.replace("</p><p>", '</p><p class="x9">숨은 문장 하나이다.</p><p>', 1),
        head="<style>.x9 , .zz{ display : none }</style>",
    ),
    {"body": BODY},
)
row(
    "hidden by style desc",
    page(
        B.replace("</p><p>", '</p><div><span class="x9">숨은 문장 하나이다.</span></div><p>', 1),
        head="<style>/* c */ article div .x9{visibility:hidden!important}</style>",
    ),
    {"body": BODY},
)
row(
    "media only",
    page(
        B.replace("</p><p>", '</p><p class="x9">보이는 문장 하나이다.</p><p>', 1),
        head="<style>@media print{.x9{display:none}} .x9:hover{display:none}</style>",
    ),
    {"body": BODY.replace("\n", "\n보이는 문장 하나이다.\n", 1)},
)
row(
    "fold",
    page(
        "<p>" + P[0] + '</p><div class="fold">' + "".join(f"<p>{p}</p>" for p in P[1:]) + "</div>",
        head="<style>.fold{display:none}</style>",
    ),
    {"body": BODY},
)
for c in [
    '<div id="commentList"><p>드디어 놓는군요. 오래 기다렸습니다.</p></div>',
    '<div class="replyArea"><p>드디어 놓는군요. 오래 기다렸습니다.</p></div>',
    '<section id="disqusThread"><p>드디어 놓는군요. 오래 기다렸습니다.</p></section>',
    '<blockquote class="twitter-tweet"><p>시장이 올린 글입니다. 다리를 놓겠습니다.</p>— 시장'
    ' (@mayor) <a href="https://twitter.com/m/1">2026</a></blockquote>',
    '<blockquote class="instagram-media"><div><a href="https://instagram.com/p/1">Instagram에서'
    " 이 게시물 보기</a></div></blockquote>",
]:
    row("out " + c[:40], page(B + c), {"body": BODY})
row(
    "last wholly link",
    page(B + '<p><a href="/more">시는 자세한 일정을 누리집에 올리겠다고 덧붙였다.</a></p>'),
    {"body": BODY + "\n시는 자세한 일정을 누리집에 올리겠다고 덧붙였다."},
)


# 5
def t(name: str, head: str, want: str | None, **k: str) -> None:
    row("time " + name, page(head=head, **k), {"published_at": want})


t(
    "GMT+9",
    '<meta property="article:published_time" content="2025-05-15T20:00:52GMT+09:00">',
    "2025-05-15T20:00:52+09:00",
)
t(
    "first unreadable",
    '<meta property="article:published_time" content="-"><meta name="pubdate" content="2026-11-20T09'
    ':00:00+09:00">',
    "2026-11-20T09:00:00+09:00",
)
t(
    "1970",
    '<meta property="article:published_time" content="1970-01-01T09:00:00+09:00"><meta name="pubdate'
    '" content="2026-11-20T09:00:00+09:00">',
    "2026-11-20T09:00:00+09:00",
)
t(
    "Z beside printed",
    '<meta property="article:published_time" content="2026-11-20T09:00:00Z">',
    "2026-11-20T09:00:00+09:00",
    art='<div class="info">입력 2026.11.20 09:00</div><article>%s</article>',
)
t(
    "Z right",
    '<meta property="article:published_time" content="2026-11-20T00:00:00Z">',
    "2026-11-20T09:00:00+09:00",
    art='<div class="info">입력 2026.11.20 09:00</div><article>%s</article>',
)
t(
    "24:00",
    "",
    "2026-11-21T00:00+09:00",
    art='<div class="info">입력 2026.11.20 24:00</div><article>%s</article>',
)
t("java", '<meta name="pubdate" content="Fri Nov 20 09:00:00 KST 2026">', "2026-11-20T09:00:00+09:00")
t(
    "time el",
    "",
    "2026-11-20T09:00:00+09:00",
    art=(
        '<article><header><h1>다리 세 곳</h1><time datetime="2026-11-20T09:00:00+09:00">오늘</time></header>'
        "%s</article>"
    ),
)
t(
    "itemprop",
    "",
    "2026-11-20T09:00:00+09:00",
    art='<span itemprop="datePublished" content="2026-11-20T09:00:00+09:00">오늘</span><article>%s</article>',
)
t(
    "event",
    "",
    None,
    art=(
        "<article><p>축제는 2027.03.01 10:00에 막을 올린다고 시가 밝혔다. 시는 준비를 마쳤다.</p>%s</article>"
    ),
)
# 6


def o(**fields: Any) -> str:
    item = {"@context": "https://schema.org", "@type": "NewsArticle", **fields}
    return json.dumps(item, ensure_ascii=False)


rel = o(
    headline="지난해 북교 통행 막은 이유",
    datePublished="2025-10-01T07:00:00+09:00",
    url="https://news.example.kr/view/2025",
)
own = o(
    headline=T,
    datePublished="2026-11-20T09:00:00+09:00",
    url="https://news.example.kr/view/20261120000001",
    author={"name": "김서윤"},
)
for n, sc in [
    ("related first", LD % rel + LD % own),
    ("CDATA", LD % ("//<![CDATA[\n" + own + "\n//]]>")),
    ("comment", LD % ("/* x */" + own)),
    ("semicolon", LD % (own + ";")),
    ("html comment", LD % ("<!--" + own + "-->")),
    ("list", LD % ("[" + rel + "," + own + "]")),
    ("graph", LD % json.dumps({"@graph": [json.loads(rel), json.loads(own)]})),
    ("trailing comma", LD % (own[:-1] + ",}")),
    (
        "mainEntityOfPage",
        LD % rel
        + LD
        % o(
            headline="다른 표현",
            datePublished="2026-11-20T09:00:00+09:00",
            author={"name": "김서윤"},
            mainEntityOfPage={"@type": "WebPage", "@id": "https://news.example.kr/view/20261120000001"},
        ),
    ),
    ("newline in string", LD % own.replace("김서윤", "김서윤\\n")),
]:
    row(
        "ld " + n,
        page(head=sc),
        {"published_at": "2026-11-20T09:00:00+09:00", "bylines": [("김서윤", None, None)]},
    )
row(
    "articleBody tags",
    page(body="<div id=app></div>", head=LD % o(headline=T, articleBody="<p>" + "</p><p>".join(P) + "</p>")),
    {"body": BODY},
)
row(
    "articleBody entities",
    page(
        body="<div id=app></div>",
        head=LD % o(headline=T, articleBody="&lt;p&gt;" + "&lt;/p&gt;&lt;p&gt;".join(P) + "&lt;/p&gt;"),
    ),
    {"body": BODY},
)
row(
    "two authors ld",
    page(head=LD % o(headline=T, author=[{"name": "김서윤"}, {"name": "박도현"}])),
    {"bylines": [("김서윤", None, None), ("박도현", None, None)]},
)
row("title dash", page(title="아시안게임 금메달 딴 e-스포츠"), {"title": "아시안게임 금메달 딴 e-스포츠"})
row(
    "title site",
    page(head='<meta property="og:site_name" content="가상신문">', title=T).replace(
        f"<title>{T}", f"<title>{T} - 가상신문"
    ),
    {"title": T},
)
row("title bar inside", page(title="정부 | 국회 | 예산 전쟁"), {"title": "정부 | 국회 | 예산 전쟁"})
e = page().replace("utf-8", "euc-kr").encode("cp949")
row("0x92", e.replace("추경에".encode("cp949"), b"\x92 " + "추경에".encode("cp949")), {"outcome": "article"})
row("utf8 c1", page(B.replace("추경에", "추경\u0092에")), {"outcome": "article"})
row(
    "widget other charset",
    page()
    .encode()
    .replace(b"</article>", b"</article><div class=w>" + "날씨 맑음".encode("cp949") + b"</div>"),
    {"outcome": "article", "body": BODY},
)
# 7
row(
    "meta copyright",
    page(head='<meta name="copyright" content="가상신문">'),
    {"rights.holder": "가상신문", "copyright_notice": None},
)
row(
    "meta copyright notice",
    page(head='<meta name="copyright" content="Copyright ⓒ 가상신문. 무단전재 및 재배포 금지">'),
    {"rights.holder": "가상신문", "rights.no_reproduction": True, "copyright_notice": None},
)
row(
    "meta copyright without a clause",
    page(head='<meta name="copyright" content="Copyright 가상신문 all rights reserved">'),
    {"rights.holder": "가상신문", "rights.no_reproduction": None, "copyright_notice": None},
)
row(
    "ld holder",
    page(head=LD % o(headline=T, copyrightHolder={"@type": "Organization", "name": "가상신문"})),
    {"rights.holder": "가상신문"},
)
row("portal holder", page(head='<meta name="copyright" content="NAVER Corp.">'), {"rights.holder": None})
row("portal site", page(head='<meta property="og:site_name" content="네이버 스포츠">'), {"publisher": None})
row("nate", page(head='<meta property="og:site_name" content="네이트 뉴스">'), {"publisher": None})
row("gisajegong", page(B + "<p>기사제공 가상신문</p>"), {"bylines": []})
row(
    "english notice",
    page(
        B + "<p>This material may not be published, broadcast, rewritten or redistributed without"
        " permission.</p>"
    ),
    {"body": BODY, "rights.no_redistribution": True},
)
# 8
row("title NFC", page(title="金\uf90a 값\u00a0오름"), {"title": "金\uf90a 값\u00a0오름"})
D = "https://v.daum.net/v/20261120090000123"


INFO = (
    '<span class="txt_info">김서윤 기자</span>'
    '<span class="txt_info">입력 <span class="num_date">2026. 11. 20. 09:00</span></span>'
)
NAMED = '<meta property="og:article:author" content="가상일보">'


def daum(title: str = T, extra: str = "", foot: str = "", head: str = NAMED, sect: str = B) -> str:
    return (
        f'<!doctype html><html lang="ko"><head><meta charset="utf-8"><title>{title}</title>{head}</head>'
        f'<body><div class="head_view"><h3 class="tit_view">{title}</h3>'
        f'<div class="info_view">{INFO}</div></div>'
        '<div class="news_view"><div class="article_view" data-tiara-layer="article_body">'
        f'<section dmcf-sid="a">{sect}</section></div></div>'
        f'<div class="foot_view">{foot}</div>{extra}</body></html>'
    )


row(
    "daum plain",
    daum(),
    {"publisher": "가상일보", "title": T, "body": BODY, "bylines": [("김서윤", "기자", None)]},
    D,
)
row(
    "daum alex",
    daum(head="", extra='<alex-action data-cp-name="가상일보"></alex-action>'),
    {"publisher": "가상일보"},
    D,
)
row(
    "daum cpKor",
    daum(head="", extra="<script>var a={cpKorName: '가상일보'}</script>"),
    {"publisher": "가상일보"},
    D,
)
row(
    "daum site_name",
    daum(head='<meta property="og:site_name" content="다음 뉴스 | 가상일보">'),
    {"publisher": "가상일보"},
    D,
)
row(
    "daum portal name",
    daum(
        head=(
            '<meta property="og:article:author" content="Daum 연예"><meta property="og:site_name"'
            ' content="다음 연예">'
        )
    ),
    {"publisher": None},
    D,
)
row(
    "daum notice pub",
    daum(head="", foot='<div class="txt_copyright">Copyright © 가상일보. 무단전재 및 재배포 금지.</div>'),
    {"publisher": "가상일보"},
    D,
)
row("daum title NFC", daum(title="金\uf90a 값\u00a0오름"), {"title": "金\uf90a 값\u00a0오름"}, D)
row(
    "daum original",
    daum(foot='<a href="https://www.gasang.example.kr/news/1">가상일보에서 직접 확인하세요</a>'),
    {"original_url": "https://www.gasang.example.kr/news/1"},
    D,
)
row(
    "daum hidden class",
    daum(
        head='<meta property="og:article:author" content="가상일보"><style>.hh{display:none}</style>',
        sect=B.replace("</p><p>", '</p><p class="hh">숨은 문장이다.</p><p>', 1),
    ),
    {"body": BODY},
    D,
)
row(
    "daum cf",
    daum(sect=B + '<p>김서윤 기자 <a data-cfemail="543531142c7a3f26">[email&#160;protected]</a></p>'),
    {"bylines": [("김서윤", "기자", "ae@x.kr")], "body": BODY},
    D,
)
row(
    "daum 네이트 holder",
    daum(head="", foot='<div class="txt_copyright">Copyright © Kakao Corp. All rights reserved.</div>'),
    {"publisher": None},
    D,
)
# 9
row(
    "extract unknown template",
    "<html><head><title>x</title></head><body><div>" + B + "</div></body></html>",
    {"outcome": "quarantined", "reason": lambda r: bool(r)},
    D,
)
row(
    "extract gone",
    "<html><head><title>Daum</title></head><body><p>삭제된 기사입니다.</p></body></html>",
    {"outcome": "gone", "reason": lambda r: bool(r)},
    D,
)
row(
    "extract blocked",
    "<html><head><title>Access Denied</title></head><body><h1>Access Denied</h1><p>You don't"
    " have permission to access this page.</p></body></html>",
    {"outcome": "blocked"},
    D,
)
# fnnews
FN = "https://www.fnnews.com/news/202611200900001234"


def fn(body: str = B, writer: str = "김서윤 기자") -> str:
    return (
        f'<!doctype html><html lang="ko"><head><meta charset="utf-8"><title>{T} - 파이낸셜뉴스'
        '</title><meta property="article:published_time" content="2026-11-20T09:00:07+09:00">'
        f'</head><body><article class="article-view"><h1 class="article-view__title">{T}</h1><div'
        f' class="writer">{writer}</div><div class="article-view__body">{body}</div></article>'
        "</body></html>"
    )


row(
    "fn writer",
    fn(),
    {"bylines": [("김서윤", "기자", None)], "published_at": "2026-11-20T09:00:07+09:00", "body": BODY},
    FN,
)
for a in [
    '<div id="madd06">광고 문장이다.</div>',
    '<div id="adBody_02">광고 문장이다.</div>',
    '<div class="wrap_ad10">광고 문장이다.</div>',
]:
    row("fn ad " + a[:24], fn(B.replace("</p><p>", "</p>" + a + "<p>", 1)), {"body": BODY}, FN)


def misread(html: bytes, want: Wanted, url: str) -> dict[str, Any]:
    """The fields that are not as wanted, with what was read."""
    found = as_json(article_in_file(html, url))
    wrong = {}
    for path, right in want.items():
        value: Any = found
        for key in path.split("."):
            value = value[key] if value is not None else None
        if path == "bylines":
            value = [(person["name"], person["role"], person["email"]) for person in value]
        elif path == "images":
            value = [(image["caption"], image["credit"]) for image in value]
        if not (right(value) if callable(right) else value == right):
            wrong[path] = value
    return wrong


@pytest.mark.parametrize(("html", "want", "url"), [r[1:] for r in ROWS], ids=[r[0] for r in ROWS])
def test_a_promise_holds(html: bytes, want: Wanted, url: str) -> None:
    assert misread(html, want, url) == {}
