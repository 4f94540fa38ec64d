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


_LOCAL = r"[A-Za-z0-9][A-Za-z0-9._%+\-]{0,63}"
_DOMAIN = r"[A-Za-z0-9][A-Za-z0-9\-]{0,62}(?:\.[A-Za-z0-9\-]{1,63}){0,3}\.[A-Za-z]{2,24}"
EMAIL = re.compile(rf"{_LOCAL}@{_DOMAIN}")
_SPELLED_AT = r"\s?(?:[(\[<{]\s?(?:at|AT|골뱅이)\s?[)\]>}]|골뱅이)\s?"
_SPELLED = rf"{_LOCAL}{_SPELLED_AT}{_DOMAIN}"
_APART = (
    rf"(?!(?:insta|twit|kakao|tele|face|you|thread)){_LOCAL}(?:\s@\s?|@\s)"
    r"[A-Za-z0-9-]{1,40}(?:\.[A-Za-z0-9-]{1,40}){0,2}\.(?:com|net|kr|org)(?![A-Za-z0-9@.])"
)
"""hong @example.kr: a blank beside the sign, before a domain beyond doubt; instagram @hong.kr is none."""
_CUT = r"[A-Za-z0-9][A-Za-z0-9._%+\-]{1,63}@(?:[A-Za-z0-9.\-]{1,64})?"
DOTS = "·ㆍ・•∙‧･⋅ᆞ‥"
"""What houses print for the dot between two names."""
_DASHED = r"(?<=[가-힣]{3})[-–](?=[가-힣]{2,4}(?:[-–][가-힣]{2,4}){0,3}\s?(?:기자|특파원))"
"""홍길동-이순신 기자"""
_BREAKS = rf"\s=＝|│｜ㅣ¦/／,，、;:：{DOTS}&＆\[\](){{}}<>【】〔〕（）［］〈〉《》「」"
_TOKEN = re.compile(
    rf"(?P<email>{EMAIL.pattern}|{_SPELLED}|{_APART})"
    rf"|(?P<cut>\[?[Ee]mail\s?protected\]?|{_CUT})"
    r"|(?P<url>(?:https?://|www\.)[^\s\])>】]{1,200})"
    r"|(?P<equals>[=＝])"
    rf"|(?P<joiner>[{DOTS}&＆]|(?<=\s)(?:[-–—]|및|and)(?=\s)|(?<=[가-힣])[?.+�](?=[가-힣])|{_DASHED})"
    r"|(?P<slash>[/／])"
    r"|(?P<comma>[,，、;])"
    r"|(?P<bar>[|│｜ㅣ¦])"
    r"|(?P<colon>[:：]|(?<=[가-힣])_)"
    r"|(?P<form>\((?:주|유|사|재|유한|학|의|복)\)|㈜)"
    r"|(?P<open>[\[({<【〔（［〈《「])"
    r"|(?P<close>[\])}>】〕）］〉》」])"
    rf"|(?P<word>[^{_BREAKS}]+?(?=[A-Za-z0-9][A-Za-z0-9._%+\-]{{0,63}}@|(?<=[가-힣])[?_.+�][가-힣]|{_DASHED}|[{_BREAKS}]|\Z))"
)
_WIDE = str.maketrans({**{chr(0xFEE0 + code): chr(code) for code in range(0x30, 0x7B)}, "．": ".", "－": "-"})
"""Full-width letters, digits and the at sign: one for one, so that places in the line stay."""
_HAS_WIDE = re.compile("[０-９Ａ-Ｚａ-ｚ＠．]")


def tokenise(line: str) -> list[Token]:
    """The tokens of ``line`` in order, with their places in it; blanks and forms of companies are dropped.

    ``line`` is at most LONGEST_LINE characters. Raises ValueError for a longer one: that is no byline.
    """
    if len(line) > LONGEST_LINE:
        raise ValueError(f"a byline has at most {LONGEST_LINE} characters")
    tokens = []
    for match in _TOKEN.finditer(line.translate(_WIDE) if _HAS_WIDE.search(line) else line):
        name = str(match.lastgroup)
        text = match.group()
        if name == "form":
            continue  # 법무법인(유) 율촌: the form of a company is of its name
        if name == "word":
            text = text.strip(".\"'“”‘’*…")
            if not text:
                continue
        elif name == "email":
            text = re.sub(rf"{_SPELLED_AT}|\s?@\s?", "@", text)
        tokens.append(Token(kind=Kind[name.upper()], text=text, start=match.start(), end=match.end()))
    return tokens
