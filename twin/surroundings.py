"""What real portals have around an article: menus, scripts, lists of headlines, rankings, widgets, a footer.

The shape is taken from six saved pages of Korean outlets of 62 to 128 kB (Daum 2018 and 2020, MBN 2025, Donga; looked
at on 2026-11-26): for each 70 kB 50 to 260 links, 460 to 950 elements, 4 to 32 kB of scripts in 10 to 40 elements,
half of all bytes in attributes, a list's item of 290 bytes, elements 7 to 10 deep. Every word is invented.
It depends on the page's key alone, so that a page's bytes change only when its own article does.
"""

# ruff: noqa: E501 (markup is easier to read unbroken)

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from functools import cache
from html import escape
from itertools import cycle

from twin.headlines import HEADLINES
from twin.invented import phrase
from twin.korean import person_name

POOL = 400
"""Headlines that the lists of all pages are drawn from."""
SCRIPTS = 0.22
"""The share of scripts in what is added; in the pages looked at 6 (Donga), 19 (MBN) and 32 to 46 hundredths (Daum)."""
SPREAD = 0.15
"""Pages are smaller or larger than asked by up to this part."""
MENU = (
    *("정치", "경제", "사회", "생활", "국제", "문화", "기술", "연예", "스포츠", "날씨"),
    *("사진", "영상", "연재", "사설", "지역", "인물", "증권", "부동산", "기획", "속보"),
)
_BOXES = ("많이 본 뉴스", "이 시각 주요 뉴스", "분야별 소식", "댓글 많은 뉴스", "추천 뉴스", "이어 보기")
_AGES = ("방금 전", "3분 전", "17분 전", "42분 전", "1시간 전", "5시간 전", "어제", "2일 전")
_Piece = Callable[[random.Random], str]


def surrounded(text: str, key: str, kilobytes: float) -> str:
    """The page with so much around its article that it has about that many kB in UTF-8.

    A page that is as large already stays as it is.
    """
    rng = random.Random(f"around/{key}")
    missing = kilobytes * 1000 * rng.uniform(1 - SPREAD, 1 + SPREAD) - len(text.encode())
    if missing <= 0:
        return text
    scripts = _enough(missing * SCRIPTS, rng, (_tracker, _state, _loader))
    top = _menu(rng) + _tools(rng)
    below = _enough(
        missing * (1 - SCRIPTS) - len(top.encode()),
        rng,
        (_headlines, _ranking, _thumbnails, _headlines, _form, _directory),
    )
    half = len(scripts) // 2
    return _placed(text, "".join(scripts[:half]), top, "".join(below) + _footer(), "".join(scripts[half:]))


def _placed(text: str, head: str, top: str, below: str, end: str) -> str:
    """The pieces before the end of the head, as the body begins, and before it ends."""
    headed = text.index("</head>")
    opened = text.index(">", text.index("<body")) + 1
    closed = text.rindex("</body>")
    return (
        f'{text[:headed]}{head}{text[headed:opened]}<div class="sr-page"><div class="sr-top">{top}</div></div>'
        f'{text[opened:closed]}<div class="sr-page"><div class="sr-below"><div class="sr-columns">{below}</div></div></div>'
        f"{end}{text[closed:]}"
    )


def _enough(budget: float, rng: random.Random, makers: Sequence[_Piece]) -> list[str]:
    """Pieces of each kind in turn until they have so many bytes."""
    pieces: list[str] = []
    for make in cycle(makers):
        if budget <= 0:
            return pieces
        pieces.append(make(rng))
        budget -= len(pieces[-1].encode())
    return pieces


@cache
def _pool() -> list[str]:
    """Headlines: those that stand around articles anyway, and as many invented ones as are missing."""
    rng = random.Random("around")
    made = [phrase(rng, 4, 8) for _ in range(POOL - len(HEADLINES))]
    return [*HEADLINES, *(f"[속보] {one}" if rng.random() < 0.1 else one for one in made)]


def _number(rng: random.Random) -> int:
    return rng.randrange(10**8, 10**9)


# --- link lists ------------------------------------------------------------------------------------------


def _link(rng: random.Random, inside: str, where: str) -> str:
    return (
        f'<a href="/story/{_number(rng)}?from={where}&amp;id={_number(rng)}" class="sr-link sr-link-{where}" target="_self" '
        f'data-layer="{where}" data-order="{rng.randrange(1, 20)}" data-box="{_number(rng)}">{inside}</a>'
    )


def _box(rng: random.Random, kind: str, items: Sequence[str], tag: str = "ul") -> str:
    return (
        f'<div class="sr-box sr-box-{kind}" data-area="{kind}"><div class="sr-box-head"><h3 class="sr-tit">{rng.choice(_BOXES)}</h3>'
        f'<button type="button" class="sr-btn sr-btn-more" aria-expanded="false"><i class="sr-ico"></i>더보기</button></div>'
        f'<{tag} class="sr-list sr-list-{kind}">{"".join(items)}</{tag}></div>\n'
    )


def _headlines(rng: random.Random) -> str:
    """Headlines, each with its outlet and its age."""
    items = [
        f'<li class="sr-item"><div class="sr-item-in">{_link(rng, escape(line), "news")}'
        f'<span class="sr-info"><span class="sr-press" data-press="{_number(rng)}">{rng.choice(MENU)}저널</span><span class="sr-age">{rng.choice(_AGES)}</span></span></div></li>\n'
        for line in rng.sample(_pool(), 8)
    ]
    return _box(rng, "news", items)


