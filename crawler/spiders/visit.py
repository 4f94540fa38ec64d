"""A list on its way through its pages: what those before listed, which come next, what was wrong with one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from http import HTTPStatus

from crawler.normalise.url import named_host
from crawler.sources.base import Seed
from crawler.verdict.usual import patience
from storage.records import Outcome
from storage.records.discovery import Listing
from storage.seoul import day_of

MOST_TOLD = 3
"""Links left out that a list's reason names; our choice, the log has each."""


_LAST_AGAIN = 2
"""Our choice: one page that comes twice may be a cache's, and hide its own."""
_NO_PAGE = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """What was wrong with a page behind which others were read."""

    outcome: Outcome
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A seed on its way: which of its pages is asked for, and what those before it listed."""

    seed: Seed
    page: int = 1
    listed: int = 0
    named: frozenset[str] = frozenset()
    """What the page before named."""
    again: int = 0
    """How many pages in a row, up to that one, named what the one before them named."""
    fullest: int = 0
    """Of the pages before that one, how many articles the fullest named."""
    left_out: tuple[str, ...] = ()
    """A sentence for each link that they named and that is no address of the archive."""
    waiting: tuple[str, ...] = ()
    """Pages that one of them named at once (an index of sitemaps), and that were not asked for yet."""
    asked: frozenset[str] = frozenset()
    place: str | None = None
    """The address of the page that is asked for, where one before it named it at once."""
    wrong: Wrong | None = None
    """The first that ended without its list."""

    def read(self, urls: Iterable[str], listing: Listing, left_out: Iterable[str]) -> Visit:
        """The visit behind a page that was read.

        Args:
            urls: the page's, as asked for and as answered.
        """
        asked = self.asked.union(urls)
        named = frozenset(found.url for found in listing.discoveries)
        further = [url for url in dict.fromkeys(listing.further) if url not in asked]
        return replace(
            self,
            page=self.page + 1,
            listed=self.listed + len(listing.discoveries) + len(listing.channels),
            named=named,
            again=self.again + 1 if named and named == self.named and not self.waiting else 0,
            fullest=max(self.fullest, len(self.named)),
            left_out=(*self.left_out, *([listing.note] if listing.note else []), *left_out),
            waiting=(*further, *(url for url in self.waiting if url not in further)),
            asked=asked,
        )

    def behind(self, wrong: Wrong) -> Visit:
        """The visit behind a page that could not be read, where others wait."""
        told = replace(wrong, reason=self.at_page(wrong.reason))
        return replace(self, page=self.page + 1, named=frozenset(), wrong=self.wrong or told)

    @property
    def may_go_on(self) -> bool:
        """Whether its seed lets another page be read."""
        return self.page <= self.seed.max_pages

    @property
    def passes_over(self) -> bool:
        """Whether its next page is read where this one names nothing (what it had was taken down, or moved on
        meanwhile): behind one such page, not behind two in a row, as past the end of a list that always has a
        next one."""
        return self.page == 1 or bool(self.named)

    def ended_before(self, status: int) -> Visit | None:
        """The visit at its end, where the page that is asked for does not exist behind one that named fewer
        than one before: the list's last, which its row of numbers leads past. None: a page is missing."""
        if status not in _NO_PAGE or self.waiting or not 0 < len(self.named) < self.fullest:
            return None
        told = f"page {self.page}: {status}, behind a page that named fewer"
        return replace(self, left_out=(*self.left_out, told))

    def has_ended(self, next_url: str | None) -> str | None:
        """That a list has ended though it names a next page, in a sentence: one that was read already, or, as
        some sites answer every number behind the last, the last page twice more."""
        if next_url in self.asked:
            return "its next page is one that was read"
        if next_url is not None and self.again >= _LAST_AGAIN:
            return f"the pages behind page {self.page - 1 - self.again} are that page again"
        return None

    @property
    def barred(self) -> str | None:
        """That its first page names others, none of which its seed lets be read: a list without an end."""
        if self.may_go_on or not self.waiting or self.page > 2:
            return None
        return f"it names {len(self.waiting)} lists, and max_pages of its seed lets none of them be read"

    def next(self, next_url: str | None) -> tuple[str, Visit] | None:
        """The page that comes next, with the visit that asks for it; None where none does, or none may."""
        if not self.may_go_on:
            return None
        if next_url:
            return next_url, replace(self, place=None)
        if not self.waiting:
            return None
        return self.waiting[0], replace(self, waiting=self.waiting[1:], place=self.waiting[0])

    def within(self, next_url: str | None, hosts: frozenset[str]) -> tuple[Visit, str | None]:
        """The visit and the next page; without what is on no host of the source, and saying so.

        An index none of whose lists may be asked for is no list: they stay, to end as what they are.
        """
        outside = _outside([next_url] if next_url else (), hosts)
        told = [f"its next page is outside the source: {host}" for host in outside]
        others = _outside(self.waiting, hosts)
        waiting = tuple(url for url in self.waiting if named_host(url) not in others)
        if not (waiting or self.listed):
            others, waiting = [], self.waiting
        told += [f"it names a list outside the source: {host}" for host in others]
        visit = replace(self, left_out=(*self.left_out, *told), waiting=waiting)
        return visit, None if outside else next_url

    def at_page(self, reason: str) -> str:
        """A sentence about the page that is asked for: nobody knows which the eighth of an index is."""
        if self.page == 1:
            return reason
        return (
            f"page {self.page}: {reason}"
            if self.place is None
            else f"page {self.page}, {self.place}: {reason}"
        )

    def end(self, *more: str) -> tuple[Outcome, str]:
        """How the list ended, and why."""
        reason = "; ".join(["listed", *more, *_told(self.left_out)])
        if self.wrong is None:
            return Outcome.STORED, reason
        return self.wrong.outcome, f"{self.wrong.reason}; {reason}"


def given_up(listing: Listing, seen_at: datetime) -> str | None:
    """That a list of the newest names nothing of late, by its own pace, in words; None: it does, or tells no
    times.

    Sites leave feeds where they were that they no longer write: what one names is stored once, then known.
    """
    hints = ((one.time_hint, one.updated_hint) for one in listing.discoveries)
    times = sorted({at for told in hints for at in told if at is not None})
    if not times or seen_at - times[-1] <= patience(times):
        return None
    return f"its newest article is of {day_of(times[-1])}"


def _outside(urls: Sequence[str], hosts: frozenset[str]) -> list[str]:
    named = dict.fromkeys(map(named_host, urls))
    return [host for host in named if host is not None and host not in hosts]


def _told(left_out: Sequence[str]) -> Sequence[str]:
    more = len(left_out) - MOST_TOLD
    return [*left_out[:MOST_TOLD], *([f"and {more} more"] if more > 0 else [])]
