"""Nothing that a server can send makes extraction raise, and each refusal says why."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.extract import extract_page
from crawler.extract.intake import MAX_BYTES
from crawler.normalise.article import normalise
from crawler.sources.base import Source
from crawler.sources.daum import SOURCE as DAUM
from crawler.sources.fnnews import SOURCE as FNNEWS
from storage.records import CapturedPage, PageKind

from .pages import DAUM_URL, SENTENCE, daum_page, page

QUARANTINED, NOT_ARTICLE, GONE = PageKind.QUARANTINED, PageKind.NOT_ARTICLE, PageKind.GONE
INCOMPLETE = PageKind.INCOMPLETE

REFUSALS = [
    ("empty", b"", INCOMPLETE, "empty"),
    ("white space", b" \n\t ", INCOMPLETE, "empty"),
    ("byte order mark", b"\xef\xbb\xbf\r\n", INCOMPLETE, "empty"),
    ("UTF-16 byte order mark", b"\xff\xfe", INCOMPLETE, "empty"),
    ("NUL", b"\0\0", INCOMPLETE, "empty"),
    ("comments alone", b"<!-- a --> \n<!-- b\n -->", INCOMPLETE, "empty"),
    ("OK", b"OK", QUARANTINED, "without any markup"),
    ("comments never closed", b"<!--" * 100_000, QUARANTINED, "without any markup"),  # minutes, 2026-11-26
    ("PDF", b"%PDF-1.7 \x00\x01", NOT_ARTICLE, "a PDF"),
    ("JPEG", b"\xff\xd8\xff\xe0\x00\x10JFIF", NOT_ARTICLE, "a JPEG image"),
    ("JSON", '{"items": [{"title": "제목"}]}'.encode(), NOT_ARTICLE, "JSON"),
    ("feed", b'<?xml version="1.0"?><rss version="2.0"><channel></channel></rss>', NOT_ARTICLE, "a feed"),
    ("text", "그냥 글이다".encode(), QUARANTINED, "without any markup"),
    ("too big", b"<html>" + b"a" * MAX_BYTES, QUARANTINED, str(MAX_BYTES + 6)),
    ("cut off", daum_page(f"<p>{SENTENCE}</p>").encode()[:-60], INCOMPLETE, "cut off"),
    ("deep", daum_page("<div>" * 20_000 + SENTENCE).encode(), QUARANTINED, "nested too deeply"),
    (
        "deep, closed",
        daum_page("<div>" * 20_000 + SENTENCE + "</div>" * 20_000).encode(),
        QUARANTINED,
        "nested",
    ),
    (
        "mojibake",
        b"<html><body>" + bytes(range(128, 256)) * 99 + b"</body></html>",
        QUARANTINED,
        "No charset",
    ),
    ("no element", b"<!doctype html></html>", QUARANTINED, "no element"),
]


@pytest.mark.parametrize("source", [DAUM, None], ids=["daum", "unknown"])
@pytest.mark.parametrize(("body", "kind", "reason"), [r[1:] for r in REFUSALS], ids=[r[0] for r in REFUSALS])
def test_a_refusal_has_a_kind_and_one_sentence(
    body: bytes, kind: PageKind, reason: str, source: Source | None
) -> None:
    found = extract_page(page(body, DAUM_URL), source)
    assert found.kind is (
        QUARANTINED if source is DAUM and kind is NOT_ARTICLE else kind
    )  # an article's address
    assert found.reason is not None
    assert reason in found.reason
    assert found.reason.endswith(".")
    assert found.title is None
    assert found.paragraphs == ()


def test_an_empty_container_of_a_known_template_is_quarantined() -> None:
    found = extract_page(page(daum_page("")), DAUM)
    assert (found.kind, found.reason) == (
        QUARANTINED,
        "The page looks like daum/2023, but its body is empty.",
    )


KOREAN = f"{SENTENCE} " * 4


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (KOREAN, PageKind.ARTICLE),
        (re.sub("[가-힣]", "?", KOREAN), QUARANTINED),
        (re.sub("[가-힣]", "\ufffd", KOREAN), QUARANTINED),
        (KOREAN.encode().decode("latin-1"), QUARANTINED),
        (KOREAN.encode().decode("cp1252", "replace"), QUARANTINED),
        ("누가 왔는가? 왜 왔는가? 언제 가는가? " * 9, PageKind.ARTICLE),
        ("Le maire a déjà reçu l'ingénieur à la mairie; l'été n'a pas été sec. " * 4, PageKind.ARTICLE),
        (f"{KOREAN} ????? ????", PageKind.ARTICLE),
    ],
)
def test_a_text_whose_letters_its_server_lost_is_no_text(body: str, kind: PageKind) -> None:
    found = extract_page(page(daum_page(f"<p dmcf-ptype='general'>{body}</p>")), DAUM)
    assert found.kind is kind


def test_a_truncated_fetch_is_incomplete_whatever_it_shows() -> None:
    captured = CapturedPage(url=DAUM_URL, body=daum_page(f"<p>{SENTENCE}</p>").encode(), truncated=True)
    assert extract_page(captured, DAUM).kind is INCOMPLETE


def test_html_is_html_whatever_the_header_says() -> None:
    found = extract_page(
        page(daum_page(f"<p dmcf-ptype='general'>{SENTENCE}</p>"), content_type="image/jpeg"), DAUM
    )
    assert found.kind is PageKind.ARTICLE


@pytest.mark.parametrize(
    "line",
    [
        "삭제된 기사입니다.",
        "언론사 요청으로 삭제된 기사입니다",
        "존재하지 않는 기사입니다.",
        "해당 기사가 존재하지 않습니다.",
        "페이지가 존재하지 않거나 이동되었습니다.",
        "없는 기사입니다.",
        "비공개 처리된 기사입니다.",
        "유효하지 않은 기사 번호입니다.",
        "페이지를 찾을 수 없습니다.",
        "노출이 중단된 기사입니다.",
        "해당 콘텐츠는 더 이상 제공되지 않습니다.",
        "계약 종료로 기사 서비스가 중단되었습니다.",
        "이 뉴스는 제공 기간이 만료되었습니다.",
        "이 기사는 언론사에서 삭제하여 볼 수 없습니다.",
        "기사 원문이 삭제되어 볼 수 없습니다.",
        "잘못된 접근입니다. 해당 뉴스가 없습니다.",
        "The page you requested could not be found.",
        "Sorry, we couldn’t find that page.",
        "您访问的页面不存在或已被删除。",
        "このニュースは掲載期間が終了しました。",
    ],
)
def test_a_page_that_says_its_article_is_gone_is_gone(line: str) -> None:
    html = f"<html><body><h1>다음뉴스</h1><div class='error'><strong>{line}</strong></div></body></html>"
    assert extract_page(page(html), DAUM).kind is GONE
    inside = daum_page(f"<p dmcf-ptype='general'>{line}</p>")
    assert extract_page(page(inside), DAUM).kind is GONE


def test_an_article_about_deleted_articles_is_an_article() -> None:
    body = (
        f"<p dmcf-ptype='general'>{SENTENCE * 10}</p><p dmcf-ptype='general'>시는 삭제된 기사를 되살렸다.</p>"
    )
    assert extract_page(page(daum_page(body)), DAUM).kind is PageKind.ARTICLE
    short = "".join(
        f"<p dmcf-ptype='general'>{line}</p>"
        for line in ("‘삭제된 기사입니다.’ 이런 안내가 늘었다.", "시는 까닭을 묻기로 했다.")
    )
    assert extract_page(page(daum_page(short)), DAUM).kind is PageKind.ARTICLE


def test_an_article_address_that_shows_the_home_page_is_no_article() -> None:
    links = "".join(
        f'<li><a href="https://v.daum.net/v/2026010100000{i:04d}">새 소식 {i}번째 제목</a></li>'
        for i in range(40)
    )
    html = (
        f'<html><head><meta property="og:type" content="website"></head><body><ul>{links}</ul></body></html>'
    )
    found = extract_page(page(html), DAUM)
    assert found.kind is NOT_ARTICLE
    assert found.title is None


def test_an_article_address_without_anything_known_is_quarantined() -> None:
    html = b"<!-- x --><html></html>"
    assert extract_page(page(html), DAUM).kind is QUARANTINED
    assert extract_page(page(html, "https://v.daum.net/channel/13/home"), DAUM).kind is NOT_ARTICLE
    assert extract_page(page(html), None).kind is NOT_ARTICLE


def test_a_page_that_says_it_is_an_article_but_shows_none_is_quarantined() -> None:
    head = '<meta property="og:type" content="article">'
    html = f'<html><head>{head}</head><body><div id="app"></div></body></html>'
    assert extract_page(page(html), DAUM).kind is QUARANTINED


MANY = [
    ("links", daum_page("<p><a href='/x'>이어지는 다른 소식 제목</a></p>" * 30_000)),
    ("paragraphs", daum_page(f"<p dmcf-ptype='general'>{SENTENCE}</p>" * 30_000)),
    ("lines", daum_page("<p dmcf-ptype='general'>" + f"{SENTENCE}<br>" * 30_000 + "</p>")),
    ("one text", daum_page(f"<p dmcf-ptype='general'>{SENTENCE * 30_000}</p>")),
    ("blanks", daum_page("<p>" + " " * 2_000_000 + SENTENCE + "</p>")),
    (
        "title",
        f"<html><head><title>{'가 - ' * 200_000}</title></head><body><p>{SENTENCE * 9}</p></body></html>",
    ),
    (
        "linked data",
        f"<html><script type='application/ld+json'>{'[' * 200_000}</script><p>{SENTENCE * 9}</p></html>",
    ),
    (
        "rows",
        f'<html><script>self.__next_f.push([1,"{"1:Tff," * 200_000}"])</script><p>{SENTENCE * 9}</p></html>',
    ),
    (
        "widgets",
        "<html><body>" + "<div class='related'>" * 200 + f"<div class='ad'>{SENTENCE}</div>" * 30_000,
    ),
    (
        "nested answers",
        "<html><body>" + "<div><button>동의</button>" * 100 + f"<div>{SENTENCE}</div>" * 7_000,
    ),
    (
        "figures",
        f"<html><body><h1>제목</h1><div><p>{SENTENCE * 5}</p>"
        + "".join(
            f"<figure><img src='/{n}.jpg'><figcaption>사진</figcaption></figure>" for n in range(4_000)
        ),
    ),
    (
        "boxes that tell",
        f"<html><body><div class='article_view'><section dmcf-sid='a'><p dmcf-ptype='general'>{SENTENCE}</p>"
        + "<div>그는 왔다. 가</div>" * 14_000,
    ),
    ("links that answer", "<html><body><ul>" + "<a>동의</a>" * 8_000 + "</ul>"),
    ("answers", "<html><body><p>쿠키</p><ul>" + "<li><button>동의</button></li>" * 8_000 + "</ul>"),
]


@pytest.mark.parametrize("html", [m[1] for m in MANY], ids=[m[0] for m in MANY])
def test_a_page_made_to_be_slow_is_not(html: str) -> None:
    started = time.process_time()  # not the clock's: others may have the processor meanwhile
    extract_page(page(html + "</body></html>"), DAUM)
    # Linear work takes 0.1 to 6 seconds on a slow machine; a quadratic step took over 14.
    assert time.process_time() - started < 12


MARKS = "".join(map(chr, (0x301, 0x323))) * 50_000
UNKNOWN = [
    ("links in a row", "".join(f"<a href='/{n}'>이어지는 소식 {n}</a>" for n in range(6_000))),
    ("marks on a letter", f"<p>가{MARKS}</p>"),
    ("names of nothing", "".join(f"<x{n}>가" for n in range(50_000))),
    ("captions", f"<p>{SENTENCE}</p><p class='cap'>사진</p>" * 12_000),
    (
        "hiding rules",
        "".join(f"<style>.c{n}{{display:none}}</style><p class='c{n}'>가</p>" for n in range(9_000)),
    ),
    ("a site's own elements", ("<news-line>가나" * 100 + "</news-line>" * 100) * 400),
    ("signs of a pager", "<p><a href='/'>" + "‹" * 40 + "</a>가</p>"),
    ("counted readers", f"<p>{'조회 1 댓글 2 ' * 30}가</p>"),
    ("choices of ways", f"<p><a href='/'>{'네이버 밴드 ' * 40}</a>가</p>"),
    ("marks of a template", "<p>" + "{{.}}" * 40 + "가</p>"),
    ("addresses in a box", f"<div class='the_reporter'>{'<i>a@b.kr</i> ' * 20_000}</div>"),
    ("readers' words", "<div>" + "<h3>댓글</h3><ul></ul>" * 20_000 + "</div>"),
    ("summaries", "<div><div>" + "<strong>AI 요약</strong>" * 20_000 + "</div></div>"),
    ("forms", "<div><form><input>소식을 받아 보세요</form></div>" * 14_000),
    ("pushes", "<script>" + "self.__next_f.push([1]);" * 20_000 + "x</script>"),
    ("a rule", f"<style>.a{{display:none}}@{'-' * 120_000}</style>"),
]


@pytest.mark.parametrize("body", [u[1] for u in UNKNOWN], ids=[u[0] for u in UNKNOWN])
def test_an_unknown_page_made_to_be_slow_is_not(body: str) -> None:
    html = (
        f"<html><body><h1>제목</h1><div><p>{SENTENCE}</p>{f'<p>{SENTENCE}</p>' * 5}{body}</div></body></html>"
    )
    captured = page(html, "https://a.kr/news/1")
    started = time.process_time()
    normalise(extract_page(captured, None), captured, None)
    # What is linear takes 0.05 to 4 seconds; what was not took from 15 to more than anybody waited for.
    assert time.process_time() - started < 12


OPENED = (
    "div",
    "p",
    "table",
    "tr",
    "td",
    "section",
    "figure",
    "figcaption",
    "br",
    "script",
    "pre",
    "svg",
    "a",
)
MARKED = (
    "<p dmcf-ptype='general'>",
    "<section dmcf-sid='x'>",
    "<div class='article_view'>",
    "<h3 class='tit_view'>",
    "<span class='num_date'>",
    "<div class='mid_title'>",
    "<div id='article_body'>",
    "<img src='http://[x'>",
    "<a href='http://[x'>",
    "<img src='a.jpg'>",
)
TEXTS = (
    *(
        "<!--",
        "-->",
        "<![CDATA[",
        "<?php ?>",
        "&#1;",
        "&#xD800;",
        "&nbsp;",
        "\x01",
        "\x0b",
        "\uffff",
        "\u202e",
    ),
    *("가나다라.", "관련기사", "2023.13.45", "저작권자ⓒ", "사진=뉴시스", "[서울=뉴시스]", "a@b.c"),
)
PIECES = st.sampled_from((*(f"<{t}>" for t in OPENED), *(f"</{t}>" for t in OPENED), *MARKED, *TEXTS))


@settings(max_examples=300, deadline=None)
@given(pieces=st.lists(PIECES, max_size=40), broken=st.binary(max_size=6))
def test_no_markup_makes_it_raise(pieces: list[str], broken: bytes) -> None:
    body = b"<html><body>" + " ".join(pieces).encode() + broken + SENTENCE.encode() + b"</body></html>"
    sites = (
        (DAUM, DAUM_URL),
        (FNNEWS, "https://www.fnnews.com/news/202301061750441234"),
        (None, "https://a.kr/1"),
    )
    for source, url in sites:
        captured = page(body, url)
        found = normalise(extract_page(captured, source), captured, source)
        assert found.kind is PageKind.ARTICLE or found.reason
