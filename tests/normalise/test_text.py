from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.normalise.text import tidy, tidy_row

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


@pytest.mark.parametrize("text", ["가 " * 50_000, "[" * 100_000, "[a]" * 30_000])
def test_long_text_is_taken(text: str) -> None:
    assert len(tidy(text)) <= len(text)
