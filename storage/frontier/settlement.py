"""The single end of an address in a run, written inside a transaction of the caller."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, delete, select, update
from sqlalchemy.exc import NoResultFound

from storage.database.prepared import Prepared
from storage.database.upsert import BATCH, is_added
from storage.frontier.discovering import count, owe
from storage.frontier.known import KNOWN_ENDS, seen_in_run
from storage.frontier.rests import REFUSALS
from storage.models import AddressRow, AddressState, CaptureRow, OutcomeRow, UnendedRow
from storage.models.base import table_of
from storage.records import ARTICLES, PAGE_STATUSES, Outcome
from storage.records.runs import Settled

_ERRORS = frozenset({Outcome.BLOCKED, Outcome.FAILED, Outcome.QUARANTINED})
_NO_PAGE = _ERRORS | {Outcome.GONE}


class Before(NamedTuple):
    """What of an address and of a capture of it its end is told by."""

    attempts: int
    last_fetched_at: datetime | None
    etag: str | None
    last_modified: str | None
    fetched_at: datetime | None
    """The capture's, as what follows; None: there is no capture."""
    http_status: int | None
    new_etag: str | None
    new_last_modified: str | None
    truncated: str | None
    processed_at: datetime | None


# Made once: building a statement costs SQLAlchemy more than SQLite needs to answer it.
_ADDRESSES, _CAPTURES = table_of(AddressRow), table_of(CaptureRow)
_OUTCOMES, _OWED = table_of(OutcomeRow), table_of(UnendedRow)
BEFORE = (
    _ADDRESSES.c.attempts,
    _ADDRESSES.c.last_fetched_at,
    _ADDRESSES.c.etag,
    _ADDRESSES.c.last_modified,
    _CAPTURES.c.fetched_at,
    _CAPTURES.c.http_status,
    _CAPTURES.c.etag.label("new_etag"),
    _CAPTURES.c.last_modified.label("new_last_modified"),
    _CAPTURES.c.truncated,
    _CAPTURES.c.processed_at,
)
"""The columns of a Before."""
CAPTURED = _CAPTURES.c.id == bindparam("capture")
"""What joins an address with the capture ``capture``; None: with none."""
_BEFORE = Prepared(
    select(*BEFORE, _CAPTURES.c.id)
    .select_from(_ADDRESSES.outerjoin(_CAPTURES, CAPTURED))
    .where(_ADDRESSES.c.id == bindparam("address"))
)
_HERE = (_OUTCOMES.c.run_id == bindparam("run"), _OUTCOMES.c.address_id == bindparam("address"))
_END_ANEW = Prepared(
    update(_OUTCOMES)
    .where(*_HERE)
    .values({name: bindparam(f"new_{name}") for name in ("outcome", "reason", "at", "capture_id")})
)
_PAY = Prepared(
    delete(_OWED).where(_OWED.c.run_id == bindparam("run"), _OWED.c.address_id == bindparam("address"))
)
_ENDED = (
    "state",
    "lease_owner",
    "lease_until",
    "last_outcome",
    "last_error",
    "next_fetch_at",
    "attempts",
    "last_fetched_at",
    "etag",
    "last_modified",
)
_END = Prepared(
    update(_ADDRESSES)
    .where(_ADDRESSES.c.id == bindparam("address"))
    .values({name: bindparam(f"new_{name}") for name in _ENDED})
)
_JUDGED = Prepared(update(_CAPTURES).where(CAPTURED).values(processed_at=bindparam("at")))


def carry_over(connection: Connection, run_id: int, address_ids: list[int]) -> None:
    """Count the addresses that the run takes on without having listed them as to be asked.

    This keeps "listed = the sum of the outcomes" true for a run that finishes what others left, or asks
    again what it had counted as known.
    """
    if not address_ids:
        return
    taken_on = set(address_ids)
    for of in (_OUTCOMES.c, _OWED.c):
        counted = select(of.address_id).where(of.run_id == run_id, of.address_id.in_(address_ids))
        taken_on -= set(connection.scalars(counted))
    if taken_on:
        known = len(seen_in_run(connection, run_id, taken_on))
        count(connection, run_id, listed=len(taken_on) - known, known=-known)
        owe(connection, run_id, sorted(taken_on))


def settle(connection: Connection, end: Settled, before: Before | None = None) -> None:
    """Write the outcome and the address's state. The same end again changes nothing.

    Args:
        before: what was read in this transaction; None: it is read here.
    """
    before = before or _before(connection, end)
    if not _pay(connection, end):
        carry_over(connection, end.run_id, [end.address_id])
        _pay(connection, end)
    first = _write_outcome(connection, end)
    told: dict[str, Any] = {
        "state": AddressState.SETTLED.value,
        "lease_owner": None,
        "lease_until": None,
        "last_outcome": end.outcome.value,
        "last_error": end.reason if end.outcome in _ERRORS else None,
        "next_fetch_at": end.next_fetch_at,
        "attempts": _attempts(before, end, first=first),
        **_learned(before, end),
    }
    values = {f"new_{name}": value for name, value in told.items()}
    _END.run(connection, {"address": end.address_id, **values})
    if end.capture_id is not None and before.processed_at is None:
        _JUDGED.run(connection, {"capture": end.capture_id, "at": end.at})


