"""Pages with several articles one below the other (endless scrolling): which of them is the page's own.

Such pages repeat one wrapper. The own one is that whose heading is the page's title, or whose address is
the page's; the others are other addresses' articles. Parts of one article repeat a wrapper too, but their
headings stand below the title's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from crawler.extract.blocks import clean
from crawler.extract.document import Document
from crawler.extract.linked import string_of
from crawler.extract.stamps import STAMP
from crawler.letters import letters

_HEADINGS = ("h1", "h2", "h3")
_ADDRESSES = (
    "data-url",
    "data-href",
    "data-link",
    "data-article-url",
    "data-canonical",
    "data-permalink",
    "itemid",
)
"""Attributes in which a wrapper names the address of its article."""
_SHORTEST_HEADING = 6
"""Letters of a heading that can be told from a section's name."""
_PROSE = 60
"""Letters of a unit's own text from which it is an article and no teaser; its first sentences have more."""
_HEAD_ONLY = 2
"""Paragraphs of prose from which a unit is an article and not only the head of one."""
_HEAD = 400
"""Characters of a unit in which its time or its reporter stands."""
_READ = 4000
"""Characters of a unit that are looked at."""
_UNIT = re.compile(r"article|news|view|post|story|entry", re.IGNORECASE)


def others(document: Document) -> list[HtmlElement]:
    """What on the page is another's: other articles, where one is the page's own, and its readers' words."""
    return [*_articles(document), *_readers(document)]


def _readers(document: Document) -> list[HtmlElement]:
    """Sections under a heading that says that its readers speak now, with several entries."""
    found = []
    for heading in document.tree.iter("h2", "h3", "h4", "strong"):
        if _COMMENTS.fullmatch(clean(heading.text_content()[:_HEAD])):
            section = heading.getparent()
            if section is not None and _opens(heading, section) and _is_apart(section):
                found.append(section)
    return found


def _opens(heading: HtmlElement, section: HtmlElement) -> bool:
    """Nothing is said in the section before its heading: the heading is of the whole."""
    if section.tag not in ("section", "div", "aside") or (section.text or "").strip():
        return False
    before = heading.itersiblings(preceding=True)
    return not any((e.tail or "").strip() or clean(e.text_content()) for e in before)


def _is_apart(section: HtmlElement) -> bool:
    """No part of the page's own article: without its first heading, and of several entries."""
    entries = [e for e in section if e.tag in ("article", "li", "div", "dl", "ul", "ol")]
    return bool(entries) and next(section.iter("h1"), None) is None


_COMMENTS = re.compile(
    r"(?:독자|네티즌|시민|누리꾼|회원)\s?(?:의견|댓글|한마디)(?:\s?\(?\d+\)?개?)?|(?:전체\s?)?댓글(?:\s?\(?\d+\)?개?)?|\d+개의\s?댓글"
    r"|(?:\d+\s)?(?:reader\s)?comments?(?:\s?\(\d+\))?|(?:\d+\s)?(?:leser)?kommentare?(?:\s?\(\d+\))?"
    r"|(?:\d+\s)?commentaires?|(?:\d+\s)?comentarios?|コメント(?:一覧)?",
    re.IGNORECASE,
)


def _articles(document: Document) -> list[HtmlElement]:
    """The wrappers of other articles on the page; empty for one article, or where none is the page's own."""
    titles = _titles(document)
    for own in _own(document, titles):
        for unit in (own, *own.iterancestors()):
            if unit.tag in ("body", "html") or _is_below_title(unit, titles):
                break
            if found := _like(unit, own if own.tag in _HEADINGS else None):
                return [e for e in found if not _is_own(e, titles) and not _continues(unit, e)]
    return []


def _is_own(element: HtmlElement, titles: set[str]) -> bool:
    """The page's own title is printed in it: the article, and what stands beside it is a teaser of it."""
    return any(letters(clean(e.text_content())) in titles for e in element.iter(*_HEADINGS))


