"""Other stories on an article's page, each in an ``article`` or a link of its own: a headline, a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urldefrag, urlsplit

from lxml.html import HtmlElement

from crawler.extract.blocks import clean
from crawler.extract.document import Document
from crawler.letters import letters

_LONGEST = 400
"""Characters of a teaser: a headline, two sentences, who and when have 150."""
_PART = 0.5
"""Share of the page's text from which teasers are what the page is made of: a front page, a list."""
_BEFORE = 40
"""Characters before a teaser's headline: a section, a time, who."""
_TEXT = 30
"""Characters beside the headline of such a link: a sentence has more, a section or who and when less."""
_HEADINGS = ("h2", "h3", "h4", "h5")


def teasers(document: Document) -> list[HtmlElement]:
    """The teasers of other stories; none on a page that is little else."""
    units = [*document.tree.iter("article"), *_cards(document)]
    told = [(e, heading) for e in units if (heading := _heads(e, document)) is not None]
    titles = _titles(document) if told else set()
    found = [e for e, heading in told if letters(clean(heading.text_content())) not in titles]
    if not found:
        return []
    said = sum(len(clean(e.text_content())) for e in found)
    return found if said < _PART * len(clean(document.tree.text_content())) else []


def _cards(document: Document) -> Iterator[HtmlElement]:
    """Links to pages of this host with a heading and a text: of an article's own heads the text stands
    outside."""
    host = urlsplit(document.url).netloc
    for heading in document.tree.iter(*_HEADINGS):
        link = next(heading.iterancestors("a"), None)
        there = document.absolute(link.get("href") or "") if link is not None else None
        if link is None or there is None or urlsplit(there).netloc != host:
            continue
        if len(clean(link.text_content())) >= len(clean(heading.text_content())) + _TEXT:
            yield link


def _heads(element: HtmlElement, document: Document) -> HtmlElement | None:
    """The heading of what may be a teaser, which leads to another page; None where it is none."""
    heading = next(element.iter(*_HEADINGS), None)
    if heading is None or any(e is not element for e in element.iter("h1", "article")):
        return None
    there = document.absolute(_leads(heading, element))
    if there is None or urldefrag(there).url == urldefrag(document.url).url:
        return None
    text = clean(element.text_content())
    # Under a text stand an article's own heads.
    is_first = text.find(clean(heading.text_content())) <= _BEFORE
    return heading if len(text) <= _LONGEST and is_first else None


def _leads(heading: HtmlElement, element: HtmlElement) -> str | None:
    """Where the heading's link leads: the one in it, or the one around it."""
    inside = next(heading.iter("a"), None)
    around = (a for a in heading.iterancestors("a") if element in (a, *a.iterancestors()))
    link = inside if inside is not None else next(around, None)
    return link.get("href") if link is not None else None


def _titles(document: Document) -> set[str]:
    """The page's own title, as it is told and as its head prints it."""
    told = [raw.value for raw in document.printed_metas("og:title", "twitter:title", "headline")]
    return {letters(text) for text in told} | {
        letters(clean(e.text_content())) for e in document.tree.iter("title", "h1")
    }
