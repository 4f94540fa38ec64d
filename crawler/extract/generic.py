"""The page class of every site without one: JSON-LD, meta elements, and trafilatura."""

from __future__ import annotations

import re
from functools import cached_property
from typing import ClassVar

from lxml.html import HtmlElement

from crawler.extract.blocks import clean, walk
from crawler.extract.body import Body, read_body
from crawler.extract.densest import densest
from crawler.extract.document import Document, select
from crawler.extract.embedded import embedded_article
from crawler.extract.page import Page
from crawler.extract.prune import Prune, prune_widgets
from storage.records import Raw, Removal

_ENOUGH = 120
"""Characters of prose from which a container may be an article without any further evidence;
the shortest real one in the shared pages has 330."""
_PORTALS = re.compile(
    r"^(?:다음 ?뉴스|다음|네이버 ?뉴스|네이버|NAVER|Daum|네이트 ?뉴스|네이트|zum|줌)$", re.IGNORECASE
)
_BY = re.compile(r"^(?:by|글|작성자|기자명)\s*[:：]?\s+", re.IGNORECASE)


class GenericPage(Page):
    """Any Korean publisher's article page."""

    name: ClassVar[str] = "generic/1"
    prunes: ClassVar[tuple[Prune, ...]] = (
        Prune(rule="notice", css=".copyright, .copy_right, .txt_copyright, .article-copy"),
        Prune(
            rule="reporter box",
            css=".reporter_area, .byline, .journalist, .writer_info, .media_end_head_journalist",
        ),
    )
    container_css: ClassVar[tuple[str, ...]] = (
        "[itemprop=articleBody]",  # schema.org microdata
        "#article-view-content-div",  # ND Soft, the CMS of several hundred Korean papers
        "#dic_area",
        "#articleBodyContents",  # Naver, new and old
        "#articleBody",
        "#article_body",
    )

    @classmethod
    def score(cls, document: Document) -> int:
        return 1

    def container(self) -> HtmlElement | None:
        for css in self.container_css:
            for element in self.document.all(css):
                if len(clean(element.text_content())) >= _ENOUGH:
                    return element
        embedded = embedded_article(self.document)
        best, prose = densest(self.document.tree)
        if embedded is not None and len(clean(embedded.text_content())) > prose:
            return embedded
        return best if prose >= (1 if self.declared_article else _ENOUGH) else None

    @cached_property
    def declared_article(self) -> bool:
        """The page itself says that it is an article: JSON-LD, og:type or microdata."""
        kind = self.document.meta("og:type")
        return bool(
            self.document.news_data
            or (kind and kind.value.lower() == "article")
            or select(self.document.tree, "[itemprop=articleBody]")
        )

    def trim(self, container: HtmlElement) -> list[Removal]:
        return prune_widgets(container)

    def body(self) -> Body | None:
        body = super().body()
        said = self.document.news_data.get("articleBody")
        if isinstance(said, str) and len(clean(said)) > 2 * sum(
            len(p) for p in (body.paragraphs if body else ())
        ):
            lines = tuple(t for t in (clean(line) for line in said.splitlines()) if t)
            return Body(paragraphs=lines, images=body.images if body else (), rule="JSON-LD articleBody")
        return body

    def publisher(self) -> Raw | None:
        for raw in (self._linked_publisher(), self.document.meta("og:site_name"), self.document.meta("og:article:author", "article:publisher", "twitter:creator")):  # fmt: skip
            if raw is None:
                continue
            name = re.split(r"\s*[|:]\s*", raw.value)[0].strip().lstrip("@")
            if (
                name
                and not _PORTALS.match(name)
                and not name.startswith("http")
                and (raw.rule != "twitter:creator" or not name.isascii())
            ):
                return Raw(value=name, rule=raw.rule)
        return None

    def _linked_publisher(self) -> Raw | None:
        value = self.document.news_data.get("publisher")
        name = value.get("name") if isinstance(value, dict) else value
        return (
            Raw(value=clean(name), rule="JSON-LD publisher")
            if isinstance(name, str) and clean(name)
            else None
        )

    def published(self) -> Raw | None:
        return (
            super().published()
            or self.document.meta("og:regdate", "pubdate", "date", "dc.date", "article:published")
            or self._stamp("published")
        )

    def modified(self) -> Raw | None:
        return super().modified() or self.document.meta("article:modified") or self._stamp("modified")

    def _stamp(self, which: str) -> Raw | None:
        value = getattr(self.header_stamps, which)
        return Raw(value=value, rule="header line") if value else None

    def author_hints(self) -> tuple[Raw, ...]:
        publisher = self.publisher()
        taken = {publisher.value} if publisher else set()
        found = list(super().author_hints())
        for name in ("dable:author", "author", "byl", "article:author"):
            for value in self.document.metas.get(name, []):
                text = _BY.sub("", value)
                if text and text not in taken and not text.startswith(("http", "@")):
                    found.append(Raw(value=text, rule=name))
        return tuple({r.value: r for r in reversed(found)}.values())[::-1]

    def byline_line(self) -> Raw | None:
        lines = [line for line in self.header_lines if _BYLINE.search(line) and len(line) <= 60]
        return Raw(value=lines[0], rule="header line") if lines else None

    def notices(self) -> tuple[Raw, ...]:
        found = [
            Raw(value=b.text, rule="notice line")
            for b in walk(self.document.tree)
            if _NOTICE.search(b.text) and len(b.text) <= 200
        ]
        return tuple(found)


_BYLINE = re.compile(r"[가-힣]{2,4}\s?(?:[가-힣]{0,6}기자|특파원|논설위원|칼럼니스트)(?![가-힣])")
_NOTICE = re.compile(r"(?:ⓒ|©|\(c\)|저작권자|copyright).{0,120}금지", re.IGNORECASE)