def _is_below_title(unit: HtmlElement, titles: set[str]) -> bool:
    """A block of one article whose title stands over its blocks (ottawacitizen.com, 2026); a second print of
    the title, under a film, makes it no article of its own."""
    around = next(unit.iterancestors("article"), None)
    heads = [] if around is None or unit.tag == "h1" else [h for h in around.iter("h1") if _is_own(h, titles)]
    return bool(heads) and all(unit is not a for h in heads for a in h.iterancestors())


def _continues(unit: HtmlElement, element: HtmlElement) -> bool:
    """A head in one row, the text in the next (politico.com, 2019)."""
    return _paragraphs(unit) < _HEAD_ONLY <= _paragraphs(element) // 2


def _paragraphs(element: HtmlElement) -> int:
    return sum(len(letters(clean(e.text_content()))) >= _PROSE for e in element.iter("p"))


def _own(document: Document, titles: set[str]) -> Iterator[HtmlElement]:
    """Wrappers with the page's address, then headings with its title."""
    if urlsplit(document.url).path.strip("/"):
        for name in (
            n for n in _ADDRESSES if n.encode() in document.page.body
        ):  # most pages have none of them
            yield from (e for e in document.all(f"[{name}]") if _is_here(e.get(name) or "", document))
    if titles:
        headings = document.tree.iter(*_HEADINGS)
        yield from (e for e in headings if letters(clean(e.text_content())) in titles)


def _is_here(address: str, document: Document) -> bool:
    there = document.absolute(address)
    return there is not None and _place(there) == _place(document.url)


def _place(url: str) -> tuple[str, str, str]:
    parts = urlsplit(url)
    return parts.netloc, parts.path.rstrip("/"), parts.query


def _titles(document: Document) -> set[str]:
    told = [raw.value for name in ("og:title", "twitter:title") if (raw := document.meta(name))]
    headline = string_of(document.news_data, "headline")
    told += [headline.value] if headline else []
    return {bare for text in told if len(bare := letters(text)) >= _SHORTEST_HEADING}


def _like(unit: HtmlElement, heading: HtmlElement | None) -> list[HtmlElement]:
    """Siblings of ``unit`` in the same wrapper that are other articles, as it is one.

    A second print of the same article, under the same heading, is none.
    """
    parent = unit.getparent()
    twins = [] if parent is None else [e for e in parent if e is not unit and _is_twin(e, unit)]
    if not twins or not _is_article(unit, heading):
        return []
    mine = _heading(unit, heading)
    return [e for e in twins if _is_article(e, heading) and _heading(e, heading) != mine]


def _is_twin(element: HtmlElement, unit: HtmlElement) -> bool:
    return element.tag == unit.tag and _kind(element) == _kind(unit)


def _heading(element: HtmlElement, heading: HtmlElement | None) -> str:
    tags = (heading.tag,) if heading is not None else _HEADINGS
    first = next(element.iter(*tags), None)
    return "" if first is None else letters(clean(first.text_content()))


def _kind(element: HtmlElement) -> str:
    """The first class without its number (``view_1``, ``view_2``)."""
    return (element.get("class") or "").split(" ")[0].rstrip("0123456789-_")


def _is_article(element: HtmlElement, heading: HtmlElement | None) -> bool:
    """A heading of the same rank, prose under it, and a sign that this is an article and no part of one."""
    tags = (heading.tag,) if heading is not None else _HEADINGS
    own = next(element.iter(*tags), None)
    if own is None:
        return False
    text = clean(element.text_content()[:_READ])
    if len(letters(text)) < _PROSE + len(letters(clean(own.text_content()))):
        return False
    named = f"{element.get('class') or ''} {element.get('id') or ''}"
    return (
        own.tag == "h1"
        or element.tag == "article"
        or _UNIT.search(named) is not None
        or STAMP.search(text[:_HEAD]) is not None
    )
