"""Due or known: which addresses of a list are to be asked for."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, select

from storage.frontier.hints import Differs, Said, differs
from storage.frontier.listed import Seen
from storage.models import AddressState, DiscoveryRow
from storage.models.base import table_of
from storage.records import ARTICLES, Outcome
from storage.records.discovery import Discovery

EARLY_LOOK = timedelta(minutes=10)
"""Between two looks at a page for a hint's sake: the first age at which it is asked anyway."""


KNOWN_ENDS = frozenset({*ARTICLES, Outcome.NOT_ARTICLE})
"""Ends that say what the page is. After the others a list that names it is a reason to ask again: what failed
or is in quarantine gave nothing yet, what is gone is named all the same. Three times (``IN_VAIN``); then
it is asked when it is due, so that not each poll asks for each dead link of a front page."""

ANSWERED = frozenset({Outcome.GONE, Outcome.QUARANTINED})
"""Of these the site's answer was an end; the others are tried again whether listed or not."""

IN_VAIN = 3
"""Our choice: as often as a request is tried that was not answered."""

LISTED_BACKOFF = timedelta(hours=1)
"""Our choice, of what failed while a list names it: a front page shows an article for some hours."""

LONGEST_REST = timedelta(days=1)
"""While a list names it: it may be there again. A day further off is the word of a clock that was ahead."""


LYING_LEAST = 5
"""Our choice: of fewer pages more than half may well have been changed in ten minutes."""


@dataclass(slots=True)
class Known:
    """What the frontier has of an address."""

    id: int
    url: str
    alias_of_id: int | None
    site_id: str | None
    state: str
    last_outcome: str | None
    last_fetched_at: datetime | None
    next_fetch_at: datetime | None
    attempts: int
    last_error: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """The newest discovery of an address at the seed."""

    id: int
    last_run_id: int
    previous_run_id: int | None
    said: Said


@dataclass(slots=True)
class Ends:
    """What is to be written, by address."""

    due: list[int] = field(default_factory=list)
    listed_again: list[int] = field(default_factory=list)
    """Owed an end already."""
    later: list[Known] = field(default_factory=list)
    """Hinted at too soon after the last look."""
    resting: list[Known] = field(default_factory=list)
    """Asked in vain and not due yet: each ends as it ended before."""
    known: int = 0
    """Newly counted as known, less those that were and are to be asked after all."""
    listed: int = 0


class Told(NamedTuple):
    """What a seed said of an address before, and in what it says otherwise now."""

    before: Before | None = None
    """Its newest discovery there; None: there is none."""
    differs: Differs | None = None
    """None: there was none before, or this run has told it already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfRun:
    """Where some addresses stand in the run."""

    listed: Collection[int]
    """A seed of the run has listed them by now."""
    ended: Collection[int]
    still_open: Collection[int]
    """They are owed an end."""


def told(
    seen: Seen, by_address: Mapping[int, tuple[Known, Discovery]], before: Mapping[int, Before]
) -> dict[int, Told]:
    """Address -> what the seed said before and says otherwise, of those that it has named before."""
    said = {}
    for address_id, earlier in before.items():
        again = earlier.last_run_id == seen.run_id
        found = by_address[address_id][1]
        said[address_id] = Told(earlier, None if again else differs(earlier.said, found))
    return said


def decide(
    seen: Seen,
    by_address: Mapping[int, tuple[Known, Discovery]],
    said: Mapping[int, Told],
    of_run: OfRun,
) -> Ends:
    """What becomes of each address of a piece of a list.

    Args:
        by_address: address -> what is known of it, and what the list says.
        said: address -> what the seed said of it before.
    """
    hinted = _hinted(seen, by_address, said)
    ends = Ends()
    for address_id, (known, _) in by_address.items():
        if address_id in of_run.ended:
            continue
        if address_id in of_run.still_open:
            ends.listed_again.append(address_id)
            continue
        counted = address_id in of_run.listed
        ends.listed += not counted
        if seen.ask or _is_due(known, seen.at, hinted=address_id in hinted):
            ends.known -= counted
            ends.due.append(address_id)
            continue
        if known.last_outcome in KNOWN_ENDS:
            ends.known += not counted
        else:
            ends.known -= counted
            ends.resting.append(known)
        if address_id in hinted:
            ends.later.append(known)
    return ends


def seen_in_run(connection: Connection, run_id: int, ids: Collection[int]) -> set[int]:
    """Those of the addresses that a seed of the run has listed by now."""
    seen = table_of(DiscoveryRow).c
    listed = select(seen.address_id).where(seen.address_id.in_(ids), seen.last_run_id == run_id)
    return set(connection.scalars(listed))


def _is_due(known: Known, now: datetime, *, hinted: bool) -> bool:
    if known.state != AddressState.SETTLED.value:
        return True
    if known.last_outcome not in KNOWN_ENDS and not _rests(known, now):
        return True
    if known.next_fetch_at is not None and known.next_fetch_at <= now:
        return True
    if known.last_fetched_at is not None and known.last_fetched_at > now + EARLY_LOOK:
        return True  # by a clock that has since been put back, which found it old enough to be left alone
    return hinted and (known.last_fetched_at is None or now - known.last_fetched_at >= EARLY_LOOK)


def _rests(known: Known, now: datetime) -> bool:
    """Whether what was asked in vain is left alone, though a list names it."""
    if known.last_outcome is None or known.attempts < IN_VAIN:
        return False
    looked = known.last_fetched_at
    if looked is None:
        return False  # nobody ever answered: that is over for all pages at once
    looks = [known.next_fetch_at]
    if known.last_outcome in ANSWERED:
        looks.append(looked + LONGEST_REST)
    elif known.next_fetch_at is None or known.next_fetch_at > looked + LISTED_BACKOFF + EARLY_LOOK:
        return False  # nor was the last look answered: the rest is not counted from it
    until = min((look for look in looks if look is not None), default=now)
    return now < until <= now + LONGEST_REST


def _hinted(
    seen: Seen, by_address: Mapping[int, tuple[Known, Discovery]], said: Mapping[int, Told]
) -> set[int]:
    """Addresses of whose page the seed says that it changed.

    A list that gives most of what it named before the present as its time says nothing of any page.
    """
    titles, times, of_now, compared = set(), set(), set(), 0
    for address_id, (_, says) in said.items():
        if says is None:
            continue
        compared += 1
        if says.title:
            titles.add(address_id)
        if says.time:
            times.add(address_id)
            found = by_address[address_id][1]
            if _is_now(found.updated_hint or found.time_hint, seen.at):
                of_now.add(address_id)
    if len(of_now) >= LYING_LEAST and 2 * len(of_now) > compared:
        times -= of_now
    return titles | times


def _is_now(said: datetime | None, now: datetime) -> bool:
    return said is not None and abs(now - said) < EARLY_LOOK
