"""A list's addresses put into the frontier: what is new or due waits, what is known is only counted.

Everything here is asked and written for a piece of a list at once: a poll names a thousand known addresses
for each new one, and each costs a place in a few statements, not statements of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import case, insert, select, update
from sqlalchemy.orm import Session

from storage.database.upsert import insert_missing
from storage.frontier.hints import Said, differs
from storage.frontier.known import EARLY_LOOK, Before, Ends, Known, decide
from storage.frontier.listed import Entered, Found, Seen
from storage.models import AddressRow, AddressState, DiscoveryRow, RunRow, SeedRow, UnendedRow
from storage.records.discovery import Discovery


def discover_piece(session: Session, seen: Seen, found: Sequence[Found]) -> Entered:
    """Put a piece of a list into the frontier, in the caller's transaction. The same again changes nothing.

    Args:
        found: storable, each address once; at most PIECE.
    """
    if not found:
        return Entered()
    seed_id = _seed(session, seen.seed)
    by_address = _canonical(session, seen, found)
    ids = sorted(by_address)
    before = _before(session, seed_id, ids)
    ends = decide(session, seen, by_address, before)
    _write_discoveries(session, seen, seed_id, by_address, before)
    _write_ends(session, seen, ends)
    return Entered(new=ends.listed, known=ends.known)


def _seed(session: Session, url: str) -> int:
    wanted = select(SeedRow.id).where(SeedRow.url == url)
    found = session.scalar(wanted)
    if found is None:
        insert_missing(session, SeedRow, [{"url": url}])
        found = session.scalars(wanted).one()
    return found


_COLUMNS = (
    AddressRow.id,
    AddressRow.url,
    AddressRow.alias_of_id,
    AddressRow.site_id,
    AddressRow.state,
    AddressRow.last_outcome,
    AddressRow.last_fetched_at,
    AddressRow.next_fetch_at,
)


def _canonical(session: Session, seen: Seen, found: Sequence[Found]) -> dict[int, tuple[Known, Discovery]]:
    """Address -> what is known of it, and what the list says; an alias counts as what it stands for."""
    rows = _addresses(session, AddressRow.url, [one.url for one, _ in found])
    by_url = {row.url: row for row in rows}
    if missing := [one for one in found if one[0].url not in by_url]:
        _make(session, seen, missing)
        made = _addresses(session, AddressRow.url, [one.url for one, _ in missing])
        by_url |= {row.url: row for row in made}
    targets = {row.alias_of_id for row in by_url.values() if row.alias_of_id is not None}
    by_id = {row.id: row for row in _addresses(session, AddressRow.id, sorted(targets))} if targets else {}
    _name_sites(session, by_url, found)
    told: dict[int, tuple[Known, Discovery]] = {}
    for one, _ in found:
        row = by_url[one.url]
        row = row if row.alias_of_id is None else by_id[row.alias_of_id]
        told.setdefault(row.id, (row, one))
    return told


def _addresses(session: Session, key: object, values: Sequence[object]) -> list[Known]:
    return [Known(*row) for row in session.execute(select(*_COLUMNS).where(key.in_(values)))]  # type: ignore[attr-defined]


def _make(session: Session, seen: Seen, found: Sequence[Found]) -> None:
    insert_missing(
        session,
        AddressRow,
        [
            {
                "source": seen.source,
                "url": one.url,
                "site_id": site_id,
                "state": AddressState.SETTLED.value,
                "first_seen_at": seen.at,
                "attempts": 0,
            }
            for one, site_id in found
        ],
    )


def _name_sites(session: Session, by_url: Mapping[str, Known], found: Sequence[Found]) -> None:
    """Keep the site's own ids of addresses that were known without."""
    for one, site_id in found:
        row = by_url[one.url]
        if row.site_id is None and site_id is not None:
            session.execute(update(AddressRow).where(AddressRow.id == row.id).values(site_id=site_id))


