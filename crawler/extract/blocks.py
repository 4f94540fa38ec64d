"""The plain walk: a container's text as a reader sees it, block by block, nothing lost.

This is the measure that trafilatura's answer is held against: it drops ``div`` paragraphs that
stand beside ``p`` ones (17 of 143 measured pages lost more than 7 %).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml.html import HtmlElement

from crawler.marks import ordered, without_gaps

_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
_SILENT = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "iframe",
        "object",
        "embed",
        "svg",
        "canvas",
        "audio",
        "video",
        "map",
        "button",
        "select",
        "textarea",
        "input",
        "head",
        "title",
        "ins",
    ]
)
"""Elements whose text no reader sees as part of an article. ``ins`` holds Kakao's ad units; an ``ins`` that
marks inserted words is kept by ``_reads``."""
_SPACE = re.compile(r"[\t\r\n\f\v\xa0][ \t\r\n\f\v\xa0]*| [ \t\r\n\f\v\xa0]+")
"""White space that is not one blank already."""
_INVISIBLE = re.compile("[\u200b\u200e\u200f\u2060\ufeff\u00ad\x00]")

CELL = "\t"
"""Between the cells of a table's row: white space, for the page prints no character there. No other text has
a tab, for ``clean`` makes every run of white space one blank."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One paragraph, line, list item or table row. ``linked``: its characters inside ``<a href>``."""

    text: str
    tag: str
    linked: int = 0
    place: HtmlElement | None = field(default=None, compare=False, repr=False)
    """The innermost block element that it stands in."""

    @property
    def link_share(self) -> float:
        return self.linked / len(self.text) if self.text else 0.0


def clean(text: str) -> str:
    """Collapse white space, drop invisible characters, compose (NFC). Idempotent."""
    text = text.strip()
    if text.isprintable() and "  " not in text:  # nearly every line: no white space but single blanks
        return unicodedata.normalize("NFC", ordered(text))
    bare = without_gaps(_SPACE.sub(" ", _INVISIBLE.sub("", text)))
    return unicodedata.normalize("NFC", ordered(bare)).strip()


_RENDERED = re.compile(r"[ \t\r\n\f]+")


def verbatim(text: str) -> str:
    """``text`` as a browser shows it on one line, letter for letter: no composing, no-break spaces kept."""
    return ordered(without_gaps(_RENDERED.sub(" ", text.replace("\x00", "")))).strip().strip("\ufeff")


def verbatim_of(element: HtmlElement) -> str:
    """An element's text letter for letter, without what no reader sees."""
    shown = [t for t in _shown(element) if t]
    return verbatim("".join(shown))


def _shown(element: HtmlElement) -> Iterator[str | None]:
    yield element.text
    for child in element:
        if not is_silent(child):
            yield " " if parts_words(child) else None
            yield from _shown(child)
        yield child.tail


def parts_words(element: HtmlElement) -> bool:
    """True for a ``<br>`` and a block: what stands in front of it and behind it are two words."""
    return element.tag == "br" or element.tag in _BLOCKS


def text_of(element: HtmlElement) -> str:
    """An element's text on one line; a ``<br>`` and a block boundary count as a space."""
    if len(element) == 0 and element.tag not in ("br", "table"):  # nothing to walk through
        return "" if is_silent(element) else clean(element.text or "")
    return clean(" ".join(b.text for b in walk(element)))


def lines_of(element: HtmlElement) -> str:
    """An element's text with its line breaks (``<br>``, blocks) as newlines."""
    return "\n".join(b.text for b in walk(element))


def walk(container: HtmlElement) -> list[Block]:
    """Every block of ``container`` in reading order. Its depth is bounded by the parser (256)."""
    walker = _Walker()
    walker.enter(container)
    walker.flush()
    return walker.blocks


