"""The texts of a page by selector, each with the selector as its rule: what page classes are built with."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from lxml.html import HtmlElement

from crawler.extract.blocks import lines_of, text_of, verbatim_of
from crawler.extract.document import Document
from storage.records.extraction import Raw


class Texts:
    """Looks into one document."""

    def __init__(self, document: Document) -> None:
        self.document = document

    def _text(self, *selectors: str) -> Raw | None:
        """The text of the first element of the first selector that has any."""
        return self._first(text_of, selectors)

    def _printed(self, *selectors: str) -> Raw | None:
        """Like ``_text``, letter for letter."""
        return self._first(verbatim_of, selectors)

    def _lines(self, *selectors: str) -> Raw | None:
        """Like ``_text``, line breaks kept."""
        return self._first(lines_of, selectors)

    def _first(self, read: Callable[[HtmlElement], str], selectors: Iterable[str]) -> Raw | None:
        for css in selectors:
            for element in self.document.all(css):
                if text := read(element):
                    return Raw(value=text, rule=css)
        return None

    def _on_page(self, element: HtmlElement) -> bool:
        """False for a container that was parsed out of a script."""
        return any(a is self.document.tree for a in element.iterancestors())


def name_of(element: HtmlElement | None) -> str:
    """An element as a selector would name it: ``div#article.body``; ``none`` without one."""
    if element is None:
        return "none"
    classes = (element.get("class") or "").split()
    ident = element.get("id")
    return str(element.tag) + (f"#{ident}" if ident else "") + (f".{classes[0]}" if classes else "")
