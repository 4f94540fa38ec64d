"""What stands in a body's container and is no part of the article: one named rule for each kind."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from lxml.html import HtmlElement

from crawler.extract.blocks import clean, text_of
from crawler.extract.document import select
from storage.records import Removal


@dataclass(frozen=True, slots=True, kw_only=True)
class Prune:
    """Elements that match ``css`` leave the container, under the name ``rule``.

    ``share``: only with less than this share of the container's text. For selectors that match by a part
    of a class name: a redesign may call the wrapper of the whole body ``article_additional``.
    """

    rule: str
    css: str
    share: float | None = None


EVERYWHERE: tuple[Prune, ...] = (
    Prune(rule="caption", css="figure, figcaption, [class*=caption], .cap"),
    Prune(rule="code", css="script, style, noscript, template, svg, canvas"),
    Prune(
        rule="embed",
        css="iframe, object, embed, video, audio, .video_frm, .twitter-tweet, .instagram-media, .fb-post",
    ),
    Prune(rule="button", css="button, select, textarea, input, [role=button]"),
    Prune(rule="hidden label", css=".screen_out, .blind, .sr-only, .ir_txt, .u_hc, .hidden-text"),
)
"""Rules that hold on any page: no Korean site prints article text in these."""

_WIDGET = re.compile(
    r"(?:^|[_-])(?:ad|ads|adv|advert|banner|sponsor|promotion|related?|relates|recommend|recom|reco|share|sns"
    r"|social|comment|comments|cmt|reply|copyright|copyrights|reporter|journalist|tag|tags|keyword|keywords|hashtag"
    r"|subscribe|newsletter|popular|ranking|hot|most|aside|sidebar|breadcrumb|tts|toolbar|util|btn|layer|popup"
    r"|tooltip|emotion|poll|vote|series|relation|cp)(?:\d*$|[_-])",
    re.IGNORECASE,
)
_WIDGET_SHARE = 0.4
"""A widget holds less than this share of its container's text. A wrapper that a site happens to name
``news_share_area`` around the whole body holds nearly all of it."""
_INLINE = {"a", "b", "em", "i", "small", "span", "strong", "u"}
_WIDGET_TAGS = (
    "div",
    "section",
    "aside",
    "ul",
    "ol",
    "dl",
    "nav",
    "header",
    "footer",
    "span",
    "p",
    "table",
    "strong",
)


def prune(container: HtmlElement, rules: Iterable[Prune]) -> list[Removal]:
    """Take every match of ``rules`` out of ``container`` (which is changed). Text is recorded once."""
    removed: list[Removal] = []
    for rule in rules:
        for element in select(container, rule.css):
            if element is container or not _still_in(element, container):
                continue
            if rule.share is None or _share(element, container) < rule.share:
                _drop(element, rule.rule, removed)
    return removed


def prune_widgets(container: HtmlElement) -> list[Removal]:
    """Take out page furniture by its class names, for sites without a page class of their own."""
    removed: list[Removal] = []
    whole = len(clean(container.text_content())) or 1
    for element in list(container.iter(*_WIDGET_TAGS)):
        if element is container or not is_widget(element) or not _still_in(element, container):
            continue
        if len(clean(element.text_content())) < whole * _WIDGET_SHARE:
            _drop(element, "widget class", removed)
    return removed


def prune_hidden(container: HtmlElement) -> list[Removal]:
    """Take out what the page hides (``display:none``, ``hidden``).

    A body that a script shows later is hidden too at first: a block with a large share of the text stays.
    """
    removed: list[Removal] = []
    whole = len(clean(container.text_content())) or 1
    for element in select(container, "[style*='display:none'], [style*='display: none'], [hidden]"):
        if element is container or not _still_in(element, container):
            continue
        if element.tag in _INLINE or len(clean(element.text_content())) < whole * _WIDGET_SHARE:
            _drop(element, "hidden", removed)
    return removed


def is_widget(element: HtmlElement) -> bool:
    """True when a class or the id of ``element`` names an ad, a share bar, a related list or the like."""
    names = f"{element.get('class') or ''} {element.get('id') or ''}".split()
    return any(_WIDGET.search(n) for n in names)


def _share(element: HtmlElement, container: HtmlElement) -> float:
    return len(clean(element.text_content())) / (len(clean(container.text_content())) or 1)


def _still_in(element: HtmlElement, container: HtmlElement) -> bool:
    return any(a is container for a in element.iterancestors())


def _drop(element: HtmlElement, rule: str, removed: list[Removal]) -> None:
    text = text_of(element) if rule != "code" else ""
    if text:
        removed.append(Removal(rule=rule, text=text))
    element.drop_tree()


def drop(element: HtmlElement, rule: str) -> list[Removal]:
    """Take one element out of its tree; what it said, under ``rule``. A root stays, and gives nothing."""
    removed: list[Removal] = []
    if element.getparent() is not None:
        _drop(element, rule, removed)
    return removed
