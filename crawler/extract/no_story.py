"""Pages of an unknown site that have text and tell no story: fronts, lists with openings, tables, imprints.

Asked only of pages that do not show that they are articles (JSON-LD, a time of publication, microdata): the
type in a careless head says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from crawler.extract.blocks import clean, walk
from crawler.extract.body import Body
from crawler.extract.document import Document
from crawler.extract.follow import SENTENCE
from crawler.extract.linked import kinds_of
from crawler.extract.nature import is_typed_article, shows_article
from crawler.extract.stamps import CLOCKED, header_stamps
from crawler.extract.title import heading_links, leads_home

_HEADINGS = ("h1", "h2", "h3", "h4", "dt")
_STORIES = 3
"""Headings that lead elsewhere, each with a text of its own, from which a page is a list."""
_ROWS = 3
_LINKED = 0.6
"""Share of a list's letters in links; of an article with headings that are links (five shops) it is less."""
_OPENING = 40
"""Characters of a text under such a heading; a button below it (더 보기) has under 10."""
_OWN = re.compile(
    r"(?:개인정보\s?(?:처리|취급|보호)\s?(?:방침|정책)|(?:서비스\s?)?이용\s?약관|청소년\s?보호\s?(?:정책|방침)"
    r"|저작권\s?(?:정책|규약|안내)"
    r"|이메일\s?(?:주소\s?)?무단\s?수집\s?거부|(?:회사|신문사|매체|기관)\s?소개|인사말|발행인\s?인사말|찾아오시는\s?길|오시는\s?길"
    r"|(?:광고|제휴|구독|후원)(?:\s?[·/및]\s?(?:광고|제휴|구독|후원))?\s?(?:안내|문의|신청)"
    r"|(?:기사|독자|뉴스)?\s?제보(?:하기|\s?안내)?|윤리\s?강령|고충\s?처리인"
    r"|편집\s?규약|사이트\s?맵|조직도|(?:회사\s?)?연혁"
    r"|privacy (?:policy|notice|statement)|terms (?:of (?:use|service)|and conditions|& conditions)"
    r"|about(?: us)?|contact(?: us)?|cookie policy|site ?map|advertise(?: with us)?|subscribe)",
    re.IGNORECASE,
)
"""Titles of the pages that every site has of itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A page as the generic path read it."""

    document: Document
    read: Body
    title: str
    """Empty where it has none."""
    container: HtmlElement | None
    header: Sequence[str]
    """The lines between title and body."""
    own: Collection[str]
    """Its addresses: its own heading may be a link to it."""


def no_story(page: Read) -> str | None:
    """What the page is instead of an article, in words; None for an article, or where nothing says."""
    document, body = page.document, page.read
    if shows_article(document) or not body.paragraphs:
        return None  # a photo or a film that the page calls an article has no text
    if _is_front(page):
        return "the front of its site"
    if (thing := _declared(document)) is not None:
        return f"what it says itself: {thing}"
    if (own := _sites_own(page)) is not None:
        return f"the site's own: {own}"
    if (body.links.is_list(declared=False) and _is_linked_or_dated(page)) or _opens_stories(page):
        return "a list of stories"
    return "a table" if _is_table(page) else None


def _is_table(page: Read) -> bool:
    """Rows and nothing else, under no time, on a page that calls itself nothing."""
    lines = page.read.paragraphs
    printed = header_stamps([*page.header]).published  # no time of the look at them: 15:30 기준
    is_dated = printed is not None and CLOCKED.search(printed) is not None
    return (
        len(lines) >= _ROWS
        and all("\t" in t for t in lines)
        and not (is_dated or is_typed_article(page.document))
    )


def _is_linked_or_dated(page: Read) -> bool:
    """Five shops of an article are neither."""
    text = str(page.container.text_content()) if page.container is not None else ""
    return page.read.links.share >= _LINKED or len({m.group() for m in CLOCKED.finditer(text)}) >= _STORIES


def _is_front(page: Read) -> bool:
    """The address has no path, or that of an index; with a query where the page gives it without."""
    if not _FRONT.fullmatch(urlsplit(page.document.url).path):
        return False
    own = (urlsplit(url) for url in page.own)
    return any(not parts.query and _FRONT.fullmatch(parts.path) for parts in own)


def _declared(document: Document) -> str | None:
    """The kind that a page gives itself, where that is of a page without a story (:data:`_THINGS`)."""
    if is_typed_article(document):
        return None
    kind = document.meta("og:type")
    if kind is not None and (thing := kind.value.lower().partition(".")[0]) in _TYPES:
        return thing
    told = {one for item in document.linked_data for one in kinds_of(item)}
    told |= {(e.get("itemtype") or "").rpartition("/")[2] for e in document.all("[itemtype]")}
    return next(iter(sorted(told & _THINGS)), None)


_FRONT = re.compile(r"/?(?:index\.\w{2,5})?")
_TYPES = frozenset({"product", "profile", "business", "place", "restaurant"})
"""Of ogp.me and its namespaces, as far as their dot: ``product.group``, ``restaurant.menu``."""
_THINGS = frozenset(
    {
        *("Product", "ProductGroup", "JobPosting"),
        *("QAPage", "DiscussionForumPosting", "ProfilePage", "CollectionPage", "SearchResultsPage"),
        *("AboutPage", "ContactPage", "CheckoutPage"),
    }
)
"""Of schema.org: what is sold, who says it of himself, readers' threads, and lists. A page with a product's
stars that calls itself an article is asked nothing of this."""


def _sites_own(page: Read) -> str | None:
    headings = [clean(h.text_content()) for h in page.document.tree.iter("h1")]
    told = [page.title, *(headings if len(headings) == 1 else [])]
    return next((text for text in told if _OWN.fullmatch(text)), None)


def _opens_stories(page: Read) -> bool:
    """The heading over the text leads elsewhere, and so do others beside it, each over its own opening."""
    if page.container is None:
        return False
    for place in (page.container, *page.container.iterancestors()):
        headings = _headings(place, page)
        if not headings:
            continue
        if not (_leads_elsewhere(headings[0], page) and _is_first(headings[0], place)):
            return False
        around = place.getparent()
        return any(_opened(one, page) >= _STORIES for one in (place, around) if one is not None)
    return False


def _headings(place: HtmlElement, page: Read) -> list[HtmlElement]:
    return [h for h in place.iter(*_HEADINGS) if clean(h.text_content()) and not leads_home(h, page.document)]


def _is_first(heading: HtmlElement, place: HtmlElement) -> bool:
    """Nothing is told in the place before it: under a text stand the heads of related stories."""
    first = clean(heading.text_content())
    return next((b.text for b in walk(place) if b.text == first or _opens(b.text)), None) == first


def _opens(text: str) -> bool:
    return len(text) >= _OPENING or SENTENCE.search(text) is not None


def _opened(place: HtmlElement, page: Read) -> int:
    """How many headings lead elsewhere over a text that ends before the next heading."""
    headings = _headings(place, page)
    away = {clean(h.text_content()) for h in headings if _leads_elsewhere(h, page)}
    every = {clean(h.text_content()) for h in headings}
    texts = [b.text for b in walk(place) if b.text in every or _opens(b.text)]
    return sum(head in away and text not in every for head, text in pairwise(texts))


def _leads_elsewhere(heading: HtmlElement, page: Read) -> bool:
    there = {url.partition("#")[0] for url in heading_links(heading, page.document)}
    return bool(there) and there.isdisjoint(page.own)
