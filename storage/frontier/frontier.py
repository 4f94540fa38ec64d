"""The frontier: what to fetch next, who has it, and when which host may be asked.

It lives in the database, so that two processes share it and a killed one loses nothing: what it had
leased is seen to be free as soon as its process is gone (or its lease has ended).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Engine, func, select, update
from sqlalchemy.orm import Session

from storage.database.opening import writing_rows
from storage.database.present import present_of
from storage.database.upsert import BATCH
from storage.frontier import turns
from storage.frontier.captures import StoredCapture, stored_capture
from storage.frontier.discovering import discover_piece
from storage.frontier.due import Asked, not_counted, take
from storage.frontier.handed_out import address_row, handed_out
from storage.frontier.leases import owner_is_dead
from storage.frontier.listed import Entered, Seen, pieces, storable
from storage.frontier.rests import NOTHING, Heard, Rest
from storage.frontier.runs import listed_of, outcomes_of
from storage.frontier.settlement import carry_over, settle, settle_known
from storage.models import AddressRow, AddressState, CaptureRow, RunRow, UnendedRow
from storage.models.base import table_of
from storage.records.discovery import Discovery
from storage.records.runs import LeasedAddress, Settled

_PENDING, _LEASED, _SETTLED = (state.value for state in AddressState)
_ADDRESSES = table_of(AddressRow)
_ADDRESS = _ADDRESSES.c


class Frontier:
    """The frontier of one archive. Every call is one transaction of its own.

    Where a call takes ``now``, None is the archive's present (storage.database.present).
    """

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
        *,
        ask: bool = False,
    ) -> Entered:
        """Keep what a seed listed: (discovery, the site's own id).

        A listed address becomes due unless it waits already, was settled in this run, or is known: stored
        before, not due by its age, and not hinted at (storage.frontier.hints). A listed alias counts as the
        address that it stands for. A link that cannot be an address is left out and told. Each PIECE is a
        transaction; a caller that has a long list hands it over in pieces, so that others get their turn.

        Args:
            ask: the addresses are named to be asked: each is due.
        """
        found, listed = storable(discoveries)
        seen = Seen(run_id=run_id, source=source, seed=seed_url, at=seen_at, ask=ask)
        for piece in pieces(found):
            with writing_rows(self._engine) as connection:
                listed += discover_piece(connection, seen, piece)
        return listed

    def lease(
        self,
        run_id: int,
        source: str,
        owner: str,
        now: datetime | None,
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
        with writing_rows(self._engine) as connection:
            asked = Asked(
                run_id=run_id,
                source=source,
                owner=owner,
                now=present_of(connection, now),
                lease_seconds=lease_seconds,
                limit=limit,
            )
            taken = take(connection, asked, only_listed=only_listed_in_run)
            carry_over(connection, run_id, not_counted(connection, run_id, [row.id for row in taken]))
            newest_first = sorted(
                taken, key=lambda row: (-(row.listed_at or row.first_seen_at).timestamp(), row.id)
            )
            return handed_out(connection, run_id, newest_first)

    def adopt(self, run_id: int, address_id: int, now: datetime) -> LeasedAddress:
        """Take on an address whose page a dead run captured: this run settles it without asking again."""
        with writing_rows(self._engine) as connection:
            carry_over(connection, run_id, [address_id])
            return handed_out(connection, run_id, [address_row(connection, address_id)])[0]

    def renew(self, owner: str, now: datetime | None, lease_seconds: float) -> int:
        """Hold everything that ``owner`` has for ``lease_seconds`` more; gives how many."""
        with writing_rows(self._engine) as connection:
            held = update(_ADDRESSES).where(_ADDRESS.lease_owner == owner, _ADDRESS.state == _LEASED)
            until = present_of(connection, now) + timedelta(seconds=lease_seconds)
            return connection.execute(held.values(lease_until=until)).rowcount

    def release(self, owner: str, now: datetime | None = None) -> int:
        """Give back, unfetched, what ``owner`` still has (an orderly stop); gives how many."""
        with writing_rows(self._engine) as connection:
            held = update(_ADDRESSES).where(_ADDRESS.lease_owner == owner, _ADDRESS.state == _LEASED)
            given = held.values(
                state=_PENDING,
                next_fetch_at=present_of(connection, now),
                lease_owner=None,
                lease_until=None,
                attempts=_ADDRESS.attempts - 1,
            )
            return connection.execute(given).rowcount

    def settle(self, settled: Settled) -> None:
        """Write the end of an address that gave no article to store. Twice is the same as once."""
        with writing_rows(self._engine) as connection:
            settle(connection, settled)

    # --- what a run has done --------------------------------------------------------------------

    def outcomes(self, run_id: int) -> dict[str, int]:
        """Outcome -> addresses that ended so in this run, those that are known among them."""
        with self._engine.connect() as connection:
            return outcomes_of(connection, [run_id]).get(run_id, {})

    def listed(self, run_id: int) -> int:
        """Addresses that this run saw listed, or took on from earlier runs."""
        with self._engine.connect() as connection:
            return listed_of(connection, [run_id]).get(run_id, 0)

    def pending(self, run_id: int) -> int:
        """Entered addresses of this run that have no outcome in it yet."""
        waiting = select(func.count()).select_from(UnendedRow).where(UnendedRow.run_id == run_id)
        with Session(self._engine) as session:
            return session.scalar(waiting) or 0

    def settle_known(self, run_id: int) -> None:
        """At a run's end: what it was to ask and another has asked since is known."""
        with writing_rows(self._engine) as connection:
            settle_known(connection, run_id)

    def unprocessed_captures(self, source: str, run_id: int | None = None) -> list[StoredCapture]:
        """Captures of addresses that nobody judged and nobody will: their run or its process has ended.

        In the order of their fetch. Judge them from the WARC file, then settle their address in the
        present run: no second request is needed. What the run ``run_id`` has before it asks for
        anything are records of a run that left no row.
        """
        # Their numbers alone first: where it has statistics, SQLite went for the rows through all addresses
        # of the source (4 s in a million), or through all captures. By nothing else, which the index of those
        # that nobody judged does not hold: it then went through all captures, too.
        capture = table_of(CaptureRow).c
        numbers = select(capture.id).where(capture.processed_at.is_(None)).order_by(capture.id)
        waiting = (
            select(CaptureRow, RunRow, AddressRow)
            .join(RunRow, RunRow.id == CaptureRow.run_id)
            .join(AddressRow, AddressRow.id == CaptureRow.address_id)
            .where(AddressRow.source == source)
            .order_by(CaptureRow.id)  # not the time: a clock that was put back would swap them
        )
        with Session(self._engine) as session:
            found = session.connection().scalars(numbers).all()
            batches = (found[start : start + BATCH] for start in range(0, len(found), BATCH))
            return [
                replace(stored_capture(capture), superseded=_is_superseded(capture, address))
                for batch in batches
                for capture, run, address in session.execute(waiting.where(CaptureRow.id.in_(batch)))
                if _is_abandoned(run, address, run_id)
            ]

    # --- hosts ----------------------------------------------------------------------------------

    def take_turn(self, host: str, owner: str, now: datetime | None, delay_s: float, hold_s: float) -> float:
        """0.0: the host is ours until :meth:`end_turn` or for ``hold_s`` seconds; else seconds to wait.

        Asking again while holding it waits too: one request at a time, in one process as in many. Raises
        HostRests when the host rests for longer than is waited for.
        """
        return turns.take_turn(self._engine, host, owner, now, delay_s, hold_s, owner_is_dead)

    def end_turn(
        self, host: str, owner: str, now: datetime | None, delay_s: float, heard: Heard = NOTHING
    ) -> Rest | None:
        """Give the host back; nobody asks it again within ``delay_s`` seconds, or while it rests.

        Gives the rest that it has after what was heard of it.
        """
        end = turns.TurnEnd(host=host, owner=owner, delay_s=delay_s, heard=heard, now=now)
        return turns.end_turn(self._engine, end)

    def let_rest(self, host: str, now: datetime | None, seconds: float, reason: str) -> Rest | None:
        """Let nobody ask the host for so long; a rest that ends later stays. Gives the rest that it has."""
        return turns.let_rest(self._engine, host, now, seconds, reason)


def _is_superseded(capture: CaptureRow, address: AddressRow) -> bool:
    return address.last_fetched_at is not None and capture.fetched_at < address.last_fetched_at


def _is_abandoned(run: RunRow, address: AddressRow, own_run: int | None) -> bool:
    if run.id != own_run and run.finished_at is None and not owner_is_dead(run.owner):
        return False
    return address.lease_owner is None or owner_is_dead(address.lease_owner)
