"""What a stretch of time did not bring, and why: addresses, lists, slots, and the hosts that refused."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import Engine, case, func, select
from sqlalchemy.orm import Session

from storage.frontier.rests import REFUSALS
from storage.ledger.days import PENDING, UNFINISHED
from storage.ledger.week import Span
from storage.models import (
    AddressRow,
    CaptureRow,
    HostRow,
    OutcomeRow,
    RunRow,
    SeedVisitRow,
    SlotRow,
    SlotState,
    SourceRow,
)
from storage.records import SCHEDULED, Outcome

UNREAD = tuple(end for end in UNFINISHED if end != PENDING)
"""Ends that gave no article and may yet."""
NOT_CRAWLED = (
    SlotState.MISSED.value,
    SlotState.BLOCKED.value,
    SlotState.ASLEEP.value,
    SlotState.COALESCED.value,
)
REFUSED = (*sorted(REFUSALS), 503)
"""Statuses by which a host says no, or not now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadAddresses:
    """Addresses by the last bad end that they came to in the week."""

    source: str
    outcome: str
    reason: str
    addresses: int
    still: int
    """Of them, those that have come to no better end since."""


@dataclass(slots=True, kw_only=True)
class UnreadList:
    """A list that could not be read at every visit."""

    source: str
    seed: str
    visits: int = 0
    unread: int = 0
    last: str = ""
    """What its newest visit without success came to: outcome and reason."""
    read_since: bool = False
    """Whether a later visit in the week read it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UncrawledSlots:
    """Slots at which nothing was crawled, of one kind."""

    source: str
    mode: str
    state: str
    reason: str | None
    slots: int


@dataclass(slots=True, kw_only=True)
class HostWeek:
    """The refusals of one host, named as in the table ``host``."""

    host: str
    statuses: Counter[int] = field(default_factory=Counter)


def unread_addresses(engine: Engine, span: Span) -> list[UnreadAddresses]:
    """Addresses that failed, were refused or not understood, by source, end and reason; the most first."""
    bad = OutcomeRow.outcome.in_(UNREAD)
    last = (
        select(func.max(OutcomeRow.id))
        .where(OutcomeRow.run_id.in_(span.runs_at_work()), bad, span.holds(OutcomeRow.at))
        .group_by(OutcomeRow.address_id)
    )
    still = func.sum(case((AddressRow.last_outcome.in_(UNREAD), 1), else_=0))
    by = (RunRow.source, OutcomeRow.outcome, OutcomeRow.reason)
    rows = (
        select(*by, func.count(), still)
        .join(RunRow, RunRow.id == OutcomeRow.run_id)
        .join(AddressRow, AddressRow.id == OutcomeRow.address_id)
        .where(OutcomeRow.id.in_(last))
        .group_by(*by)
    )
    with Session(engine) as session:
        found = [
            UnreadAddresses(source=source, outcome=outcome, reason=reason, addresses=count, still=int(left))
            for source, outcome, reason, count, left in session.execute(rows)
        ]
    return sorted(found, key=lambda one: (one.source, one.outcome, -one.addresses, one.reason))


def unread_lists(engine: Engine, span: Span) -> list[UnreadList]:
    """The lists that could not be read at some visit, the worst first."""
    rows = (
        select(
            RunRow.source,
            SeedVisitRow.seed,
            SeedVisitRow.outcome,
            SeedVisitRow.reason,
            func.count(),
            func.max(SeedVisitRow.id),
        )
        .join(RunRow, RunRow.id == SeedVisitRow.run_id)
        .where(SeedVisitRow.run_id.in_(span.runs_at_work()), span.holds(SeedVisitRow.at))
        .group_by(RunRow.source, SeedVisitRow.seed, SeedVisitRow.outcome, SeedVisitRow.reason)
    )
    found: dict[tuple[str, str], UnreadList] = {}
    with Session(engine) as session:
        for source, seed, outcome, reason, count, _ in sorted(session.execute(rows), key=lambda row: row[5]):
            one = found.setdefault((source, seed), UnreadList(source=source, seed=seed))
            one.visits += count
            bad = outcome in (*UNREAD, Outcome.GONE.value)
            one.read_since = not bad
            if bad:
                one.unread += count
                one.last = f"{outcome}: {reason}"
    lacking = [one for one in found.values() if one.unread]
    return sorted(lacking, key=lambda one: (one.source, -one.unread / one.visits, -one.unread, one.seed))


def uncrawled_slots(engine: Engine, span: Span) -> list[UncrawledSlots]:
    """The slots due in the span at which nothing was crawled, by source, mode, state and reason."""
    by = (SlotRow.source, SlotRow.mode, SlotRow.state, SlotRow.reason)
    rows = (
        select(*by, func.count())
        .where(SlotRow.source.in_(select(SourceRow.name)), SlotRow.mode.in_(SCHEDULED))
        .where(span.holds(SlotRow.due_at), SlotRow.state.in_(NOT_CRAWLED))
        .group_by(*by)
    )
    with Session(engine) as session:
        found = [
            UncrawledSlots(source=source, mode=mode, state=state, reason=reason, slots=count)
            for source, mode, state, reason, count in session.execute(rows)
        ]
    return sorted(found, key=lambda one: (one.source, one.mode, one.state, -one.slots, one.reason or ""))


def refusals_of(engine: Engine, span: Span) -> list[HostWeek]:
    """The refusals of each host, by name."""
    rows = (
        select(CaptureRow.url, CaptureRow.http_status, func.count())
        .where(CaptureRow.run_id.in_(span.runs_at_work()), span.holds(CaptureRow.fetched_at))
        .where(CaptureRow.http_status.in_(REFUSED))
        .group_by(CaptureRow.url, CaptureRow.http_status)
    )
    found: dict[str, HostWeek] = {}
    with Session(engine) as session:
        for url, status, count in session.execute(rows):
            host = urlsplit(url).netloc.lower()
            found.setdefault(host, HostWeek(host=host)).statuses[status] += count
    return [found[host] for host in sorted(found)]


@dataclass(frozen=True, slots=True, kw_only=True)
class RestingHost:
    """A host that is left alone now."""

    host: str
    until: datetime
    reason: str | None
    refusals: int
    """In a row."""


def resting_hosts(engine: Engine, now: datetime) -> list[RestingHost]:
    """The hosts that rest at ``now``, by name."""
    rows = select(HostRow).where(HostRow.rests_until > now).order_by(HostRow.name)
    with Session(engine) as session:
        return [
            RestingHost(host=row.name, until=row.rests_until, reason=row.rest_reason, refusals=row.refusals)
            for row in session.scalars(rows)
            if row.rests_until is not None
        ]
