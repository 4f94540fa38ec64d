"""Daum's article page, one class per template generation (docs/sites/daum.md 2).

Seen: whole raw pages of the 2022 template, 306 bodies of 2023-11, fragments of 2023-05 and 2024 to 2026.
The page's ``og:article:author`` is the publisher, its ``h1`` the publisher's logo, its site name never
the publisher. Bodies are the children of ``section`` with ``dmcf-ptype``: ``p`` and ``div`` alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from typing import ClassVar

from lxml.html import HtmlElement

from crawler.extract.blocks import clean, text_of
from crawler.extract.boxes import prune_boxes
from crawler.extract.document import Document
from crawler.extract.page import Page
from crawler.extract.prune import MOST, Lengths, Prune, drop, is_widget
from crawler.extract.register import PLAIN
from crawler.extract.selectors import select
from crawler.extract.stamps import NOTICE, minute_of, with_day
from crawler.sources.daum_original import linked_original, printed_original
from crawler.sources.daum_provider import named_provider, site_named
from crawler.sources.daum_script import script_fields
from storage.records import Removal
from storage.records.extraction import Raw

_ID = re.compile(r"(?<!\d)([0-9]{17})(?!\d)")
_ALIAS = re.compile(r"^[A-Za-z0-9]{10}$")
_FOOTER = re.compile(r"copyright\s*(?:©|ⓒ|\(c\))?\s*kakao", re.IGNORECASE)
_REPORTER = re.compile(r"(?:기자|특파원)\s*\Z")
_MOVES = re.compile(r"\s*해당\s*언론사(?:로|의)?\s*(?:이동|연결)(?:합니다|됩니다)?\.?\s*$")


class DaumPage(Page):
    """What all generations share."""

    title_css: ClassVar[tuple[str, ...]] = ("h3.tit_view",)
    prunes: ClassVar[tuple[Prune, ...]] = (
        Prune(rule="automatic summary", css=".layer_summary, .summary_layer, [class*=auto_summary]"),
        Prune(rule="subtitle", css="strong.summary_view, .summary_view"),
        Prune(rule="font layer", css=".set_view, .layer_font, .layer_set, .font_btn, .layer_util"),
        Prune(rule="notice", css="p[data-translation], .txt_copyright, #translateNotice"),
        Prune(
            rule="advertisement",
            css="ins[class], ins[data-ad-unit], .ad_body2, [id^=kakao_ad], [class$=_ad], [data-cloud*=_ad]",
            share=0.5,
        ),
        Prune(rule="embed", css="[dmcf-ptype=embed], [dmcf-ptype=kakaotv], [dmcf-ptype=video], .vod_player"),
        Prune(
            rule="related headlines",
            css=".cp_view, .relate_news, .relate_series, .list_relate, .box_related, [data-cloud*=related]",
        ),
        Prune(
            rule="page furniture",
            css=".util_view, .tts_area, .emotion_wrap, .foot_view, .cmt_view, .alex-area, .txt_newsview",
        ),
    )

    def container(self) -> HtmlElement | None:
        """The last ``section`` of the last ``.article_view``; the view itself where there is no section.

        Another site's shell around a Daum body holds an outer view with empty figures: the last is right.
        """
        sections = self.document.all("section[dmcf-sid]") or self.document.all(".article_view section")
        if sections:
            return _whole(sections[-1])
        views = self.document.all(".article_view, #harmonyContainer")
        return views[-1] if views else None

    def trim(self, container: HtmlElement) -> list[Removal]:
        """Children of a section that Daum's editor did not make: widgets put between the paragraphs."""
        if not select(container, "[dmcf-ptype]"):
            return []
        removed = prune_boxes(container)  # what says what it is goes under that name
        lengths = Lengths(container)
        for child in list(container):
            if (
                not isinstance(child.tag, str)
                or child.get("dmcf-ptype")
                or child.tag in {"p", "br", "section"}
            ):
                continue
            is_called = is_widget(child) and lengths.is_less(child, MOST)
            if is_called or (_is_foreign(child, lengths) and not select(child, "[dmcf-ptype]")):
                lengths.lose(child)
                removed += drop(child, "widget without dmcf-ptype")
        return removed

    def publisher(self) -> Raw | None:
        return (
            self.document.meta("og:article:author", "article:media_name")
            or self._script("provider")
            or named_provider(self.document)
            or self._image_alt("em.info_cp img[alt]", "h1 img[alt]")
            or self._text("h1 a[href*='/channel/']")
            or site_named(self.document)
        )

    def subtitle(self) -> Raw | None:
        return self._lines("strong.summary_view", ".news_view > .summary_view")

    def section(self) -> Raw | None:
        return self._text("h2#kakaoBody") or super().section() or self._script("category")

    def byline_line(self) -> Raw | None:
        """The first line of the head that is no time; the next ones too, where they name a reporter."""
        said = [text_of(e) for e in self.document.all(".info_view .txt_info") if not select(e, ".num_date")]
        if not said:
            return super().byline_line() if self.document.first(".info_view") is None else None
        text = ", ".join([said[0], *(more for more in said[1:] if _REPORTER.search(more))])
        return Raw(value=text, rule=".info_view .txt_info") if said[0] else None

    def author_hints(self) -> tuple[Raw, ...]:
        found = (self._script("author"), self._script("author_id"))
        return (*super().author_hints(), *(r for r in found if r))

    def published_all(self) -> tuple[Raw, ...]:
        """The printed minute; the second of ``og:regDate`` or the script where it is the same minute."""
        printed = self._date("입력") or self._date(None)
        exact = [r for r in (self.document.meta("og:regDate"), self._script("regdate")) if r]
        if printed is None:
            return (*exact, *super().published_all())
        minute = minute_of(printed.value)
        same = [r for r in exact if minute and minute_of(r.value) == minute]
        return (*same, printed, *(r for r in exact if r not in same))

    def modified_all(self) -> tuple[Raw, ...]:
        """Below a label; in 2015 a line without an element of its own."""
        printed = self._date("수정")
        if printed is None and self.document.first(".num_date") is None:
            printed = self._stamped("modified")
        began = self._date("입력") or self._date(None)
        whole = with_day(printed.value, began.value if began else None) if printed else None
        return (replace(printed, value=whole),) if printed and whole else ()

    def notices(self) -> tuple[Raw, ...]:
        found = []
        for css in ("p[data-translation]", ".txt_copyright"):
            for element in self.document.all(css):
                text = _MOVES.sub("", text_of(element))
                if text and not _FOOTER.search(text):
                    found.append(Raw(value=text, rule=css))
        return tuple(found) or self._beside_sections()

    def _beside_sections(self) -> tuple[Raw, ...]:
        """A notice as a plain paragraph of the view, behind its section (2017)."""
        css = ".article_view > p, .news_view > p"
        texts = [text_of(e) for e in self.document.all(css)]
        return tuple(Raw(value=t, rule=css) for t in texts if NOTICE.search(t))

    def original_url(self) -> Raw | None:
        return linked_original(self.document) or printed_original(self.document, self._container)

    def summary(self) -> Raw | None:
        """The paragraphs of the automatic summary; the remark below them (``.info_summary``) is a label."""
        for css in (".layer_summary p", ".layer_summary .desc_summary", ".layer_summary .txt_summary"):
            texts = [t for e in self.document.all(css) if (t := text_of(e)) and "자동요약한 결과" not in t]
            if texts:
                return Raw(value="\n".join(dict.fromkeys(texts)), rule=css)
        return None

    def site_id(self) -> str | None:
        """The 17 digits: of the address asked for, else of what the page says of itself."""
        return next((m.group(1) for said in self._said_ids() if (m := _ID.search(said))), None)

    def _said_ids(self) -> Iterator[str]:
        yield self.document.url
        yield from self.document.metas.get("og:url", [])
        if script := self._script("id"):
            yield script.value
        for element in self.document.all("[data-item-key], [data-post-id]"):
            yield element.get("data-item-key") or element.get("data-post-id") or ""

    def canonical_url(self) -> str | None:
        ident = self.site_id()
        return f"https://v.daum.net/v/{ident}" if ident else super().canonical_url()

    def aliases(self) -> tuple[str, ...]:
        script = self._script("docId")
        names = [*self.document.metas.get("mccp:docid", []), script.value if script else ""]
        made = [f"https://v.daum.net/v/{n}" for n in names if _ALIAS.match(n)]
        return self._aliases([self.document.url, *self.document.metas.get("og:url", []), *made])

    def own_addresses(self) -> tuple[str, ...]:
        script = self._script("id")
        ident = _ID.fullmatch(script.value) if script else None
        return (*super().own_addresses(), *((f"https://v.daum.net/v/{ident[1]}",) if ident else ()))

    # --- what the markup hides ---------------------------------------------------------------

    @cached_property
    def script_fields(self) -> dict[str, str]:
        return script_fields(self.document)

    def _script(self, name: str) -> Raw | None:
        value = self.script_fields.get(name)
        return Raw(value=value, rule=f"TiaraTracker {name}") if value else None

    def _date(self, label: str | None) -> Raw | None:
        """A ``.num_date`` by the label before it; without a label the first one that is no 수정."""
        texts: dict[HtmlElement | None, str] = {None: ""}
        for element in self.document.all(".num_date"):
            parent = element.getparent()
            if parent not in texts:  # a thousand may stand in one
                texts[parent] = clean(parent.text_content())
            said = texts[parent]
            if (label is not None and said.startswith(label)) or (
                label is None and not said.startswith("수정")
            ):
                return Raw(value=text_of(element), rule=".num_date")
        return None

    def _image_alt(self, *selectors: str) -> Raw | None:
        for css in selectors:
            for element in self.document.all(css):
                if text := clean(element.get("alt") or ""):
                    return Raw(value=text, rule=css)
        return None


