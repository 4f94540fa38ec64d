"""Retention: bytes of captures that are older than the operator's policy. What was read from them stays.

Off unless a policy says otherwise, and never of the only capture of an article's current text unless told.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import ColumnElement, Engine, and_, case, func, literal, or_, select
from sqlalchemy.orm import Session

from storage.clock import utc_now
from storage.database.opening import writing
from storage.forget.answers import cut_all
from storage.forget.rows import mark_cut
from storage.forget.taken import HAS_BYTES, Taken, taken
from storage.models import AddressRow, AppearanceRow, CaptureRow, OutcomeRow, RevisionRow
from storage.records import Outcome
from storage.warc.cutting import cutting

RETENTION = "retention"
"""Why a capture has no bytes."""
QUIET = timedelta(days=35)
"""Our choice: an archive that is crawled has captures of this month. Where it has none, its crawls have
ended, or the clock is ahead: by that of 2099 every capture is too old."""
PIECE = 200
"""Captures in one transaction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How long bytes are kept; None: for ever."""

    captures: timedelta | None
    lists: timedelta | None
    even_the_only_one: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Expired:
    """What a policy removes, in numbers."""

    pages: int = 0
    lists: int = 0
    bytes: int = 0
    """Of the records, as they lie in the WARC files."""
    oldest: datetime | None = None
    kept: int = 0
    """As old, and kept: the only capture of a current text, or of a page in quarantine."""
    contents: int = 0
    """Revisions that can then no longer be read again."""
    current: int = 0
    """Of these, current ones."""
    quarantined: int = 0
    """Pages in quarantine that can then never be read."""


@dataclass(slots=True, kw_only=True)
class Removed:
    """What was removed."""

    captures: int = 0
    freed: int = 0
    """Bytes that the disk has back, as far as it knows holes."""
    left: list[str] = field(default_factory=list)


def expired(engine: Engine, policy: Policy, now: datetime) -> Expired:
    """What the policy removes at this moment; nothing is changed."""
    going = _going(policy, now)
    is_list = CaptureRow.address_id.is_(None)
    counted = select(
        func.coalesce(func.sum(case((is_list, 0), else_=1)), 0),
        func.coalesce(func.sum(case((is_list, 1), else_=0)), 0),
        func.coalesce(func.sum(CaptureRow.warc_length), 0),
        func.min(CaptureRow.fetched_at),
    ).where(going)
    with Session(engine) as session:
        pages, lists, size, oldest = session.execute(counted).one()
        ids = select(CaptureRow.id).where(going)
        shown = select(func.count()).select_from(RevisionRow).where(RevisionRow.capture_id.in_(ids))
        kept = 0
        if not policy.even_the_only_one:
            needed = select(func.count()).select_from(CaptureRow).where(_old(policy, now), _needed())
            kept = session.scalar(needed) or 0
        return Expired(
            pages=int(pages),
            lists=int(lists),
            bytes=int(size),
            oldest=oldest,
            kept=kept,
            contents=session.scalar(shown) or 0,
            current=session.scalar(shown.where(RevisionRow.valid_to.is_(None))) or 0,
            quarantined=session.scalar(
                select(func.count()).select_from(CaptureRow).where(going, _in_quarantine())
            )
            or 0,
        )


def quiet_since(engine: Engine, now: datetime) -> datetime | None:
    """When the newest capture came, where that is long ago: the clock may be wrong; None: it is not."""
    with Session(engine) as session:
        newest = session.scalar(select(func.max(CaptureRow.fetched_at)))
    return newest if newest is not None and newest < now - QUIET else None


def remove_expired(
    engine: Engine, folder: Path, policy: Policy, now: datetime, say: Callable[[int], None]
) -> Removed:
    """Remove it: each record is overwritten, its row says when and why. Interrupted, the rest is left.

    Args:
        folder: the WARC folder.
        say: told after each piece how many are removed by then.

    Raises:
        OSError, DBAPIError: the disk or the database refused.
    """
    done, after = Removed(), 0
    going = _going(policy, now)
    with cutting(folder) as cutter:
        while piece := _next(engine, going, after):
            after = piece[-1].capture_id
            cut = [
                one.capture_id for one in cut_all(cutter, piece, RETENTION, done.left.append, beside=False)
            ]
            with writing(engine) as session:
                mark_cut(session, cut, RETENTION, utc_now())
            done.captures += len(cut)
            say(done.captures)
        done.freed = cutter.freed
    return done


def _next(engine: Engine, going: ColumnElement[bool], after: int) -> list[Taken]:
    query = select(CaptureRow).where(CaptureRow.id > after, going).order_by(CaptureRow.id).limit(PIECE)
    with Session(engine) as session:
        return [taken(row) for row in session.scalars(query)]


def _going(policy: Policy, now: datetime) -> ColumnElement[bool]:
    """What the policy removes."""
    old = _old(policy, now)
    return old if policy.even_the_only_one else and_(old, ~_needed())


def _old(policy: Policy, now: datetime) -> ColumnElement[bool]:
    """Bytes that are there, judged, and older than the policy keeps them.

    A list is read when it comes: nothing else is waited for. A crawl of before revision 0017, which may go on
    beside the upgrade, does not say so in its row.
    """
    pages, lists = policy.captures, policy.lists or policy.captures
    is_list = CaptureRow.address_id.is_(None)
    judged = or_(is_list, CaptureRow.processed_at.is_not(None))
    ages = [
        and_(kind, CaptureRow.fetched_at < now - age)
        for kind, age in ((~is_list, pages), (is_list, lists))
        if age is not None
    ]
    return and_(HAS_BYTES, judged, or_(*ages) if ages else literal(value=False))


def _needed() -> ColumnElement[bool]:
    """The capture that gave what an appearance says now, or one that nobody has understood yet."""
    shown = select(AppearanceRow.id).where(AppearanceRow.capture_id == CaptureRow.id).exists()
    current = RevisionRow.valid_to.is_(None)
    newest = select(RevisionRow.id).where(RevisionRow.capture_id == CaptureRow.id, current).exists()
    return or_(shown, newest, _in_quarantine())


def _in_quarantine() -> ColumnElement[bool]:
    return (
        select(OutcomeRow.id)
        .join(AddressRow, AddressRow.id == OutcomeRow.address_id)
        .where(
            OutcomeRow.capture_id == CaptureRow.id,
            OutcomeRow.outcome == Outcome.QUARANTINED.value,
            AddressRow.last_outcome == Outcome.QUARANTINED.value,
        )
        .exists()
    )
