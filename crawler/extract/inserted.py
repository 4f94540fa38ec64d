"""What a site puts between the paragraphs of a text, whatever it is called there: rows of links, forms."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from lxml.html import HtmlElement

from crawler.extract.blocks import clean
from crawler.extract.prune import MOST, Lengths, drop, still_in
from crawler.extract.register import PLAIN
from storage.records import Removal

_HEADING = 30
"""Characters of what stands over a list of links in its box; "이 시각 많이 본 뉴스" and the like have 15."""
_ITEMS = 2
_LONGEST = 200
"""Characters of a box with a form in it; one for a newsletter has up to 120."""
_OFFERS = re.compile(
    r"(?:니다|세요|시오|까요)(?:$|[\s.!?])|newsletter|subscribe|sign up|e-?mail", re.IGNORECASE
)
_SAID = re.compile(r"(?:said|told)\b")
_BoxOf = Callable[[HtmlElement, HtmlElement], HtmlElement]
_TYPED = frozenset({"", "text", "email", "search", "tel"})


def prune_link_lists(work: HtmlElement) -> list[Removal]:
    """Take out lists in which each entry is a link or a button and no more, each with its box and heading.

    For sites whose texts hold no such list; elsewhere it may be the text's own (shops, sources, downloads).
    """
    lists = [e for e in work.iter("ul", "ol") if _is_of_links(e)]
    return _drop_small(lists, _boxed, work, "related links")


def prune_forms(work: HtmlElement) -> list[Removal]:
    """Take out forms in which a reader types, with the box that says what for."""
    return _drop_small([e for e in work.iter("form") if _is_typed_in(e)], _offered, work, "form")


def _drop_small(found: Iterable[HtmlElement], box_of: _BoxOf, work: HtmlElement, rule: str) -> list[Removal]:
    removed, lengths = list[Removal](), Lengths(work)
    for element in found:
        if still_in(element, work) and lengths.is_less(box := box_of(element, work), MOST):
            lengths.lose(box)
            removed += drop(box, rule)
    return removed


def _is_of_links(entries: HtmlElement) -> bool:
    items = [e for e in entries if e.tag == "li"]
    return len(items) >= _ITEMS and all(map(_is_link, items))


def _is_link(item: HtmlElement) -> bool:
    inside = "".join(clean(e.text_content()) for e in item.iter("a", "button"))
    return bool(inside) and len(clean(item.text_content()).replace(" ", "")) <= len(inside.replace(" ", ""))


def _boxed(entries: HtmlElement, work: HtmlElement) -> HtmlElement:
    """The outermost box that says no more than the list and its heading."""
    place, said = entries, len(clean(entries.text_content()))
    for around in _around(entries, work):
        if len(clean(around.text_content())) > said + _HEADING:
            break
        place = around
    return place


def _is_typed_in(form: HtmlElement) -> bool:
    typed = (e for e in form.iter("input") if (e.get("type") or "").lower() in _TYPED)
    return next(typed, None) is not None or next(form.iter("textarea"), None) is not None


def _offered(form: HtmlElement, work: HtmlElement) -> HtmlElement:
    """The outermost box that only offers what the form is for, and tells of nobody."""
    place = form
    for around in _around(form, work):
        text = clean(around.text_content())
        if len(text) > _LONGEST or PLAIN.search(text) or _SAID.search(text) or not _OFFERS.search(text):
            break
        place = around
    return place


def _around(element: HtmlElement, work: HtmlElement) -> Iterator[HtmlElement]:
    for around in element.iterancestors():
        if around is work:
            return
        yield around
