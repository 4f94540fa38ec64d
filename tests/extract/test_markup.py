"""Tags that are none, and slips of the finger behind an element's name."""

from __future__ import annotations

import pytest

from crawler.extract.markup import escape_strays, without_markup


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("<p>다리<br\\>길</p>", "<p>다리<br>길</p>"),
        ("<p,>다리</p,>", "<p>다리</p>"),
        ("<p>다리<br\\>길</p><p><cat>고양이</p>", "<p>다리<br>길</p><p>&lt;cat&gt;고양이</p>"),
        # Nothing that ends a tag stands behind the slip: it is left as it is.
        ("<p>다리<br\\<p>길</p>", "<p>다리<br\\<p>길</p>"),
        ("<p>다리 <b;<i>길</i></p>", "<p>다리 <b;<i>길</i></p>"),
        ("<p>다리</p><p,", "<p>다리</p><p,"),
        ("<P;<br\\>", "<P;<br>"),
    ],
)
def test_a_slip_is_mended_once_and_a_stray_escaped(text: str, mended: str) -> None:
    assert escape_strays(text) == mended


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ("다리<br>세 곳<BR />새로", "다리 세 곳 새로"),
        ("다리\\n세 곳", "다리 세 곳"),
        ("<span style='x'><b>다리</b> 세</span> 곳", "다리 세 곳"),
        ("<p>다리</p><p>세 곳</p>", " 다리  세 곳 "),
        # As they are: names of works, comparisons, a path.
        ("영화 <U> 개봉, <B>도", None),
        ("매출 <5% 그쳐, a<b", None),
        ("C:\\news\\today", None),
    ],
)
def test_markup_in_a_title_that_data_tell_is_read(told: str, said: str | None) -> None:
    assert without_markup(told) == (told if said is None else said)
