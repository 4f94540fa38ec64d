"""What trafilatura reads of a whole page: the measure that no unknown site's article may fall below.

On 181 pages of the public article-extraction benchmark (2026-11) our own choice of a container had F1 0.897
where the library's text had 0.960: it took a cookie notice for the article or lost the wrapper. So on a site
that nobody declared the library says where the article is, and the walk says how it is printed there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from threading import Lock
from typing import TYPE_CHECKING, Any

from lxml.etree import _Element
from lxml.html import HtmlElement

from crawler.extract.blocks import CELL, clean
from crawler.letters import letters

if TYPE_CHECKING:
    from trafilatura.settings import Extractor

PIECE = 12
"""Letters from which a text node says where the article is; shorter ones occur anywhere."""
_MOST_ELEMENTS = 60_000
"""Elements of a page from which the library is not asked: it needs seconds there. The largest page of the two
public sets has 21,000."""
_MOST_COMPARED = 6_000
"""Elements of a page from which the library's answer is not held against justext's, which goes from each
paragraph to the end of the page where all of them are alike: 50 s for 8,000 (3.0.2). 490 saved pages have
4,300 at most."""
_COUNTED = 50
"""Characters of a paragraph from which justext counts its common words (trafilatura 2.3.1)."""
_LOADING = Lock()
_LINES = frozenset({"p", "head", "item", "quote", "code", "fw", "ab", "ul", "list", "table", "row", "div"})


@dataclass(frozen=True, kw_only=True)
class Whole:
    """The library's reading: ``lines`` as it prints them; ``failure`` says what it threw, if it did."""

    lines: tuple[str, ...] = ()
    failure: str | None = None

    @cached_property
    def text(self) -> str:
        return "".join(letters(line) for line in self.lines)

    @cached_property
    def line_set(self) -> frozenset[str]:
        return frozenset(letters(line) for line in self.lines)

    def knows(self, text: str) -> bool:
        """True where the library reads this line too: short ones as a line of their own."""
        bare = letters(text)
        if not bare:
            return False
        return bare in self.line_set or (len(bare) >= PIECE and bare in self.text)

    def says(self, bare: str) -> bool:
        """True where these letters stand in what the library reads: nearly always as a line, which is told
        at once."""
        return bare in self.line_set or bare in self.text

    def printed_among(self, texts: Sequence[str]) -> tuple[str, ...]:
        """Those of a page's lines that the library reads; its one line alone where the page prints that."""
        said = tuple(t for t in texts if len(letters(t)) > 1 and self.says(letters(t)))
        return next(((t,) for t in said if letters(t) == self.text), said)

    def mostly_missing(self, paragraphs: Sequence[str]) -> bool:
        """True where ``paragraphs`` have less than half of what the library reads; a repeated line counts
        once."""
        each = [letters(p) for p in paragraphs]
        have, lines = "".join(each), frozenset(each)
        missing = sum(len(line) for line in self.line_set - lines if line not in have)
        return 2 * missing > sum(len(line) for line in self.line_set)


def read_whole(
    tree: HtmlElement, *, fast: bool = False, recall: bool = False, most: int = _MOST_ELEMENTS
) -> Whole:
    """Ask the library for the article of ``tree``, which is not changed. Nothing it throws gets out."""
    # A third of a second to load, which a crawl need not wait: its pages are read in other processes.
    from trafilatura.settings import Document as Extracted

    elements = sum(1 for _ in tree.iter())
    if elements > most:
        return Whole(failure=f"more than {most} elements")
    try:
        found = _asked(tree, _options(fast=fast or elements > _MOST_COMPARED, recall=recall))
        lines = tuple(_lines(found.body)) if isinstance(found, Extracted) and found.body is not None else ()
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001  whatever the library throws, the walk reads the page
        return Whole(failure=f"{type(error).__name__}: {error}" if str(error) else type(error).__name__)
    return Whole(lines=lines)


def _asked(tree: HtmlElement, options: Extractor) -> object:
    """The library's answer, with its 154,000 common words at hand where they can matter.

    It loads them (0.14 s) with the first page that it gives to justext, and asks a cache for them by all of
    them: as a tuple they are hashed anew for each page (4 ms, trafilatura 2.3.1), as a frozenset once.
    """
    from trafilatura import bare_extraction, external

    its: Any = external
    if options.fast or isinstance(its.JT_STOPLIST, frozenset):
        return bare_extraction(tree, options=options)
    with _LOADING:
        if is_stub(tree):
            its.JT_STOPLIST = ("",)  # no words, and yet not nothing: those it would load
            try:
                return bare_extraction(tree, options=options)
            finally:
                its.JT_STOPLIST = None
        its.JT_STOPLIST = frozenset(its.jt_stoplist_init())
    return bare_extraction(tree, options=options)


def is_stub(tree: HtmlElement) -> bool:
    """A page without a paragraph whose words justext would count: what a site leaves of a deleted article."""
    longest = max((len(p.text_content()) + len(p.findall(".//br")) for p in tree), default=0)
    return longest < _COUNTED and tree.find(".//math") is None  # whose text may stand in an attribute


@cache
def _options(*, fast: bool, recall: bool) -> Extractor:
    """Made once: the library reads eighteen settings out of a file's text for each."""
    from trafilatura.settings import Extractor

    return Extractor(output_format="txt", fast=fast, comments=False, tables=True, recall=recall)


def _lines(body: _Element) -> Iterator[str]:
    """The lines of the library's own tree (TEI names): rows with tabs, no marks that the page does not
    print."""
    parts: list[str] = []
    for kind, text in _events(body):
        if kind == "text":
            parts.append(text)
            continue
        line = clean("".join(parts)) if CELL not in parts else CELL.join(_cells(parts))
        parts.clear()
        if line:
            yield line
    if line := clean("".join(parts)):
        yield line


def _cells(parts: list[str]) -> Iterator[str]:
    cell: list[str] = []
    for part in [*parts, CELL]:
        if part != CELL:
            cell.append(part)
        elif text := clean("".join(cell)):
            yield text
            cell.clear()


def _events(element: _Element) -> Iterator[tuple[str, str]]:
    tag = element.tag if isinstance(element.tag, str) else ""
    breaks = tag in _LINES or tag in {"lb", "body"}
    if breaks:
        yield "break", ""
    if element.text:
        yield "text", element.text
    for child in element:
        yield from _events(child)
        if child.tail:
            yield "text", child.tail
    if tag == "cell":
        yield "text", CELL
    elif breaks:
        yield "break", ""
