"""The one door from a captured page to its article: for a crawl, ``extract``, re-reading and the gate."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from crawler.configuration.environment import WrongSetting
from crawler.extract import extract_page
from crawler.extract.generic import GenericPage
from crawler.extract.own_address import own_address
from crawler.normalise.article import normalise
from crawler.normalise.url import canonical_url
from crawler.packing import unpacked
from crawler.sources import all_sources, source_of
from crawler.sources.base import Source
from storage.records import Article, CapturedPage, Outcome, PageKind

KIND_OUTCOMES = {
    PageKind.NOT_ARTICLE: Outcome.NOT_ARTICLE,
    PageKind.GONE: Outcome.GONE,
    PageKind.BLOCKED: Outcome.BLOCKED,
    PageKind.INCOMPLETE: Outcome.FAILED,
    PageKind.QUARANTINED: Outcome.QUARANTINED,
}
"""How an address ends whose page is no article."""


def article_of(page: CapturedPage, source: Source | None) -> Article:
    """The pure stages in one step: captured bytes -> typed article."""
    page = replace(page, body=unpacked(page.body))
    return normalise(extract_page(page, source), page, source)


def unknown_template(source: Source, article: Article) -> str | None:
    """Why a page of a source with page classes cannot be stored when none of them knows it; else None.

    The generic path still finds a body there, but no byline, notice or section: stored, a redesign would
    be thousands of articles without a writer, and a revision of every page that is looked at again.
    """
    if not source.pages or article.extractor != GenericPage.name:
        return None
    return f"no page class of {source.name} knows this page, only {article.extractor} reads it"


def as_known(article: Article, source: Source) -> Article:
    """The article; quarantined where none of the source's own page classes read its page."""
    unknown = unknown_template(source, article)
    if unknown is None or article.kind is not PageKind.ARTICLE:
        return article
    return replace(article, kind=PageKind.QUARANTINED, reason=unknown)


def article_in_file(body: bytes, url: str | None, *, seen_by: datetime | None = None) -> Article:
    """The article in a saved page's bytes, with what a crawl would do with it.

    A page of a source that only the generic path reads is quarantined, as in a crawl, with the reason.

    Args:
        url: the page's address; None: the one that the page gives itself.
        seen_by: the moment at which the file was there: no time on the page is after it.

    Raises:
        WrongSetting: no address given and none in the page, or not a web address.
    """
    address = canonical_url(url) if url else own_address(unpacked(body))
    if address is None:
        problem = (
            f"not a web address: {url!r}" if url else "the page does not say its own address: give --url"
        )
        raise WrongSetting(problem)
    article, source = read_page(CapturedPage(url=address, body=body, seen_by=seen_by)), source_of(address)
    unknown = unknown_template(source, article) if source and article.kind is PageKind.ARTICLE else None
    if unknown is None:
        return article
    return Article(
        url=article.url,
        source=article.source,
        extractor=article.extractor,
        kind=PageKind.QUARANTINED,
        reason=f"{unknown[0].upper()}{unknown[1:]}.",
    )


def read_page(page: CapturedPage, source: str | None = None) -> Article:
    """The article of one page.

    Args:
        source: the source's name; None: the one that the address belongs to, if any.
    """
    site = all_sources()[source] if source else source_of(page.url)
    return article_of(page, site)
