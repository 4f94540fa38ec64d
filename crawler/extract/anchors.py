"""Links that nobody closed: an editor leaves ``<a href="...">`` open, and what follows is its text.

To whoever weighs links (we and the library) such paragraphs are a list of links, and no article.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise

from crawler.extract.markup import raw_spans

_TOKEN = re.compile(
    r"<(?:(?P<a>a[\s>])|(?P<end>/a\s*>)"
    r"|(?P<edge>/?(?:p|div|section|article|blockquote|table|td|tr|ul|ol|li|dl|dd|dt|figure|h[1-6]|main|aside|footer)"
    r"[\s>]|br[\s/>]))",
    re.IGNORECASE,
)
_TAG = re.compile("<[^<>]*>")
_SENTENCE = re.compile(r"[.!?。][\"'”’)\]」』]*(?:\s|\Z)")
_SENTENCES = 2
"""A card has a headline and a line of its text; a paragraph, and what follows it, more."""


def close_links(text: str, counts: Mapping[str, int]) -> str:
    """``text`` with links closed before their first paragraph where nothing closes them and sentences follow.

    A page without any comes back as it is; ``counts`` are its own (``markup.counted``).
    """
    if counts["a"] <= counts["/a"]:
        return text
    cuts = [0, *_places(text), len(text)]
    return "</a>".join(text[start:end] for start, end in pairwise(cuts))


def _places(text: str) -> Iterator[int]:
    """Where a link is to be closed."""
    opened, edge = False, None
    for token in _tokens(text):
        if token["edge"] and opened and edge is None:
            edge = token.start()
        if token["a"]:
            if opened and edge is not None and _says_more(text[edge : token.start()]):
                yield edge
            opened, edge = True, None
        elif token["end"]:
            opened, edge = False, None
    if opened and edge is not None and _says_more(text[edge:]):
        yield edge


def _tokens(text: str) -> Iterator[re.Match[str]]:
    """Links and the edges of paragraphs, as far as they are markup."""
    starts, at = [*raw_spans(text), (len(text), len(text))], 0
    for start, end in starts:
        yield from _TOKEN.finditer(text, at, start)
        at = end


def _says_more(markup: str) -> bool:
    return len(_SENTENCE.findall(_TAG.sub(" ", markup))) >= _SENTENCES
