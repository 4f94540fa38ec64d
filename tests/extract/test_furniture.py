"""Pages of unknown sites whose text is missing, and what then is left of them: it is no article's text.

The same furniture stands beside a text, whatever its elements are called, and is none of it.
"""

from __future__ import annotations

import pytest

from crawler.extract.title import cleaned_title
from crawler.extract.walls import tells
from crawler.stages import read_page
from storage.records import Article, CapturedPage, PageKind

URL = "https://www.gasang.example/news/articleView.html?idxno=51234"
TITLE = "가상시, 낡은 물길 따라 걷는 길 7km 잇는다"
LINES = (
    "가상시는 낡은 물길을 따라 걷는 길 7km를 내년 봄까지 잇기로 했다고 27일 밝혔다.",
    "시는 올해 예산 12억원을 먼저 들여 무너진 둑을 고치고 등불 140개를 세운다.",
    "다만 시장 상인들은 주차장이 줄어든다며 대책을 요구하고 있다.",
)
TEXT = "".join(f"<p>{line}</p>" for line in LINES)
HEADS = (
    "나상군 사과값 두 배로 뛰어",
    "다상은행 전산망 세 시간 멈춘 까닭",
    "라상항 컨테이너 역대 최대",
    "마상구 도서관 밤 10시까지",
)
TOLD = "나상군에서 거래되는 사과 한 상자 값이 지난해의 두 배로 올랐다. 농가는 웃지만 상인들은 울상이다."
MENU = "".join(
    f"<li><a href='/{n}'>{word}</a></li>" for n, word in enumerate(("정치", "경제", "사회", "문화"))
)
IMPRINT = (
    "<p>제호: 가상일보 | 등록번호: 가상 아00123 | 발행인: 홍길동 | 편집인: 김편집</p>"
    "<p>주소: 가상특별시 가상구 가상로 12 가상빌딩 5층 | 대표전화 02-000-0000</p>"
    "<p>가상일보의 모든 콘텐츠는 저작권법의 보호를 받으므로 무단 전재·복사·배포를 금합니다.</p>"
)


def rows(markup: str) -> str:
    return "".join(markup.format(n=n, head=head, told=TOLD) for n, head in enumerate(HEADS))


FURNITURE = {
    "headlines": f"<div><h3>관련기사</h3><ul>{rows('<li><a href=/{n}>{head}</a></li>')}</ul></div>",
    "dated": f"<div><ul>{rows('<li><a href=/{n}>{head}</a><i>11-27 0{n}:12</i></li>')}</ul></div>",
    "teasers": rows("<div class=k2><a href=/n/{n}><strong>{head}</strong></a><p>{told}</p></div>"),
    "linked": f"<section>{rows('<a href=/n/{n}><h4>{head}</h4><p>{told}</p></a>')}</section>",
    "clicked": f"<section>{rows('<div onclick=go({n})><h4>{head}</h4><p>{told}</p></div>')}</section>",
    "offer": "<div><h3>가상일보 구독 안내</h3><p>구독하시면 매일 깊이 있는 분석을 보실 수 있습니다."
    " 첫 달은 990원이며 언제든지 해지하실 수 있습니다.</p><a href=/sub>구독하기</a></div>",
    "letter": "<div class=k4><p>이메일을 입력하시면 소식을 뉴스레터로 보내 드립니다.</p><input></div>",
    "form": "<div><h4>댓글삭제</h4><p>댓글을 지우면 되살릴 수 없습니다. 지우시겠습니까?</p><button>네</div>",
    "menu": f"<div class=k5><ul>{MENU}</ul></div>",
    "imprint": "",
}
EMPTY = (
    "",
    "<p>&nbsp;</p>",
    "<script>load(51234)</script>",
    "<div>Loading...</div>",
    "null",
    "{{article.body}}",
    "<p>기사를 불러오는 중입니다.</p>",
    "<div><strong>구독자 전용 기사</strong><a href=/login>로그인</a> <a href=/sub>구독하기</a></div>",
    "<p>저작권자 © 가상일보 무단전재 및 재배포 금지</p>",
    "<p>한나비 기자 bee@gasang.example</p>",
)
DIV = "<div class=q1><h1>{title}</h1><p>한나비 기자 | 입력 2026-11-27 09:30</p></div>"
DIV += "<div class=q2>{text}</div>{beside}"
TABLE = "<table><tr><td><b>{title}</b><br>2026년 11월 27일 (금) 09:30:11 한나비 기자<br>"
TABLE += "<div>{text}</div>{beside}</table>"


def read(
    text: str, beside: str = "", *, shape: str = DIV, title: str = TITLE, declared: bool = True
) -> Article:
    head = (
        f'<meta property="og:title" content="{title}"><meta property="og:type" content="article">'
        '<meta property="og:site_name" content="가상일보">'
    )
    body = shape.format(title=title, text=text, beside=beside)
    html = (
        f'<html lang="ko"><head><title>{title} - 가상일보</title>{head if declared else ""}</head><body>'
        f"<div class=q0><ul>{MENU}</ul></div>{body}<div class=q9>{IMPRINT}</div></body></html>"
    )
    return read_page(CapturedPage(url=URL, body=html.encode(), content_type="text/html; charset=utf-8"))