@dataclass(slots=True)
class _Walker:
    blocks: list[Block] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    linked: int = 0
    tag: str = "p"
    place: HtmlElement | None = None

    def flush(self) -> None:
        text = clean("".join(self.parts)) if self.parts else ""
        if text:
            linked = min(self.linked, len(text))
            self.blocks.append(Block(text=text, tag=self.tag, linked=linked, place=self.place))
        self.parts.clear()
        self.linked = 0

    def enter(self, element: HtmlElement, in_link: bool = False) -> None:
        tag = element.tag
        if not isinstance(tag, str) or (tag in _SILENT and not _reads(element)):
            return
        if tag == "br":
            self.flush()
        elif tag == "table":
            self.table(element)
        elif tag in _BLOCKS or _is_drawn_as_block(element):
            self.flush()
            outer = self.tag, self.place
            self.tag, self.place = tag, element
            self.children(element, in_link)
            self.flush()
            self.tag, self.place = outer
        else:
            self.children(element, in_link or (tag == "a" and element.get("href") is not None))

    def children(self, element: HtmlElement, in_link: bool) -> None:
        preformatted = element.tag == "pre"
        self.say(element.text, in_link, preformatted)
        for child in element:
            self.enter(child, in_link)
            self.say(child.tail, in_link, preformatted)

    def say(self, text: str | None, in_link: bool, preformatted: bool) -> None:
        if not text or (not self.parts and text.isspace()):
            return
        if preformatted and "\n" in text:
            for line in text.split("\n"):
                self.parts.append(line)
                self.flush()
            return
        self.parts.append(text)
        if in_link:
            self.linked += len(clean(text))

    def table(self, element: HtmlElement) -> None:
        """A data table: a line for each row, tabs between cells. One for layout is walked through."""
        self.flush()
        for part in element:
            if part.tag == "tr":
                self.row(part)
            elif part.tag in {"tbody", "thead", "tfoot"}:
                for row in part:
                    self.row(row)
                    self.say(row.tail, False, False)
            else:
                self.enter(part)
            self.flush()

    def row(self, row: HtmlElement) -> None:
        cells = [c for c in row if c.tag in {"td", "th"}]
        texts = [walk(c) for c in cells]
        if all(len(t) <= 1 for t in texts):
            filled = [t[0] for t in texts if t]
            text = CELL.join(b.text for b in filled)
            if text:
                linked = sum(b.linked for b in filled)
                self.blocks.append(Block(text=text, tag="tr", linked=linked, place=row))
            return
        for blocks in texts:
            self.blocks.extend(blocks)


_DRAWN = re.compile(r"\bdisplay\s*:\s*(?:block|flex|grid|table|list-item)\b", re.IGNORECASE)
_SAID = re.compile(r"[.?!][\"'”’)\]]*\s*\Z")


def _is_drawn_as_block(element: HtmlElement) -> bool:
    """True for an inline element that its own style makes a block, and for a site's own element
    (``<news-line>``) with sentences: its style sheet does. One with a word stands within a sentence.
    """
    style = element.get("style")
    if style is not None and "isplay" in style and _DRAWN.search(style):
        return True
    return "-" in element.tag and _SAID.search(_end_of(element)) is not None


def _end_of(element: HtmlElement) -> str:
    """Its last characters: two hundred such elements may lie in each other."""
    said = ""
    for piece in _backwards(element):
        said = piece + said
        if len(said) >= _TAIL:
            break
    return said[-_TAIL:]


def _backwards(element: HtmlElement) -> Iterator[str]:
    """The pieces of its text, the last first."""
    here = element
    while True:
        while len(here):
            here = here[-1]
            yield here.tail or ""
        yield here.text or ""
        while here is not element and here.getprevious() is None:
            here = here.getparent()
            yield here.text or ""
        if here is element:
            return
        here = here.getprevious()
        yield here.tail or ""


_TAIL = 8
"""Characters in which a sentence ends: its stop, a quotation mark, white space."""


def is_silent(element: HtmlElement) -> bool:
    """True for what no reader reads as text: a script, a button, a comment."""
    return not isinstance(element.tag, str) or (element.tag in _SILENT and not _reads(element))


def _reads(element: HtmlElement) -> bool:
    return element.tag == "ins" and not element.get("class") and not element.get("data-ad-unit")
