"""Signs that look like SQL's and are not: what a web page or a Korean keyboard leaves. Pure."""

from __future__ import annotations

import re
import unicodedata

from storage.query.parameters import outside
from storage.search.key import BLANKS, INVISIBLE, STRAIGHT

_MEANT = {**dict(STRAIGHT), "′": "'", "″": '"', **dict.fromkeys("‐‑‒–—―−", "-")}
_MEANT |= {"、": ",", "。": ".", "×": "*", "÷": "/", "≠": "<>", "≤": "<=", "≥": ">="}
_FULL_WIDTH = "！-／：-＠［-｀｛-～"
_FOREIGN = re.compile(f"[{''.join(_MEANT)}{_FULL_WIDTH}{INVISIBLE}]|(?![ \\t\\n\\v\\f\\r])[{BLANKS}]")


def foreign(statement: str) -> str:
    """Where the first of them stands outside of texts, names and comments, and what to write; else nothing.

    >>> foreign("SELECT title FROM\\u3000articles WHERE title = '가\\u3000나'")
    "letter 18 is an IDEOGRAPHIC SPACE (U+3000), which SQL does not know: write ' '"
    """
    found = _FOREIGN.search(outside(statement))
    if found is None:
        return ""
    sign = found[0]
    name = unicodedata.name(sign, "control character")
    kind = f"{'an' if name[0] in 'AEIOU' else 'a'} {name}"
    return (
        f"letter {found.start() + 1} is {kind} (U+{ord(sign):04X}), which SQL does not know: {_instead(sign)}"
    )


def _instead(sign: str) -> str:
    plain = " " if sign in BLANKS else _MEANT.get(sign) or unicodedata.normalize("NFKC", sign)
    return f"write {plain!r}" if plain != sign else "take it out"
