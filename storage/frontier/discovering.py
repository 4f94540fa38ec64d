"""A list's addresses put into the frontier: what is new or due waits, what is known is only counted.

Everything here is asked and written for a piece of a list at once: a poll names a thousand known addresses
for each new one, and each costs a place in a few statements, not statements of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, bindparam, case, insert, literal_column, or_, select, update

from storage.database.places import placed, several
from storage.database.prepared import Prepared
from storage.database.upsert import insert_missing_rows
from storage.frontier.hints import Said
from storage.frontier.known import EARLY_LOOK, Before, Ends, Known, OfRun, Told, decide, told
from storage.frontier.listed import PIECE, Entered, Found, Seen
from storage.frontier.runs import make_source
from storage.models import AddressRow, AddressState, DiscoveryRow, OutcomeRow, RunRow, SeedRow, UnendedRow
from storage.models.base import table_of
from storage.records.discovery import Discovery

_ADDRESS, _SEED, _RUN = (table_of(row) for row in (AddressRow, SeedRow, RunRow))
_DISCOVERY, _OUTCOME, _UNENDED = (table_of(row) for row in (DiscoveryRow, OutcomeRow, UnendedRow))
# Places for a whole piece of a list: of every length one statement, made once.
_IDS, _URLS = several("id", PIECE), several("url", PIECE)
_OF_RUN = bindparam("of_run", type_=_RUN.c.id.type)


def discover_piece(connection: Connection, seen: Seen, found: Sequence[Found]) -> Entered:
    """Put a piece of a list into the frontier, in the caller's transaction. The same again changes nothing.

    Args:
        found: storable, each address once; at most PIECE.
    """
    if not found:
        make_source(connection, seen.source)
        return Entered()
    seed_id = _seed(connection, seen.seed)
    by_address = _canonical(connection, seen, found)
    ids = sorted(by_address)
    before, listed = _before(connection, seen.run_id, seed_id, ids)
    said = told(seen, by_address, before)
    of_run = _of_run(connection, seen.run_id, ids, listed)
    ends = decide(seen, by_address, said, of_run)
    _write_discoveries(connection, seen, seed_id, by_address, said)
    _write_ends(connection, seen, ends)
    return Entered(new=ends.listed, known=ends.known + len(ends.resting))


_SEED_OF = Prepared(select(_SEED.c.id).where(_SEED.c.url == bindparam("of_url")))


def _seed(connection: Connection, url: str) -> int:
    found: int | None = _SEED_OF.run(connection, {"of_url": url}).scalar()
    if found is None:
        insert_missing_rows(connection, SeedRow, [{"url": url}])
        found = int(_SEED_OF.run(connection, {"of_url": url}).one()[0])
    return found


def _ids(ids: Sequence[int]) -> dict[str, int]:
    return placed("id", ids, PIECE)


_A = _ADDRESS.c
_KNOWN = select(
    _A.id,
    _A.url,
    _A.alias_of_id,
    _A.site_id,
    _A.state,
    _A.last_outcome,
    _A.last_fetched_at,
    _A.next_fetch_at,
    _A.attempts,
    _A.last_error,
)
_OF_URLS, _OF_IDS = (Prepared(_KNOWN.where(_A.url.in_(_URLS))), Prepared(_KNOWN.where(_A.id.in_(_IDS))))


def _canonical(
    connection: Connection, seen: Seen, found: Sequence[Found]
) -> dict[int, tuple[Known, Discovery]]:
    """Address -> what is known of it, and what the list says; an alias counts as what it stands for."""
    by_url = {row.url: row for row in _addresses(connection, [one.url for one, _ in found])}
    if missing := [one for one in found if one[0].url not in by_url]:
        _make(connection, seen, missing)
        by_url |= {row.url: row for row in _addresses(connection, [one.url for one, _ in missing])}
    targets = sorted({row.alias_of_id for row in by_url.values() if row.alias_of_id is not None})
    aliased = _OF_IDS.run(connection, _ids(targets)) if targets else ()
    by_id = {row.id: row for row in (Known(*one) for one in aliased)}
    _name_sites(connection, by_url, found)
    canonical: dict[int, tuple[Known, Discovery]] = {}
    for one, _ in found:
        row = by_url[one.url]
        row = row if row.alias_of_id is None else by_id[row.alias_of_id]
        canonical.setdefault(row.id, (row, one))
    return canonical


def _addresses(connection: Connection, urls: Sequence[str]) -> list[Known]:
    return [Known(*row) for row in _OF_URLS.run(connection, placed("url", urls, PIECE))]


def _make(connection: Connection, seen: Seen, found: Sequence[Found]) -> None:
    make_source(connection, seen.source)
    insert_missing_rows(
        connection,
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


_NAME = Prepared(update(_ADDRESS).where(_A.id == bindparam("number")).values(site_id=bindparam("name")))


def _name_sites(connection: Connection, by_url: Mapping[str, Known], found: Sequence[Found]) -> None:
    """Keep the site's own ids of addresses that were known without."""
    for one, site_id in found:
        row = by_url[one.url]
        if row.site_id is None and site_id is not None:
            _NAME.run(connection, {"number": row.id, "name": site_id})


_D = _DISCOVERY.c
_BEFORE = Prepared(
    select(
        _D.address_id,
        _D.seed_id,
        _D.id,
        _D.last_run_id,
        _D.previous_run_id,
        _D.title_hint,
        _D.time_hint,
        _D.time_raw,
        _D.updated_hint,
        _D.updated_raw,
        _D.section_hint,
        _D.publisher_hint,
    )
    .where(_D.address_id.in_(_IDS), or_(_D.seed_id == bindparam("seed"), _D.last_run_id == _OF_RUN))
    .order_by(_D.id)
)
_HINTS = ("title", "time", "time_raw", "updated", "updated_raw", "section", "publisher")