class Daum2022(DaumPage):
    """``#harmonyContainer``, ``span.info_view``, the statistics script [A, raw pages of 2022-03]."""

    name: ClassVar[str] = "daum/2022"

    @classmethod
    def score(cls, document: Document) -> int:
        return 10 if document.first("#harmonyContainer") is not None else 0


class Daum2023(DaumPage):
    """``.article_view[data-tiara-layer=article_body]``, no ``#harmonyContainer`` [A, 2023-05, 2023-11]."""

    name: ClassVar[str] = "daum/2023"

    @classmethod
    def score(cls, document: Document) -> int:
        if document.first("#harmonyContainer") is not None:
            return 0
        if (
            document.first(".article_view[data-tiara-layer=article_body]", "[data-cloud=article_body]")
            is not None
        ):
            return 6
        return 3 if document.first("section[dmcf-sid]") is not None else 0


class Daum2025(DaumPage):
    """``div.info_view``, ``.layer_summary``, ``.set_view``, ``.txt_copyright`` below it [B, 2024-26]."""

    name: ClassVar[str] = "daum/2025"

    @classmethod
    def score(cls, document: Document) -> int:
        if document.first("#harmonyContainer") is not None or document.first(".article_view") is None:
            return 0
        if document.first("em.info_cp img[alt]") is not None:
            return 1  # the publisher's logo, gone from the page in 2026
        marks = (
            "div.info_view",
            ".layer_summary",
            ".set_view",
            ".foot_view .txt_copyright",
            "h1 a[href*='/channel/']",
        )
        return 7 if document.first(*marks) is not None else 2


