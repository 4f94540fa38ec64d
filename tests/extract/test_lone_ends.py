"""End tags that nothing opened, and control characters between words: lines end there in every browser."""

from __future__ import annotations

import pytest

from crawler.extract.lone_ends import break_at_lone_ends
from crawler.extract.markup import counted
from crawler.stages import article_of
from storage.records import CapturedPage


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        ("다리</br>길", "다리<br>길"),
        ("다리</BR />길", "다리<br>길"),
        ("다리</p>길</p >강", "다리<br>길<br>강"),
        ("<p>다리<div>길</div>강</p></p>", "<p>다리<div>길</div>강<br><br>"),
        ("<p>다리<b>길</b></p><p>강</p></p>", "<p>다리<b>길</b></p><p>강</p><br>"),
        # As they are: what is closed, what a script or a comment holds, other names.
        ("<p>다리</p><P class=x>길</P>", None),
        ("<script>a = '</br></p>'</script><!-- </p> -->다리", None),
        ("다리</b>길</pre>강</param>", None),
    ],
)
def test_a_line_ends_where_a_browser_ends_it(text: str, broken: str | None) -> None:
    assert break_at_lone_ends(text, counted(text)) == (text if broken is None else broken)


@pytest.mark.parametrize("hostile", ["</br" * 20_000, "</p" * 20_000, "</p </p " * 20_000])
def test_what_is_made_to_be_slow_ends(hostile: str) -> None:
    assert break_at_lone_ends(hostile, counted(hostile)) == hostile


@pytest.mark.parametrize(
    ("between", "said"),
    [
        ("</br></br>", "길을 닦았다고 밝혔다.\n다음 공사는"),
        ("</p>", "길을 닦았다고 밝혔다.\n다음 공사는"),
        ("\x0b", "길을 닦았다고 밝혔다. 다음 공사는"),  # pasted from a word processor
        ("&#12;", "길을 닦았다고 밝혔다. 다음 공사는"),
    ],
)
def test_sentences_are_not_glued(between: str, said: str) -> None:
    text = f"가상시는 20일 강변에 길을 닦았다고 밝혔다.{between}다음 공사는 봄에 시작한다고 시는 덧붙였다."
    head = '<meta property="og:type" content="article"><title>강변길</title>'
    html = f'<html><head>{head}</head><body><h1>강변길</h1><div id="articleBody">{text}</div></body></html>'
    page = CapturedPage(url="https://news.example.kr/view/1", body=html.encode())
    assert said in (article_of(page, None).body or "")
