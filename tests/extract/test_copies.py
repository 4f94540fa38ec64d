"""A body that stands twice on its page, and lines that only come back."""

from __future__ import annotations

import pytest

from crawler.extract.copies import copied_lines
from crawler.stages import article_of
from storage.records import CapturedPage

A = "가상시는 20일 강변에 새 길을 닦았다고 밝혔다. 다음 공사는 봄에 시작한다."
B = "시민들은 절차가 길다고 말했다. 시는 올해 안에 절차를 줄이기로 했다."
C = "길에는 나무 서른 그루를 심는다. 벤치도 열 곳에 놓는다."


@pytest.mark.parametrize(
    ("texts", "copied"),
    [
        ((A, B, C, A, B, C), {3, 4, 5}),
        ((A, B, A, B, A, B), {2, 3, 4, 5}),
        ((A, B, C, "광고", A, B, C), {4, 5, 6}),
        ((A, "머리", B, C, "머리", B, C), {4, 5, 6}),
        ((A + C, A + C), {1}),
        # As they are: a refrain, a question asked twice, short answers.
        ((A, B, A, C), set()),
        ((A, A, B), set()),
        (("찬성", "반대", "찬성", "반대"), set()),
        ((), set()),
    ],
)
def test_lines_that_say_it_again_in_order_are_a_copy(texts: tuple[str, ...], copied: set[int]) -> None:
    assert copied_lines(texts) == copied


def test_many_equal_lines_end_soon() -> None:
    assert len(copied_lines([A, B] * 20_000)) == 39_998


@pytest.mark.parametrize(
    "url",
    ["https://news.example.kr/view/1", "https://www.fnnews.com/news/202611200900001234"],
)
def test_the_copy_for_narrow_screens_is_left_out(url: str) -> None:
    text = "".join(f"<p>{p}</p>" for p in (A, B, C))
    head = '<meta property="og:type" content="article"><title>강변에 새 길</title>'
    html = (
        f"<html><head>{head}</head><body><article class='article-view'>"
        "<h1 class='article-view__title'>강변에 새 길</h1><div class='article-view__body' id='articleBody'>"
        f"<div class='pc'>{text}</div><div class='mo'>{text}</div></div></article></body></html>"
    )
    assert article_of(CapturedPage(url=url, body=html.encode()), None).body == "\n".join((A, B, C))