PAGES: tuple[type[Page], ...] = (Daum2025, Daum2023, Daum2022)


def _whole(section: HtmlElement) -> HtmlElement:
    """The section, or its view when paragraphs stand in several sections or beside them."""
    parent = section.getparent()
    if parent is None or parent.tag == "body":
        return section
    others = [e for e in parent if e is not section and isinstance(e.tag, str)]
    beside = any(e.get("dmcf-ptype") or (e.tag == "section" and select(e, "[dmcf-ptype]")) for e in others)
    return parent if beside else section


def _is_foreign(child: HtmlElement, section: Lengths) -> bool:
    """Links, or a box that tells of nobody beside the editor's own elements, which hold the text: all
    children of 306 bodies of 2023-11 have the attribute."""
    if _linked(child):
        return True
    is_small = child.tag in _BOXES and section.is_less(child, MOST)
    return is_small and not PLAIN.search(clean(child.text_content()))


_BOXES = frozenset({"div", "aside", "nav", "form", "ul", "ol", "dl", "article"})


def _linked(element: HtmlElement) -> bool:
    """True when nearly all of the element's text is links."""
    whole = len(clean(element.text_content()))
    links = sum(len(clean(a.text_content())) for a in select(element, "a[href]"))
    return whole > 0 and links >= 0.8 * whole
