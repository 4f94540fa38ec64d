"""The frontier: what to fetch next, who has it, and when which host may be asked.

It lives in the database, so that two processes share it and a killed one loses nothing: what it had
leased is seen to be free as soon as its process is gone (or its lease has ended).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Engine, exists, func, select, update
from sqlalchemy.orm import Session

from storage.database.opening import writing
from storage.database.upsert import insert_missing
from storage.frontier import turns
from storage.frontier.addresses import canonical, ensure_addresses
from storage.frontier.captures import StoredCapture, stored_capture
from storage.frontier.due import Asked, due
from storage.frontier.handed_out import handed_out
from storage.frontier.leases import owner_is_dead
from storage.frontier.rests import NOTHING, Heard, Rest
from storage.frontier.runs import ensure_source, listed_of, outcomes_of
from storage.frontier.settlement import carry_over, settle
from storage.models import (
    AddressRow,
    AddressState,
    CaptureRow,
    DiscoveryRow,
    OutcomeRow,
    RunRow,
)
from storage.records import Discovery, LeasedAddress, Settled

_PENDING, _LEASED, _SETTLED = (state.value for state in AddressState)


class Frontier:
    """The frontier of one archive. Every call is one transaction of its own; callers give the time."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    # --- addresses ------------------------------------------------------------------------------

    def discover(
        self,
        run_id: int,
        source: str,
        seed_url: str,
        discoveries: Sequence[tuple[Discovery, str | None]],
        seen_at: datetime,
    ) -> int:
        """Keep what a seed listed: (discovery, the site's own id). Gives the addresses new to this run.

        A listed address becomes due unless it waits already or was settled in this run. A listed
        alias counts as the address that it stands for. Raises ValueError on a URL of over 2,600 bytes.
        """
        listed = {found.url: (found, site_id) for found, site_id in reversed(discoveries)}
        with writing(self._engine) as session:
            ensure_source(session, source)
            rows = ensure_addresses(
                session,
                source,
                {url: listed[url][1] for url in reversed(listed)},
                seen_at,
                AddressState.SETTLED,
            )
            targets = {url: canonical(session, row) for url, row in rows.items()}
            ids = {address.id for address in targets.values()}
            new = ids - _listed_among(session, run_id, ids)
            insert_missing(
                session,
                DiscoveryRow,
                [
                    _discovery(run_id, targets[url].id, seed_url, found, seen_at)
                    for url, (found, _) in reversed(listed.items())
                ],
            )
            done = _settled_among(session, run_id, ids)
            for address in targets.values():
                address.listed_at = seen_at
                if address.state == _SETTLED and address.id not in done:
                    address.state, address.next_fetch_at = _PENDING, seen_at
        return len(new)

    def lease(
        self,
        run_id: int,
        source: str,
        owner: str,
        now: datetime,
        lease_seconds: float,
        limit: int,
        *,
        only_listed_in_run: bool = False,
    ) -> list[LeasedAddress]:
        """Hand out at most ``limit`` due addresses, newest discovery first, for ``lease_seconds``.

        Due are those that wait (listed by this run, or left by earlier ones), those whose owner is dead
        or whose lease has ended, and settled ones whose next fetch is due. A lease of a process known
        to live does not end by the clock, which may have been put forward under it.
        ``only_listed_in_run=True`` keeps to what this run listed itself (named addresses). None is
        tried again in a run that has settled it. ``attempts`` counts this fetch too, and is 0 again
        after one that was understood: an address that kills its process shows itself by it.
        """
        with writing(self._engine) as session:
            asked = Asked(run_id=run_id, source=source, now=now, lease_seconds=lease_seconds, limit=limit)
            taken = session.scalars(
                update(AddressRow)
                .where(AddressRow.id.in_(due(session, asked, only_listed=only_listed_in_run)))
                .values(
                    state=_LEASED,
                    lease_owner=owner,
                    lease_until=now + timedelta(seconds=lease_seconds),
                    attempts=AddressRow.attempts + 1,
                )
                .returning(AddressRow)
                .execution_options(synchronize_session=False)
            ).all()
            carry_over(session, run_id, [address.id for address in taken], now)
            newest_first = sorted(
                taken, key=lambda row: (-(row.listed_at or row.first_seen_at).timestamp(), row.id)
            )
            return handed_out(session, run_id, newest_first)

    def adopt(self, run_id: int, address_id: int, now: datetime) -> LeasedAddress:
        """Take on an address whose page a dead run captured: this run settles it without asking again."""
        with writing(self._engine) as session:
            carry_over(session, run_id, [address_id], now)
            return handed_out(session, run_id, [session.get_one(AddressRow, address_id)])[0]

    def renew(self, owner: str, now: datetime, lease_seconds: float) -> int:
        """Hold everything that ``owner`` has for ``lease_seconds`` more; gives how many."""
        with writing(self._engine) as session:
            held = update(AddressRow).where(AddressRow.lease_owner == owner, AddressRow.state == _LEASED)
            until = now + timedelta(seconds=lease_seconds)
            return len(session.execute(held.values(lease_until=until).returning(AddressRow.id)).all())

    def release(self, owner: str, now: datetime) -> int:
        """Give back, unfetched, what ``owner`` still has (an orderly stop); gives how many."""
        with writing(self._engine) as session:
            held = update(AddressRow).where(AddressRow.lease_owner == owner, AddressRow.state == _LEASED)
            given = held.values(
                state=_PENDING,
                next_fetch_at=now,
                lease_owner=None,
                lease_until=None,
                attempts=AddressRow.attempts - 1,
            )
            return len(session.execute(given.returning(AddressRow.id)).all())

    def settle(self, settled: Settled) -> None:
        """Write the end of an address that gave no article to store. Twice is the same as once."""
        with writing(self._engine) as session:
            settle(session, settled)

    # --- what a run has done --------------------------------------------------------------------

    def outcomes(self, run_id: int) -> dict[str, int]:
        """Outcome -> addresses that ended so in this run."""
        with Session(self._engine) as session:
            return outcomes_of(session, [run_id]).get(run_id, {})

    def listed(self, run_id: int) -> int:
        """Addresses that this run saw listed, or took on from earlier runs."""
        with Session(self._engine) as session:
            return listed_of(session, [run_id]).get(run_id, 0)

    def pending(self, run_id: int) -> int:
        """Listed addresses of this run that have no outcome in it yet."""
        ended = exists().where(OutcomeRow.run_id == run_id, OutcomeRow.address_id == DiscoveryRow.address_id)
        waiting = select(func.count(DiscoveryRow.address_id.distinct())).where(
            DiscoveryRow.run_id == run_id, ~ended
        )
        with Session(self._engine) as session:
            return session.scalar(waiting) or 0

    def unprocessed_captures(self, source: str, run_id: int | None = None) -> list[StoredCapture]:
        """Captures of addresses that nobody judged and nobody will: their run or its process has ended.

        In the order of their fetch. Judge them from the WARC file, then settle their address in the
        present run: no second request is needed. What the run ``run_id`` has before it asks for
        anything are records of a run that left no row.
        """
        waiting = (
            select(CaptureRow, RunRow, AddressRow)
            .join(RunRow, RunRow.id == CaptureRow.run_id)
            .join(AddressRow, AddressRow.id == CaptureRow.address_id)
            .where(AddressRow.source == source, CaptureRow.processed_at.is_(None))
            .order_by(CaptureRow.id)  # not the time: a clock that was put back would swap them
        )
        with Session(self._engine) as session:
            return [
                replace(stored_capture(capture), superseded=_is_superseded(capture, address))
                for capture, run, address in session.execute(waiting)
                if _is_abandoned(run, address, run_id)
            ]

    # --- hosts ----------------------------------------------------------------------------------

    def take_turn(self, host: str, owner: str, now: datetime, delay_s: float, hold_s: float) -> float:
        """0.0: the host is ours until :meth:`end_turn` or for ``hold_s`` seconds; else seconds to wait.

        Asking again while holding it waits too: one request at a time, in one process as in many. Raises
        HostRests when the host rests for longer than is waited for.
        """
        return turns.take_turn(self._engine, host, owner, now, delay_s, hold_s, owner_is_dead)

    def end_turn(
        self, host: str, owner: str, now: datetime, delay_s: float, heard: Heard = NOTHING
    ) -> Rest | None:
        """Give the host back; nobody asks it again within ``delay_s`` seconds, or while it rests.

        Gives the rest that it has after what was heard of it.
        """
        return turns.end_turn(self._engine, host, owner, now, delay_s, heard)

    def let_rest(self, host: str, now: datetime, seconds: float, reason: str) -> Rest | None:
        """Let nobody ask the host for so long; a rest that ends later stays. Gives the rest that it has."""
        return turns.let_rest(self._engine, host, now, seconds, reason)


