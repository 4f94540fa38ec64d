"""A parsed page: the tree, its meta elements, its linked data. Read only: nothing here changes the tree."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from copy import copy, deepcopy
from functools import cached_property
from html import unescape
from typing import Any
from urllib.parse import urljoin

from lxml import etree
from lxml.html import HtmlElement, document_fromstring

from crawler.charset import Decoded
from crawler.extract.addresses import is_protected, show_addresses
from crawler.extract.anchors import close_links
from crawler.extract.blocks import clean, verbatim
from crawler.extract.folds import open_folds
from crawler.extract.linked import is_article, objects, own_object, with_referred
from crawler.extract.lone_ends import break_at_lone_ends
from crawler.extract.markup import counted, escape_strays, without_markup
from crawler.extract.placeholders import is_placeholder
from crawler.extract.selectors import Index
from storage.records import CapturedPage
from storage.records.extraction import Raw


class NoElementError(ValueError):
    """There is no element at all."""


class TooDeepError(ValueError):
    """The markup is nested deeper than the parser's limit (256 elements)."""


_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
"""Characters that no tree can be changed around (XML 1.0, 2.2): pages print them."""
_BYTES = bytes(code for code in range(128) if _CONTROL.match(chr(code)))
"""Those that are one byte: a page's bytes are searched for them in half of its text's time (2026-11)."""
_REFERENCE = re.compile(
    r"&#(?:0*(?:[0-8]|1[124-9]|2\d|3[01])(?!\d)"
    r"|[xX]0*(?:[0-8bcefBCEF]|1[0-9a-fA-F]|[fF]{3}[eEfF])(?![0-9a-fA-F]));?"
)
"""The same as references."""
_PARTING = frozenset({"\x0b", "\x0c", "&#11", "&#12", "&#xb", "&#xc"})
"""Tab and feed of a text that was pasted from elsewhere: lines and words end there."""


def _in_place(match: re.Match[str]) -> str:
    """What stands where a control character was: white space for one that parts words, else nothing."""
    return "\n" if match[0].rstrip(";").lower() in _PARTING else ""


def _without_controls(text: str) -> str:
    data = text.encode("utf-8", "replace")
    if len(data.translate(None, _BYTES)) < len(data) or "\ufffe" in text or "\uffff" in text:
        text = _CONTROL.sub(_in_place, text)
    return _REFERENCE.sub(_in_place, text)


_ENTITY = re.compile(r"&(?:[A-Za-z]{2,8}\d{0,2}|#\d{2,5}|#[xX][\da-fA-F]{2,5});")
"""Whether it is one of HTML's names, ``unescape`` knows: others stay."""


def unescaped(text: str) -> str:
    """``text`` with entities resolved that a site escaped twice (``&amp;#039;``, hankookilbo.com 2025-05)."""
    return clean(unescape(text)) if _ENTITY.search(text) else text


def unescaped_verbatim(text: str) -> str:
    """``unescaped``, letter for letter; without the markup of a heading that a site copied into its data."""
    told = unescape(text) if _ENTITY.search(text) else text
    return verbatim(without_markup(told) if "<" in told or "\\" in told else told)


_CLASSES = etree.ElementDefaultClassLookup(element=HtmlElement)
"""Every element is an ``HtmlElement``. lxml.html asks a function of Python for the class of each, forms being
others: four fifths of the time of a pass over a page (2026-11), and we and trafilatura make dozens."""
_PLAIN = re.compile(r"https?://[a-z0-9.-]+/[a-zA-Z0-9/_.~%-]*")
_OPENED = re.compile(r"<html[\s>]", re.IGNORECASE)
_CLOSED = re.compile(r"</(?:html|body)\s*>", re.IGNORECASE)
_LAST = 1_000
"""Characters at a page's end, where nearly every one is closed: looked at before the whole (our choice)."""
_END_ID = "newsarchive-end"
_END = f'<wbr id="{_END_ID}">'
"""Put behind an unclosed page: where the parser places it, the page stops."""


def is_unclosed(text: str) -> bool:
    """True for a page that opens ``<html>`` and closes neither it nor its body."""
    if _CLOSED.search(text, max(0, len(text) - _LAST)) or _CLOSED.search(text):
        return False
    return _OPENED.search(text) is not None


def _mended(text: str) -> str:
    """``text`` as a browser would read it where the parser reads something else."""
    text = escape_strays(_without_controls(text))
    counts = counted(text)  # closing links changes no count of paragraphs and breaks
    return break_at_lone_ends(close_links(text, counts), counts)


