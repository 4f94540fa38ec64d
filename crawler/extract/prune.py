"""What stands in a body's container and is no part of the article: one named rule for each kind."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from lxml.html import HtmlElement

from crawler.extract.blocks import clean, parts_words, text_of
from crawler.extract.selectors import Index
from crawler.rare import Rare
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


MOST = 0.4
"""What a rule takes out by a class holds less than this share of its container's text. A wrapper that a site
happens to name ``news_share_area`` or ``has-caption`` around the whole body holds nearly all of it."""
CAPTIONS = "figcaption, [class*=caption], [itemprop=caption], .cap"
_PICTURED = "img, amp-img, picture, figure, video, iframe"
_MACHINES = (
    "[class*=ai-summary], [class*=ai_summary], [class*=aiSummary], [class*=summary-ai], [class*=summary_ai]"
)
"""Names of boxes with a machine's summary."""
_CALLED_CAPTION = Prune(rule="caption", css=CAPTIONS, share=MOST)
EVERYWHERE: tuple[Prune, ...] = (
    Prune(rule="caption", css="figure, figcaption"),
    _CALLED_CAPTION,
    Prune(rule="code", css="script, style, noscript, template, svg, canvas"),
    Prune(
        rule="embed",
        css="iframe, object, embed, video, audio, .video_frm, .twitter-video, .fb-video, amp-twitter"
        ", amp-instagram, amp-facebook, amp-youtube, amp-iframe, amp-tiktok, amp-ad",
    ),
    Prune(rule="box", css=_MACHINES, share=MOST),
    Prune(rule="button", css="button, select, textarea, input, [role=button]"),
)
"""Rules that hold on any page: no site prints article text in these."""


def everywhere(container: HtmlElement, index: Index) -> Sequence[Prune]:
    """``EVERYWHERE`` for one container: where it has no picture, and most of its text is called a caption, a
    template calls its paragraphs so.

    Args:
        index: of the container as it was before anything was taken out.
    """
    called = index.select(CAPTIONS)
    if not called or index.select(_PICTURED):
        return EVERYWHERE
    said = sum(len(clean(e.text_content())) for e in outermost(called) if still_in(e, container))
    most = said >= MOST * len(clean(container.text_content()))
    return [rule for rule in EVERYWHERE if rule is not _CALLED_CAPTION] if most else EVERYWHERE


_POSTS = """
twitter-tweet instagram-media fb-post tiktok-embed text-post-media bluesky-embed reddit-embed-bq
reddit-card mastodon-embed imgur-embed-pub telegram-post threads-embed
"""
"""What the embed codes of social networks are called (2026)."""
_POST_NAMES = frozenset(_POSTS.split())
_QUOTED = 1 / 3
"""Share of the text from which an article is little but the posts that it shows, and keeps them."""
_WORDS = (
    "ad|ads|adv|advert|adverts|advertisement|banner|sponsor|sponsored|promotion|promo|related?|relates|recommend"
    "|recommended|recommendations|recom|reco|share|sharing|sns|social|comment|comments|cmt|reply|replies"
    "|copyright|copyrights|reporter|journalist|tag|tags|keyword|keywords|hashtag|subscribe|signup|newsletter|popular"
    "|ranking|hot|most|aside|sidebar|breadcrumb|tts|toolbar|util|btn|layer|popup|tooltip|emotion|poll|vote|series"
    "|relation|cp|places?-?map|map-(?:title|address)|cookie|cookies|consent|gdpr|paywall|jp"
)
_SYSTEMS = "disqus|livere|live-?re|lv-container|u_cbox|utterances|giscus|commento|hypercomments|remark42"
"""What the scripts of comment systems call their boxes (라이브리, 네이버 and others, 2026)."""
_GLUED = (
    "comment(?:s|list|box|area|wrap|section|form|ary)?(?:list|box|area|wrap|section|form)"
    "|related(?:s|news|articles?|posts?|stories|links?)|share(?:bar|box|buttons?|links?)|reply(?:list|box|area|form)"
    "|cookie(?:notice|banner|bar|law|consent)|newsletter(?:box|form|signup)|sharedaddy"
)
_WIDGET = Rare(
    rf"(?:^|[_-])(?:{_WORDS}|{_SYSTEMS})(?:\d*$|[_-])|^(?:{_GLUED})(?:\d*$|[_-])",
    re.IGNORECASE,
)
_NEVER = frozenset({"html", "body", "main", "article"})
_POSTED = frozenset({"hentry", "type-post", "h-entry"})
"""Classes of a WordPress post's own wrapper, which is also called after its tags (``tag-budget``)."""
NEGATED = re.compile(r"(?:no|non|not|without)[-_]", re.IGNORECASE)
"""``no-tts``: a name of what something is not (paragraphs of boersen-zeitung.de, 2025)."""
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_PROSE = 200
"""Characters of paragraphs in a ``figure`` from which it holds text and no caption; captions have 60 on
average."""
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


