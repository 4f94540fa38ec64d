"""The channels of a portal's publishers: which there are, which the operator chose, when one is due."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, Row, bindparam, func, select, update

from storage.database.opening import writing_rows
from storage.database.prepared import Prepared
from storage.database.upsert import insert_missing_rows
from storage.models import ChannelRow, DiscoveryRow, RunRow, SeedRow, SeedVisitRow
from storage.models.base import table_of
from storage.records import Outcome, RunMode
from storage.records.discovery import Channel

ALL = "all"

_CHANNELS, _VISITS, _RUNS = table_of(ChannelRow), table_of(SeedVisitRow), table_of(RunRow)
_DISCOVERIES, _SEEDS = table_of(DiscoveryRow), table_of(SeedRow)
_THIS = _CHANNELS.c.id == bindparam("channel")
_NAMED = Prepared(
    update(_CHANNELS).where(_THIS).values(name=bindparam("new_name"), last_seen_at=bindparam("at"))
)
_CHOSEN = Prepared(update(_CHANNELS).where(_THIS).values(chosen=bindparam("is_chosen")))


def keep_channels(engine: Engine, source: str, found: Iterable[Channel], at: datetime) -> None:
    """Keep which channels there are; a new name of one takes the place of the old."""
    named = {one.number: one.name for one in found}
    with writing_rows(engine) as connection:
        _make(connection, source, named, at)
        again = [one for one in _known(connection, source) if one.number in named]
        new = [{"channel": one.id, "new_name": named[one.number], "at": at} for one in again]
        _NAMED.run_all(connection, new)


def _make(connection: Connection, source: str, named: Mapping[int, str], at: datetime) -> None:
    row = {"source": source, "first_seen_at": at, "last_seen_at": at, "chosen": False}
    rows = [row | {"number": number, "name": name} for number, name in named.items()]
    insert_missing_rows(connection, ChannelRow, rows)


def _known(connection: Connection, source: str) -> Sequence[Row[Any]]:
    known = select(_CHANNELS).where(_CHANNELS.c.source == source).order_by(_CHANNELS.c.id)
    return connection.execute(known).all()


def choose(
    engine: Engine,
    source: str,
    wanted: Collection[str] | None,
    known: Sequence[Channel],
    also: Collection[str],
    at: datetime,
) -> tuple[list[Channel], list[str]]:
    """Mark the channels that are read from now on; those, and what was wanted and is not known.

    Args:
        wanted: numbers or names; ``{"all"}``: every one that is known; None: the source's own choice.
        known: channels that the source knows without being told.
        also: names that belong to the source's own choice once they are known.
    """
    own = {str(one.number) for one in known} | set(also)
    chosen = own if wanted is None else set(wanted)
    with writing_rows(engine) as connection:
        _make(connection, source, {one.number: one.name for one in known}, at)
        rows = _known(connection, source)
        read = {one.id for one in rows if ALL in chosen or chosen & {str(one.number), one.name}}
        moved = [one for one in rows if one.chosen != (one.id in read)]
        _CHOSEN.run_all(connection, [{"channel": one.id, "is_chosen": not one.chosen} for one in moved])
    missing = _missing(rows, chosen) if wanted is not None else []
    return [Channel(number=one.number, name=one.name) for one in rows if one.id in read], missing


def _missing(rows: Sequence[Row[Any]], wanted: Collection[str]) -> list[str]:
    there = {ALL} | {word for one in rows for word in (str(one.number), one.name)}
    return sorted(set(wanted) - there)


def unlisted(engine: Engine, source: str, wanted: Collection[str], known: Sequence[Channel]) -> list[str]:
    """What is wanted and stands in no list of publishers that a crawl has read; nothing before the first.

    Args:
        known: channels that the source knows without being told.
    """
    with engine.connect() as connection:
        rows = _known(connection, source)
    listed = {one.number for one in rows} - {one.number for one in known}
    return _missing(rows, wanted) if listed else []


def chosen_channels(engine: Engine, source: str) -> list[Channel] | None:
    """The channels that the newest crawl read; None where none has chosen yet."""
    with engine.connect() as connection:
        rows = _known(connection, source)
    return [Channel(number=one.number, name=one.name) for one in rows if one.chosen] or None


# --- when a channel is due ------------------------------------------------------------------------

LOOK_BACK = timedelta(days=7)
"""Our choice: a week has every kind of day."""
LONGEST = timedelta(hours=6)
"""Our choice: four looks a day at a channel that hardly publishes."""
SHARE = 1 / 3
"""Of a list's length that may come between two looks: twice as much is still read whole, and told from a list
that has moved on. Our choice."""


def not_due(engine: Engine, source: str, lists: Sequence[str], size: int, now: datetime) -> set[str]:
    """Those of the lists that need not be read yet, by the rate at which each has named new addresses.

    Args:
        size: addresses that each names at once.
    """
    with engine.connect() as connection:
        return {url for url in lists if _rests(connection, source, url, size, now)}


# Asked for each list of each crawl: of years of runs the last days are read, by indexes.
_LOOKS = Prepared(
    select(func.max(_VISITS.c.at), func.min(_VISITS.c.at), func.count(), func.min(_RUNS.c.id))
    .join_from(_VISITS, _RUNS, _RUNS.c.id == _VISITS.c.run_id)
    .where(_RUNS.c.source == bindparam("of_source"), _RUNS.c.mode == RunMode.LATEST.value)
    .where(_VISITS.c.seed == bindparam("url"), _VISITS.c.outcome == Outcome.STORED.value)
    .where(_RUNS.c.started_at >= bindparam("since", type_=_RUNS.c.started_at.type))
)
_CAME = Prepared(
    select(func.count())
    .join_from(_DISCOVERIES, _SEEDS, _SEEDS.c.id == _DISCOVERIES.c.seed_id)
    .where(_SEEDS.c.url == bindparam("url"), _DISCOVERIES.c.previous_run_id.is_(None))
    .where(_DISCOVERIES.c.first_seen_at > bindparam("first"))
    # By no run that was before: of years, an index's end.
    .where(_DISCOVERIES.c.last_run_id >= bindparam("run"))
)


def _rests(connection: Connection, source: str, url: str, size: int, now: datetime) -> bool:
    asked = {"of_source": source, "url": url, "since": now - LOOK_BACK}
    last, first, looks, run = _LOOKS.run(connection, asked).one()
    if last is None or looks < 2 or last > now:
        return False
    came = _CAME.run(connection, {"url": url, "first": first, "run": run}).scalar()
    return bool(now - last < interval(came, last - first, size))


def interval(came: int, within: timedelta, size: int) -> timedelta:
    """How long a list of so many may be left alone, when so many new ones came within that time.

    >>> interval(144, timedelta(days=1), 30), interval(2, timedelta(days=1), 30)
    (datetime.timedelta(seconds=6000), datetime.timedelta(seconds=21600))
    """
    if not came:
        return min(LONGEST, within)  # as long again as it was silent
    return min(LONGEST, within / came * size * SHARE)
