"""Pages with several articles one below the other: the page's own alone is read, whatever wraps them."""

from __future__ import annotations

import pytest

from crawler.charset import decode
from crawler.extract import extract_page
from crawler.extract.alone import others
from crawler.extract.document import Document
from storage.records import CapturedPage, PageKind

URL = "https://www.hanbit-journal.example/read/202611020001"
OWN = (
    "가상시가 내년 봄 북쪽 강변에 보행교를 새로 놓기로 했다고 20일 밝혔다.",
    "시는 예산 120억 원을 들여 길이 300미터의 다리를 세우고, 밤에도 걸을 수 있게 조명을 단다.",
    "주민 설명회는 다음 달 3일 시청 대강당에서 열리며, 누구나 신청 없이 들을 수 있다.",
)
NEXT = (
    "바다시의 한 시장 상인들이 빈 점포를 모아 작은 도서관을 열었다.",
    "상인회는 지난여름부터 책 3000권을 모았고, 저녁에는 낭독 모임도 연다.",
    "도서관은 월요일을 뺀 모든 날 문을 열며, 아이들은 숙제를 하러 온다.",
)
TITLE = "가상시, 보행교 새로 놓는다"


def paragraphs(texts: tuple[str, ...]) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def page(body: str) -> CapturedPage:
    head = (
        '<meta charset="utf-8"><meta property="og:type" content="article">'
        f'<meta property="og:title" content="{TITLE}"><title>{TITLE} - 한빛저널</title>'
    )
    html = f'<html lang="ko"><head>{head}</head><body>{body}</body></html>'
    return CapturedPage(url=URL, body=html.encode())


def unit(tag: str, rank: str, title: str, texts: tuple[str, ...], extra: str = "") -> str:
    stamp = "<span>입력 2026.11.20 09:30</span>"
    return f"<{tag} {extra}><{rank}>{title}</{rank}>{stamp}<div>{paragraphs(texts)}</div></{tag}>"


SCROLLED = {
    "articles": unit("article", "h1", TITLE, OWN) + unit("article", "h1", "상인들의 도서관", NEXT),
    "own is the second": unit("article", "h1", "상인들의 도서관", NEXT) + unit("article", "h1", TITLE, OWN),
    "numbered wrappers": unit("div", "h2", TITLE, OWN, 'class="view_1"')
    + unit("div", "h2", "상인들의 도서관", NEXT, 'class="view_2"'),
    "by address": unit("div", "h3", "보행교 소식", OWN, f'class="story" data-url="{URL}"')
    + unit("div", "h3", "상인들의 도서관", NEXT, 'class="story" data-url="/read/202611020002"'),
    "an address that is none": unit("article", "h1", TITLE, OWN, 'data-url="http://[::1"')
    + unit("article", "h1", "상인들의 도서관", NEXT, 'data-url="javascript:void(0)"'),
}


@pytest.mark.parametrize("body", SCROLLED.values(), ids=SCROLLED.keys())
def test_of_several_articles_the_own_one_is_read(body: str) -> None:
    found = extract_page(page(f"<main>{body}</main>"), None)
    assert found.kind is PageKind.ARTICLE
    assert found.paragraphs == OWN
    assert any(r.rule == "another article" and NEXT[0] in r.text for r in found.removed)


LONG = tuple(f"{one} {other}" for one in OWN for other in NEXT)
PARTS = {
    "sections under the title": f"<h1>{TITLE}</h1>"
    + "".join(
        f'<section class="news"><h2>{n}</h2>{paragraphs(OWN)}</section>' for n in ("왜 짓나", "언제 여나")
    ),
    "the same printed twice": unit("article", "h1", TITLE, OWN) + unit("article", "h1", TITLE, OWN),
    "comments": unit("article", "h1", TITLE, OWN) + f"<article><h3>시민</h3>{paragraphs(NEXT)}</article>",
    "teasers": unit("article", "h1", TITLE, OWN) + "<article><h1>다음 소식</h1><p>곧 전합니다.</p></article>",
    "a live blog": f"<h1>{TITLE}</h1>"
    + unit("article", "h2", "14:20", NEXT)
    + unit("article", "h2", "13:50", OWN),
    "a head in a row of its own": (
        f'<section class="story-row"><h1>{TITLE}</h1><p>입력 2026.11.20</p><p>{" ".join(NEXT)}</p></section>'
    )
    + f'<section class="story-row"><h1>더 읽기</h1>{paragraphs(LONG)}</section>',
    "a teaser of it below": f'<div class="news first"><h2>{TITLE}</h2>{paragraphs(OWN)}</div>'
    + f'<div class="news last"><h2>다음 소식 모음</h2><h3>{TITLE}</h3>{paragraphs(NEXT)}</div>',
    "blocks under the title, which a film prints again": f"<article><header><h1>{TITLE}</h1></header>"
    + f'<div class="story-block"><h2>{TITLE}</h2>{paragraphs(OWN)}</div>'
    + f'<div class="story-block"><h2>언제 여나</h2>{paragraphs(NEXT)}</div></article>',
    "no title": unit("article", "h1", "다른 소식 하나", NEXT) + unit("article", "h1", "다른 소식 둘", NEXT),
}


@pytest.mark.parametrize("body", PARTS.values(), ids=PARTS.keys())
def test_parts_of_one_article_are_no_others(body: str) -> None:
    captured = page(f"<main>{body}</main>")
    assert others(Document(captured, decode(captured.body, None))) == []


def test_the_tree_that_was_given_stays_as_it_is() -> None:
    captured = page(SCROLLED["articles"])
    document = Document(captured, decode(captured.body, None))
    document.without(others(document))
    assert NEXT[0] in document.tree.text_content()


SAID = "저는 다리가 생기면 매일 걸어서 출근할 생각이라 무척 기다려집니다."
ENTRIES = "".join(f"<article class='body'><b>독자{n}</b><p>{SAID}</p></article>" for n in range(4))


@pytest.mark.parametrize(
    "heading", ["독자 의견", "댓글 4", "댓글 (4)개", "4 Comments", "Kommentare (4)", "コメント"]
)
def test_readers_under_their_heading_are_no_article(heading: str) -> None:
    own = f"<article class='news'><h1>{TITLE}</h1><div class='body'>{paragraphs(OWN)}</div></article>"
    captured = page(f"<main>{own}<section class='talk'><h2>{heading}</h2>{ENTRIES}</section></main>")
    assert extract_page(captured, None).paragraphs == OWN


@pytest.mark.parametrize(
    "body",
    [
        f"<div><h1>{TITLE}</h1>{paragraphs(OWN)}<h3>댓글</h3><ul><li>{SAID}</li></ul></div>",
        f"<div><h3>댓글</h3><h1>{TITLE}</h1>{paragraphs(OWN)}<ul><li>{SAID}</li></ul></div>",
        f"<h1>{TITLE}</h1><div><h3>댓글</h3>{paragraphs(OWN)}</div>",
    ],
    ids=["heading within", "title below", "no entries"],
)
def test_an_article_about_comments_is_one(body: str) -> None:
    assert OWN[0] in extract_page(page(body), None).paragraphs
