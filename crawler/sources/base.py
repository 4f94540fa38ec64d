"""What a source declares. A new site is one file in this folder that ends in ``SOURCE = Source(...)``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from storage.records.discovery import Channel, Listing
from storage.seoul import days_between

if TYPE_CHECKING:
    from crawler.extract.page import Page

ListingParser = Callable[[bytes, str, datetime], Listing]
"""(body, base URL, seen at) -> Listing. Pure."""


def _must(declared: object, is_right: Callable[[Any], bool], meant: str, *fields: str) -> None:
    """Who writes a source may run no type checker: what would break, or be passed over, far from its line.

    Raises:
        TypeError: a field of the declared object is not what is meant.
    """
    for name in fields:
        if not is_right(value := getattr(declared, name)):
            raise TypeError(f"{type(declared).__name__}({name}=...) is {meant}, not {value!r}")


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_text_or_none(value: Any) -> bool:
    return value is None or isinstance(value, str)


def _is_callable_or_none(value: Any) -> bool:
    return value is None or callable(value)


def _is_web_address(value: Any) -> bool:
    return isinstance(value, str) and value.startswith(("http://", "https://"))


def _is_share(value: Any) -> bool:
    return isinstance(value, (int, float)) and 0 <= value <= 1


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and value >= 0


def _are_shares(value: Any) -> bool:
    return isinstance(value, Mapping) and all(map(_is_share, value.values()))


def _are_hosts(value: Any) -> bool:
    return isinstance(value, (frozenset, set, tuple, list)) and all(map(_is_text, value))


def _are_page_classes(value: Any) -> bool:
    return isinstance(value, (tuple, list)) and all(map(_is_page_class, value))


def _is_page_class(value: Any) -> bool:
    """A class with a name of its own: what it reads would pass for the generic path's otherwise."""
    name = getattr(value, "name", None)
    is_named = isinstance(name, str) and "/" in name and not name.startswith("generic/")
    return isinstance(value, type) and callable(getattr(value, "score", None)) and is_named


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

    def __post_init__(self) -> None:
        _must(self, _is_web_address, "an http(s) address", "url")
        _must(self, callable, "a function", "parse")
        _must(self, lambda pages: _is_count(pages) and pages > 0, "a number from 1", "max_pages")


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """An article address of this source."""

    url: str
    """Canonical form."""
    site_id: str | None
    """The site's own id, None where the address is an alias that only the page can resolve."""

    def __post_init__(self) -> None:
        _must(self, _is_web_address, "an http(s) address", "url")
        _must(self, _is_text_or_none, "text, or None", "site_id")


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """The declared healthy range of one run in mode ``latest``."""

    min_listed: int
    min_articles_share: float
    """Least share of articles (stored, unchanged, revised, duplicate) among the addresses fetched."""
    max_quarantined_share: float
    min_fill: Mapping[str, float] = field(default_factory=dict)
    """Field -> least share of the run's articles that must have it."""

    def __post_init__(self) -> None:
        _must(self, _is_count, "a number from 0", "min_listed")
        _must(self, _is_share, "a share from 0 to 1", "min_articles_share", "max_quarantined_share")
        _must(self, _are_shares, "shares from 0 to 1 by field", "min_fill")


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

    def __post_init__(self) -> None:
        _must(self, _is_text, "text", "name", "title", "homepage")
        _must(self, _is_text_or_none, "text, or None", "publisher")
        _must(self, _are_hosts, "a set of host names", "hosts", "fetch_hosts")
        _must(self, callable, "a function", "address", "seeds")
        _must(self, _is_callable_or_none, "a function, or None", "channels", "seed_of")
        _must(self, _are_page_classes, "page classes, each named <source>/<year>", "pages")
        _must(self, lambda one: isinstance(one, Expectation), "an Expectation", "expectation")


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
