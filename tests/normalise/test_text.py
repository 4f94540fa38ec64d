from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.normalise.text import tidy, tidy_row, title_key

ROWS = [
    ("  서울  \t 시  ", "서울 시"),
    ("서울\u00a0시", "서울 시"),
    ("서\u200b울\ufeff", "서울"),
    ("전각\u3000공백", "전각 공백"),
    ("첫 줄 \r\n\n 둘째  줄", "첫 줄\n\n둘째 줄"),
    ("\u1112\u1161\u11ab\u1100\u1173\u11af", "한글"),  # conjoining letters, as macOS file names have them
    ("널\x00문자", "널문자"),
    ("", ""),
    ("漢字 (%) “인용” 3.5%", "漢字 (%) “인용” 3.5%"),
]


@pytest.mark.parametrize(("text", "expected"), ROWS)
def test_text_is_tidied(text: str, expected: str) -> None:
    assert tidy(text) == expected


@given(st.text())
def test_tidying_again_changes_nothing(text: str) -> None:
    once = tidy(text)
    assert tidy(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert "\x00" not in once


@pytest.mark.parametrize(
    ("row", "expected"),
    [("1쿼터\t21\t18", "1쿼터\t21\t18"), (" 첫  칸 \t\t 셋째 ", "첫 칸\t셋째"), ("탭 없음", "탭 없음")],
)
def test_the_tabs_of_a_row_stay(row: str, expected: str) -> None:
    assert tidy_row(row) == expected


@given(st.text())
def test_tidying_a_row_again_changes_nothing(text: str) -> None:
    assert tidy_row(tidy_row(text)) == tidy_row(text)


@given(st.text())
def test_a_title_key_of_a_title_key_is_itself(text: str) -> None:
    once = title_key(text)
    assert title_key(once) == once


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("[단독] 비투비, 큐브와 재계약 미지수", "비투비, 큐브와 재계약 미지수"),
        ("'강철부대3' 탈락 [RE:TV]", "‘강철부대3’ 탈락"),
        ("ＡＩ 시대", "ai 시대"),
        ("수출 5.1% ↑…13개월 만에", "수출 5.1%↑... 13개월만에"),
    ],
)
def test_two_prints_of_one_headline_have_one_key(one: str, other: str) -> None:
    assert title_key(one) == title_key(other)


def test_different_headlines_have_different_keys() -> None:
    assert title_key("1분기 매출 3조원") != title_key("2분기 매출 3조원")
    assert title_key("[속보]") != ""


@pytest.mark.parametrize("text", ["가 " * 50_000, "[" * 100_000, "[a]" * 30_000])
def test_long_text_is_taken(text: str) -> None:
    assert len(title_key(text)) <= len(text)
    assert len(tidy(text)) <= len(text)
