"""What became of one address, run by run, and when it was taken down: read only."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.models import AddressRow, OutcomeRow, TakedownRow

TAKEN_DOWN = "taken down"
"""What stands for an outcome where a person, not a run, ended a page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One end of an address in a run, or its takedown."""

    outcome: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Looks:
    """An address that the archive knows, and each of its ends, the oldest first."""

    url: str
    source: str
    waits: bool
    """It is to be asked, or is being asked."""
    due_at: datetime | None
    """From when on the first crawl of the source asks again; None: only when a list or somebody names it."""
    ended: Sequence[Look]


def looks_at(session: Session, urls: Sequence[str]) -> Looks | None:
    """Of the first of these addresses that is known; those of an alias with those of its page."""
    found = (session.scalars(select(AddressRow).where(AddressRow.url == url)).one_or_none() for url in urls)
    address = next((row for row in found if row is not None), None)
    if address is None:
        return None
    asked = session.get_one(AddressRow, address.alias_of_id or address.id)
    here = {address.id, asked.id}
    ends = session.scalars(select(OutcomeRow).where(OutcomeRow.address_id.in_(here)))
    looks = [Look(outcome=row.outcome, reason=row.reason, at=row.at) for row in ends]
    return Looks(
        url=address.url,
        source=address.source,
        waits=asked.state != "settled",
        due_at=asked.next_fetch_at,
        ended=sorted([*looks, *_takedowns(session, here)], key=attrgetter("at")),
    )


def _takedowns(session: Session, here: set[int]) -> Iterator[Look]:
    """Each of these addresses': without it, what was stored seems to have gone by itself."""
    for row in session.scalars(select(TakedownRow)):
        if here & set(json.loads(row.done).get("addresses", ())):
            yield Look(outcome=TAKEN_DOWN, reason=row.reason, at=row.begun_at)
