"""What became of one address, run by run: read only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.models import AddressRow, OutcomeRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One end of an address in a run."""

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
    ended: Sequence[Look]


def looks_at(session: Session, urls: Sequence[str]) -> Looks | None:
    """Of the first of these addresses that is known; those of an alias with those of its page."""
    found = (session.scalars(select(AddressRow).where(AddressRow.url == url)).one_or_none() for url in urls)
    address = next((row for row in found if row is not None), None)
    if address is None:
        return None
    here = {address.id, address.alias_of_id or address.id}
    ends = session.scalars(select(OutcomeRow).where(OutcomeRow.address_id.in_(here)).order_by(OutcomeRow.at))
    return Looks(
        url=address.url,
        source=address.source,
        waits=address.state != "settled",
        ended=[Look(outcome=row.outcome, reason=row.reason, at=row.at) for row in ends],
    )
