"""Due or known: which addresses of a list are to be asked for."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.frontier.hints import Said, differs
from storage.frontier.listed import Seen
from storage.models import AddressState, DiscoveryRow, OutcomeRow, UnendedRow
from storage.records import ARTICLES, Outcome
from storage.records.discovery import Discovery

EARLY_LOOK = timedelta(minutes=10)
"""Between two looks at a page for a hint's sake: the first age at which it is asked anyway."""


KNOWN_ENDS = frozenset({*ARTICLES, Outcome.NOT_ARTICLE})
"""Ends that say what the page is. After the others a list that names it is a reason to ask again: what failed
or is in quarantine gave nothing yet, what is gone is named all the same."""


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
    known: int = 0
    """Newly counted as known, less those that were and are to be asked after all."""
    listed: int = 0


def decide(
    session: Session,
    seen: Seen,
    by_address: Mapping[int, tuple[Known, Discovery]],
    before: Mapping[int, Before],
) -> Ends:
    """What becomes of each address of a piece of a list.

    Args:
        by_address: address -> what is known of it, and what the list says.
        before: address -> its newest discovery at the seed.
    """
    ids = sorted(by_address)
    ended = _in_run(session, OutcomeRow.address_id, OutcomeRow.run_id == seen.run_id, ids)
    still_open = _in_run(session, UnendedRow.address_id, UnendedRow.run_id == seen.run_id, ids)
    counted = seen_in_run(session, seen.run_id, ids)
    hinted = _hinted(seen, by_address, before)
    ends = Ends()
    for address_id, (known, _) in by_address.items():
        if address_id in ended:
            continue
        if address_id in still_open:
            ends.listed_again.append(address_id)
            continue
        ends.listed += address_id not in counted
        if seen.ask or _is_due(known, seen.at, hinted=address_id in hinted):
            ends.known -= address_id in counted
            ends.due.append(address_id)
        else:
            ends.known += address_id not in counted
            if address_id in hinted:
                ends.later.append(known)
    return ends


def _in_run(session: Session, column: object, of_run: object, ids: Sequence[int]) -> set[int]:
    return set(session.scalars(select(column).where(of_run, column.in_(ids))))  # type: ignore[attr-defined, call-overload]


def seen_in_run(session: Session, run_id: int, ids: Collection[int]) -> set[int]:
    """Those of the addresses that a seed of the run has listed by now."""
    listed = select(DiscoveryRow.address_id).where(
        DiscoveryRow.address_id.in_(ids), DiscoveryRow.last_run_id == run_id
    )
    return set(session.scalars(listed))


def _is_due(known: Known, now: datetime, *, hinted: bool) -> bool:
    if known.state != AddressState.SETTLED.value or known.last_outcome not in KNOWN_ENDS:
        return True
    if known.next_fetch_at is not None and known.next_fetch_at <= now:
        return True
    return hinted and (known.last_fetched_at is None or now - known.last_fetched_at >= EARLY_LOOK)


def _hinted(
    seen: Seen, by_address: Mapping[int, tuple[Known, Discovery]], before: Mapping[int, Before]
) -> set[int]:
    """Addresses of whose page the seed says that it changed.

    A list that gives most of what it named before the present as its time says nothing of any page.
    """
    titles, times, of_now, compared = set(), set(), set(), 0
    for address_id, (_, found) in by_address.items():
        earlier = before.get(address_id)
        if earlier is None or earlier.last_run_id == seen.run_id:
            continue
        compared += 1
        says = differs(earlier.said, found)
        if says.title:
            titles.add(address_id)
        if says.time:
            times.add(address_id)
            if _is_now(found.updated_hint or found.time_hint, seen.at):
                of_now.add(address_id)
    if len(of_now) >= LYING_LEAST and 2 * len(of_now) > compared:
        times -= of_now
    return titles | times


def _is_now(said: datetime | None, now: datetime) -> bool:
    return said is not None and abs(now - said) < EARLY_LOOK
