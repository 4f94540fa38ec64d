"""Every way to ask wrongly is told in Korean too."""

from __future__ import annotations

import re

import pytest

from crawler.serve.wrong_words import in_korean
from storage.search.find import bounds
from storage.search.question import MAX_DEPTH, MAX_TERMS, WrongQuestion, parse
from storage.search.remarks import remarks
from tests.storage.query.test_korean_match import WRONG
from tests.storage.search.test_question import MEANT_OTHERWISE

MORE = [
    "낱말 " * (MAX_TERMS + 1),
    "(" * (MAX_DEPTH + 2) + "가",
    'title:"은행',
    "\udcff은행",
]


@pytest.mark.parametrize("words", [*WRONG, *MORE])
def test_a_wrong_question_is_told_in_korean(words: str) -> None:
    try:
        parse(words)
    except WrongQuestion as error:
        told = in_korean(str(error))
        assert re.search("니다|세요", told), told
        assert not re.search("[a-z]{4,}", told.replace("title", "")), told
    else:
        assert "byline" in words or "publisher" in words, "no wrong question"


@pytest.mark.parametrize(("words", "said"), [one for one in MEANT_OTHERWISE if one[1]])
def test_a_remark_is_told_in_korean(words: str, said: str) -> None:
    told = [in_korean(one) for one in remarks(words)]
    assert all(re.search("찾습니다", one) and not re.search(" is | the ", one) for one in told), told


def test_a_name_without_a_letter_is_told_in_korean() -> None:
    for name in ("publisher", "byline"):
        with pytest.raises(WrongQuestion) as wrong:
            bounds(None, None, **{"publisher": None, "byline": None, name: "\u200b"})
        assert "찾을 글자가 없습니다" in in_korean(str(wrong.value))
