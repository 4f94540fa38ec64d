"""Extract: a captured page's bytes -> ``Extraction`` (raw strings, each with the rule that found it).

Pure: no Scrapy, no database, no clock, no network. No input makes it raise: what cannot be read is
an ``Extraction`` of kind ``quarantined`` or ``not_article`` with one sentence that says why.
"""

from __future__ import annotations

from crawler.extract.charset import UndecodableError, decode
from crawler.extract.document import Document, TooDeepError
from crawler.extract.generic import GenericPage, declares_article
from crawler.extract.intake import Refusal, refuse_bytes, refuse_text
from crawler.extract.nature import gone_line, is_list, says_gone
from crawler.extract.page import Page, Site
from storage.records import CapturedPage, Extraction, PageKind

__all__ = ["extract_page"]

_SHORT = 200
"""A body below this many characters may be the site's own message instead of an article."""


def extract_page(page: CapturedPage, source: Site | None) -> Extraction:
    """Read one page: the source's page classes, surest first, then the generic path.

    ``source`` is the declared site of ``page.url`` (None for any other site). The kind is ``article``,
    ``not_article`` (a list, a home page, not HTML), ``gone`` (the page says its article was deleted)
    or ``quarantined`` (empty, cut off, over 8 MiB, too deep, undecodable, or an article address on
    which nothing was recognised), the last three and the second with a one-sentence ``reason``.
    """
    refusal = refuse_bytes(page)
    if refusal:
        return _refused(page, source, refusal)
    try:
        decoded = decode(page.body, page.content_type)
        refusal = refuse_text(decoded.text)
        if refusal:
            return _refused(page, source, refusal)
        document = Document(page, decoded)
    except (UndecodableError, TooDeepError, ValueError) as error:
        return _refused(page, source, Refusal(kind=PageKind.QUARANTINED, reason=str(error)))
    return _read(document, source)


def _read(document: Document, source: Site | None) -> Extraction:
    pages = _candidates(document, source)
    for page_class in pages:
        found = page_class(document, source).extraction()
        if found is None:
            continue
        body = "\n".join(found.paragraphs)
        if len(body) < _SHORT and any(gone_line(p) for p in found.paragraphs):
            return _refused(
                document.page, source, Refusal(kind=PageKind.GONE, reason=f"The page says: {body}")
            )
        return found
    return _refused(document.page, source, _no_article(document, source, pages))


def _candidates(document: Document, source: Site | None) -> list[type[Page]]:
    pages = source.pages if source else ()
    scored = [(p.score(document), p) for p in pages]
    known = [p for s, p in sorted(scored, key=lambda pair: -pair[0]) if s > 0]
    if not known and source is not None and source.address(document.url) is None:
        return []
    return [*known, GenericPage]


def _no_article(document: Document, source: Site | None, tried: list[type[Page]]) -> Refusal:
    message = says_gone(document)
    if message:
        return Refusal(kind=PageKind.GONE, reason=f"The page says: {message}")
    if source is not None and source.address(document.url) is None:
        return Refusal(
            kind=PageKind.NOT_ARTICLE, reason=f"The address is no article address of {source.name}."
        )
    if tried and tried[0] is not GenericPage:
        reason = f"The page looks like {tried[0].name}, but its body is empty."
        return Refusal(kind=PageKind.QUARANTINED, reason=reason)
    if declares_article(document):
        reason = "The page says that it is an article, but its body was not recognised."
        return Refusal(kind=PageKind.QUARANTINED, reason=reason)
    if source is not None and not is_list(document):
        reason = f"The address is an article's of {source.name}, but nothing on the page was recognised."
        return Refusal(kind=PageKind.QUARANTINED, reason=reason)
    return Refusal(kind=PageKind.NOT_ARTICLE, reason="No article was found on the page.")


def _refused(page: CapturedPage, source: Site | None, refusal: Refusal) -> Extraction:
    return Extraction(
        url=page.url,
        source=source.name if source else None,
        extractor="none",
        kind=refusal.kind,
        reason=refusal.reason,
    )
