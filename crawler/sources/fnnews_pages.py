"""fnnews.com's article page, one class per template generation (docs/sites/fnnews.md 3).

No raw fnnews page was found anywhere: the markup comes from two parsers that were run against the site
(2014-2021) and from tests written after it (2026), the printed lines from rendered text of real pages.
So every field looks for its element first and for its printed line second.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import ClassVar

from lxml.html import HtmlElement

from crawler.extract.blocks import clean, text_of, walk
from crawler.extract.body import Body
from crawler.extract.document import Document
from crawler.extract.follow import SENTENCE
from crawler.extract.generic import GenericPage
from crawler.extract.heads import leading_subtitle
from crawler.extract.inserted import prune_link_lists
from crawler.extract.page import Page
from crawler.extract.prune import Prune
from crawler.extract.selectors import select
from crawler.extract.stamps import labelled
from crawler.rare import Rare
from storage.records import Removal
from storage.records.extraction import Raw

_ID = re.compile(r"/(?:news|ampNews)/([0-9]{18})(?!\d)")
_REPORTER = Rare(
    r"^(?!(?:전체|다른|모든|인기|담당|해당)\s)(?:[가-힣·]{2,12}(?:\([가-힣]{2,8}\))?\s?[=/]\s?)?"  # 베이징=
    r"[가-힣]{2,5}(?:\s*[,·/]\s*[가-힣]{2,5})*\s?(?:[가-힣]{1,6}\s)??"
    r"(?:[가-힣]{0,6}(?:기자|특파원|논설위원|전문위원|객원교수|칼럼니스트|부장|국장))(?:[\s,·/(].*)?$"
)
_LONGEST_BYLINE = 90
"""Characters of a line of reporters: two with their addresses have 50 (busan.fnnews.com)."""
_OWN_NOTICE = Rare(r"[※\s]*저작권자\s*(?:ⓒ|©|\(c\))\s*파이낸셜뉴스.{0,60}금지", re.IGNORECASE)
"""The line under every article, as the site prints it since 2011 at least."""
_NOTICE = re.compile(r"(?:ⓒ|©|\(c\)|저작권자|copyright)", re.IGNORECASE)


class FnnewsPage(Page):
    """What all generations share."""

    prunes: ClassVar[tuple[Prune, ...]] = (
        Prune(rule="notice", css=".article-view_copyright, .article_copyright, .copyright"),
        Prune(rule="tags", css=".article-view__tags, .article_tag, .tag_area"),
        Prune(
            rule="recommended stories",
            css="section.article-list, .article-list, .relation_news, .art_relation, .hot_photo, .most_news"
            ", .relate, [class^=relat]",
        ),
        Prune(
            rule="advertisement",
            css="#ad_body, [id^=ad_], [class^=ad-], [class*=_ad], [id^=add_view_], [id^=madd], [id^=adBody_]"
            ", #lineAdList, .adsbygoogle, ins[class], ins[data-ad-unit]",
            share=0.5,
        ),
        Prune(
            rule="page furniture", css="#fnSurvey, .fnSurvey, .reporter_layer, .sns_area, .btn_area, .survey"
        ),
        Prune(rule="caption", css=".image_caption, .art_photo_caption, dd.cap"),
    )

    def trim(self, container: HtmlElement) -> list[Removal]:
        return [*prune_link_lists(container), *leading_subtitle(container)]

    tag_css: ClassVar[tuple[str, ...]] = (".article-view__tags a", ".article_tag a", ".tag_area a")

    def section(self) -> Raw | None:
        return super().section() or self._text(
            ".article-view__category a", ".article-view__section", ".path span", ".path a", ".location a"
        )

    def tags(self) -> tuple[Raw, ...]:
        found = [
            Raw(value=t, rule=css)
            for css in self.tag_css
            for e in self.document.all(css)
            if (t := text_of(e).lstrip("#").strip())
        ]
        return tuple(found) or super().tags()

    def published_all(self) -> tuple[Raw, ...]:
        printed = self._stamp("published")
        return (*((printed,) if printed else ()), *super().published_all())

    def modified_all(self) -> tuple[Raw, ...]:
        printed = self._stamp("modified")
        return (*((printed,) if printed else ()), *super().modified_all())

    def _stamp(self, which: str) -> Raw | None:
        """A time printed in the head of the page (``입력 2000.10.18 05:13``, ``수정 : ...``)."""
        for css in self.date_css:
            for element in self.document.all(css):
                value = getattr(labelled(text_of(element)), which)
                if value:
                    return Raw(value=value, rule=css)
        return self._stamped(which)

    date_css: ClassVar[tuple[str, ...]] = ()
    byline_css: ClassVar[tuple[str, ...]] = (
        ".view_hd .writer",
        ".art_name",
        ".reporter_area",
        ".writer",
        ".art_writer",
    )

    def byline_line(self) -> Raw | None:
        found = self._text(*self.byline_css)
        if found:
            return found
        for line in self.header_lines:
            if _REPORTER.match(line) and len(line) <= _LONGEST_BYLINE:
                return Raw(value=line, rule="header line")
        return None

    def notices(self) -> tuple[Raw, ...]:
        found: list[Raw] = []
        for css in (".article-view_copyright", ".article_copyright", ".copyright", ".txt_copyright"):
            for element in self.document.all(css):
                lines = (b.text for b in walk(element))
                found.extend(Raw(value=t, rule=css) for t in lines if _NOTICE.search(t))
        return tuple(dict.fromkeys(found)) or self._notices_beside()

    def _notices_beside(self) -> tuple[Raw, ...]:
        """A notice under no name that is known here, beside a body that has none of its own (a wire's copy
        has).
        """
        container = self._container
        if container is None or any(_NOTICE.search(b.text) for b in walk(container)):
            return ()
        inside = {id(e) for e in container.iter()}
        blocks = (b for b in walk(self.document.tree) if b.place is None or id(b.place) not in inside)
        return tuple(Raw(value=b.text, rule="notice line") for b in blocks if _OWN_NOTICE.match(b.text))

    def original_url(self) -> Raw | None:
        return None

    def site_id(self) -> str | None:
        return super().site_id() or self._printed_id()

    def canonical_url(self) -> str | None:
        ident = self._printed_id()
        return super().canonical_url() or (f"https://www.fnnews.com/news/{ident}" if ident else None)

    def _printed_id(self) -> str | None:
        links = [e.get("href") or "" for e in self.document.all("link[rel=canonical]")]
        return next((m.group(1) for u in (self.document.url, *links) if (m := _ID.search(u))), None)


class Fnnews2026(FnnewsPage):
    """``article.article-view > div.article-view__body``, recommended stories in the same article [B]."""

    name: ClassVar[str] = "fnnews/2026"
    title_css: ClassVar[tuple[str, ...]] = ("h1.article-view__title",)
    container_css: ClassVar[tuple[str, ...]] = (".article-view__body", ".article-view__content")
    date_css: ClassVar[tuple[str, ...]] = (
        ".article-view__date",
        ".article-view__info",
        ".article-view__meta",
    )
    byline_css: ClassVar[tuple[str, ...]] = (
        ".article-view__reporter",
        ".article-view__byline",
        ".article-view__writer",
        ".article-view > .writer",
        ".writer",
    )

    @classmethod
    def score(cls, document: Document) -> int:
        return 10 if document.first(".article-view__body", ".article-view__content") is not None else 0

    def subtitle(self) -> Raw | None:
        return self._lines(".article-view__subtitle", ".article-view__sub-title", ".article-view__summary")


class Fnnews2022(FnnewsPage):
    """``div#article_content``; name, house, 입력 and 수정 are lines of text above it [A text, B markup]."""

    name: ClassVar[str] = "fnnews/2022"
    title_css: ClassVar[tuple[str, ...]] = ("h1.tit_view", "h1.tit_thumb")
    container_css: ClassVar[tuple[str, ...]] = ("#article_content",)

    @classmethod
    def score(cls, document: Document) -> int:
        return 8 if document.first("#article_content") is not None else 0

    def subtitle(self) -> Raw | None:
        return self._lines(".desc_view", ".view_hd .desc", ".subtitle", "h2.sub_tit", ".tit_sub")


