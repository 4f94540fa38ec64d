"""Cut a byline into tokens: e-mails, separators, brackets, words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

LONGEST_LINE = 300
"""A byline has at most this many characters: the longest seen (four reporters with e-mails) has under 150."""


class Kind(StrEnum):
    EMAIL = "email"
    CUT = "cut"
    URL = "url"
    EQUALS = "="
    JOINER = "·"
    SLASH = "/"
    COMMA = ","
    BAR = "|"
    COLON = ":"
    OPEN = "("
    CLOSE = ")"
    WORD = "word"


SEPARATORS = frozenset([Kind.JOINER, Kind.SLASH, Kind.COMMA, Kind.BAR])


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    kind: Kind
    text: str
    start: int
    end: int


EMAIL = re.compile(
    r"[A-Za-z0-9][A-Za-z0-9._%+\-]{0,63}@[A-Za-z0-9][A-Za-z0-9\-]{0,62}(?:\.[A-Za-z0-9\-]{1,63}){0,3}\.[A-Za-z]{2,24}"
)
_CUT = r"[A-Za-z0-9][A-Za-z0-9._%+\-]{1,63}@(?:[A-Za-z0-9.\-]{1,64})?"
_BREAKS = r"\s=＝|│｜ㅣ¦/／,，、;:：·ㆍ・•∙&＆\[\](){}<>【】〔〕（）［］〈〉《》「」"
_TOKEN = re.compile(
    rf"(?P<email>{EMAIL.pattern})"
    rf"|(?P<cut>{_CUT})"
    r"|(?P<url>(?:https?://|www\.)[^\s\])>】]{1,200})"
    r"|(?P<equals>[=＝])"
    r"|(?P<joiner>[·ㆍ・•∙&＆]|(?<=\s)(?:[-–—]|및)(?=\s))"
    r"|(?P<slash>[/／])"
    r"|(?P<comma>[,，、;])"
    r"|(?P<bar>[|│｜ㅣ¦])"
    r"|(?P<colon>[:：])"
    r"|(?P<open>[\[({<【〔（［〈《「])"
    r"|(?P<close>[\])}>】〕）］〉》」])"
    rf"|(?P<word>[^{_BREAKS}]+?(?=[A-Za-z0-9][A-Za-z0-9._%+\-]{{0,63}}@|[{_BREAKS}]|\Z))"
)


def tokenise(line: str) -> list[Token]:
    """Return the tokens of ``line`` in order, with their places in it. Blanks are dropped.

    ``line`` is at most LONGEST_LINE characters. Raises ValueError for a longer one: that is no byline.
    """
    if len(line) > LONGEST_LINE:
        raise ValueError(f"a byline has at most {LONGEST_LINE} characters")
    tokens = []
    for match in _TOKEN.finditer(line):
        name = str(match.lastgroup)
        text = match.group()
        if name == "word":
            text = text.strip(".\"'“”‘’*…")
            if not text:
                continue
        tokens.append(Token(kind=Kind[name.upper()], text=text, start=match.start(), end=match.end()))
    return tokens
