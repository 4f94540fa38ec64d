"""What a source declares. A new site is one file in this folder that ends in ``SOURCE = Source(...)``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from storage.records.discovery import Channel, Listing
from storage.seoul import days_between

if TYPE_CHECKING:
    from crawler.extract.page import Page

ListingParser = Callable[[bytes, str, datetime], Listing]
"""(body, base URL, seen at) -> Listing. Pure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seed:
    """Where discovery starts: one feed or list page."""

    url: str
    kind: str
    """``feed``, ``listing``, ``sitemap``, ``channel``, ``search`` or ``channels`` (a list of channels)."""
    parse: ListingParser
    section: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    max_pages: int = 1
    """How many pages of it are read: ``Listing.next_url`` and ``Listing.further``."""
    publisher: str | None = None
    """Whose list it is; a name that the list itself does not give."""
    way: str | None = None
    """The way in that it is part of, where that is unproven; None: it is proven."""
    grade: str | None = None
    """How well the way is proven (docs/sites/): B by others' crawlers, C at second hand."""
    needs_explicit_robots: bool = False
    """True: a missing robots.txt does not count as permission (search hosts, docs/sites/daum.md 4)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """An article address of this source."""

    url: str
    """Canonical form."""
    site_id: str | None
    """The site's own id, None where the address is an alias that only the page can resolve."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """The declared healthy range of one run in mode ``latest``."""

    min_listed: int
    min_articles_share: float
    """Least share of articles (stored, unchanged, revised, duplicate) among the addresses fetched."""
    max_quarantined_share: float
    min_fill: Mapping[str, float] = field(default_factory=dict)
    """Field -> least share of the run's articles that must have it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Days of a backfill, inclusive, in Asia/Seoul."""

    since: date
    until: date

    @property
    def days(self) -> tuple[date, ...]:
        """Its days, the newest first: what is asked first is what is still there."""
        return tuple(days_between(self.since, self.until))[::-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A site that is crawled."""

    name: str
    title: str
    homepage: str
    hosts: frozenset[str]
    """Hosts whose addresses may hold this source's articles (aliases and old hosts included)."""
    fetch_hosts: frozenset[str]
    """Hosts that may be asked at all: article hosts, seed hosts, redirect targets; ``name:8080`` where the
    site answers at a port that is not its scheme's own."""
    address: Callable[[str], Address | None]
    """URL -> Address, or None when it is no article address of this source."""
    seeds: Callable[[Window | None], Iterable[Seed]]
    """Window None: the newest; otherwise a backfill."""
    pages: tuple[type[Page], ...]
    """Page classes, newest template first."""
    expectation: Expectation
    channels: Callable[[Window | None, Sequence[Channel]], Iterable[Seed]] | None = None
    """The lists of chosen publishers' channels, where the site has such; ``seeds`` has the default ones."""
    default_channels: tuple[Channel, ...] = ()
    default_names: tuple[str, ...] = ()
    """Publishers that are read as well once the site tells the number of their channel."""
    seed_of: Callable[[str], Seed | None] | None = None
    """A list's address -> its seed, where it is none of ``seeds`` and its address says all of it."""
    syndicates: bool = False
    """True when the site shows other publishers' articles (a portal)."""
    publisher: str | None = None
    """The one publisher of the site, where there is one."""
    unrelated_hosts: bool = False
    """True: its hosts are of many owners; what one asks for says nothing of the others."""


CHANNEL = "channel"
"""The kind of a channel's list."""
CHANNEL_SIZE = 30
"""Addresses that a channel's list names at once: what the caller of 2026-05-17 asked for
(docs/sites/daum.md 1.3)."""


def lists(source: Source, window: Window | None, chosen: Sequence[Channel] | None = None) -> tuple[Seed, ...]:
    """The seeds of the newest (None) or of days; with the chosen channels in place of the default ones."""
    seeds = tuple(source.seeds(window))
    if source.channels is None or chosen is None:
        return seeds
    return (*(seed for seed in seeds if seed.kind != CHANNEL), *source.channels(window, chosen))


def lists_of_days(
    source: Source, days: Iterable[date], chosen: Sequence[Channel] | None = None
) -> tuple[Seed, ...]:
    """The lists that name articles of the days, each once."""
    named = {seed.url: seed for window in windows_of_days(days) for seed in lists(source, window, chosen)}
    return tuple(named.values())


def windows_of_days(days: Iterable[date]) -> tuple[Window, ...]:
    """A window for each day, the newest first."""
    return tuple(Window(since=day, until=day) for day in sorted(days, reverse=True))


def newest_lists(source: Source) -> frozenset[str]:
    """Addresses of the lists that are of no day."""
    return frozenset(seed.url for seed in source.seeds(None))