def _before(session: Session, seed_id: int, ids: Sequence[int]) -> dict[int, Before]:
    """Address -> its newest discovery at the seed."""
    row = DiscoveryRow
    hints = (
        row.title_hint,
        row.time_hint,
        row.time_raw,
        row.updated_hint,
        row.updated_raw,
        row.section_hint,
        row.publisher_hint,
    )
    asked = select(row.address_id, row.id, row.last_run_id, row.previous_run_id, *hints)
    newest = asked.where(row.address_id.in_(ids), row.seed_id == seed_id).order_by(row.id)
    names = ("title", "time", "time_raw", "updated", "updated_raw", "section", "publisher")
    return {
        address: Before(
            id=number,
            last_run_id=last,
            previous_run_id=previous,
            said=Said(**dict(zip(names, said, strict=True))),
        )
        for address, number, last, previous, *said in session.execute(newest)
    }


# --- written --------------------------------------------------------------------------------------


def _write_discoveries(
    session: Session,
    seen: Seen,
    seed_id: int,
    by_address: Mapping[int, tuple[Known, Discovery]],
    before: Mapping[int, Before],
) -> None:
    same: list[int] = []
    new = []
    for address_id, (_, found) in by_address.items():
        earlier = before.get(address_id)
        if earlier is not None and earlier.last_run_id == seen.run_id:
            continue  # a list's later page, or the same list again: it was told
        if earlier is not None and not differs(earlier.said, found).at_all:
            same.append(earlier.id)
        else:
            new.append(_row(seen, seed_id, address_id, found, earlier))
    if same:
        session.execute(
            update(DiscoveryRow)
            .where(DiscoveryRow.id.in_(same))
            .values(
                previous_run_id=DiscoveryRow.last_run_id,
                last_run_id=seen.run_id,
                last_seen_at=seen.at,
                times=DiscoveryRow.times + 1,
            )
            .execution_options(synchronize_session=False)
        )
    if new:
        session.execute(insert(DiscoveryRow), new)


def _row(
    seen: Seen, seed_id: int, address_id: int, found: Discovery, earlier: Before | None
) -> dict[str, object]:
    return {
        "address_id": address_id,
        "seed_id": seed_id,
        "first_run_id": seen.run_id,
        "last_run_id": seen.run_id,
        "previous_run_id": earlier.last_run_id if earlier else None,
        "first_seen_at": seen.at,
        "last_seen_at": seen.at,
        "times": 1,
        "title_hint": found.title_hint,
        "time_hint": found.time_hint,
        "time_raw": found.time_raw,
        "updated_hint": found.updated_hint,
        "updated_raw": found.updated_raw,
        "section_hint": found.section_hint,
        "publisher_hint": found.publisher_hint,
        "author_hint": found.author_hint,
        "position": found.position,
    }


def _write_ends(session: Session, seen: Seen, ends: Ends) -> None:
    if ends.due:
        due = sorted(ends.due)
        settled = AddressRow.state == AddressState.SETTLED.value
        waits = {
            "state": case((settled, AddressState.PENDING.value), else_=AddressRow.state),
            "next_fetch_at": case((settled, seen.at), else_=AddressRow.next_fetch_at),
            "listed_at": seen.at,
        }
        changed = update(AddressRow).where(AddressRow.id.in_(due)).values(waits)
        session.execute(changed.execution_options(synchronize_session=False))
        owe(session, seen.run_id, due)
    if ends.listed_again:
        again = update(AddressRow).where(AddressRow.id.in_(sorted(ends.listed_again)))
        session.execute(again.values(listed_at=seen.at).execution_options(synchronize_session=False))
    for known in ends.later:
        early = (min(known.last_fetched_at, seen.at) if known.last_fetched_at else seen.at) + EARLY_LOOK
        if known.next_fetch_at is None or early < known.next_fetch_at:
            sooner = update(AddressRow).where(AddressRow.id == known.id).values(next_fetch_at=early)
            session.execute(sooner.execution_options(synchronize_session=False))
    count(session, seen.run_id, listed=ends.listed, known=ends.known)


def owe(session: Session, run_id: int, address_ids: Sequence[int]) -> None:
    """Say that the run owes each of the addresses an end."""
    owed = [{"run_id": run_id, "address_id": address_id} for address_id in address_ids]
    insert_missing(session, UnendedRow, owed)


def count(session: Session, run_id: int, *, listed: int, known: int) -> None:
    """Add to what the run has listed, and to what of it is known."""
    if listed or known:
        more = {"listed": RunRow.listed + listed, "known": RunRow.known + known}
        counted = update(RunRow).where(RunRow.id == run_id).values(more)
        session.execute(counted.execution_options(synchronize_session=False))
