"""Addresses and files that a person names: which source they belong to, and what to run for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from crawler.configuration.environment import WrongSetting
from crawler.normalise.url import canonical_url
from crawler.orders.process import CrawlOrder
from crawler.sources import source_of
from crawler.sources.generic import GENERIC
from crawler.spiders.generic_spider import GenericSpider
from crawler.spiders.source_spider import SPIDERS
from storage.frontier.addresses import MAX_URL_BYTES, fits


def orders_for(urls: Sequence[str]) -> list[CrawlOrder]:
    """One crawl for each source that the addresses belong to.

    Raises:
        WrongSetting: an address is no http or https URL, or too long to be stored.
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
    if not fits(canonical):
        raise WrongSetting(
            f"an address of {len(canonical.encode()):,} bytes is longer than the {MAX_URL_BYTES:,} that are "
            f"stored; nothing was asked: {url[:80]}..."
        )
    source = source_of(canonical)
    address = source.address(canonical) if source else None
    if source is None or address is None:
        return GENERIC, canonical
    return source.name, address.url
