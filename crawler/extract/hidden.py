"""What a page holds and does not show: hidden by an attribute, by a class of its own style sheet, for screen
readers alone."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from cssselect import SelectorError
from lxml import etree
from lxml.html import HtmlElement

from crawler.extract.blocks import clean
from crawler.extract.document import Document
from crawler.extract.folds import fold_button
from crawler.extract.prune import MOST, Lengths, called, drop, still_in
from crawler.extract.selectors import select
from storage.records import Removal

_LABELS = """
screen_out blind sr-only sr_only ir_txt u_hc hidden-text visually-hidden visuallyhidden
visually_hidden screen-reader-text screen-reader screen-reader-only a11y-hidden a11y_hidden u-hidden
offscreen element-invisible assistive-text
"""
"""What texts for screen readers alone are called."""
_LABEL_NAMES = frozenset(_LABELS.split())
_FRAMEWORKS = frozenset({"d-none", "is-hidden", "uk-hidden"})
"""How Bootstrap, Bulma and UIkit, whose sheets are files of their own, call what is not shown (2026-11)."""
_SHOWN_AGAIN = re.compile(r"(?<!\S)d-(?:\w+-)?(?:block|flex|grid|inline|table)")
"""On wider screens, or in print."""
_HIDING = re.compile(
    r"display:none|visibility:(?:hidden|collapse)|clip:rect\((?:0(?:px)?,?){4}\)|clip:rect\((?:1px,?){4}\)"
    r"|clip-path:inset\((?:50|100)%|text-indent:-\d{3,}|(?:left|top|right):-\d{4,}px|font-size:0(?:px|em|rem|%)?(?:;|$)"
    r"|(?<![-\w])(?:max-)?height:0(?:px)?;.*overflow:hidden|overflow:hidden;.*(?<![-\w])(?:max-)?height:0(?:px)?(?:;|$)"
)
"""What in a ``style`` attribute (lower case, without white space) takes a text out of sight."""
_FADED = re.compile(r"(?<![-\w])opacity:0(?:\.0+)?(?:;|$)")
"""A page that fades its blocks in sends all of them so."""
_INLINE = {"a", "b", "em", "i", "small", "span", "strong", "u"}
_LEAST = 0.25
"""Share of the text from which what a class hides stays: a body may be folded behind a button (더보기)."""
_OPENING = 60
"""Characters that no two texts begin with."""
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_AT_RULE = re.compile(r"@[\w-]++[^{};@]*+(?:;|\{(?>(?:[^{}]*+\{[^{}]*+\})*)[^{}]*+\})")
"""What holds for some screens alone (``@media``) says nothing of the page."""
_RULE = re.compile(r"(?<![^{}])([^{}]+)\{([^{}]*)\}")
"""From one brace to the next: what begins anywhere else would be looked through once for each letter."""
_GONE = re.compile(r"(?<![-\w])(?:display:none|visibility:(?:hidden|collapse))(?![-\w])")
_ANY = re.compile(r"none|hidden|collapse")
_LAST = re.compile(r"(?P<tag>[a-zA-Z][\w-]*)?(?P<names>(?:[.#][\w-]+)+)\Z")
"""The part of a selector that the hidden element itself has to match."""
_LONGEST_SELECTOR = 500
"""Characters of a selector that is asked (our choice): one of more is no one's handwriting."""


def hidden_by_style(document: Document, container: HtmlElement) -> list[HtmlElement]:
    """Elements of ``container`` that a rule of the page's own ``style`` elements takes out of sight.

    The last rule for a selector wins. A rule that also asks for a state (``:hover``) is none, nor is
    one that cannot be asked.
    """
    names: set[str] | None = None
    found: list[HtmlElement] = []
    for selector in hiding_selectors(e.text or "" for e in document.tree.iter("style")):
        if names is None:
            names = {n for e in container.iter() for n in _names(e)}
        last = _LAST.search(selector) if len(selector) <= _LONGEST_SELECTOR else None
        if last is None or not names.issuperset(re.findall(r"[.#][\w-]+", last["names"])):
            continue
        try:
            matched = document.all(selector)  # which passes over the page once, not for each of a thousand
        except (SelectorError, etree.XPathError, RecursionError):  # no selector, a namespace's, hundreds deep
            continue
        found += [e for e in matched if still_in(e, container)]
    return found