class Document:
    """One page, parsed. ``url`` is the address that was asked for."""

    def __init__(self, page: CapturedPage, decoded: Decoded) -> None:
        """Parse. Raises ``TooDeepError`` and ``NoElementError``."""
        self.page = page
        self.url = page.url
        self.charset_used = decoded.used
        self.charset_declared = decoded.declared
        parser = etree.HTMLParser(encoding="utf-8", remove_pis=True, remove_comments=True)
        parser.set_element_class_lookup(_CLASSES)
        self.unclosed = is_unclosed(decoded.text)
        """True for a page that opens ``<html>`` and closes neither it nor its body."""
        text = _mended(decoded.text) + (_END if self.unclosed else "")
        data = text.encode("utf-8", "replace")
        try:
            self.tree: HtmlElement = document_fromstring(data, parser=parser)
        except etree.ParserError as error:
            raise NoElementError("The page has no element.") from error
        if is_protected(text):
            show_addresses(self.tree)
        if not self.unclosed:  # else the end may stand in one
            self._leave_templates()
        open_folds(self.tree)
        for picture in self.tree.iter("svg"):
            etree.strip_elements(picture, "title", with_tail=False)  # of the drawing, not of the page
        if any(e.type_name == "ERR_RESOURCE_LIMIT" for e in parser.error_log.filter_from_fatals()):
            raise TooDeepError("The page is nested too deeply: more than 256 elements inside each other.")

    def _leave_templates(self) -> None:
        """Leave out what is there for scripts to copy; what a template declares as a shadow root is shown."""
        for template in list(self.tree.iter("template")):
            if not template.get("shadowrootmode"):
                template.drop_tree()

    def without(self, elements: Iterable[HtmlElement]) -> Document:
        """This page with a tree of its own that lacks ``elements``."""
        places = {id(e) for e in elements}
        at = [index for index, e in enumerate(self.tree.iter()) if id(e) in places]
        rest = copy(self)
        for name in ("index", "metas", "scripts", "_named"):
            rest.__dict__.pop(name, None)
        rest.tree = deepcopy(self.tree)
        every = list(rest.tree.iter())
        for index in at:
            every[index].drop_tree()
        return rest

    def ends_in(self, element: HtmlElement) -> bool:
        """True for an unclosed page that stops inside ``element``: what follows it was not sent."""
        return self.unclosed and element in self._around_end()

    def ends_in_list(self, element: HtmlElement) -> bool:
        """True where an unclosed page stops inside a list of links within ``element``."""
        around = self._around_end()
        inside = around[: around.index(element)] if element in around else []
        lists = [e for e in inside if e.tag in ("ul", "ol", "dl", "nav", "aside")]
        return bool(lists) and next(lists[-1].iter("a"), None) is not None

    def _around_end(self) -> list[HtmlElement]:
        """Where an unclosed page stops, and what that stands in."""
        marks = self.all(f"#{_END_ID}")
        end = marks[-1] if marks else list(self.tree.iter())[-1]  # swallowed by a tag or script that is open
        return [end, *end.iterancestors()]

    def first(self, *selectors: str) -> HtmlElement | None:
        """The first element of the first selector that matches anything."""
        for selector in selectors:
            found = self.index.select(selector)
            if found:
                return found[0]
        return None

    def all(self, selector: str) -> list[HtmlElement]:
        """Every element that matches, in document order."""
        return self.index.select(selector)

    @cached_property
    def index(self) -> Index:
        return Index(self.tree)

    @cached_property
    def metas(self) -> dict[str, list[str]]:
        """Lower-cased ``property``, ``name`` or ``itemprop`` of each meta element -> contents."""
        metas: dict[str, list[str]] = {}
        for name, printed in self._named:
            if content := unescaped(clean(printed)):
                metas.setdefault(name, []).append(content)
        return metas

    @cached_property
    def _named(self) -> list[tuple[str, str]]:
        """Each meta element with a name and a content: the name in lower case, the content as it stands."""
        found = (
            (e.get("property") or e.get("name") or e.get("itemprop"), e.get("content") or "")
            for e in self.tree.iter("meta")
        )
        told = ((name, content) for name, content in found if name and content.strip())
        return [(name.strip().lower(), content) for name, content in told if not is_placeholder(content)]

    def meta(self, *names: str) -> Raw | None:
        """The first non-empty meta content among ``names``, with the name as its rule."""
        for name in names:
            values = self.metas.get(name.lower())
            if values:
                return Raw(value=values[0], rule=name)
        return None

    def printed_metas(self, *names: str) -> Iterator[Raw]:
        """All of these metas, letter for letter: those of the first name first."""
        for name in names:
            for named, content in self._named:
                if named == name:
                    yield Raw(value=unescaped_verbatim(content), rule=name)

    @cached_property
    def scripts(self) -> list[tuple[HtmlElement, str]]:
        """Every script element with its text."""
        return [(script, script.text or "") for script in self.tree.iter("script")]

    @cached_property
    def script_objects(self) -> list[tuple[str, list[dict[str, Any]]]]:
        """Every script's text, with its objects where it is JSON-LD. Broken JSON gives none."""
        return [
            (text, list(objects(text)) if "ld+json" in (script.get("type") or "").lower() else [])
            for script, text in self.scripts
        ]

    @cached_property
    def linked_data(self) -> list[dict[str, Any]]:
        """Every object of the page's JSON-LD, ``@graph`` and lists flattened."""
        return [item for _, items in self.script_objects for item in items]

    @cached_property
    def news_data(self) -> dict[str, Any]:
        """The JSON-LD object that describes this page's article, empty when there is none."""
        if not any(is_article(item) for item in self.linked_data):
            return {}
        links = [e.get("href") or "" for e in self.all("link[rel=canonical]")]
        headings = [e.text_content() for e in self.tree.iter("title", "h1")]
        own = own_object(
            self.linked_data,
            [self.url, *self.metas.get("og:url", []), *links],
            [*self.metas.get("og:title", []), *headings],
        )
        return with_referred(own, self.linked_data)

    @cached_property
    def base(self) -> str:
        """What the page's own addresses are relative to: its ``base`` element, else its address."""
        element = self.first("base[href]")
        href = (element.get("href") or "").strip() if element is not None else ""
        try:
            return urljoin(self.url, href) if href else self.url
        except ValueError:
            return self.url

    def absolute(self, href: str | None) -> str | None:
        """``href`` as an absolute http(s) address; None for anything else (javascript:, data:, broken)."""
        if not href or not href.strip():
            return None
        if _PLAIN.fullmatch(href):
            return href  # what joining makes of it, without taking both apart: nearly every address
        try:
            url = urljoin(self.base, href.strip())
        except ValueError:
            return None
        return url if url.startswith(("http://", "https://")) else None
