"""The element that a page calls its article's text, for articles too short to be found by their prose."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lxml.html import HtmlElement

from crawler.extract.blocks import clean
from crawler.extract.document import Document
from crawler.extract.prune import is_widget, names_widget

_PLACES = frozenset({"div", "section", "article", "td", "main"})
_OUTSIDE = frozenset({"nav", "aside", "footer"})
_CALLED = re.compile(
    r"(?:^|\s)(?:[a-z]{1,4}[-_])?(?:article|news|view|post|entry|story|read)[-_]*+(?:view[-_]*+)?"
    r"(?:body|contents?|cont?|text|txt|article)(?:[-_]*+(?:area|wrap|div|box|inner|id|\d))?(?=$|\s)",
    re.IGNORECASE,
)
"""Names that Korean CMSs and blogs give to the text: ``articleBody``, ``news_cnt``'s kin ``news_con``,
``view_txt``, ``entry-content`` (our list, 2026-11, of the container names in docs/sites and the two public
sets)."""


def called_article(document: Document, declared: Sequence[str]) -> HtmlElement | None:
    """The element of a ``declared`` selector, else the one that is called so and has the most plain text.

    None where several are declared: which of the pieces are the article's is not said.
    """
    for css in declared:
        found = [e for e in document.all(css) if e.tag in _PLACES and _plain(e)]
        if found:
            return found[0] if len(found) == 1 else None
    called = [e for e in document.tree.iter(*_PLACES) if _is_called(e) and not _is_beside(e)]
    holders = {a for e in called for a in e.iterancestors()}
    innermost = [e for e in called if e not in holders]
    return max((e for e in innermost if _plain(e)), key=_plain, default=None)


def _is_called(element: HtmlElement) -> bool:
    return any(_CALLED.search(element.get(name) or "") for name in ("id", "class"))


def _is_beside(element: HtmlElement) -> bool:
    """Beside the article, or in a link, which is another's teaser as a whole (newsdig.tbs.co.jp, 2023).

    Of its own names the one that calls it the text decides (``article-body ad_pc_article_body``).
    """
    places = (element, *element.iterancestors())
    names = f"{element.get('class') or ''} {element.get('id') or ''}".split()
    if all(names_widget(name) for name in names if _CALLED.search(name)):
        return True
    return any(
        p.tag in _OUTSIDE or (p.tag == "a" and p.get("href")) or (p is not element and is_widget(p))
        for p in places
    )


def _plain(element: HtmlElement) -> int:
    """Characters outside links."""
    linked = sum(len(clean(a.text_content())) for a in element.iter("a"))
    return len(clean(element.text_content())) - linked