@pytest.mark.parametrize("shape", [DIV, TABLE])
@pytest.mark.parametrize("beside", FURNITURE.values(), ids=FURNITURE)
def test_of_a_page_without_its_text_the_furniture_is_no_article(beside: str, shape: str) -> None:
    for declared in (True, False):
        for text in EMPTY:
            found = read(text, beside, shape=shape, declared=declared)
            assert found.kind is not PageKind.ARTICLE, (declared, text, found.body)
            assert found.reason


@pytest.mark.parametrize("beside", FURNITURE.values(), ids=FURNITURE)
def test_a_page_that_says_that_its_article_is_gone_is_gone_among_furniture(beside: str) -> None:
    assert read("<p>해당 기사는 언론사의 요청으로 삭제되었습니다.</p>", beside).kind is PageKind.GONE


@pytest.mark.parametrize("shape", [DIV, TABLE])
@pytest.mark.parametrize("beside", FURNITURE.values(), ids=FURNITURE)
@pytest.mark.parametrize("lines", [LINES, LINES[:1], ("가상시가 물길을 따라 걷는 길을 잇는다.",)])
def test_beside_a_text_the_furniture_is_no_part_of_it(
    lines: tuple[str, ...], beside: str, shape: str
) -> None:
    found = read("".join(f"<p>{line}</p>" for line in lines), beside, shape=shape)
    assert (found.kind, found.body) == (PageKind.ARTICLE, "\n".join(lines))


@pytest.mark.parametrize("beside", FURNITURE.values(), ids=FURNITURE)
@pytest.mark.parametrize(
    "text", ["<figure><img src=/1.jpg></figure>", "<iframe src=https://www.youtube.com/embed/x></iframe>"]
)
def test_a_photo_or_a_film_is_an_article_without_the_furniture(text: str, beside: str) -> None:
    found = read(text, beside)
    assert (found.kind, found.body) == (PageKind.ARTICLE, None)


@pytest.mark.parametrize(
    "text",
    [
        TEXT
        + "".join(
            f"<h3><a href=https://shop{n}.example/>물길 찻집 {n}호</a></h3><p>{TOLD}</p>" for n in "123"
        ),
        "".join(f"<div><h3>물길 {n}구간</h3><p>{TOLD}</p></div>" for n in "123"),
        TEXT + "<p><a href=/p/1>김가상 물길과장</a>은 27일 봄에 길을 연다고 했다.</p>" * 3,
        TEXT + "<p>문의는 이메일로 보내시면 됩니다.</p>",
        "<p>뉴스레터를 시작합니다.</p><p>이메일을 남기시면 보내 드립니다.</p><p>구독은 무료입니다.</p>",
    ],
)
def test_what_only_looks_like_furniture_stays(text: str) -> None:
    found = read(text, title="가상일보 뉴스레터 ‘물길’ 시작합니다" if "무료" in text else TITLE)
    assert found.kind is PageKind.ARTICLE
    for line in text.replace("</p>", "<p>").split("<p>"):
        assert "<" in line or line in (found.body or "")


def test_a_table_of_hours_is_an_article_where_its_title_says_so() -> None:
    table = "<table>" + "".join(f"<tr><td>{h}:00<td>물길 {h}부</tr>" for h in range(10, 20)) + "</table>"
    assert read("", f"<h3>오늘의 편성표</h3>{table}").kind is not PageKind.ARTICLE
    assert read(table, title="28일 가상방송 편성표를 알립니다").kind is PageKind.ARTICLE


def test_a_signature_in_brackets_is_the_first_line_of_its_text() -> None:
    found = read("<p>[가상일보=한나비 기자]</p>" + TEXT)
    assert [person.name for person in found.bylines] == ["한나비"]
    assert (found.body or "").endswith("\n".join(LINES))


@pytest.mark.parametrize("text", ["", TEXT], ids=["empty", "text"])
def test_what_the_page_is_called_and_tells_is_looked_up_once_not_for_each_row(text: str) -> None:
    """2,800 rows of a ``dl`` took ten seconds, seven of them for the title (2026-11-28)."""
    before = cleaned_title.cache_info().misses, tells.cache_info().misses
    read(text, rows("<dl><dt><a href=/n/{n}>{head}</a><dd>요약이다</dl>") * 20 + FURNITURE["letter"] * 20)
    titles, told = cleaned_title.cache_info().misses - before[0], tells.cache_info().misses - before[1]
    assert titles <= 2
    assert told <= 2


WORDS = ("물길보행로조성사업", "가상시도시계획위원회", "물길환경영향평가서")


@pytest.mark.parametrize(
    "told",
    [
        "시는 {}의 예산을 {}에 올렸고 {}를 함께 냈다고 밝혔다.",
        "{}의 예산은 {}에서 다뤄지고 {}도 함께 본다고 한다.",
    ],
)
def test_links_within_sentences_are_words_of_them(told: str) -> None:
    """Three of them in a paragraph were taken for a list of heads, and cut out of it (handelsblatt.com)."""
    links = [f"<a href='/tag/{n}'>{word}</a>" for n, word in enumerate(WORDS)]
    html = f"<html><body><h1>{TITLE}</h1><div><p>{told.format(*links)}</p>{TEXT}</div></body></html>"
    read = read_page(CapturedPage(url=URL, body=html.encode()))
    assert (read.body or "").split("\n") == [told.format(*WORDS), *LINES]