def _before(
    connection: Connection, run_id: int, seed_id: int, ids: Sequence[int]
) -> tuple[dict[int, Before], set[int]]:
    """Address -> its newest discovery at the seed; and those that a seed of the run has listed by now."""
    before, listed = {}, set()
    asked = {**_ids(ids), "seed": seed_id, "of_run": run_id}
    for address, seed, number, last, previous, *said in _BEFORE.run(connection, asked):
        if last == run_id:
            listed.add(address)
        if seed == seed_id:
            hints = Said(**dict(zip(_HINTS, said, strict=True)))
            before[address] = Before(id=number, last_run_id=last, previous_run_id=previous, said=hints)
    return before, listed


_ENDED, _OPEN = (
    Prepared(select(row.c.address_id).where(row.c.run_id == _OF_RUN, row.c.address_id.in_(_IDS)))
    for row in (_OUTCOME, _UNENDED)
)


def _of_run(connection: Connection, run_id: int, ids: Sequence[int], listed: set[int]) -> OfRun:
    asked = {**_ids(ids), "of_run": run_id}
    return OfRun(
        listed=listed,
        ended={address for (address,) in _ENDED.run(connection, asked)},
        still_open={address for (address,) in _OPEN.run(connection, asked)},
    )


# --- written --------------------------------------------------------------------------------------


_SAME = Prepared(
    update(_DISCOVERY)
    .where(_D.id.in_(_IDS))
    .values(
        previous_run_id=_D.last_run_id,
        last_run_id=_OF_RUN,
        last_seen_at=bindparam("seen_at"),
        times=_D.times + literal_column("1"),
    )
)
_INSERT = Prepared(insert(_DISCOVERY))


def _write_discoveries(
    connection: Connection,
    seen: Seen,
    seed_id: int,
    by_address: Mapping[int, tuple[Known, Discovery]],
    said: Mapping[int, Told],
) -> None:
    same: list[int] = []
    new = []
    for address_id, (_, found) in by_address.items():
        earlier, differs = said.get(address_id, Told())
        if earlier is not None and differs is None:
            continue  # a list's later page, or the same list again: it was told
        if earlier is not None and differs is not None and not differs.at_all:
            same.append(earlier.id)
        else:
            new.append(_row(seen, seed_id, address_id, found, earlier))
    if same:
        _SAME.run(connection, {**_ids(same), "of_run": seen.run_id, "seen_at": seen.at})
    _INSERT.run_all(connection, new)


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


_IS_SETTLED = _A.state == literal_column(f"'{AddressState.SETTLED.value}'")
_SEEN_AT = bindparam("seen_at", type_=_A.listed_at.type)
_WAITS = Prepared(
    update(_ADDRESS)
    .where(_A.id.in_(_IDS))
    .values(
        state=case((_IS_SETTLED, literal_column(f"'{AddressState.PENDING.value}'")), else_=_A.state),
        next_fetch_at=case((_IS_SETTLED, _SEEN_AT), else_=_A.next_fetch_at),
        listed_at=_SEEN_AT,
    )
)
_LISTED_AGAIN = Prepared(update(_ADDRESS).where(_A.id.in_(_IDS)).values(listed_at=_SEEN_AT))
_SOONER = Prepared(
    update(_ADDRESS).where(_A.id == bindparam("number")).values(next_fetch_at=bindparam("early"))
)
_COUNT = Prepared(
    update(_RUN)
    .where(_RUN.c.id == bindparam("number"))
    .values(listed=_RUN.c.listed + bindparam("more"), known=_RUN.c.known + bindparam("more_known"))
)


def _write_ends(connection: Connection, seen: Seen, ends: Ends) -> None:
    if ends.due:
        due = sorted(ends.due)
        _WAITS.run(connection, {**_ids(due), "seen_at": seen.at})
        owe(connection, seen.run_id, due)
    if ends.listed_again:
        _LISTED_AGAIN.run(connection, {**_ids(sorted(ends.listed_again)), "seen_at": seen.at})
    if ends.resting:
        rests = [_end_again(seen, known) for known in ends.resting]
        insert_missing_rows(connection, OutcomeRow, rests)
    for known in ends.later:
        early = (min(known.last_fetched_at, seen.at) if known.last_fetched_at else seen.at) + EARLY_LOOK
        if known.next_fetch_at is None or early < known.next_fetch_at:
            _SOONER.run(connection, {"number": known.id, "early": early})
    count(connection, seen.run_id, listed=ends.listed, known=ends.known)


def _end_again(seen: Seen, known: Known) -> dict[str, object]:
    """What the address came to when it was asked last; the reason is one for all, as reports count by it."""
    return {
        "run_id": seen.run_id,
        "address_id": known.id,
        "outcome": known.last_outcome,
        "reason": ": ".join(["not asked again yet", *([known.last_error] if known.last_error else [])]),
        "at": seen.at,
        "capture_id": None,
    }


def owe(connection: Connection, run_id: int, address_ids: Sequence[int]) -> None:
    """Say that the run owes each of the addresses an end."""
    owed = [{"run_id": run_id, "address_id": address_id} for address_id in address_ids]
    insert_missing_rows(connection, UnendedRow, owed)


def count(connection: Connection, run_id: int, *, listed: int, known: int) -> None:
    """Add to what the run has listed, and to what of it is known."""
    if listed or known:
        _COUNT.run(connection, {"number": run_id, "more": listed, "more_known": known})
