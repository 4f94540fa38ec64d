"""When an address is asked again, listed or not: soon after a failure, by its age after a page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from crawler.configuration.durations import AGES
from storage.frontier.known import LISTED_BACKOFF
from storage.records import ARTICLES, Article, Outcome
from storage.records.runs import LeasedAddress

MAX_BACKOFF = timedelta(days=30)
"""Our choice: as the last age of a page. What is answered so for ever is asked ever more seldom; once a day
each, a year's dead addresses were a thousand requests a day."""
UNANSWERED_BACKOFF = timedelta(days=1)
"""Where no answer came (robots.txt forbids or is away, the host is): that is over for all pages at once."""

RETRIED = frozenset({Outcome.FAILED, Outcome.BLOCKED})
"""Outcomes after which the address is asked again soon, without being listed again."""

BY_AGE = frozenset(Outcome) - RETRIED - {Outcome.DUPLICATE, Outcome.KNOWN}
"""Outcomes of pages that may change, vanish, come back, or become an article. What is in quarantine may have
been the maintenance page or the shell that a site answered with for an hour."""


def next_look(
    address: LeasedAddress,
    outcome: Outcome,
    born: datetime,
    now: datetime,
    ages: Sequence[timedelta],
    *,
    answered: bool = True,
) -> datetime | None:
    """When to ask the address again; None: another name of it is asked, or it is old enough to be left
    alone, until a list names it or says that it changed.

    Args:
        born: when its article was published, or when it was first seen.
        ages: ages of a page at which it is asked again; none: what gave no article is asked at those of the
            default, as it may have been the site's for an hour.
        answered: the site answered for this address.
    """
    if outcome in RETRIED:
        most = MAX_BACKOFF if answered else UNANSWERED_BACKOFF
        most = most if address.listed is None else LISTED_BACKOFF
        return now + min(backoff(address.attempts), most)
    if outcome not in BY_AGE:
        return None
    return next_recheck(born, now, now, ages or (() if outcome in ARTICLES else AGES))


def born_of(article: Article, address: LeasedAddress) -> datetime:
    """From when the age of an article's address counts.

    One that was led to the page of another address, an old one perhaps, may have been so for an hour: its own
    article is still to come, and no list makes it due, as what gave an article is known.
    """
    if article.published is None:
        return address.first_seen_at
    led_there = article.url != address.url
    return max(article.published.at, address.first_seen_at) if led_there else article.published.at


def backoff(attempts: int) -> timedelta:
    """How long an address that failed rests: 1, 2, 4 ... minutes, at most 30 days."""
    return min(timedelta(minutes=2 ** min(attempts, 16)), MAX_BACKOFF)


def next_recheck(
    born: datetime, last_fetched: datetime, now: datetime, ages: Sequence[timedelta] = AGES
) -> datetime | None:
    """When the page is to be asked again; None when it is old enough to be left alone.

    Args:
        born: when it was published, or first seen where no time is printed; aware.
        last_fetched: when it was asked last. An age that it was asked after is not asked for again,
            so that a crawler that slept for a week looks once and not six times.
        now: never earlier than this is answered.
        ages: ages of the page, ascending.
    """
    born = min(born, last_fetched)  # an embargoed page can carry a time to come
    due = next((born + age for age in ages if born + age > last_fetched), None)
    return None if due is None else max(due, now)


def longest_look(ages: Sequence[timedelta]) -> timedelta:
    """No next look is further ahead than this."""
    return max([*ages, MAX_BACKOFF])


def requests_for(articles_per_day: float, ages: Sequence[timedelta] = AGES) -> float:
    """Requests a day that the policy costs at a steady rate of new articles: one for each age.

    >>> requests_for(1000)
    6000.0
    """
    return float(articles_per_day * len(ages))
