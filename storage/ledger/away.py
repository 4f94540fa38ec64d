"""Refusals of a whole site, told from those that are meant for one page.

A portal on the way, a login wall, a block of a day refuse whatever is asked for; what a page is kept back for
(it lies at a neighbour's host, costs money, wants an age) is refused while other pages are served.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import Connection, func, select

from storage.database.upsert import BATCH
from storage.models import AddressRow, OutcomeRow
from storage.models.base import table_of
from storage.records import ARTICLES, Outcome

_ADDRESS, _OUTCOME = table_of(AddressRow).c, table_of(OutcomeRow).c


def refused_with_all(connection: Connection, address_ids: Sequence[int]) -> set[int]:
    """Those of the addresses that were refused by an answer, the last time too, and never in a run in which
    an article came after it."""
    found: set[int] = set()
    for start in range(0, len(address_ids), BATCH):
        looks = _refusals(connection, address_ids[start : start + BATCH])
        served = last_articles(connection, {run for _, run, _, _ in looks})
        alone = {address for address, run, number, _ in looks if number < served.get(run, 0)}
        found |= {address for address, _, _, last in looks if last} - alone
    return found


def _refusals(connection: Connection, address_ids: Collection[int]) -> list[tuple[int, int, int, bool]]:
    """Address, run and number of each answer that refused one, and whether it was refused so last."""
    rows = (
        select(_OUTCOME.address_id, _OUTCOME.run_id, _OUTCOME.id, _OUTCOME.reason == _ADDRESS.last_error)
        .join_from(table_of(OutcomeRow), table_of(AddressRow), _ADDRESS.id == _OUTCOME.address_id)
        .where(_OUTCOME.address_id.in_(address_ids), _OUTCOME.capture_id.is_not(None))
        .where(_OUTCOME.outcome == Outcome.BLOCKED.value)
    )
    return [(address, run, number, last) for address, run, number, last in connection.execute(rows)]


def last_articles(connection: Connection, run_ids: Collection[int]) -> dict[int, int]:
    """Run -> the number of its newest end that gave an article."""
    found: dict[int, int] = {}
    runs = sorted(run_ids)
    gave_one = _OUTCOME.outcome.in_([outcome.value for outcome in ARTICLES])
    newest = select(_OUTCOME.run_id, func.max(_OUTCOME.id)).group_by(_OUTCOME.run_id)
    for start in range(0, len(runs), BATCH):
        of = newest.where(_OUTCOME.run_id.in_(runs[start : start + BATCH]), gave_one)
        found |= dict(map(tuple, connection.execute(of)))
    return found
