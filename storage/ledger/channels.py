"""The channels of a portal's publishers: which there are, which the operator chose, when one is due."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from storage.database.opening import writing
from storage.database.upsert import insert_missing
from storage.models import ChannelRow, DiscoveryRow, RunRow, SeedRow, SeedVisitRow
from storage.records import Outcome, RunMode
from storage.records.discovery import Channel

ALL = "all"


def keep_channels(engine: Engine, source: str, found: Iterable[Channel], at: datetime) -> None:
    """Keep which channels there are; a new name of one takes the place of the old."""
    named = {one.number: one.name for one in found}
    with writing(engine) as session:
        row = {"source": source, "first_seen_at": at, "last_seen_at": at, "chosen": False}
        insert_missing(session, ChannelRow, [row | {"number": n, "name": name} for n, name in named.items()])
        known = select(ChannelRow).where(ChannelRow.source == source)
        for channel in session.scalars(known):
            if channel.number in named:
                channel.name, channel.last_seen_at = named[channel.number], at


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
    with writing(engine) as session:
        row = {"source": source, "first_seen_at": at, "last_seen_at": at, "chosen": False}
        insert_missing(session, ChannelRow, [row | {"number": one.number, "name": one.name} for one in known])
        rows = list(
            session.scalars(select(ChannelRow).where(ChannelRow.source == source).order_by(ChannelRow.id))
        )
        own = {str(one.number) for one in known} | set(also)
        chosen = own if wanted is None else set(wanted)
        for one in rows:
            one.chosen = ALL in chosen or bool(chosen & {str(one.number), one.name})
        there = {ALL} | {word for one in rows for word in (str(one.number), one.name)}
        missing = sorted(chosen - there) if wanted is not None else []
        return [Channel(number=one.number, name=one.name) for one in rows if one.chosen], missing


def chosen_channels(engine: Engine, source: str) -> list[Channel] | None:
    """The channels that the newest crawl read; None where none has chosen yet."""
    rows = select(ChannelRow).where(ChannelRow.source == source, ChannelRow.chosen).order_by(ChannelRow.id)
    with Session(engine) as session:
        found = [Channel(number=one.number, name=one.name) for one in session.scalars(rows)]
    return found or None


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
    with Session(engine) as session:
        return {url for url in lists if _rests(session, source, url, size, now)}


def _rests(session: Session, source: str, url: str, size: int, now: datetime) -> bool:
    last, first, looks = session.execute(
        select(func.max(SeedVisitRow.at), func.min(SeedVisitRow.at), func.count())
        .join(RunRow, RunRow.id == SeedVisitRow.run_id)
        .where(RunRow.source == source, RunRow.mode == RunMode.LATEST.value, SeedVisitRow.seed == url)
        .where(SeedVisitRow.outcome == Outcome.STORED.value, SeedVisitRow.at >= now - LOOK_BACK)
    ).one()
    if last is None or looks < 2 or last > now:
        return False
    came = session.scalar(
        select(func.count())
        .select_from(DiscoveryRow)
        .join(SeedRow, SeedRow.id == DiscoveryRow.seed_id)
        .where(SeedRow.url == url, DiscoveryRow.previous_run_id.is_(None))
        .where(DiscoveryRow.first_seen_at > first)
    )
    return now - last < interval(came or 0, last - first, size)


def interval(came: int, within: timedelta, size: int) -> timedelta:
    """How long a list of so many may be left alone, when so many new ones came within that time.

    >>> interval(144, timedelta(days=1), 30), interval(2, timedelta(days=1), 30)
    (datetime.timedelta(seconds=6000), datetime.timedelta(seconds=21600))
    """
    if not came:
        return min(LONGEST, within)  # as long again as it was silent
    return min(LONGEST, within / came * size * SHARE)
