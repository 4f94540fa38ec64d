"""How much markup is given to the parser: cheap counts on the text, before anything is built from it.

libxml2 compares every attribute of an element with all before it: 20,000 on one element take 1.3 s, 80,000
take 7.5 s (0.7 MB; 2026-11). Its own limit on depth (256) holds from the start and costs nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from crawler.rare import Rare

MAX_TAGS = 60_000
"""Opening tags and comments. The richest of 137 Korean pages has 1,666, of two public sets 21,000 (2026-11);
100,000 take 5 to 20 s."""
MAX_ATTRIBUTES = 1_000
"""Of one element. The most of the same pages is 30; 1,000 take 3 ms."""

# What is never closed reaches to the end, as in a browser: nothing is looked at twice. A mark that opens no
# value (``src='a.png''/>``, ``role=”menu"``) hides no bracket, else the rest of the page would be one tag's
# attributes (two of 258 pages of houses all over the world, 2026-11).
_MARKUP = Rare(
    r"<!--.*?(?:-->|\Z)"
    r"|<(?P<raw>script|style|textarea|title|xmp)\b[^>]*+(?:>.*?(?:</(?P=raw)|\Z)|\Z)"
    r"""|(?P<tag><[a-zA-Z](?>(?:[^>=]++|=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>]*+))*))""",
    re.DOTALL | re.IGNORECASE,
)
_QUOTED = re.compile(r"""(=\s*+)(?:"[^"]*+"|'[^']*+')""")
_ATTRIBUTE = re.compile(r"""[^\s/"'=]++(?:\s*+=\s*+[^\s"'>]*+)?""")


def too_much(text: str) -> str | None:
    """Why a text is not parsed, in one sentence; None for every page that is one.

    >>> too_much("<p a=1 b='2'>" + "<b>" * 9)
    >>> too_much("<p " + "".join(f"a{n}=1 " for n in range(2000)) + ">")
    'An element of the page has 2000 attributes; more than 1000 are not parsed.'
    """
    tags = _nodes(text)
    if tags > MAX_TAGS:
        return f"The page has {tags} tags; more than {MAX_TAGS} are not parsed."
    most = max(map(_attributes, _long_tags(text)), default=0)
    if most > MAX_ATTRIBUTES:
        return f"An element of the page has {most} attributes; more than {MAX_ATTRIBUTES} are not parsed."
    return None


def _nodes(text: str) -> int:
    """Opening tags and comments; brackets in scripts are none. Counted exactly only where there are many."""
    brackets = text.count("<")
    return brackets if brackets <= MAX_TAGS else sum(1 for _ in _MARKUP.finditer(text))


def _long_tags(text: str) -> list[str]:
    """Tags with room for too many attributes, outside scripts and comments; none on nearly every page.

    The exact look is made only where something between two closing brackets has so many words.
    """
    if not any(len(piece.split()) > MAX_ATTRIBUTES for piece in _unclosed(text, 2 * MAX_ATTRIBUTES)):
        return []
    tags = (match["tag"] for match in _MARKUP.finditer(text))
    return [tag for tag in tags if tag and len(tag) > 2 * MAX_ATTRIBUTES]


def _unclosed(text: str, length: int) -> Iterator[str]:
    """What stands between two closing brackets and is longer than ``length``; the rest is leapt over."""
    at = 0
    while at < len(text):
        last = text.rfind(">", at, at + length + 1)
        if last < 0:
            last = end if (end := text.find(">", at)) >= 0 else len(text)
            if last - at > length:
                yield text[at:last]
        at = last + 1


def _attributes(tag: str) -> int:
    """Attributes in an opening tag: what stands in quotes is no name."""
    _, *names = _ATTRIBUTE.findall(_QUOTED.sub(r"\1q", tag))
    return len(names)