class Fnnews2014(FnnewsPage):
    """``#article_body`` (``div.article_cont`` in 2019), ``.tit_news``, ``.sub_news_data`` [B, to 2021-11]."""

    name: ClassVar[str] = "fnnews/2014"
    title_css: ClassVar[tuple[str, ...]] = (
        ".tit_news .tit_sect .txt_tit strong",
        ".tit_news .txt_tit strong",
        ".tit_news strong",
    )
    container_css: ClassVar[tuple[str, ...]] = ("#article_body", "div.article_cont")
    date_css: ClassVar[tuple[str, ...]] = (
        ".sub_news_data .news_data .list_02",
        ".news_data .list_02",
        ".sub_news_data",
    )
    byline_css: ClassVar[tuple[str, ...]] = (".sub_news_data .list_01 a", ".list_01 a", ".list_01")

    @classmethod
    def score(cls, document: Document) -> int:
        return 8 if document.first("#article_body", "div.article_cont") is not None else 0

    def subtitle(self) -> Raw | None:
        return self._lines(".tit_news .tit_sect .desc", ".tit_news .desc")

    def author_hints(self) -> tuple[Raw, ...]:
        mails = [
            Raw(value=t, rule=".reporter_layer dd")
            for e in self.document.all(".reporter_layer dd span a")
            if (t := text_of(e))
        ]
        return (*super().author_hints(), *mails)


class FnnewsAmp(FnnewsPage):
    """``/ampNews/<18>``: title, both times in one line, body, signature, 많이 본 뉴스 [A text]."""

    name: ClassVar[str] = "fnnews/amp"
    container_css: ClassVar[tuple[str, ...]] = (
        ".amp-article-body",
        "#article_content",
        ".article_content",
        "#articleBody",
        ".art_content",
        "article",
    )
    title_css: ClassVar[tuple[str, ...]] = ("h1",)

    @classmethod
    def score(cls, document: Document) -> int:
        html = document.tree
        amp = html.get("amp") is not None or html.get("⚡") is not None or "/ampNews/" in document.url
        if not amp:
            return 0
        return 9 if cls._body_of(document) is not None or document.first("h1") is not None else 0

    @classmethod
    def _body_of(cls, document: Document) -> HtmlElement | None:
        for css in cls.container_css:
            for element in select(document.tree, css):
                if clean(element.text_content()):
                    return element
        return None

    def container(self) -> HtmlElement | None:
        """The element that is called the body, else where any site's article would be."""
        found = self._body_of(self.document)
        return found if found is not None else self._generic.container()

    def body(self) -> Body | None:
        """Its own, else the generic one where that tells something: beside an empty body stand headlines."""
        if self._body_of(self.document) is not None:
            return super().body()
        found = self._generic.body()
        said = found.paragraphs if found is not None else ()
        return found if not said or any(map(SENTENCE.search, said)) else None

    @cached_property
    def _generic(self) -> GenericPage:
        return GenericPage(self.document, self.site)


PAGES: tuple[type[Page], ...] = (Fnnews2026, Fnnews2022, Fnnews2014, FnnewsAmp)
