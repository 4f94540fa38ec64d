"""The plain walk: what a reader sees, nothing lost, nothing glued."""

from __future__ import annotations

import pytest

from crawler.extract.blocks import clean, walk

from .pages import document


def texts(html: str) -> list[str]:
    return [
        b.text
        for b in walk(
            document(f"<html><body><div id='x'>{html}</div></body></html>").tree.get_element_by_id("x")
        )
    ]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>하나</p><p>둘</p>", ["하나", "둘"]),
        ("하나<br><br>둘<br/>셋", ["하나", "둘", "셋"]),
        ("글머리<div>안쪽</div>꼬리", ["글머리", "안쪽", "꼬리"]),
        ("<p>굵<b>은</b> 글<span>씨</span></p>", ["굵은 글씨"]),
        ("<p>  줄\n 바꿈\t과&nbsp;빈칸 </p>", ["줄 바꿈 과 빈칸"]),
        ("<ul><li>첫째</li><li>둘째</li></ul>", ["첫째", "둘째"]),
        ("<dl><dt>문</dt><dd>답</dd></dl>", ["문", "답"]),
        ("<blockquote>“인용”</blockquote>", ["“인용”"]),
        ("<pre>첫 줄\n둘째 줄</pre>", ["첫 줄", "둘째 줄"]),
        ("<p>앞<script>var a = '본문';</script>뒤</p>", ["앞뒤"]),
        ("<p>앞<!-- 주석 -->뒤</p>", ["앞뒤"]),
        ("<p>앞<button>공유</button>뒤</p>", ["앞뒤"]),
        ("<p>고친 <ins>낱말</ins></p><ins class='kakao_ad_area'>광고</ins>", ["고친 낱말"]),
        ("<p>5.1% ↑ 中·日 ㎏ ½</p>", ["5.1% ↑ 中·日 ㎏ ½"]),
        ("<p></p><p> </p><p>&#8203;</p>", []),
        (
            "<table><tr><th>쿼터</th><th>점수</th></tr><tr><td>1</td><td>21</td></tr></table>",
            ["쿼터\t점수", "1\t21"],
        ),
        ("<table><tr><td><p>틀로 쓴</p><p>표</p></td><td>옆</td></tr></table>", ["틀로 쓴", "표", "옆"]),
        (
            "<table><caption>표 이름</caption><tbody><tr><td>가</td><td></td></tr></tbody></table>",
            ["표 이름", "가"],
        ),
    ],
)
def test_blocks_are_what_a_reader_sees(html: str, expected: list[str]) -> None:
    assert texts(html) == expected


def test_text_is_composed() -> None:
    decomposed = "\u1112\u1161\u11ab\u1100\u1173\u11af"
    assert texts(f"<p>{decomposed}</p>") == ["\ud55c\uae00"]


def test_links_are_counted() -> None:
    blocks = walk(
        document(
            "<html><body><p><a href='/x'>모두 링크</a></p><p>반은 <a href='/y'>링크다</a></p></body></html>"
        ).tree
    )
    assert [b.link_share for b in blocks] == [1.0, 0.5]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", ""),
        (" \n\t ", ""),
        ("\u3000\u2003", ""),
        ("\n    가 나다.\r\n  ", "가 나다."),
        ("\u3000가", "가"),
        ("\u200b \u200b", ""),
        (" \u200b  가 \u200b\n", "가"),
        ("\x1c\x00가\x85", "가"),
        ("가\u200b나", "가나"),
        ("가 \u200b 나", "가 나"),
        ("가\xa0\xa0나", "가 나"),
        (" \u1112\u1161\u11ab ", "한"),
        ("\n\u0301", "\u0301"),
    ],
)
def test_white_space_is_collapsed_and_what_is_invisible_dropped(text: str, shown: str) -> None:
    assert clean(text) == shown


@pytest.mark.parametrize("text", [" 가  나 ", "ᄒ\u200bᅡᆫ", "\ufeff줄", "a\u00a0b"])
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@pytest.mark.parametrize(
    ("html", "lines"),
    [
        ("<span style='Display: block'>길을 닦았다.</span><span style='display:block'>봄에 연다</span>", 2),
        ("<news-line>길을 닦았다.</news-line><news-line>봄에 연다고 했다.”</news-line>", 2),
        ("길을 <x-stock>닦았다</x-stock>고 <span style='display:inline'>시가</span> 밝혔다.", 1),
        ("길을 <span style='display:none;color:red'>닦았다</span>고 밝혔다.", 1),
    ],
)
def test_what_a_style_draws_as_a_line_is_one(html: str, lines: int) -> None:
    assert len(texts(html)) == lines
