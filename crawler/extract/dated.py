"""A page whose head is careless and which is an article all the same: it has one time of its own and one
story."""

from __future__ import annotations

from collections.abc import Sequence

from lxml.html import HtmlElement

from crawler.extract.blocks import clean
from crawler.extract.document import Document
from crawler.extract.instants import CONFIRMS, SCRIPT_CLOCK, TIME_TEXT, published_instants
from crawler.extract.stamps import CLOCKED, minute_of

_TIMES = 2
"""Different clocks of an article: its publication's and its change's. A list of stories has one for each."""
_HEADLINES = 2
"""Headings that are links from which a container holds several stories; one may link to the page itself."""
_NOT_ITS_OWN = frozenset({CONFIRMS, SCRIPT_CLOCK, TIME_TEXT})


def tells_one_dated_story(document: Document, container: HtmlElement, header: Sequence[str]) -> bool:
    """True where a time of publication with a clock is given, and the container holds no list of stories.

    ``header``: the lines between title and body.
    """
    if _holds_stories(container):
        return False
    printed = {match.group(0) for line in header for match in CLOCKED.finditer(line)}
    return len(printed) <= _TIMES if printed else _is_told(document)


def _is_told(document: Document) -> bool:
    """Whether a machine is told a clock: meta elements, JSON-LD, the ``time`` beside the heading."""
    told = (raw.value for raw in published_instants(document) if raw.rule not in _NOT_ITS_OWN)
    return any(CLOCKED.search(value) or minute_of(value) for value in told)


def _holds_stories(container: HtmlElement) -> bool:
    printed = {match.group(0) for match in CLOCKED.finditer(str(container.text_content()))}
    told = {element.get("datetime") for element in container.iter("time")}
    if max(len(printed), len(told)) > _TIMES:
        return True
    return sum(map(_is_link, container.iter("h1", "h2", "h3", "h4", "h5", "h6", "dt"))) >= _HEADLINES


def _is_link(heading: HtmlElement) -> bool:
    text = clean(heading.text_content())
    around = next(heading.iterancestors("a"), None)
    return bool(text) and (
        around is not None or any(clean(a.text_content()) == text for a in heading.iter("a"))
    )
