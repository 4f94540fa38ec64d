"""Addresses that ended as an article of which nothing is in the archive any more.

No command does that: rows were deleted by hand, or a backup of some tables was put back. What such an address
names is known, so that without a word no crawl would ever ask for it again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from sqlalchemy import ColumnElement, Engine, exists, func, select, update
from sqlalchemy.orm import Session, aliased

from storage.database.opening import writing
from storage.models import AddressRow, AddressState, AppearanceRow, CaptureRow, OutcomeRow, RevisionRow
from storage.records import ARTICLES

SHOWN = tuple(outcome.value for outcome in ARTICLES)
"""Ends of an address that shows an article."""
_PIECE = 500

Spellings = Callable[[str], Iterable[str]]
"""What an address may be called in the archive: a redirect leads to ``X?from=app``, and X is stored."""


def _nowhere() -> ColumnElement[bool]:
    """Nothing is stored at the address, at the one that it is another name of, or where it led."""
    own = func.coalesce(AddressRow.alias_of_id, AddressRow.id)
    at_own = exists().where(AppearanceRow.address_id == own)
    captured, led_to = aliased(CaptureRow), aliased(AddressRow)
    of_its = captured.address_id == AddressRow.id
    where_led = (
        exists()
        .where(of_its, led_to.url == captured.url)
        .where(AppearanceRow.address_id == func.coalesce(led_to.alias_of_id, led_to.id))
    )
    by_capture = exists().where(of_its, RevisionRow.capture_id == captured.id)
    ended = AddressRow.last_outcome.in_(SHOWN)
    return (
        ended
        & ~at_own.correlate(AddressRow)
        & ~where_led.correlate(AddressRow)
        & ~by_capture.correlate(AddressRow)
    )


def unshown_of_run(engine: Engine, run_id: int, spellings: Spellings) -> int:
    """How many addresses the run ended as articles that are not in the archive; asks its own rows alone."""
    ended = select(OutcomeRow.address_id).where(OutcomeRow.run_id == run_id, OutcomeRow.outcome.in_(SHOWN))
    return len(unshown(engine, spellings, AddressRow.id.in_(ended)))


def count_unshown(engine: Engine, spellings: Spellings) -> int:
    """How many addresses of the whole archive are so. Reads every address."""
    return len(unshown(engine, spellings))


def unshown(engine: Engine, spellings: Spellings, *of: ColumnElement[bool]) -> list[tuple[int, str]]:
    """Number and URL of every such address, in order. Reads every address, but for what ``of`` leaves."""
    found = select(AddressRow.id, AddressRow.url).where(_nowhere(), *of).order_by(AddressRow.id)
    with Session(engine) as session:
        rows = [(number, url) for number, url in session.execute(found)]
        return [(number, url) for number, url in rows if not _led_to_one(session, number, spellings)]


def _led_to_one(session: Session, address_id: int, spellings: Spellings) -> bool:
    """Whether something is stored where the address led, as its source spells that."""
    led = session.scalars(select(CaptureRow.url).where(CaptureRow.address_id == address_id).distinct())
    urls = {spelt for url in led for spelt in spellings(url)}
    own = func.coalesce(AddressRow.alias_of_id, AddressRow.id)
    shown = select(AppearanceRow.id).join(AddressRow, AppearanceRow.address_id == own)
    return session.scalars(shown.where(AddressRow.url.in_(urls)).limit(1)).first() is not None


def ask_again(engine: Engine, address_ids: Collection[int]) -> None:
    """Make the addresses such as nobody has asked for: the next crawl does, and unconditionally."""
    numbers = sorted(address_ids)
    fresh = {
        "state": AddressState.PENDING.value,
        "last_outcome": None,
        "last_error": None,
        "next_fetch_at": None,
        "etag": None,
        "last_modified": None,
        "attempts": 0,
    }
    for start in range(0, len(numbers), _PIECE):
        with writing(engine) as session:
            session.execute(
                update(AddressRow)
                .where(AddressRow.id.in_(numbers[start : start + _PIECE]))
                .where(AddressRow.state == AddressState.SETTLED.value)
                .values(fresh)
                .execution_options(synchronize_session=False)
            )
