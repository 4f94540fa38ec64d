"""Filling the ledger's gaps: what to ask for, and what became of each gap."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Engine

from crawler.configuration.exit_codes import BELOW_EXPECTATION, HEALTHY, LEASE_HELD
from crawler.counted import counted
from crawler.orders.process import CrawlOrder
from crawler.sources import all_sources
from crawler.sources.base import lists_of_days
from crawler.sources.generic import generic_source
from crawler.spiders.fill_spider import FillSpider
from crawler.watch.gaps import Gap, Lack, LedgerDay, Needs, stays_because
from storage.ledger.channels import chosen_channels
from storage.ledger.days import UNFINISHED, unfinished
from storage.ledger.readings import unread_since
from storage.records import RunMode


@dataclass(frozen=True, slots=True, kw_only=True)
class FillOrder:
    """What one source is to be asked for."""

    source: str
    days: frozenset[date]
    """Days whose lists are to be read."""
    urls: tuple[str, ...]
    """Known addresses without a good end."""

    def crawl_order(self) -> CrawlOrder:
        source = all_sources().get(self.source) or generic_source(self.urls)
        arguments = {"source": source, "days": self.days, "urls": self.urls}
        return CrawlOrder(spider=FillSpider, arguments=arguments, name=self.source)

    def __str__(self) -> str:
        lists = f"the lists of {counted(len(self.days), 'day')}"
        known = counted(len(self.urls), "known address")
        parts = [part for part, wanted in ((lists, self.days), (known, self.urls)) if wanted]
        return f"{self.source}: {' and '.join(parts)}"


def fill_orders(engine: Engine, gaps: Sequence[Gap]) -> list[FillOrder]:
    """Exactly what can still fill the gaps, one order for each source."""
    fillable = [gap for gap in gaps if gap.fillable]
    if not fillable:
        return []
    open_days = {(gap.source, gap.day) for gap in fillable}
    urls: dict[str, list[str]] = {}
    for one in unfinished(engine, min(gap.day for gap in fillable), max(gap.day for gap in fillable)):
        in_vain = one.kept or stays_because(one.ended_as, one.reason) is not None
        if (one.source, one.day) in open_days and not in_vain:
            urls.setdefault(one.source, []).append(one.url)
    orders = []
    for source in sorted({gap.source for gap in fillable}):
        ours = [gap for gap in fillable if gap.source == source]
        days = frozenset(gap.day for gap in ours if gap.can_get(Needs.LISTS))
        orders.append(FillOrder(source=source, days=days, urls=tuple(urls.get(source, ()))))
    return [order for order in orders if order.days or order.urls]


# --- afterwards -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What became of one gap."""

    gap: Gap
    gained: Mapping[str, int]
    """Outcome -> addresses of the day that have it now and had not."""
    left: Gap | None
    """What the day still lacks."""
    unread: str | None = None
    """Why its lists were not read, None where they were or need not be."""

    @property
    def tried(self) -> bool:
        return self.gap.fillable

    @property
    def still_open(self) -> bool:
        """Something that could be filled was not, or came to a bad end."""
        return self.tried and bool(self._missed())

    def _missed(self) -> list[str]:
        beyond = {lack.words for lack in self.gap.beyond}
        return [
            f"{lack.words}: {why}" if (why := self._why(lack)) else lack.words
            for lack in (self.left.lacks if self.left else ())
            if lack.words not in beyond
        ]

    def _why(self, lack: Lack) -> str | None:
        return lack.why_not or (self.unread if lack.needs is Needs.LISTS else None)

    def __str__(self) -> str:
        where = f"{self.gap.source} {self.gap.day}"
        if not self.tried:
            return f"{where} cannot be filled: {self.gap.why_not}"
        gained = (
            ", ".join(f"{count} {name}" for name, count in sorted(self.gained.items()))
            or "nothing more found"
        )
        beyond = "".join(f"; cannot be filled: {lack.words}: {lack.why_not}" for lack in self.gap.beyond)
        if missed := self._missed():
            return f"{where} still open ({gained}): {'; '.join(missed)}{beyond}"
        return f"{where} filled ({gained}){beyond}"


def filled(
    gaps: Iterable[Gap],
    before: Iterable[LedgerDay],
    after: Iterable[LedgerDay],
    left: Iterable[Gap],
    unread: Callable[[Gap], str | None] = lambda gap: None,
) -> Iterator[Filled]:
    """What became of each gap, in their order.

    Args:
        unread: why the lists of a gap's day were not read, None where they were.
    """
    was = {(one.source, one.day): one.counts for one in before}
    is_now = {(one.source, one.day): one.counts for one in after}
    lacking = {(gap.source, gap.day): gap for gap in left}
    for gap in gaps:
        key = (gap.source, gap.day)
        gained = _gained(was.get(key, {}), is_now.get(key, {}))
        still = lacking.get(key)
        yield Filled(gap=gap, gained=gained, left=still, unread=unread(gap) if still else None)


def why_unread(engine: Engine, gap: Gap, began: datetime) -> str | None:
    """Why the run that filled since then did not read all lists of the gap's day, None where it did."""
    source = all_sources().get(gap.source)
    if source is None or not gap.can_get(Needs.LISTS):
        return None
    chosen = chosen_channels(engine, source.name)
    seeds = [seed.url for seed in lists_of_days(source, [gap.day], chosen)]
    unread = unread_since(engine, gap.source, RunMode.FILL, began, seeds)
    if unread is None:
        return "no run was made"
    reasons = "; ".join(sorted(set(unread.values())))
    return f"{len(unread)} of {len(seeds)} lists were not read ({reasons})" if unread else None


def _gained(was: Mapping[str, int], is_now: Mapping[str, int]) -> dict[str, int]:
    more = {name: count - was.get(name, 0) for name, count in is_now.items() if name not in UNFINISHED}
    return {name: count for name, count in more.items() if count > 0}


def exit_code(crawled: int, ends: Iterable[Filled]) -> int:
    """The command's end: a crawl that another run kept from its work says so, else the gaps decide.

    A fill whose lists named nothing of the day is no healthy crawl, yet may have left nothing open.
    """
    if crawled >= LEASE_HELD:
        return crawled
    return BELOW_EXPECTATION if any(end.still_open for end in ends) else HEALTHY
