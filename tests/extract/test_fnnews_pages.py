"""fnnews.com: fields where only a printed line has them (the template of 2022, docs/sites/fnnews.md 3)."""

from __future__ import annotations

import pytest

from crawler.sources.fnnews import SOURCE as FNNEWS

from .pages import SENTENCE, article

URL = "https://www.fnnews.com/news/202301061750441234"
PAGE = """<html lang="ko"><head><meta property="og:title" content="새 다리가 열렸다"></head>
<body><p><span>국제</span></p><h1>새 다리가 열렸다</h1><div>{line}</div><div>파이낸셜뉴스</div>
<div>입력 2023.01.07 05:00</div><div id="article_content"><p>{body}</p></div></body></html>"""


@pytest.mark.parametrize(
    ("line", "people"),
    [
        ("이영규 기자", [("이영규", "기자", None)]),
        ("베이징=강우연 특파원", [("강우연", "특파원", "베이징")]),
        ("강우연 베이징 특파원", [("강우연", "특파원", "베이징")]),
        ("서울·세종=이영규·강우연 기자", [("이영규", "기자", "서울·세종"), ("강우연", "기자", "서울·세종")]),
        ("이영규 기자, 강우연 기자", [("이영규", "기자", None), ("강우연", "기자", None)]),
        ("이영규 논설위원", [("이영규", "논설위원", None)]),
        ("이영규 산업부장", [("이영규", "산업부장", None)]),
    ],
)
def test_the_line_between_title_and_body_is_the_byline(
    line: str, people: list[tuple[str, str, str | None]]
) -> None:
    found = article(PAGE.format(line=line, body=SENTENCE), FNNEWS, URL)
    assert found.extractor == "fnnews/2022"
    assert found.byline_line == line
    assert [(p.name, p.role, p.place) for p in found.bylines] == people


@pytest.mark.parametrize("line", ["많이 본 기사", "기자 구독", "전체 기자 보기", "경제=산업"])
def test_other_lines_are_no_byline(line: str) -> None:
    found = article(PAGE.format(line=line, body=SENTENCE), FNNEWS, URL)
    assert (found.byline_line, found.bylines) == (None, ())


def test_an_amp_page_without_its_text_is_not_the_headlines_below() -> None:
    """The text's element is called anything there: beside an empty one stands what is read most."""
    text = "<p>물길을 다시 이은 주민들이 첫 배를 띄웠다고 시가 밝혔다.</p>" * 3
    below = "<section><h2>많이 본 뉴스</h2><ol><li>강변에 뜬 두 무지개</li></ol></section>"
    page = "<html amp><body><main><h1>물길을 잇다</h1><div class='c'>{}</div>{}</main></body></html>"
    url = "https://www.fnnews.com/ampNews/202611200900001234"
    assert article(page.format(text, below), FNNEWS, url).extractor == "fnnews/amp"
    assert article(page.format("", below), FNNEWS, url).extractor != "fnnews/amp"
