"""Whether a run's account adds up: listed = the sum of the outcomes, and its rows can be read back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Engine, Select, bindparam, func, select

from storage.database.opening import describe, open_readonly
from storage.database.prepared import Prepared
from storage.database.refusal import DatabaseRefused, refusals
from storage.models import AddressRow, AddressState, OutcomeRow, RunRow, UnendedRow
from storage.models.base import table_of

_RUN, _OUTCOME, _OWED = table_of(RunRow), table_of(OutcomeRow), table_of(UnendedRow)
_ADDRESS = table_of(AddressRow).c
_OF_RUN = bindparam("of_run", type_=_RUN.c.id.type)
_ENDED, _LEFT = (
    select(func.count()).select_from(of).where(of.c.run_id == _OF_RUN).scalar_subquery()
    for of in (_OUTCOME, _OWED)
)
_WRITTEN = Prepared(select(_RUN.c.owner, _ENDED).where(_RUN.c.id == _OF_RUN))
_ACCOUNT = Prepared(select(_RUN.c.listed, _RUN.c.known, _ENDED, _LEFT).where(_RUN.c.id == _OF_RUN))

EXAMPLES = 3
"""Addresses that a reason names; our choice, a reason is one line. All of them are one query away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unended:
    """Addresses that a run listed and that have no outcome in it."""

    count: int = 0
    held: int = 0
    """Of these, those that another run has leased now."""
    examples: tuple[str, ...] = ()

    def __str__(self) -> str:
        held = f", {self.held} of them held by another run" if self.held else ""
        more = f" and {self.count - len(self.examples)} more" if self.count > len(self.examples) else ""
        return f"{self.count} listed without an outcome{held} ({', '.join(self.examples)}{more})"


def unended(engine: Engine, run_id: int, owner: str) -> Unended:
    """The addresses that a run listed, or took on, and that have no outcome in it.

    Args:
        owner: the run's own name in leases: what it holds itself is not held by another.
    """
    without = _ADDRESS.id.in_(select(_OWED.c.address_id).where(_OWED.c.run_id == run_id))
    leased = (_ADDRESS.state == AddressState.LEASED.value) & (_ADDRESS.lease_owner != owner)
    with engine.connect() as connection:
        count = connection.scalar(_counted(without)) or 0
        if not count:
            return Unended()
        held = connection.scalar(_counted(without & leased)) or 0
        named = select(_ADDRESS.url).where(without).order_by(_ADDRESS.id).limit(EXAMPLES)
        return Unended(count=count, held=held, examples=tuple(connection.scalars(named)))


def account(engine: Engine, run_id: int) -> str | None:
    """Why a run's account does not add up: listed is the sum of its outcomes, what is known and what is owed.

    The three are counted where each is written, so that a mistake in one of them shows. None: it adds up.
    """
    with engine.connect() as connection:
        listed, known, outcomes, without = _ACCOUNT.run(connection, {"of_run": run_id}).one()
    if listed == known + outcomes + without:
        return None
    return (
        f"the ledger does not add up: {listed} listed, but {known} known, {outcomes} with an outcome and "
        f"{without} without"
    )


def _counted(which: ColumnElement[bool]) -> Select[int]:
    return select(func.count()).select_from(table_of(AddressRow)).where(which)


def next_due(engine: Engine, source: str) -> datetime | None:
    """When the next address of a source is due; None where none ever is."""
    due = select(func.min(_ADDRESS.next_fetch_at)).where(_ADDRESS.source == source)
    with engine.connect() as connection:
        found: datetime | None = connection.scalar(due)
    return found


def confirm(url: str, run_id: int, owner: str, outcomes: int) -> None:
    """Read a run's own rows back as anybody else would: through a connection of its own.

    Writes to a deleted or replaced file, or into a journal that nobody else sees, succeed.

    Raises:
        DatabaseRefused: the rows are not there.
    """
    engine = open_readonly(url)
    try:
        with refusals(engine.url), engine.connect() as connection:
            whose, there = _WRITTEN.run(connection, {"of_run": run_id}).first() or (None, 0)
    finally:
        engine.dispose()
    if whose != owner:
        raise DatabaseRefused(f"{describe(engine.url)} does not hold run {run_id}, which wrote to it")
    if there < outcomes:
        raise DatabaseRefused(
            f"{describe(engine.url)} holds {there} of the {outcomes} outcomes that run {run_id} wrote"
        )
