"""A text on one line: what needs no mending is not mended, and comes out the same."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from crawler.discover.markup import clean

SIGNS = st.sampled_from(" 가나a\t\n\x00\x0b\x0c\x1c\x7f\x85\xa0\xad\u200b\u2028\u3000\ufeff😀\ud83d\ude00")


@example("\ud83d\ude00 \ud83d")
@example("가\x00나\u3000다\x1c")
@given(st.text(SIGNS, max_size=12))
def test_a_text_on_one_line(text: str) -> None:
    """Halves of a pair are joined or shown as U+FFFD, controls are spaces, and spaces are single ones."""
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    for control in "\x00\x0b\x0c\x1c":
        whole = whole.replace(control, " ")
    assert clean(text) == (" ".join(whole.split()) or None)