def prune(container: HtmlElement, rules: Iterable[Prune], index: Index | None = None) -> list[Removal]:
    """Take every match of ``rules`` out of ``container`` (which is changed). Text is recorded once.

    ``index``: of the container as it was before anything was taken out, where there is one.
    """
    removed: list[Removal] = []
    index = index or Index(container)  # what a rule takes out is still in it: ``still_in`` tells
    lengths = Lengths(container)
    for rule in rules:
        for element in index.select(rule.css):
            if element is container or not still_in(element, container):
                continue
            if element.tag == "figure" and holds_text(element):
                continue
            if rule.share is None or lengths.is_less(element, rule.share):
                lengths.lose(element)
                _drop(element, rule.rule, removed)
    return removed


def prune_posts(container: HtmlElement) -> list[Removal]:
    """Take out posts of social networks that stand between an article's own paragraphs."""
    posts = called(container, _POST_NAMES)
    whole = len(clean(container.text_content())) or 1 if posts else 1
    if not posts or sum(len(clean(e.text_content())) / whole for e in posts) >= _QUOTED:
        return []
    return [r for e in posts if still_in(e, container) for r in drop(e, "embed")]


def called(container: HtmlElement, names: frozenset[str]) -> list[HtmlElement]:
    """Elements with a class among ``names``: one pass, where a selector of twelve classes takes twelve."""
    return [
        e
        for e in container.iter()
        if e is not container and not names.isdisjoint((e.get("class") or "").split())
    ]


def holds_text(figure: HtmlElement) -> bool:
    """True for a ``figure`` around a table, a list or paragraphs of its own: only its caption is no text."""
    captions = {e for c in figure.iter("figcaption") for e in c.iter()}
    own = [e for e in figure.iter("table", "ul", "ol", "pre", "p", "blockquote") if e not in captions]
    if any(e.tag != "p" and next(e.iter("img"), None) is None and clean(e.text_content()) for e in own):
        return True
    return (
        sum(len(clean(e.text_content())) for e in own if e.tag == "p" and next(e.iter("img"), None) is None)
        > _PROSE
    )


def prune_widgets(
    container: HtmlElement, keep: Callable[[HtmlElement], bool] = lambda element: False
) -> list[Removal]:
    """Take out page furniture by its class names, for sites without a page class of their own.

    ``keep``: True for an element that is known to hold the article, whatever it is called.
    """
    found = [e for e in container.iter(*_WIDGET_TAGS) if e is not container and is_widget(e)]
    if not found:
        return []
    removed: list[Removal] = []
    whole = len(clean(container.text_content())) or 1
    for element in found:
        if not still_in(element, container):
            continue
        if len(clean(element.text_content())) < whole * MOST and not keep(element):
            _drop(element, "widget class", removed)
    return removed


_FURNITURE = Rare(
    r"^(?:comments?|cmt|reply|replies|polls?|votes?|surveys?|newsletter)"
    r"(?![_-](?:results?|tables?|graphs?|charts?|data))(?:\d*$|[_-])"
    rf"|(?:^|[_-])(?:{_SYSTEMS}|banners?|sns|likes?)(?:\d*$|[_-])"
    r"|(?:^|[_-])(?:share|social)[_-]?(?:box|area|wrap|bar|btns?|buttons?|list|count)s?(?:\d*$|[_-])"
    r"|(?:^|[_-])(?:stocks?|kospi|kosdaq|ticker)[_-](?:box|widget|area|wrap|ticker|board|bar)(?:\d*$|[_-])"
    r"|^(?:comment|reply|banner|poll|vote|survey|newsletter|stock)s?"
    r"(?:box|area|wrap|list|section|widget|form)\d*$",
    re.IGNORECASE,
)
"""Names of what a page shows beside any article and prints anew at every look: on every template, so only
names that no part of a text is given."""
_BOXES = ("div", "section", "aside", "ul", "ol", "form")
"""A paragraph, a table or a span by such a name may be an expert's comment or the figures of a survey."""


