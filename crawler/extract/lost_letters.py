"""Texts whose letters a server lost: question marks in their place, or UTF-8 taken for Latin."""

from __future__ import annotations

import re
from collections.abc import Sequence

_SHORT = 50
"""Characters: of fewer nothing is said."""
_LOST = 0.3
"""Share of a text in question marks from which on they stand for letters; our choice. A database asked in the
wrong charset gives one for each Hangul syllable, which is most of a Korean text."""
_LATIN = re.compile(r"[\u00c2-\u00f4][\u0080-\u00bf\u0152-\u0178\u02c6\u02dc\u2013-\u2122]")
"""How a letter of UTF-8 begins where it was taken for Latin (ISO 8859-1 or Windows 1252)."""
_TWICE = 0.1
"""Share of such pairs in the characters of a text; our choice. In a Korean one there is a pair for each three
characters; a word of Latin letters has an accent, hardly ever two such signs in a row."""


def lost_letters(paragraphs: Sequence[str]) -> str | None:
    """What became of a text's letters, in words; None: they stand there."""
    text = "".join("".join(paragraphs).split())
    if len(text) < _SHORT:
        return None
    if text.count("?") + text.count("\ufffd") >= _LOST * len(text):
        return "question marks stand for its letters"
    if len(_LATIN.findall(text)) >= _TWICE * len(text):
        return "its letters were taken for Latin ones and encoded again"
    return None
