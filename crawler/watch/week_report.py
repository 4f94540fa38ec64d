"""The weekly report: what came, what is missing and why, fields that drift, hosts that refused, disk left."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from crawler.verdict.run_verdict import ADDRESS
from crawler.watch.coverage import coverage_report
from crawler.watch.disk import DiskLeft, disks_left
from crawler.watch.gaps import WEEKS, Gap
from crawler.watch.week_fields import WeekOfFields, week_of_fields
from crawler.watch.weeks import WEEK, Week
from storage.ledger.run_history import first_run_at
from storage.ledger.unread import (
    HostWeek,
    RestingHost,
    UncrawledSlots,
    UnreadAddresses,
    UnreadList,
    refusals_of,
    resting_hosts,
    uncrawled_slots,
    unread_addresses,
    unread_lists,
)
from storage.ledger.week import PublisherWeek, SourceWeek, publishers_of, sources_of
from storage.seoul import day_of


@dataclass(frozen=True, slots=True, kw_only=True)
class WeeklyReport:
    """One week of the archive."""

    week: Week
    made_at: datetime
    archive_began: datetime | None
    """When its first run began; None: there was none."""
    sources: Sequence[SourceWeek]
    publishers: Sequence[PublisherWeek]
    gaps: Sequence[Gap]
    """Days of the week that lack something, the oldest first."""
    addresses: Sequence[UnreadAddresses]
    lists: Sequence[UnreadList]
    slots: Sequence[UncrawledSlots]
    fields: WeekOfFields
    hosts: Sequence[HostWeek]
    rests: Sequence[RestingHost]
    """At the moment of the report."""
    disks: Sequence[DiskLeft]
    disks_unknown: str | None = None
    """Why the disks could not be looked at."""

    @property
    def is_over(self) -> bool:
        return self.made_at >= self.week.span.until

    @property
    def is_before_the_archive(self) -> bool:
        return self.archive_began is None or self.archive_began >= self.week.span.until


def weekly_report(
    engine: Engine, week: Week, now: datetime, *, warc_folder: Path, database_url: str
) -> WeeklyReport:
    """Read the week from the archive; disks and rests are those of ``now``."""
    span = week.span
    sources = sources_of(engine, span)
    disks, unknown = _disks(warc_folder, database_url, now)
    return WeeklyReport(
        week=week,
        made_at=now,
        archive_began=first_run_at(engine),
        sources=sources,
        publishers=publishers_of(engine, span),
        gaps=_gaps(engine, week, now),
        addresses=_alike(unread_addresses(engine, span)),
        lists=unread_lists(engine, span),
        slots=_alike_slots(uncrawled_slots(engine, span)),
        fields=week_of_fields(engine, [one.source for one in sources], week),
        hosts=refusals_of(engine, span),
        rests=resting_hosts(engine, now),
        disks=disks,
        disks_unknown=unknown,
    )


def _gaps(engine: Engine, week: Week, now: datetime) -> list[Gap]:
    """Of the week; the same weekdays before are read as well, which its days are held against."""
    found = coverage_report(engine, week.monday - WEEKS * WEEK, week.sunday, day_of(now))
    return sorted(
        (gap for gap in found.gaps if gap.day >= week.monday), key=lambda gap: (gap.day, gap.source)
    )


def _disks(warc_folder: Path, database_url: str, now: datetime) -> tuple[list[DiskLeft], str | None]:
    try:
        return list(disks_left(warc_folder, database_url, now)), None
    except OSError as error:  # another user's folder
        return [], f"{error.filename or warc_folder}: {error.strerror}"


# --- reasons that differ in a time or an address alone --------------------------------------------

_TIME = re.compile(r"(?:\d{4}-\d{2}-\d{2}[ T])?\b\d{1,2}:\d{2}(?::\d{2})?\b")


def timeless(reason: str) -> str:
    """A reason without its moments.

    >>> timeless("host rests until 13:05 (Retry-After of 3600 s, with 429)")
    'host rests until ... (Retry-After of 3600 s, with 429)'
    """
    return _TIME.sub("...", reason)


def _alike(rows: Sequence[UnreadAddresses]) -> list[UnreadAddresses]:
    found: dict[tuple[str, str, str], UnreadAddresses] = {}
    for row in rows:
        said = timeless(row.reason)
        key = row.source, row.outcome, ADDRESS.sub("...", said)
        known = found.get(key, replace(row, reason=said, addresses=0, still=0))
        found[key] = replace(
            row,
            reason=said if known.reason == said else key[2],  # one alone keeps its address
            addresses=known.addresses + row.addresses,
            still=known.still + row.still,
        )
    return sorted(found.values(), key=lambda one: (one.source, one.outcome, -one.addresses, one.reason))


def _alike_slots(rows: Sequence[UncrawledSlots]) -> list[UncrawledSlots]:
    found: dict[tuple[str, str, str, str | None], UncrawledSlots] = {}
    for row in rows:
        key = row.source, row.mode, row.state, None if row.reason is None else timeless(row.reason)
        known = found.get(key)
        found[key] = replace(row, reason=key[3], slots=row.slots + (known.slots if known else 0))
    return list(found.values())
