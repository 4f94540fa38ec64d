"""End tags that nothing opened: to a browser ``</br>`` is a line break, a ``</p>`` without its paragraph an
empty one. The parser drops both, and the sentences before and behind become one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise

from crawler.extract.markup import outside, raw_spans

_TOKEN = re.compile(
    r"(?P<broken></br[^<>]*>)|(?P<closed></p[\s][^<>]*>|</p>)|(?P<opened><p[\s>])"
    r"|</?(?:address|article|aside|blockquote|center|d[dlt]|details|dialog|div|fieldset|figcaption|figure|footer"
    r"|form|h[1-6r]|header|li|main|menu|nav|ol|pre|section|summary|table|tbody|td|tfoot|th|thead|tr|ul)[\s/>]",
    re.IGNORECASE,
)
"""Line breaks and paragraphs, and what ends a paragraph that is open (HTML's "close a p element")."""


def break_at_lone_ends(text: str, counts: Mapping[str, int]) -> str:
    """``text`` with a line break where a browser makes one; a page without any comes back as it is.

    ``counts`` are its own (``markup.counted``).
    """
    if not counts["/br"] and counts["/p"] <= counts["p"]:
        return text
    places = [(0, 0), *_places(text), (len(text), len(text))]
    return "<br>".join(text[start:end] for (_, start), (end, _) in pairwise(places))


def _places(text: str) -> Iterator[tuple[int, int]]:
    """(start, end) of every end tag that is a line break."""
    is_open = False
    for token in _tokens(text):
        if token["broken"] or (token["closed"] and not is_open):
            yield token.span()
        if not token["broken"]:
            is_open = token["opened"] is not None


def _tokens(text: str) -> Iterator[re.Match[str]]:
    """As far as they are markup, and not what a script holds."""
    for start, end in outside(text, list(raw_spans(text))):
        yield from _TOKEN.finditer(text, start, end)
