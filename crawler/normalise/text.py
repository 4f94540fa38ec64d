"""Spelling of text: one form of Unicode and of white space, nothing else changed."""

from __future__ import annotations

import re
import unicodedata

_INVISIBLE = dict.fromkeys(
    [
        *range(0x09),  # control characters: PostgreSQL refuses NUL, nobody reads the others
        *range(0x0E, 0x20),
        0x7F,
        0xAD,  # soft hyphen
        0x200B,  # zero-width space
        0x200E,  # direction marks
        0x200F,
        0x2060,  # word joiner
        0xFEFF,  # byte order mark
    ]
)
_LINE_ENDS = re.compile(r"\r\n|[\n\r\v\f\x85\u2028\u2029]")
_OPENING_TAG = re.compile(r"\A\s*(?:\[[^\[\]]{1,20}\]|【[^【】]{1,20}】)")
_CLOSING_TAG = re.compile(r"(?:\[[^\[\]]{1,20}\]|【[^【】]{1,20}】)\s*\Z")

_MOST_TAGS = 6
"""Tags taken off a headline; the most seen at once is three ([단독] ... [V리그] [영상])."""


def tidy(text: str) -> str:
    """Return ``text`` in NFC, without invisible characters, each line's white space runs made one blank.

    Line breaks stay (as ``\\n``), lines and the whole are stripped. Idempotent. The zero-width joiner
    stays: emoji are built with it.
    """
    visible = unicodedata.normalize("NFC", text.translate(_INVISIBLE))
    return "\n".join(" ".join(line.split()) for line in _LINE_ENDS.split(visible)).strip()


def tidy_row(text: str) -> str:
    """Like ``tidy``, but the tabs stay that part the cells of a table's row. Idempotent.

    An empty cell goes with its tab: the body's line would begin or end with it.
    """
    return "\t".join(cell for part in text.split("\t") if (cell := tidy(part)))


def title_key(title: str) -> str:
    """Return the letters and digits by which two prints of one headline are compared.

    Width, case, punctuation and bracketed tags at either end (``[단독]``, ``[V리그]``) do not count. When
    nothing but tags is printed, they count after all. Idempotent.
    """
    bare = tidy(title)
    for _ in range(_MOST_TAGS):
        shorter = _CLOSING_TAG.sub("", _OPENING_TAG.sub("", bare, count=1), count=1)
        if shorter == bare or not any(map(str.isalnum, shorter)):
            break
        bare = shorter
    return _letters(bare)


def _letters(text: str) -> str:
    while True:
        folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
        letters = "".join(filter(str.isalnum, folded))
        if letters == text:
            return letters
        text = letters
