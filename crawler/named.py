"""Addresses and files that a person names: which source they belong to, and what to run for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from crawler.crawl import CrawlOrder
from crawler.extract import extract_page
from crawler.extract.own_address import own_address
from crawler.normalise.article import normalise
from crawler.normalise.url import canonical_url
from crawler.settings import WrongSetting
from crawler.sources import source_of
from crawler.spiders.generic_spider import GENERIC, GenericSpider
from crawler.spiders.source_spider import SPIDERS
from storage.records import Article, CapturedPage


def orders_for(urls: Sequence[str]) -> list[CrawlOrder]:
    """One crawl for each source that the addresses belong to.

    Raises:
        WrongSetting: an address is no http or https URL.
    """
    groups: dict[str, list[str]] = defaultdict(list)
    for url in urls:
        name, canonical = _place(url)
        groups[name].append(canonical)
    return [
        CrawlOrder(spider=SPIDERS.get(name, GenericSpider), arguments={"urls": tuple(group)}, name=name)
        for name, group in groups.items()
    ]


def _place(url: str) -> tuple[str, str]:
    canonical = canonical_url(url)
    if canonical is None:
        raise WrongSetting(f"not a web address: {url!r}")
    source = source_of(canonical)
    address = source.address(canonical) if source else None
    if source is None or address is None:
        return GENERIC, canonical
    return source.name, address.url


def article_in_file(body: bytes, url: str | None) -> Article:
    """The article in a saved page's bytes.

    Args:
        url: the page's address; None: the one that the page gives itself.

    Raises:
        WrongSetting: no address given and none in the page, or not a web address.
    """
    address = canonical_url(url) if url else own_address(body)
    if address is None:
        problem = (
            f"not a web address: {url!r}" if url else "the page does not say its own address: give --url"
        )
        raise WrongSetting(problem)
    source = source_of(address)
    page = CapturedPage(url=address, body=body)
    return normalise(extract_page(page, source), page, source)
