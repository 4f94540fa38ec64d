"""Where on the page the article is that trafilatura reads: the innermost element that holds it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from lxml.html import HtmlElement

from crawler.extract.prune import is_widget
from crawler.extract.stamps import CLOCKED, NOTICE
from crawler.extract.whole import PIECE, Whole
from crawler.letters import letters

_REGION = 0.9
"""Share of the library's text that the region holds: a tenth is left for a lead or a note that stands
apart."""
_NARROW = 0.7
"""A narrower container has to hold so much of it. On the public benchmark (181 pages, 2026-11) containers
with 0.70 to 0.95 left out other stories, bios and comments that the library had read behind the article."""
_BEFORE = 0.02
"""Share of the library's text that may stand before a narrower container: more is the article's own beginning
(cnn.com 2019 and wday.ru put the first paragraphs in a box of their own)."""
_LONGEST_LABEL = 120
"""Letters up to which a line with a clock is the page's time, and one with a notice its notice: no prose."""
_PARAGRAPH = 40
"""Letters from which a text before a container is a paragraph and no headline."""
_SILENT = frozenset({"script", "style", "noscript", "template", "head", "title", "select", "option"})

Letters = Mapping[HtmlElement, int]
"""Element -> letters of the library's text that stand in it."""


def coverage(tree: HtmlElement, whole: Whole) -> Letters:
    """Count, for each element, the letters of ``whole`` in it; a text that is printed twice counts once."""
    found: dict[HtmlElement, int] = {}
    seen: set[str] = set()
    for element in tree.iter():
        if isinstance(element.tag, str) and element.tag not in _SILENT:
            texts = (element.text, *[c.tail for c in element])
            found[element] = sum([_new(t, whole, seen) for t in texts if t and len(t) >= 2 * PIECE])
    for element in reversed(list(found)):
        parent = element.getparent()
        if parent is not None and parent in found:
            found[parent] += found[element]
    return found


def _new(text: str, whole: Whole, seen: set[str]) -> int:
    bare = letters(text)
    if len(bare) < 2 * PIECE or bare in seen or not whole.says(bare):
        return 0
    if len(bare) <= _LONGEST_LABEL and (CLOCKED.search(text) or NOTICE.search(text)):
        return 0
    seen.add(bare)
    return len(bare)


def region(tree: HtmlElement, found: Letters) -> HtmlElement | None:
    """The innermost element that holds nine tenths of what the library reads; None where it reads nothing."""
    whole = found.get(tree, 0)
    if not whole:
        return None
    place = tree
    while (inner := next((c for c in place if found.get(c, 0) >= _REGION * whole), None)) is not None:
        place = inner
    return place


def holds(element: HtmlElement, tree: HtmlElement, found: Letters, whole: Whole) -> bool:
    """True for a container that has most of what the library reads, and its beginning."""
    length = found.get(tree, 0)
    return found.get(element, 0) >= _NARROW * length and _before(element, tree, whole) <= _BEFORE * length


def _before(element: HtmlElement, tree: HtmlElement, whole: Whole) -> int:
    """Letters of the library's paragraphs that stand before ``element``; a title, a subtitle, a time are
    none."""
    count = 0
    around = set(element.iterancestors())
    for other in tree.iter():
        if other is element:
            break
        for text in (other.text, None if other in around else other.tail):
            bare = letters(text) if text and len(text) >= _PARAGRAPH else ""
            if len(bare) >= _PARAGRAPH and whole.says(bare):
                count += len(bare)
    return count


_FILMS = re.compile(r"youtube|youtu\.be|vimeo|tv\.|player|video|vod|kakao|naver|dailymotion", re.IGNORECASE)
_OUTSIDE = frozenset({"nav", "aside", "header", "footer", "form"})


def pictures(tree: HtmlElement) -> HtmlElement | None:
    """The innermost element that holds the page's own photos and films, for an article without prose."""
    shown = [e for e in tree.iter("figure", "iframe", "video") if _is_shown(e)] or _drawn(tree)
    if not shown:
        return None
    for place in shown[0].iterancestors():
        if all(any(a is place for a in e.iterancestors()) for e in shown):
            return place
    return None


def _drawn(tree: HtmlElement) -> list[HtmlElement]:
    """The images of the page's one ``article``: a cartoon has no figure around it."""
    articles = list(tree.iter("article"))
    return [e for e in articles[0].iter("img") if not _is_beside(e)] if len(articles) == 1 else []


def _is_beside(element: HtmlElement) -> bool:
    return any(a.tag in _OUTSIDE or is_widget(a) for a in element.iterancestors())


def _is_shown(element: HtmlElement) -> bool:
    if _is_beside(element):
        return False
    if element.tag == "figure":
        return next(element.iter("img", "video"), None) is not None
    return element.tag == "video" or bool(_FILMS.search(element.get("src") or element.get("data-src") or ""))
