"""Every instant that a page gives of itself, surest first: which one reads and is possible, normalise
decides.

Names of meta elements: those of htmldate's and trafilatura's tables and of the pages of htmldate's public set
(2020 to 2023), each seen on several sites.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from lxml.html import HtmlElement

from crawler.extract.blocks import clean
from crawler.extract.document import Document
from crawler.extract.embedded import script_clocks, script_date
from crawler.extract.follow import SENTENCE
from crawler.extract.linked import is_article, kinds_of, time_of
from crawler.extract.prune import is_widget
from crawler.extract.stamps import STAMP
from storage.records.extraction import Raw

_PUBLISHED_METAS = """
og:regdate article:published_time og:article:published_time article:published article.published
og:published_time datepublished og:datepublished rnews:datepublished dateposted pubdate publishdate
publish_date publish-date publisheddate published_date published-date published_time published_on published_at
publication_date publicationdate article:publication_date article:publish_time article_publish_date
article_date_original originalpublicationdate og:pubdate og:question:published_time bt:pubdate
vr:published_time shareaholic:article_published_time sailthru.date parsely-pub-date
cxenseparse:recs:publishtime cxenseparse:publishtime sw-pubdate dcterms:created dcterms:issued uploaddate
prism.publicationdate citation_online_date citation_publication_date citation_date dc.date.issued
dcterms.issued dc.issued dc.date.published dc.date dc:date dc.date.created dcterms.created dc.created
dcterms.available dcsext.articlefirstpublished regdate article:created article.created datecreated
created article:date ptime pdate news.date date.release
"""
_MODIFIED_METAS = """
article:modified_time og:article:modified_time article:modified article.modified og:updated_time
datemodified og:modified_time article:updated_time lastmod last-modified lastmodified modified
modified_date modifieddate updated updated_time dcterms.modified dc.date.modified dc.modified
revision_date
"""
_TIME_CLASS = re.compile(
    r"(?:^|[\s_-])(?:published?|pub-?date|entry-?date|post-?date|article-?date|date-?published|posted|dt-published"
    r"|date-?line|publication)(?:$|[\s_-])",
    re.IGNORECASE,
)
_UPDATED = re.compile(r"updat|modif|수정|edited|revised", re.IGNORECASE)
_ADDRESS = re.compile(r"/((?:19|20)\d\d)[/-](0?[1-9]|1[0-2])[/-](0?[1-9]|[12]\d|3[01])(?:[/-]|$)")
_ADDRESS_COMPACT = re.compile(r"/((?:19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?:/|$)")
_OUTSIDE = frozenset({"nav", "aside", "footer", "form"})
_TELLING = frozenset({"p", "li", "td", "dd", "blockquote"})
_PAGES = frozenset({"WebPage", "ItemPage", "VideoObject", "Recipe", "LiveBlogPosting", "MediaObject"})
_NEAR = 8
"""Elements around a ``time`` among which the heading is looked for."""
_DIGITS = re.compile(r"\d")


def published_instants(document: Document) -> Iterator[Raw]:
    """What a machine is told, before anything that is printed."""
    yield from _first(time_of(document.news_data, k) for k in ("datePublished", "dateCreated", "uploadDate"))
    yield from _metas(document, _PUBLISHED_METAS)
    yield from _time_elements(document, "datePublished")
    yield from _others(document, ("datePublished", "uploadDate"))
    yield from _first([script_date(document, modified=False)])
    yield from (Raw(value=v, rule=CONFIRMS) for v in document.metas.get("date", [])[:1] if _DIGITS.search(v))
    yield from (Raw(value=v, rule=SCRIPT_CLOCK) for v in script_clocks(document))


OF_PAGE = "JSON-LD WebPage datePublished"
"""The page's own: a template's, or a page's that was there before its article."""
IN_SCRIPT = "script datePublished"
CONFIRMS = "date"
"""The bare meta name is the day of the last change or of the visit as often as that of publication (4 of 11
on htmldate's set): it says another's instant more exactly, and none of its own."""
CONFIRM_DAYS = frozenset({"dc.date", "dc:date"})
"""Dublin Core's bare date is that of any event in a document's life (dublincore.org, terms: date). Of pages
that say nothing surer (htmldate's set) it was the publication's on 3 of 3 with a clock, as a day alone on 1
of 3, which printed it too: a day of it only says what another says."""
SCRIPT_CLOCK = "script clock"
"""A clock in a script without a zone: shows in which zone another's instant is written, and gives none."""
TIME, TIME_TEXT = "time datetime", "time text"
"""What a ``time`` tells a machine, and the day that it prints for its reader."""


def modified_instants(document: Document) -> Iterator[Raw]:
    yield from _first([time_of(document.news_data, "dateModified")])
    yield from _metas(document, _MODIFIED_METAS)
    yield from _time_elements(document, "dateModified")
    yield from _others(document, ("dateModified",))
    yield from _first([script_date(document, modified=True)])


def address_day(url: str) -> Raw | None:
    """The day in an address's path (``/2020/06/08/``), where blogs and newsrooms put the day of
    publication."""
    path = url.partition("?")[0]
    found = _ADDRESS.search(path) or _ADDRESS_COMPACT.search(path)
    return (
        Raw(value="-".join(f"{int(part):02d}" for part in found.groups()), rule="address") if found else None
    )