def prune_furniture(container: HtmlElement) -> list[Removal]:
    """Take out comments, banners, polls, counters and quotations of shares by their names; and forms.

    Together they hold less than ``MOST`` of the text: a template may name the wrapper of a body so.
    """
    found = [e for e in container.iter(*_BOXES) if e is not container and _is_furniture(e)]
    if not found:
        return []
    outer = outermost(found)
    whole = len(clean(container.text_content())) or 1
    if sum(len(clean(e.text_content())) for e in outer) >= whole * MOST:
        return []
    removed: list[Removal] = []
    for element in outer:
        _drop(element, "page furniture", removed)
    return removed


def _is_furniture(element: HtmlElement) -> bool:
    names = f"{element.get('class') or ''} {element.get('id') or ''}".split()
    return element.tag == "form" or any(map(_names_furniture, names))


@lru_cache(maxsize=4096)
def _names_furniture(name: str) -> bool:
    return not NEGATED.match(name) and _FURNITURE.search(_CAMEL.sub("-", name)) is not None


def is_widget(element: HtmlElement) -> bool:
    """True when a class or the id of ``element`` names an ad, a share bar, a related list or the like."""
    names = f"{element.get('class') or ''} {element.get('id') or ''}".split()
    if element.tag in _NEVER or not _POSTED.isdisjoint(names):
        return False
    return any(map(names_widget, names))


@lru_cache(maxsize=4096)  # pages of a site have the same few hundred
def names_widget(name: str) -> bool:
    return not NEGATED.match(name) and _WIDGET.search(_CAMEL.sub("-", name)) is not None


def share_of(element: HtmlElement, container: HtmlElement) -> float:
    return len(clean(element.text_content())) / (len(clean(container.text_content())) or 1)


class Lengths:
    """How much of a container's text its parts have, which are taken out one by one.

    The container is read anew where it could matter, not for each of ten thousand captions.
    """

    def __init__(self, container: HtmlElement) -> None:
        self._container = container
        self._whole = self._least = 0

    def is_less(self, element: HtmlElement, share: float) -> bool:
        """Whether ``share_of`` the element is less."""
        own = len(clean(element.text_content()))
        if own and own >= share * self._least:
            self._whole = self._least = len(clean(self._container.text_content())) or 1
        return own == 0 or own / self._whole < share

    def lose(self, element: HtmlElement) -> None:
        """The element is taken out."""
        if self._least > 0:
            self._least -= len(element.text_content()) + _AROUND


_AROUND = 8
"""Characters that a text may lose beside what is taken out: a blank, a letter composed with a mark."""


def still_in(element: HtmlElement, container: HtmlElement) -> bool:
    return any(a is container for a in element.iterancestors())


def outermost(found: Iterable[HtmlElement]) -> list[HtmlElement]:
    """Those that stand in no other of them, in their order, each once."""
    once = dict.fromkeys(found)
    return [e for e in once if once.keys().isdisjoint(e.iterancestors())]


def _drop(element: HtmlElement, rule: str, removed: list[Removal]) -> None:
    text = text_of(element) if rule != "code" else ""
    if text:
        removed.append(Removal(rule=rule, text=text))
    if parts_words(element) and _is_between_lines(element):
        element.addnext(_break(element))
    element.drop_tree()


def _is_between_lines(element: HtmlElement) -> bool:
    """True for what stands between two pieces of bare text, which would be one line without it."""
    before = element.getprevious()
    parent = element.getparent()
    said = before.tail if before is not None else (parent.text if parent is not None else None)
    is_inline = before is not None and isinstance(before.tag, str) and not parts_words(before)
    return bool((said or "").strip() or is_inline) and bool((element.tail or "").strip())


def _break(element: HtmlElement) -> HtmlElement:
    """A line break that takes over the text behind ``element``."""
    line_break: HtmlElement = element.makeelement("br")
    line_break.tail, element.tail = element.tail, None
    return line_break


def drop(element: HtmlElement, rule: str) -> list[Removal]:
    """Take one element out of its tree; what it said, under ``rule``. A root stays, and gives nothing."""
    removed: list[Removal] = []
    if element.getparent() is not None:
        _drop(element, rule, removed)
    return removed