def _discovery(
    run_id: int, address_id: int, seed: str, found: Discovery, seen_at: datetime
) -> dict[str, object]:
    return {
        "run_id": run_id,
        "address_id": address_id,
        "seed": seed,
        "seen_at": seen_at,
        "title_hint": found.title_hint,
        "time_hint": found.time_hint,
        "time_raw": found.time_raw,
        "section_hint": found.section_hint,
        "publisher_hint": found.publisher_hint,
        "position": found.position,
    }


def _listed_among(session: Session, run_id: int, ids: set[int]) -> set[int]:
    of_run = select(DiscoveryRow.address_id).where(DiscoveryRow.run_id == run_id)
    return set(session.scalars(of_run.where(DiscoveryRow.address_id.in_(ids))))


def _settled_among(session: Session, run_id: int, ids: set[int]) -> set[int]:
    of_run = select(OutcomeRow.address_id).where(OutcomeRow.run_id == run_id)
    return set(session.scalars(of_run.where(OutcomeRow.address_id.in_(ids))))


def _is_superseded(capture: CaptureRow, address: AddressRow) -> bool:
    return address.last_fetched_at is not None and capture.fetched_at < address.last_fetched_at


def _is_abandoned(run: RunRow, address: AddressRow, own_run: int | None) -> bool:
    if run.id != own_run and run.finished_at is None and not owner_is_dead(run.owner):
        return False
    return address.lease_owner is None or owner_is_dead(address.lease_owner)