def _before(connection: Connection, end: Settled) -> Before:
    asked = {"address": end.address_id, "capture": end.capture_id}
    *before, capture = _BEFORE.run(connection, asked).one()
    if capture != end.capture_id:
        raise NoResultFound(f"there is no capture {end.capture_id}")
    return Before(*before)


def _attempts(before: Before, end: Settled, *, first: bool) -> int:
    if end.outcome not in _NO_PAGE:
        return 0
    return max(0, before.attempts - 1) if first and not end.asked else before.attempts


def _pay(connection: Connection, end: Settled) -> bool:
    """The run owes the address no end any more; whether it did."""
    owed = {"run": end.run_id, "address": end.address_id}
    return _PAY.run(connection, owed).rowcount == 1


def settle_known(connection: Connection, run_id: int) -> None:
    """What a run was to ask and another, beside it, has asked since is known: nothing is left to ask."""
    address, owed = _ADDRESSES.c, select(_OWED.c.address_id).where(_OWED.c.run_id == run_id)
    settled = (address.state == AddressState.SETTLED.value, address.last_outcome.in_(KNOWN_ENDS))
    elsewhere = select(address.id).where(address.id.in_(owed), *settled)
    asked = connection.scalars(elsewhere).all()
    for start in range(0, len(asked), BATCH):
        batch = asked[start : start + BATCH]
        connection.execute(delete(_OWED).where(_OWED.c.run_id == run_id, _OWED.c.address_id.in_(batch)))
    count(connection, run_id, listed=0, known=len(asked))


def _write_outcome(connection: Connection, end: Settled) -> bool:
    """Write it; whether it is the first of this address in this run."""
    values = {"outcome": end.outcome.value, "reason": end.reason, "at": end.at, "capture_id": end.capture_id}
    if is_added(connection, OutcomeRow, {"run_id": end.run_id, "address_id": end.address_id, **values}):
        return True
    anew = {f"new_{name}": value for name, value in values.items()}
    _END_ANEW.run(connection, {"run": end.run_id, "address": end.address_id, **anew})
    return False


ANYTHING = "*"
"""No ETag, though a server may send it as one: a condition that holds whatever is there, so that every later
answer is 304 (RFC 9110, 13.1.2)."""


LONGEST_ETAG = 4096
"""Letters; our choice. Servers take heads of 8 kB (nginx, Apache): one that sends a longer ETag would refuse
every request that has it."""
_CLOCKS_DIFFER = timedelta(days=1)


def _etag(said: str | None) -> str | None:
    return None if said is None or said == ANYTHING or len(said) > LONGEST_ETAG else said


def _last_modified(said: str | None, fetched_at: datetime | None) -> str | None:
    """None for a moment to come: until then every later answer may be 304."""
    if said is None or fetched_at is None:
        return said
    try:
        at = parsedate_to_datetime(said)
    except (TypeError, ValueError, OverflowError):
        return said  # no date: some servers compare the letters
    at = at if at.tzinfo is not None else at.replace(tzinfo=UTC)
    return None if at > fetched_at + _CLOCKS_DIFFER else said


def faults_the_condition(status: int | None) -> bool:
    """Whether the condition may be what an answer found fault with (412, 400, 431): not a page that is gone,
    nor a refusal."""
    return status is not None and 400 <= status < 500 and status not in REFUSALS | {404, 410}


def _learned(before: Before, end: Settled) -> dict[str, Any]:
    """What the next conditional request needs, kept only where a 304 would lose nothing."""
    outcome = end.outcome
    kept = (before.etag, before.last_modified)
    new = (_etag(before.new_etag), _last_modified(before.new_last_modified, before.fetched_at))
    fetched, last = before.fetched_at, before.last_fetched_at
    if last is not None and last > end.at + _CLOCKS_DIFFER:
        last = None  # by a clock that has since been put back
    if fetched is None or (last is not None and fetched < last):
        fetched = last
    elif before.http_status == 304:
        # What answered a condition that nobody sent names what is not held.
        held = outcome is not Outcome.FAILED
        kept = (new[0] or kept[0], new[1] or kept[1]) if held else kept
    elif faults_the_condition(before.http_status):
        kept = (None, None)
    elif before.http_status in PAGE_STATUSES:
        # What is no stored article is asked for again whole: of what it would not send again nothing is kept,
        # and a home page that an article's address answered with says "unmodified" when the article is back.
        whole = before.truncated is None and outcome in ARTICLES
        kept = new if whole else (None, None)
    return {"last_fetched_at": fetched, "etag": kept[0], "last_modified": kept[1]}
