"""Addresses that ended as an article of which nothing is in the archive any more.

No command does that: rows were deleted by hand, or a backup of some tables was put back. What such an address
names is known, so that without a word no crawl would ever ask for it again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from sqlalchemy import ColumnElement, Connection, Engine, exists, func, select, update

from storage.database.opening import writing
from storage.models import AddressRow, AddressState, AppearanceRow, CaptureRow, OutcomeRow, RevisionRow
from storage.models.base import table_of
from storage.records import ARTICLES

SHOWN = tuple(outcome.value for outcome in ARTICLES)
"""Ends of an address that shows an article."""
_PIECE = 500

Spellings = Callable[[str], Iterable[str]]
"""What an address may be called in the archive: a redirect leads to ``X?from=app``, and X is stored."""


_ADDRESSES, _CAPTURES = table_of(AddressRow), table_of(CaptureRow)
_ADDRESS, _CAPTURE = _ADDRESSES.c, _CAPTURES.c
_APPEARANCE, _OUTCOME = table_of(AppearanceRow).c, table_of(OutcomeRow).c


def _nowhere() -> ColumnElement[bool]:
    """Nothing is stored at the address, at the one that it is another name of, or where it led."""
    own = func.coalesce(_ADDRESS.alias_of_id, _ADDRESS.id)
    at_own = exists().where(_APPEARANCE.address_id == own)
    captured, led_to = _CAPTURES.alias("captured").c, _ADDRESSES.alias("led_to").c
    of_its = captured.address_id == _ADDRESS.id
    where_led = (
        exists()
        .where(of_its, led_to.url == captured.url)
        .where(_APPEARANCE.address_id == func.coalesce(led_to.alias_of_id, led_to.id))
    )
    by_capture = exists().where(of_its, table_of(RevisionRow).c.capture_id == captured.id)
    ended = _ADDRESS.last_outcome.in_(SHOWN)
    return (
        ended
        & ~at_own.correlate(_ADDRESSES)
        & ~where_led.correlate(_ADDRESSES)
        & ~by_capture.correlate(_ADDRESSES)
    )


def unshown_of_run(engine: Engine, run_id: int, spellings: Spellings) -> int:
    """How many addresses the run ended as articles that are not in the archive; asks its own rows alone."""
    ended = select(_OUTCOME.address_id).where(_OUTCOME.run_id == run_id, _OUTCOME.outcome.in_(SHOWN))
    return len(unshown(engine, spellings, _ADDRESS.id.in_(ended)))


def count_unshown(engine: Engine, spellings: Spellings) -> int:
    """How many addresses of the whole archive are so. Reads every address."""
    return len(unshown(engine, spellings))


def unshown(engine: Engine, spellings: Spellings, *of: ColumnElement[bool]) -> list[tuple[int, str]]:
    """Number and URL of every such address, in order. Reads every address, but for what ``of`` leaves."""
    found = select(_ADDRESS.id, _ADDRESS.url).where(_nowhere(), *of).order_by(_ADDRESS.id)
    with engine.connect() as connection:
        rows = [(number, url) for number, url in connection.execute(found)]
        return [(number, url) for number, url in rows if not _led_to_one(connection, number, spellings)]


def _led_to_one(connection: Connection, address_id: int, spellings: Spellings) -> bool:
    """Whether something is stored where the address led, as its source spells that."""
    led = connection.scalars(select(_CAPTURE.url).where(_CAPTURE.address_id == address_id).distinct())
    urls = {spelt for url in led for spelt in spellings(url)}
    own = func.coalesce(_ADDRESS.alias_of_id, _ADDRESS.id)
    shown = select(_APPEARANCE.id).where(_APPEARANCE.address_id == own, _ADDRESS.url.in_(urls))
    return connection.scalars(shown.limit(1)).first() is not None


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
