"""Named addresses of sites that are no declared source."""

from __future__ import annotations

from collections.abc import Iterable

from crawler.normalise.url import canonical_url, named_host
from crawler.sources.base import Address, Expectation, Seed, Source, Window

GENERIC = "generic"


def generic_source(urls: Iterable[str]) -> Source:
    """A source that holds exactly the hosts that were named, and their www/m neighbours."""
    hosts = frozenset(host for url in urls for host in _neighbours(named_host(url)))
    return Source(
        name=GENERIC,
        title="named addresses of other sites",
        homepage="",
        hosts=hosts,
        fetch_hosts=hosts,
        address=_address,
        seeds=_no_seeds,
        pages=(),
        expectation=Expectation(min_listed=0, min_articles_share=1.0, max_quarantined_share=0.0),
        unrelated_hosts=True,
    )


def _neighbours(host: str) -> Iterable[str]:
    bare = host.removeprefix("www.").removeprefix("m.")
    return host, bare, f"www.{bare}", f"m.{bare}"


def _address(url: str) -> Address | None:
    canonical = canonical_url(url)
    return Address(url=canonical, site_id=None) if canonical else None


def _no_seeds(window: Window | None) -> Iterable[Seed]:
    return ()
