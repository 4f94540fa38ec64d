"""Where the prose is: the container of an unknown page's article."""

from __future__ import annotations

from itertools import islice

from lxml.html import HtmlElement

from crawler.extract.blocks import clean
from crawler.extract.prune import is_widget

_CONTAINERS = frozenset({"div", "section", "article", "main", "td", "body", "dd", "form"})
_OUTSIDE = {"a", "footer", "nav", "aside", "header", "button", "figcaption", "figure", "script", "style"}
_OUTSIDE |= {"noscript", "head", "title", "select"}
_WRAPPERS = frozenset({"div", "section", "ul"})
ENOUGH = 120
"""Characters of prose from which a container may be an article without further evidence; the
shortest real one in the shared pages has 302."""
_PIECE = 25
"""Shorter text is a label, a name or a heading: it neither proves nor disproves an article."""
_SHARES = (1.0, 0.9, 0.5)
"""Prose counts fully for the container it stands in, nine tenths for the next one up (bodies whose
paragraphs are each wrapped), half for the one above that. Our choice, held against the shared pages."""


def densest(tree: HtmlElement) -> tuple[HtmlElement | None, int]:
    """The container with the most prose (characters outside links) and that number; (None, 0) without any.

    Where hardly any prose stands outside what is called a widget, the name was wrong (``comment-free`` around
    the article): then widgets count too, but for lists of several entries.
    """
    found = _most(tree, widgets=False)
    return found if found[1] >= ENOUGH else max(found, _most(tree, widgets=True), key=lambda pair: pair[1])


def _most(tree: HtmlElement, *, widgets: bool) -> tuple[HtmlElement | None, int]:
    scores: dict[HtmlElement, float] = {}
    _visit(tree, (), scores, widgets=widgets)
    if not scores:
        return None, 0
    best = max(scores, key=lambda e: scores[e])
    return best, int(scores[best])


def _is_other(element: HtmlElement, *, widgets: bool) -> bool:
    """True for what its class calls a widget; of these a list of comments or stories in any case."""
    if not is_widget(element):
        return False
    return not widgets or element.tag == "ul" or lists_entries(element)


def lists_entries(element: HtmlElement) -> bool:
    """Whether several entries stand in it, two levels down at most: to search the whole of each widget is
    quadratic in nested ones."""
    near = (one for child in element for one in (child, *child))
    return len(list(islice(filter(_is_entry, near), 3))) > 2


def _is_entry(element: HtmlElement) -> bool:
    classes = element.get("class", "") if isinstance(element.tag, str) else ""
    return element.tag == "li" or any(word in classes for word in ("item", "comment", "reply", "cmt"))


def _visit(
    element: HtmlElement,
    above: tuple[HtmlElement, ...],
    scores: dict[HtmlElement, float],
    *,
    widgets: bool,
) -> None:
    """Depth first; the parser bounds the depth (256). ``above``: the nearest containers, innermost first."""
    tag = element.tag
    if not isinstance(tag, str) or tag in _OUTSIDE:
        return
    if tag in _WRAPPERS and _is_other(element, widgets=widgets):
        return
    if tag in _CONTAINERS:
        above = (element, *above[: len(_SHARES) - 1])
    length = sum(_prose(t) for t in (element.text, *(c.tail for c in element)))
    if length:
        for container, share in zip(above, _SHARES, strict=False):
            scores[container] = scores.get(container, 0.0) + share * length
    for child in element:
        _visit(child, above, scores, widgets=widgets)


def _prose(text: str | None) -> int:
    length = len(clean(text)) if text else 0
    return length if length >= _PIECE else 0
