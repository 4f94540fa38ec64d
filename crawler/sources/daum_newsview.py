"""Daum's article page before v.daum.net: ``media.daum.net/.../newsview?newsid=<17>`` (docs/sites/daum.md 2).

No page of it was found; title and body are named so by public parsers of 2010 to 2014 (C). What surrounds
them is read by what it prints: labels before times, the logo's ``alt``, a name without a label.
"""

from __future__ import annotations

from typing import ClassVar

from lxml.html import HtmlElement

from crawler.extract.document import Document
from crawler.extract.prune import Prune
from crawler.sources.daum_pages import DaumPage
from storage.records.extraction import Raw

_BODY = "#newsBodyShadow"


class DaumNewsview(DaumPage):
    """``#newsTitleShadow`` and ``#newsBodyShadow`` [C, 2010 to 2014]."""

    name: ClassVar[str] = "daum/2010"
    title_css: ClassVar[tuple[str, ...]] = ("#newsTitleShadow",)
    prunes: ClassVar[tuple[Prune, ...]] = (
        *DaumPage.prunes,
        Prune(rule="caption", css=".image", share=0.5),
        Prune(rule="promotion", css=".link_news, .relatedNews"),
    )

    @classmethod
    def score(cls, document: Document) -> int:
        return 5 if document.first(_BODY) is not None else 0

    def container(self) -> HtmlElement | None:
        return self.document.first(_BODY)

    def publisher(self) -> Raw | None:
        return (
            self.document.meta("og:article:author")
            or self._image_alt(".source img[alt]", ".info_press img[alt]", "em.info_cp img[alt]")
            or super().publisher()
        )

    def byline_line(self) -> Raw | None:
        return self._text(".info_reporter", ".reporter") or super().byline_line()

    def published_all(self) -> tuple[Raw, ...]:
        """The printed minute; the head's labels say which time is which."""
        printed = self._stamped("published")
        return (*((printed,) if printed else ()), *super().published_all())
