"""What stands where a page class says nothing: the generic reading of that field, on the same container.

So a declared source never reads less than an undeclared site would. A class that answers a question itself,
be it with "there is none", is believed.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from lxml.html import HtmlElement

from crawler.extract.body import Body
from crawler.extract.document import Document
from crawler.extract.generic import GenericPage
from crawler.extract.page import Page
from storage.records.extraction import Extraction

_ANSWERS = (
    "title",
    "subtitle",
    "publisher",
    "section",
    "tags",
    "language",
    "published",
    "modified",
    "byline_line",
    "author_hints",
    "notices",
)
"""Fields of an extraction, each named as the method that answers it."""


class _Beside(GenericPage):
    """The generic reading of a page whose container a page class has found."""

    def __init__(self, page: Page) -> None:
        super().__init__(page.document, page.site)
        self._page = page

    def beside(self, document: Document) -> dict[HtmlElement, str]:
        """Nothing more than the page's class left out: whose article it is, its container says."""
        return {}

    def container(self) -> HtmlElement | None:
        return self._page.container()

    def body(self) -> Body | None:
        """What the page's own class read: the library need not be asked for the whole page."""
        return self._page._body


def _answered(cls: type[Page], field: str) -> bool:
    """True where the class answers the field itself; a time also by all that it knows (``modified_all``)."""
    names = (field, f"{field}_all") if field in {"published", "modified"} else (field,)
    return any(getattr(cls, name) is not getattr(Page, name) for name in names)


def with_generic(found: Extraction, page: Page) -> Extraction:
    """``found``, its empty fields read by the generic path where the class of ``page`` says nothing."""
    if isinstance(page, GenericPage):
        return found
    unsaid = [
        field
        for field in _ANSWERS
        if getattr(found, field) in (None, ()) and not _answered(type(page), field)
    ]
    if not unsaid:
        return found
    beside = _Beside(page)
    answers: dict[str, Any] = {field: getattr(beside, field)() for field in unsaid}
    return replace(found, **answers)
