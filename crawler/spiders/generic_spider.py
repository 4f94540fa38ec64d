"""Named addresses of sites that are no declared source: ``newsarchive fetch`` of any news page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from crawler.sources.generic import GENERIC, generic_source
from crawler.spiders.source_spider import SourceSpider


class GenericSpider(SourceSpider):
    """Has no class-level name, so ``scrapy list`` does not offer it."""

    def __init__(self, *args: Any, urls: Iterable[str] = (), **kwargs: Any) -> None:
        named = tuple(urls)
        self.source = generic_source(named)
        super().__init__(*args, name=GENERIC, urls=named, **kwargs)
