"""Text that is still encoded after its bytes were decoded: escapes where words should be. Pure.

A page in UTF-7 or HZ is ASCII, so it decodes as anything and reads as nothing (``+x3izxLEkwtzFRA``).
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Callable, Mapping
from functools import partial

_TAGS = re.compile(
    r"<(script|style)\b[^<]*+(?>(?:<(?!/\1\s*>)[^<]*+)*)(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)|<[^<>]*>",
    re.IGNORECASE | re.DOTALL,
)
_ADDRESSES = re.compile(r"https?://[^\s<>]+", re.IGNORECASE)
"""What is not read as text. One that never closes runs to the end, so that each is looked through once."""
_ENOUGH = 200
"""Characters beyond ASCII from which a text has words: a short article has 300."""
_LEAST = 40
"""Characters of escapes below which a text is not judged: an article may quote one."""
_SHARE = 0.2
"""Of the letters that are seen from which escapes are the text. Whole pages in UTF-7 have 0.6 and more."""
_TO_A_LETTER = 6
"""Characters of an escape for one letter: a text with as many letters as its escapes name is a text."""
_RUN = re.compile(r"\+([A-Za-z0-9/+]{3,})")
_SIGNS = ("+", "=", "%", "\\", "~{", "\x1b", "\x0e", "&amp;#")
_SHIFTS = re.compile(r"\x1b\$[!-~]{1,2}[^\x1b\r\n]{2,}|\x0e[^\x0e\x0f\r\n]{2,}\x0f")
"""What ISO 2022 writes between its shifts: control characters that no text has."""
_ESCAPES = {
    "quoted-printable": ("=", r"(?:=[0-9A-F]{2}(?:=\r?\n)?){3,}"),
    "percent escapes": ("%", r"(?:%[0-9A-Fa-f]{2}){3,}"),
    r"\u escapes": ("\\", r"(?:\\{1,2}[uU][0-9a-fA-F]{4}){2,}|(?:\\{1,2}x[0-9a-fA-F]{2}){3,}"),
    "HZ": ("~{", r"~\{(?:[!-w][!-~])+?~\}"),
    "references to characters": ("#", r"(?i:&amp;#x?[0-9a-f]{2,6};\s?){2,}"),
}
"""Name -> what each of its escapes holds, and several of them."""


def still_encoded(text: str) -> str | None:
    """What the text is still encoded in; None where it is text.

    Args:
        text: a page with its markup, as decoded.
    """
    words = beyond_ascii(text)
    if words >= _ENOUGH or not any(mark in text for mark in _SIGNS):
        return None
    if _length(_SHIFTS, text) >= _LEAST:  # among its bytes may be any mark of a tag
        return "ISO-2022"
    seen = " ".join(_ADDRESSES.sub(" ", _TAGS.sub(" ", text)).split())
    least = max(_LEAST, _SHARE * len(seen), _TO_A_LETTER * words)
    for name, (sign, runs) in _MEASURES.items():
        if sign in seen and runs(seen) >= least:
            return name
    return None


def beyond_ascii(text: str) -> int:
    """Characters that ASCII has not."""
    return len(text) - len(text.encode("ascii", "ignore"))


def _utf_7(text: str) -> int:
    return sum(len(run[0]) for run in _RUN.finditer(text) if _is_utf_7(run[1]))


def _is_utf_7(run: str) -> bool:
    """Whether the run is UTF-16 in base64 that gives letters beyond ASCII (RFC 2152)."""
    try:
        units = binascii.a2b_base64(run + "=" * (-len(run) % 4))
        letters = units[: len(units) // 2 * 2].decode("utf-16-be")
    except (binascii.Error, UnicodeDecodeError):
        return False
    return all((not c.isascii() and (c.isalpha() or c in _MARKS)) or c in _ASCII_MARKS for c in letters)


_MARKS = frozenset("‘’“”…·․‥―—–「」『』《》〈〉【】、。•◆■▲△▶☞※→℃㎡")
_ASCII_MARKS = frozenset(' \t\r\n!"#$%&*;<=>@[]^_`{|}~+\\')
"""What RFC 2152 leaves to the writer or has encoded."""


def _length(pattern: re.Pattern[str], text: str) -> int:
    return sum(len(found[0]) for found in pattern.finditer(text))


_MEASURES: Mapping[str, tuple[str, Callable[[str], int]]] = {
    "UTF-7": ("+", _utf_7),
    **{name: (sign, partial(_length, re.compile(runs))) for name, (sign, runs) in _ESCAPES.items()},
}