def _first(raws: Iterable[Raw | None]) -> Iterator[Raw]:
    return (raw for raw in raws if raw is not None)


def _metas(document: Document, names: str) -> Iterator[Raw]:
    for name in names.split():
        for value in document.metas.get(name, [])[:1]:
            if _DIGITS.search(value):
                yield Raw(value=value, rule=name)


def _others(document: Document, keys: tuple[str, ...]) -> Iterator[Raw]:
    """Of the page's own object that is no article: ``WebPage``, ``VideoObject``, ``BlogPosting`` in a
    graph."""
    for item in document.linked_data:
        kind = next(iter(kinds_of(item)), "")
        if is_article(item) or kind not in _PAGES:
            continue
        for key in keys:
            if raw := time_of(item, key):
                yield Raw(value=raw.value, rule=f"JSON-LD {kind} {key}")


def _time_elements(document: Document, itemprop: str) -> Iterator[Raw]:
    """``itemprop`` first, then a ``time`` that its class or place calls the publication's; comments have
    times too."""
    for element in document.all(f"[itemprop={itemprop}]"):
        if element.tag != "meta" and _is_mine(element) and (value := _value(element)):
            yield Raw(value=value, rule=f"itemprop {itemprop}")
    if itemprop == "datePublished":
        drupal = document.all("span[property~='schema:dateCreated'], span[property~='dc:created']")
        yield from (
            Raw(value=value, rule="property dateCreated")
            for e in [e for e in drupal if _is_mine(e)][:1]
            if (value := _value(e))
        )
    if itemprop == "dateModified":
        yield from (
            Raw(value=value, rule="time.updated")
            for e in document.all("time.updated[datetime], abbr.updated[title]")
            if _is_mine(e) and (value := _value(e))
        )
        return
    times = [e for e in document.all("time[datetime], abbr.published[title]") if _is_mine(e)]
    called = [e for e in times if e.get("pubdate") is not None or _TIME_CLASS.search(_names(e))]
    plain = [e for e in times if not _UPDATED.search(_names(e) + _label(e)) and not _in_sentence(e)]
    around = _around_title(document) if times else set()
    for element in (_nearest(called, around), _nearest(plain, around), _only(called)):
        if element is not None and (value := _value(element)):
            yield Raw(value=value, rule=TIME)
            yield from _shown(element)


def _in_sentence(element: HtmlElement) -> bool:
    """A paragraph tells of this time: of an event."""
    parent = element.getparent()
    return (
        parent is not None
        and parent.tag in _TELLING
        and SENTENCE.search(clean(parent.text_content())) is not None
    )


def _shown(element: HtmlElement) -> Iterator[Raw]:
    text = clean(element.text_content())
    if (stamp := STAMP.search(text)) and not _UPDATED.search(text):
        yield Raw(value=stamp.group(0), rule=TIME_TEXT)


def _only(times: list[HtmlElement]) -> HtmlElement | None:
    """The first, where all say the same day: times of several days are of several stories."""
    return times[0] if len({(_value(t) or "")[:10] for t in times}) == 1 else None


def _around_title(document: Document) -> set[HtmlElement]:
    """What holds the page's heading: an ``h1``, or the heading of another rank that prints the told title."""
    told = {clean(raw.value) for raw in document.printed_metas("og:title")}
    headings = document.all("h1, [itemprop=headline]")
    headings += [h for h in document.tree.iter("h2", "h3", "h4") if told and clean(h.text_content()) in told]
    return {place for heading in headings for place in heading.iterancestors()}


def _nearest(times: list[HtmlElement], around_title: set[HtmlElement]) -> HtmlElement | None:
    """The one that stands nearest to the page's heading; None where none is near."""
    levels = [(level, i) for i, t in enumerate(times) if (level := _level(t, around_title)) is not None]
    return times[min(levels)[1]] if levels else None


def _level(element: HtmlElement, around_title: set[HtmlElement]) -> int | None:
    for level, around in enumerate(element.iterancestors()):
        if level == _NEAR or around.tag in {"body", "html"}:
            return None
        if around in around_title:
            return level
    return None


def _value(element: HtmlElement) -> str | None:
    said = element.get("datetime") or element.get("content") or element.get("title") or ""
    text = clean(said) or clean(element.text_content())
    return text if _DIGITS.search(text) else None


def _names(element: HtmlElement) -> str:
    return f"{element.get('class') or ''} {element.get('itemprop') or ''} {element.get('id') or ''}"


def _label(element: HtmlElement) -> str:
    before = element.getprevious()
    parent = element.getparent()
    said = before.tail if before is not None else (parent.text if parent is not None else "")
    return (said or "") + _names(parent) if parent is not None else (said or "")


def _is_mine(element: HtmlElement) -> bool:
    """False for a time in a comment, a list of other stories or the page's furniture.

    What holds the page's heading is none of these, whatever it is called (``#sidebar``).
    """
    return not any(a.tag in _OUTSIDE or _is_furniture(a) for a in element.iterancestors())


def _is_furniture(element: HtmlElement) -> bool:
    if element.tag in {"body", "html"} or not is_widget(element):
        return False
    return next(element.iter("h1"), None) is None
