"""Who signed, by elements beside the headline whose class, relation or address speaks of an author.

A name stands so on most pages of houses abroad that tell no machine who wrote (153 pages of as many houses,
2016 to 2022, seen 2026-11-28): no list has all the classes, but all of them say one of few words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from crawler.extract.blocks import clean, is_silent, parts_words
from crawler.extract.document import Document
from crawler.extract.header import heading_above, is_lone
from crawler.extract.signers import LONGEST_BYLINE, MARKS
from crawler.extract.stamps import WHOLE_STAMP
from crawler.letters import letters
from storage.records.extraction import LONE, Raw

RULE = "author beside the headline"
_WORDS = "[Bb]y-?[Ll]ine|[Aa]uthor(?!i)|[Rr]eporter|[Jj]ournalist|[Ww]riter|[Cc]ontributor"
_CALLED = re.compile(_WORDS)
_ADDRESS = re.compile(
    r"/(?:authors?|editors?|contributors?|reporters?|journalists?|columnists?|writers?)/[^/?#]", re.IGNORECASE
)
"""A link to people or a profile is of those whom the text is about as well (broadwayworld.com, 2016)."""
_LABEL = re.compile(
    r"(?:written |reported )?by|von|par|por|di|door|av|autor|author|글|기자명|작성자|작가", re.IGNORECASE
)
"""What stands before a name, in an element of its own."""
_OUTSIDE = frozenset({"form", "figure", "figcaption", "h1", "h2"})
_ABOVE = 3
"""Levels that a headline stands under its ``header``."""
_FAR = 600
"""Characters between a headline and who signed: a subtitle, the time and the caption of the first picture."""
_OPENING = 16
"""Letters that tell the text's beginning from a headline that opens with the same word or two."""
_MOST = 6
"""Names beside a headline; more are a list of stories, each with its own."""


def head_signers(document: Document, title: str, container: HtmlElement | None, text: str) -> list[Raw]:
    """What the innermost such elements between headline and text say, in order.

    Args:
        title: the page's title, which tells its headline among several headings.
        container: of the text; the heading above it is the headline where none says the title.
        text: how the text begins: what stands behind is of others as well (a rank of reporters).
    """
    headline = _headline(document, clean(title), container)
    if headline is None:
        return []
    beside = _beside(headline, letters(text)[:_OPENING])
    found = [element for element in beside if _is_called(element) and _said(element)]
    holders = {above for element in found for above in element.iterancestors()}
    innermost = [element for element in found if element not in holders]
    said = dict.fromkeys(_said(e) for element in innermost for e in (element, *element.iter("a")))
    told = [text for text in said if 1 < len(text) <= LONGEST_BYLINE]
    return (
        [Raw(value=text, rule=LONE if is_lone(text) else RULE) for text in told] if len(told) <= _MOST else []
    )


def _headline(document: Document, title: str, container: HtmlElement | None) -> HtmlElement | None:
    """The heading that says the title; the only one of the first rank; the one above the text."""
    first = list(document.tree.iter("h1"))
    said = [h for h in (*first, *document.tree.iter("h2")) if clean(h.text_content()) == title]
    if said or len(first) == 1:
        return said[0] if said else first[0]
    return heading_above(document.tree, container) if container is not None else None


def _beside(headline: HtmlElement, text: str) -> Iterator[HtmlElement]:
    """The headline's ``header`` and what is behind it, until the text begins or much has passed."""
    above = list(headline.iterancestors())[:_ABOVE]
    start = next((e for e in above if e.tag == "header"), headline)
    passed = 0
    for element in _from(start):
        if passed > _FAR or (text and _opening(element) == text):
            return
        if is_silent(element) or element is headline:
            continue
        yield element
        passed += len(clean(element.text or "")) + len(clean(element.tail or ""))


def _opening(element: HtmlElement) -> str:
    """The first letters of what an element says: of a box around the page no more is read."""
    said = ""
    for piece in element.itertext():
        said += letters(piece)
        if len(said) >= _OPENING:
            break
    return said[:_OPENING]


def _from(start: HtmlElement) -> Iterator[HtmlElement]:
    """An element with what is in it, and all behind it in the page's order."""
    yield from start.iter()
    for place in (start, *start.iterancestors()):
        for sibling in place.itersiblings():
            yield from sibling.iter()


def _is_called(element: HtmlElement) -> bool:
    told = (element.get("class") or "", element.get("rel") or "", element.get("itemprop") or "")
    is_link = element.tag == "a" and _ADDRESS.search(element.get("href") or "") is not None
    if not is_link and not any(map(_CALLED.search, told)):
        return False
    return not any(a.tag in _OUTSIDE for a in element.iterancestors())


def _said(element: HtmlElement) -> str:
    """Its first line, without a time; a list of names is one line for each."""
    lines = "".join(_texts(element)).split("\n")
    told = (clean(WHOLE_STAMP.sub(" ", line)).strip(MARKS) for line in lines)
    return next((line for line in told if line and not _LABEL.fullmatch(line)), "")


def _texts(element: HtmlElement) -> Iterator[str]:
    """The text that is read, with a gap around each element: a stylesheet keeps ``By`` and a name apart."""
    if is_silent(element) or element.tag == "time":
        return
    yield clean(element.text or "")
    for child in element:
        gap = "\n" if parts_words(child) else " "
        yield gap
        yield from _texts(child)
        yield gap + clean(child.tail or "")
