"""Spelling of text: one form of Unicode and of white space, nothing else changed."""

from __future__ import annotations

import re
import unicodedata

from crawler.marks import ordered

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
        *range(0x202A, 0x202F),  # embeddings and overrides of direction
        *range(0x2066, 0x206A),  # isolates
        0xFEFF,  # byte order mark
    ]
)
_NARROW = {0xFF00 + code: 0x20 + code for code in range(1, 0x5F)}
_JAMO = re.compile("[\u1100-\u11ff]{2,}")
_LINE_ENDS = re.compile(r"\r\n|[\n\r\v\f\x85\u2028\u2029]")


def visible(text: str) -> str:
    """``text`` without what nobody sees, its Hangul in syllables (macOS writes letters); else as it is.

    Unlike ``tidy`` it leaves compatibility ideographs and white space alone.
    """
    return _JAMO.sub(lambda run: unicodedata.normalize("NFC", run.group()), text.translate(_INVISIBLE))


def tidy(text: str) -> str:
    """Return ``text`` in NFC, without invisible characters, each line's white space runs made one blank.

    Line breaks stay (as ``\\n``), lines and the whole are stripped. Idempotent. The zero-width joiner
    stays: emoji are built with it.
    """
    if text.isprintable() and "  " not in text:  # nearly every line: no white space but single blanks
        return unicodedata.normalize("NFC", ordered(text)).strip()
    visible = unicodedata.normalize("NFC", ordered(text.translate(_INVISIBLE)))
    return "\n".join(" ".join(line.split()) for line in _LINE_ENDS.split(visible)).strip()


def narrow(text: str) -> str:
    """``text`` with the wide forms of ASCII's signs and letters made plain, one for one: what matches in the
    one stands at the same place in the other.

    >>> narrow("＜저작권자（ｃ） 가람일보＞")
    '<저작권자(c) 가람일보>'
    """
    return text if text.isascii() else text.translate(_NARROW)


def tidy_row(text: str) -> str:
    """Like ``tidy``, but the tabs stay that part the cells of a table's row. Idempotent.

    An empty cell goes with its tab: the body's line would begin or end with it.
    """
    return "\t".join(cell for part in text.split("\t") if (cell := tidy(part)))