def hiding_selectors(sheets: Iterator[str]) -> list[str]:
    """The selectors of style sheets whose elements are not shown.

    >>> hiding_selectors(iter([".a, p.b { color: red; display:none }", ".a{display:block}"]))
    ['p.b']
    """
    shown: dict[str, bool] = {}
    for sheet in sheets:
        if not shown and _ANY.search(sheet) is None:  # a later one may show again what is hidden by then
            continue
        for rule in _RULE.finditer(_AT_RULE.sub(" ", _COMMENT.sub(" ", sheet))):
            style = _squeezed(rule[2])
            if "display:" not in style and "visibility:" not in style:
                continue
            for selector in rule[1].split(","):
                if (bare := " ".join(selector.split())) and ":" not in bare:
                    shown[bare] = _GONE.search(style) is None
    return [selector for selector, is_shown in shown.items() if not is_shown]


def _squeezed(style: str) -> str:
    """Declarations as the patterns here have them: lower case, without white space or ``!important``."""
    return "".join(style.lower().replace("!important", "").split())


def _names(element: HtmlElement) -> Iterator[str]:
    yield from (f".{name}" for name in (element.get("class") or "").split())
    if ident := element.get("id"):
        yield f"#{ident}"


def prune_hidden(container: HtmlElement, styled: Collection[HtmlElement] = ()) -> list[Removal]:
    """Take out what the page hides, in any spelling of ``style``, and by the ``hidden`` attribute.

    A body that a script shows later is hidden too at first: a block with a large share of the text stays.

    ``styled``: elements of the container that a style sheet hides.
    """
    named = called(container, _LABEL_NAMES | _FRAMEWORKS)
    hinted = select(container, "[style], [hidden], dialog")
    labels = [e for e in named if not _LABEL_NAMES.isdisjoint((e.get("class") or "").split())]
    styled = [*styled, *filter(_is_named_hidden, named)]
    if not (labels or hinted or styled):
        return []
    removed: list[Removal] = []
    whole = len(clean(container.text_content())) or 1
    for element in labels:
        if still_in(element, container) and len(clean(element.text_content())) < whole * MOST:
            removed += drop(element, "hidden label")
    for element in hinted:
        if element is container or not hides(element) or not still_in(element, container):
            continue
        is_small = element.tag in _INLINE or len(clean(element.text_content())) < whole * MOST
        if is_small or _is_copy(element, container):
            removed += drop(element, "hidden")
    removed += _prune_faded(container, hinted, whole)
    lengths = Lengths(container)
    for element in styled:
        if fold_button(element) is not None or not still_in(element, container):
            continue
        if lengths.is_less(element, _LEAST):
            lengths.lose(element)
            removed += drop(element, "hidden by a class")
    return removed


def _is_named_hidden(element: HtmlElement) -> bool:
    names = element.get("class") or ""
    return not _FRAMEWORKS.isdisjoint(names.split()) and not _SHOWN_AGAIN.search(names)


def _is_copy(element: HtmlElement, container: HtmlElement) -> bool:
    """Whether what the element hides is shown beside it: kept for printing, or for a script."""
    opening = clean(element.text_content())[:_OPENING]
    return len(opening) == _OPENING and clean(container.text_content()).count(opening) > 1


def _prune_faded(container: HtmlElement, hinted: list[HtmlElement], whole: int) -> list[Removal]:
    """Take out what is transparent, unless together it is a good part of the text."""
    faded = [
        e
        for e in hinted
        if e is not container and still_in(e, container) and _FADED.search(_squeezed(e.get("style") or ""))
    ]
    if not faded or sum(len(clean(e.text_content())) for e in faded) >= _LEAST * whole:
        return []
    return [r for e in faded if still_in(e, container) for r in drop(e, "hidden")]


def hides(element: HtmlElement) -> bool:
    """True where the element's own attributes take it out of sight."""
    hidden = element.get("hidden")
    if hidden is not None and hidden.lower() != "until-found":
        return True
    if element.tag == "dialog" and element.get("open") is None:
        return True
    style = _squeezed(element.get("style") or "")
    return bool(style and _HIDING.search(style))
