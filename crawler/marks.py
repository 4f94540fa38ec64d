"""Runs of marks and of white space as no text has them: what goes through them again and again is quadratic.

Unicode's own normalising moves each mark in front of those of higher classes: twelve thousand on one letter,
two kinds in turn, took 0.2 s for each look at them (CPython 3.11, 2026-11-28).
"""

from __future__ import annotations

import re
import unicodedata
from itertools import groupby

_LONG = 64
"""So many marks or blanks in a row are no writing: Unicode's stream-safe format (UAX 15, 13) has 30 at
most."""
_MARK = r"[^\x00-\u02ff\u3000-\u9fff\uac00-\ud7a3]"
_MARKS = re.compile(
    rf"{_MARK}{_MARK}{{{_LONG - 1},}}"
)  # the first by itself: it is found three times as fast
"""Every mark is among these letters; Hangul, Han and Latin, of which nearly all is written, are not."""
_BLANKS = re.compile(rf"\s\s{{{_LONG - 1},}}")


def ordered(text: str) -> str:
    """The same text to Unicode, long runs of marks in the order in which normalising leaves them.

    >>> ordered("가나") + str(len(ordered("e" + chr(0x301) * 70)))
    '가나71'
    """
    return text if len(text) < _LONG or text.isascii() else _MARKS.sub(_in_order, text)


def without_gaps(text: str) -> str:
    """The text with one blank for so many that nobody typed them."""
    return _BLANKS.sub(" ", text)


def _in_order(run: re.Match[str]) -> str:
    plain = "".join(unicodedata.normalize("NFD", sign) for sign in run[0])
    parts = groupby(plain, key=lambda sign: unicodedata.combining(sign) > 0)
    return "".join("".join(sorted(part, key=unicodedata.combining) if are else part) for are, part in parts)
