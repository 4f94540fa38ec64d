"""Where the prose is: the container of an unknown page's article."""

from __future__ import annotations

from lxml.html import HtmlElement

from crawler.extract.blocks import clean
from crawler.extract.prune import is_widget

_CONTAINERS = frozenset({"div", "section", "article", "main", "td", "body", "dd", "span", "form"})
_TRANSPARENT = frozenset(
    {"p", "b", "strong", "em", "i", "u", "font", "span", "h2", "h3", "h4", "blockquote", "sup", "sub"}
)
_PIECE = 25
"""Shorter text is a label, a name or a heading: it neither proves nor disproves an article."""


def densest(tree: HtmlElement) -> tuple[HtmlElement | None, int]:
    """The container with the most prose (characters outside links) and that number; (None, 0) without any.

    Prose counts fully for the container it stands in, nine tenths for the next one up (bodies whose
    paragraphs are each wrapped), half for the one above that.
    """
    scores: dict[HtmlElement, float] = {}
    for element in tree.iter():
        if not isinstance(element.tag, str) or element.tag in {
            "a",
            "script",
            "style",
            "noscript",
            "head",
            "title",
        }:
            continue
        length = _own(element)
        if length and not _outside(element):
            _credit(element, length, scores)
    if not scores:
        return None, 0
    best = max(scores, key=lambda e: scores[e])
    return best, int(scores[best])


def _own(element: HtmlElement) -> int:
    texts = [element.text, *(c.tail for c in element)]
    return sum(n for t in texts if t and (n := len(clean(t))) >= _PIECE)


def _outside(element: HtmlElement) -> bool:
    for above in element.iterancestors():
        if above.tag in {"a", "footer", "nav", "aside", "header", "button", "figcaption", "figure"} or (
            above.tag in {"div", "section", "ul"} and is_widget(above)
        ):
            return True
    return False


def _credit(element: HtmlElement, length: int, scores: dict[HtmlElement, float]) -> None:
    shares = iter((1.0, 0.9, 0.5))
    current: HtmlElement | None = element
    if element.tag in _TRANSPARENT:
        current = next((a for a in element.iterancestors() if a.tag not in _TRANSPARENT), None)
    while current is not None:
        if current.tag in _CONTAINERS:
            share = next(shares, None)
            if share is None:
                return
            scores[current] = scores.get(current, 0.0) + share * length
        current = current.getparent()
