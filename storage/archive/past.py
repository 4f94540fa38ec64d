"""The captures of a page that today's reader has not read yet."""

from __future__ import annotations

from sqlalchemy import Connection, Engine, Executable, bindparam, select, union, union_all
from sqlalchemy.orm import Session

from storage.archive.appearances import content_digest
from storage.archive.revisions import revisions_of
from storage.database.opening import reading
from storage.frontier.captures import StoredCapture, stored_capture
from storage.models import AddressRow, AppearanceRow, CaptureRow, OutcomeRow, RevisionRow
from storage.models.base import table_of
from storage.records import Article, Outcome

MOST_QUARANTINED = 8
"""Quarantined captures of an address that are read again, the newest: its looks by age are six."""


def _any_past() -> Executable:
    """A row where a page may have past captures to read: almost no page has, and this says so in one go."""
    address, appearance = table_of(AddressRow), table_of(AppearanceRow)
    revision, outcome = table_of(RevisionRow), table_of(OutcomeRow)
    fetched = bindparam("address", type_=address.c.id.type)
    reader = bindparam("reader", type_=appearance.c.reader.type)
    named = union(
        select(fetched.label("id")),
        select(address.c.alias_of_id).where(address.c.id == fetched),
        select(address.c.id).where(address.c.url == bindparam("url")),
        select(address.c.alias_of_id).where(address.c.url == bindparam("url")),
    ).cte("named")
    # Not joined: SQLite takes such a table for one of a million rows, and where somebody gave ANALYZE it
    # reads all revisions and outcomes first, to look up fewer (80 ms a page of 120,000, 2026-11-28).
    ours = select(named.c.id)
    shown = select(appearance.c.id).where(appearance.c.address_id.in_(ours))
    return union_all(
        shown.where(appearance.c.reader.is_distinct_from(reader)),
        shown.join(revision, revision.c.appearance_id == appearance.c.id).where(
            revision.c.reader.is_distinct_from(reader)
        ),
        select(outcome.c.id).where(
            outcome.c.address_id.in_(ours),
            outcome.c.outcome == Outcome.QUARANTINED.value,
            outcome.c.capture_id.is_not(None),
        ),
    ).limit(1)


_ANY_PAST = _any_past()


def past_captures(engine: Engine, address_id: int, url: str, reader: int) -> list[StoredCapture]:
    """The captures that another reader read, or left in quarantine, of the page at these addresses.

    Args:
        address_id: the address that was fetched.
        url: the canonical address that its page gives.
        reader: today's.
    """
    asked = {"address": address_id, "url": url, "reader": reader}
    with reading(engine) as connection:
        if connection.execute(_ANY_PAST, asked).first() is None:
            return []
        return _past_of(connection, address_id, url, reader)


def _past_of(connection: Connection, address_id: int, url: str, reader: int) -> list[StoredCapture]:
    with Session(connection) as session:
        rows = session.scalars(
            select(AddressRow).where((AddressRow.id == address_id) | (AddressRow.url == url))
        ).all()
        named = {row.alias_of_id or row.id for row in rows}
        shown = list(
            session.scalars(select(AppearanceRow).where(AppearanceRow.address_id.in_(sorted(named))))
        )
        wanted = {number for one in shown for number in _read_otherwise(session, one, reader)}
        if not shown or any(one.reader != reader for one in shown):
            wanted |= quarantined_captures(session, {address_id} | named)
        if not wanted:
            return []
        captures = select(CaptureRow).where(CaptureRow.id.in_(sorted(wanted))).order_by(CaptureRow.fetched_at)
        return [stored_capture(row) for row in session.scalars(captures)]


def _read_otherwise(session: Session, appearance: AppearanceRow, reader: int) -> set[int]:
    """None once today's reader has seen the page: what it could not read then is not tried at every look."""
    revisions = revisions_of(session, appearance.id)
    if is_read_by(reader, appearance, revisions[-1]):
        return set()
    rows: list[AppearanceRow | RevisionRow] = [appearance, *revisions]
    return {row.capture_id for row in rows if row.reader != reader and row.capture_id is not None}


def is_read_by(reader: int | None, appearance: AppearanceRow, stands: RevisionRow) -> bool:
    """Whether a reader has seen the page: what is shown of it, and the revision that stands."""
    return appearance.reader == stands.reader == reader


def standing_otherwise(engine: Engine, address_id: int, article: Article) -> list[StoredCapture]:
    """The capture of what stands of a page, where that says something else than what was read of it now.

    Whether the site or our rules changed, only that capture tells, where no number of the rules does.
    """
    with reading(engine) as connection, Session(connection) as session:
        shown = session.scalars(_SHOWN, {"address": address_id, "url": article.url}).all()
        stands = [revisions_of(session, one.id)[-1] for one in shown]
        digest = content_digest(article)
        wanted = [one.capture_id for one in stands if one.content_digest != digest]
        captures = (session.get(CaptureRow, number) for number in wanted if number is not None)
        return [stored_capture(row) for row in captures if row is not None]


_SHOWN = (
    select(AppearanceRow)
    .join(AddressRow, AddressRow.id == AppearanceRow.address_id)
    .where((AddressRow.id == bindparam("address")) | (AddressRow.url == bindparam("url")))
)

_QUARANTINED = (
    select(OutcomeRow.capture_id)
    .where(
        OutcomeRow.address_id.in_(bindparam("addresses", expanding=True)),
        OutcomeRow.outcome == Outcome.QUARANTINED.value,
        OutcomeRow.capture_id.is_not(None),
    )
    .order_by(OutcomeRow.at.desc())
    .limit(MOST_QUARANTINED)
)


def quarantined_captures(session: Session, address_ids: set[int]) -> set[int]:
    """The newest captures of these addresses that ended in quarantine."""
    newest = session.scalars(_QUARANTINED, {"addresses": sorted(address_ids)})
    return {number for number in newest if number is not None}
