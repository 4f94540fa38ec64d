"""The gaps of one source: the lists of its days and its open addresses, and nothing beside them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from crawler.run.plan import FillPlan
from crawler.sources.base import Seed, Source, newest_lists
from crawler.spiders.source_spider import SourceSpider
from storage.ledger.readings import ended_among
from storage.records import RunMode
from storage.records.discovery import Discovery, Listing
from storage.seoul import day_of


class FillSpider(SourceSpider):
    """Has no class-level name, so ``scrapy list`` does not offer it."""

    named_by = "ledger:gaps"
    asks_known = True  # its lists give only what has no good end

    def __init__(
        self, *args: Any, source: Source, days: Iterable[date], urls: Sequence[str], **kwargs: Any
    ) -> None:
        self.source = source
        super().__init__(*args, name=source.name, mode=RunMode.FILL, **kwargs)
        self.plan = self.fill = FillPlan(
            source=source, mode=RunMode.FILL, days=frozenset(days), urls=tuple(urls)
        )
        self._of_no_day = newest_lists(source)

    async def wanted(self, seed: Seed, listing: Listing) -> Sequence[Discovery]:
        """The addresses of the days that have no end yet.

        A list of the newest must say that an address is of such a day; a list of one day need not.
        """
        of_days = [found for found in listing.discoveries if self._is_of_days(seed, found)]
        ended = await self.run.database.do(ended_among, self.run.engine, [found.url for found in of_days])
        return [found for found in of_days if found.url not in ended]

    def _is_of_days(self, seed: Seed, found: Discovery) -> bool:
        if found.time_hint is None:
            return seed.url not in self._of_no_day
        return day_of(found.time_hint) in self.fill.days