def _ranking(rng: random.Random) -> str:
    """Ten headlines with their places and how many comments they have."""
    items = [
        f'<li><em class="sr-rank">{place}</em>{_link(rng, escape(line), "rank")}<span class="sr-cnt" data-count="{_number(rng)}">{rng.randrange(3, 900)}</span></li>\n'
        for place, line in enumerate(rng.sample(_pool(), 10), start=1)
    ]
    return _box(rng, "rank", items, "ol")


def _thumbnails(rng: random.Random) -> str:
    """Pictures with a line below, some of them with who wrote it."""
    items = []
    for line in rng.sample(_pool(), 6):
        picture = f'<span class="sr-thumb"><img src="/thumb/S120x80/?fname=/photo/{_number(rng)}/{_number(rng)}.jpg" width="120" height="80" alt="" loading="lazy"></span>'
        writer = f'<span class="sr-who">{person_name(rng)} 기자</span>' if rng.random() < 0.4 else ""
        inside = f'{picture}<strong class="sr-line">{escape(line)}</strong>'
        items.append(f'<li class="sr-item">{_link(rng, inside, "photo")}{writer}</li>\n')
    return _box(rng, "photo", items)


# --- menus, widgets, the footer ----------------------------------------------------------------------------


def _menu(rng: random.Random) -> str:
    """Sections, each of them with the sections below it."""
    items = []
    for section in MENU[:12]:
        below = "".join(
            f'<li class="sr-sub"><a href="/list/{_number(rng)}" class="sr-link-sub" data-layer="gnb">{section} {one}</a></li>'
            for one in rng.sample(MENU, 2)
        )
        items.append(
            f'<li class="sr-gnb"><a href="/section/{_number(rng)}" class="sr-link-gnb"><span class="sr-txt">{section}</span></a><ul class="sr-subs">{below}</ul></li>\n'
        )
    return f'<nav class="sr-nav"><h2 class="sr-hidden">주 메뉴</h2><ul class="sr-gnbs">{"".join(items)}</ul></nav>'


def _tools(rng: random.Random) -> str:
    """Sharing and searching."""
    shares = "".join(
        f'<li><button type="button" class="sr-btn sr-share" data-share="{_number(rng)}"><span class="sr-ico"></span><span class="sr-hidden">{name}</span></button></li>'
        for name in ("주소 복사", "메신저로", "편지로", "글자 크게", "글자 작게", "인쇄하기")
    )
    return (
        '<form class="sr-search" action="/search" method="get"><fieldset><legend class="sr-hidden">검색어 입력</legend>'
        '<label for="sr-q">통합검색</label><input type="text" id="sr-q" name="q" autocomplete="off" title="검색어">'
        f'<button type="submit" class="sr-btn">찾기</button></fieldset></form><ul class="sr-shares">{shares}</ul>'
    )


def _form(rng: random.Random) -> str:
    """The box for comments, which a script fills, and what stands around it."""
    orders = "".join(
        f'<option value="{_number(rng)}">{one}</option>' for one in ("최신순", "오래된순", "찬반순", "답글순")
    )
    faces = "".join(
        f'<li><label class="sr-face"><input type="radio" name="face" value="{name}"><span class="sr-ico"></span>{name} <em class="sr-cnt">{rng.randrange(400)}</em></label></li>'
        for name in ("좋아요", "훈훈해요", "놀랐어요", "아쉬워요")
    )
    return (
        f'<div class="sr-box sr-cmt" data-post="{_number(rng)}"><strong class="sr-tit">의견 <em>{rng.randrange(2000)}</em></strong><ul class="sr-faces">{faces}</ul>'
        f'<form action="/comment" method="post"><textarea name="text" rows="3" placeholder="의견을 남겨 주세요"></textarea><select name="order">{orders}</select>'
        '<button type="submit" class="sr-btn">등록</button></form><p class="sr-note">운영 원칙에 맞지 않는 글은 가려질 수 있습니다.</p></div>\n'
    )


def _directory(rng: random.Random) -> str:
    """Twenty short links side by side, as at the foot of a portal's page."""
    links = "".join(
        f'<a href="/list/{_number(rng)}" class="sr-link-dir" data-layer="foot">{one}</a>\n'
        for one in rng.sample(MENU, len(MENU))
    )
    return f'<div class="sr-box sr-dir"><h4 class="sr-tit">바로가기</h4><div class="sr-bundle">{links}</div></div>\n'


def _footer() -> str:
    return (
        '<div class="sr-foot"><ul class="sr-terms"><li><a href="/about">회사 소개</a></li><li><a href="/terms">이용약관</a></li>'
        '<li><a href="/privacy"><strong>개인정보처리방침</strong></a></li></ul></div>'
    )


# --- scripts ---------------------------------------------------------------------------------------------


def _tracker(rng: random.Random) -> str:
    calls = "".join(f'q.push(["set","p{n}","{_number(rng)}"]);' for n in range(rng.randrange(4, 30)))
    return f"<script>(function(w){{var q=w._srq=w._srq||[];{calls}q.push(['view']);}})(window);</script>\n"


def _state(rng: random.Random) -> str:
    """What the page's own program reads: headlines again, as JSON."""
    lists = [
        {"id": _number(rng), "title": line, "ago": rng.choice(_AGES), "url": f"/story/{_number(rng)}"}
        for line in rng.sample(_pool(), rng.randrange(3, 9))
    ]
    held = json.dumps({"box": rng.choice(_BOXES), "items": lists}, ensure_ascii=False).replace("</", "<\\/")
    return f'<script type="application/json" class="sr-state">{held}</script>\n'


def _loader(rng: random.Random) -> str:
    return f'<script async src="/static/js/{_number(rng)}.chunk.js" data-key="{_number(rng)}"></script>\n'
