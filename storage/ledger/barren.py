"""Pages that were asked in vain, one after the other, over as many runs as it takes.

A run that asks for two pages says little of a site. What turns every article away (to a home page, a portal,
a notice, a login) shows over several runs, whatever each of the pages came to.
"""

from __future__ import annotations

from sqlalchemy import Connection, Engine, func, select

from storage.ledger.away import last_articles
from storage.models import OutcomeRow, RunRow
from storage.models.base import table_of
from storage.records import ARTICLES, Outcome, RunMode

_RUN, _OUTCOMES = table_of(RunRow).c, table_of(OutcomeRow)
_OUTCOME = _OUTCOMES.c

ASKING = (RunMode.LATEST, RunMode.RECHECK, RunMode.BACKFILL, RunMode.FILL, RunMode.FETCH)
RUNS_LOOKED_AT = 100
"""Two days of a poll each half hour; our choice."""
_GAVE_NONE = _OUTCOME.outcome.not_in([outcome.value for outcome in (*ARTICLES, Outcome.GONE)])
_ANSWERED = _OUTCOME.capture_id.is_not(None)


def pages_in_vain(engine: Engine, source: str, run_id: int) -> int:
    """Pages of the source that were answered since its last article, up to this run, and gave none.

    Not counted is what is gone, and what had given none before that article: that says nothing new.
    """
    with engine.connect() as connection:
        if last_articles(connection, [run_id]):
            return 0
        runs = _runs_before(connection, source, run_id)
        last = max(last_articles(connection, runs).values(), default=0)
        earlier = _OUTCOMES.alias("earlier").c
        gave_none_then = (
            select(earlier.id)
            .where(earlier.address_id == _OUTCOME.address_id, earlier.id <= last)
            .where(earlier.capture_id.is_not(None))
            .where(earlier.outcome.not_in([outcome.value for outcome in ARTICLES]))
        )
        in_vain = (
            select(func.count(_OUTCOME.address_id.distinct()))
            .where(_OUTCOME.run_id.in_([*runs, run_id]), _OUTCOME.id > last, _GAVE_NONE, _ANSWERED)
            .where(~gave_none_then.exists())
        )
        return connection.scalar(in_vain) or 0


def _runs_before(connection: Connection, source: str, run_id: int) -> list[int]:
    newest = select(_RUN.id).where(_RUN.source == source, _RUN.id < run_id, _RUN.mode.in_(ASKING))
    return list(connection.scalars(newest.order_by(_RUN.started_at.desc()).limit(RUNS_LOOKED_AT)))
