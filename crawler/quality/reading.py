"""A saved page read as the crawl reads it: extract, then normalise."""

from __future__ import annotations

from crawler.extract import extract_page
from crawler.normalise.article import normalise
from crawler.sources import all_sources, source_of
from storage.records import Article, CapturedPage


def read_page(page: CapturedPage, source: str | None = None) -> Article:
    """The article of one page.

    Args:
        source: the source's name; None: the one that the address belongs to, if any.
    """
    site = all_sources()[source] if source else source_of(page.url)
    return normalise(extract_page(page, site), page, site)
