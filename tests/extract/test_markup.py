"""Tags that are none, and slips of the finger behind an element's name."""

from __future__ import annotations

import pytest

from crawler.extract.markup import escape_strays


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
