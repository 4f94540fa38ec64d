"""An article's words are found in a page wherever they stand in it."""

from __future__ import annotations

import pytest

from storage.forget.trace import LEAST, SURE, Trace

LETTERS = "가나다라마바사아자차카타파하거너더러머버서어저처커터퍼허고노"


@pytest.mark.parametrize("length", range(LEAST, SURE + 3))
def test_a_headline_of_any_length_is_found_at_any_place(length: int) -> None:
    title = LETTERS[:length]
    trace = Trace(["다른 글이다. " * 9], [title])
    for before in range(9):
        page = f"<ul><li>{'이' * before}<a href='/news/1'>{title}</a> 22분 전 기자 목록의 다음 글</li></ul>"
        assert trace.in_bytes(page.encode()), before
        assert trace.in_bytes(page.encode("cp949")), before


def test_what_other_articles_say_too_is_no_trace() -> None:
    caption = "본문과 무관한 자료 사진이며 저작권은 있다"
    assert not Trace([caption], common=[f"기사 하나. {caption}. 끝."]).in_bytes(caption.encode())
    assert Trace([caption]).in_bytes(f"<p>가 {caption} 나</p>".encode())
