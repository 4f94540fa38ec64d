"""Word-level differences of Korean texts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.deduplicate.word_diff import as_marked, word_diff


@pytest.mark.parametrize(
    ("old", "new", "marked"),
    [
        ("세 명이 다쳤다.", "다섯 명이 다쳤다.", "[-세-]{+다섯+} 명이 다쳤다."),
        ("금리를 3.5%로 동결", "금리를 3.25%로 동결", "금리를 [-3.5-]{+3.25+}%로 동결"),
        ("정부는 발표했다", "정부가 발표했다", "[-정부는-]{+정부가+} 발표했다"),
        ("첫 문장이다.", "첫 문장이다.\n새 문장이다.", "첫 문장이다.{+\n새 문장이다.+}"),
        ("하나 둘 셋", "하나 넷 다섯", "하나 [-둘 셋-]{+넷 다섯+}"),
        ("", "새 글", "{+새 글+}"),
        ("같은 글", "같은 글", "같은 글"),
    ],
)
def test_words_are_marked(old: str, new: str, marked: str) -> None:
    assert as_marked(word_diff(old, new)) == marked


@given(st.text(alphabet="가나다 라\n1.,“”a", max_size=60), st.text(alphabet="가나다 라\n1.,“”a", max_size=60))
def test_nothing_of_either_text_is_lost(old: str, new: str) -> None:
    changes = word_diff(old, new)
    assert "".join(change.old for change in changes) == old
    assert "".join(change.new for change in changes) == new
