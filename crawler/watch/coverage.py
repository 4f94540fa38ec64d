"""What ``newsarchive coverage`` shows: the ledger's days, their gaps, and where each source's memory ends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Engine

from crawler.sources import all_sources
from crawler.sources.base import Source, lists_of_days, newest_lists
from crawler.watch.gaps import PASSING, Gap, LedgerDay, Lists, find_gaps, ledger_days
from storage.ledger.channels import chosen_channels
from storage.ledger.days import OUTCOMES, backfilled_since, coverage_rows, day_facts, first_days
from storage.ledger.memory import Memory, memory_of
from storage.ledger.readings import lists_in_vain, newest_reading, readings_of_days, refusal_of
from storage.seoul import days_between

GAP_COLUMNS = ("day", "source", "why", "can be filled")
SECTION_COLUMNS = ("source", "day", "section", "listed", *OUTCOMES)


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageReport:
    """The ledger between two days."""

    days: tuple[LedgerDay, ...]
    gaps: tuple[Gap, ...]
    """Newest first."""
    memory: Mapping[str, Memory]

    def memory_lines(self) -> Iterator[str]:
        """Where each source's memory ends, as far as a backfill has seen."""
        for source, seen in sorted(self.memory.items()):
            where = (
                f"ended at {seen.oldest}, {seen.reach.days} days back"
                if seen.ended
                else f"reached {seen.oldest}, as far as was asked"
            )
            yield f"The lists of {source} {where} (run {seen.run_id} on {seen.seen_on})."


def coverage_report(engine: Engine, since: date, until: date, today: date) -> CoverageReport:
    """Read the ledger from the first day to the last, both included."""
    declared = all_sources()
    first = {source: day for source, day in first_days(engine).items() if source in declared}
    days = ledger_days(coverage_rows(engine, since, until), first, since, min(until, today))
    days = sorted([*days, *_in_vain(engine, days, first, since)], key=lambda one: (one.source, one.day))
    memory = {source: seen for source in first if (seen := memory_of(engine, source)) is not None}
    past = [one.day for one in days if one.day < today]
    ways = {source: ways_into(engine, declared[source], past) for source in first}
    gaps = find_gaps(days, day_facts(engine, since, until), memory, today, ways)
    return CoverageReport(days=tuple(days), gaps=tuple(gaps), memory=memory)


def _in_vain(
    engine: Engine, days: Sequence[LedgerDay], first: Mapping[str, date], since: date
) -> Iterator[LedgerDay]:
    """Days before a source's first crawl whose own lists a backfill asked for and could not read."""
    known = {(one.source, one.day) for one in days}
    for source, asked in backfilled_since(engine).items():
        if source not in first or not (unread := lists_in_vain(engine, source)):
            continue
        declared = all_sources()[source]
        newest = newest_lists(declared)
        chosen = chosen_channels(engine, source)
        for day in days_between(max(asked, since), first[source] - timedelta(days=1)):
            lists = {seed.url for seed in lists_of_days(declared, [day], chosen)} - newest
            if lists & unread and (source, day) not in known:
                yield LedgerDay(source=source, day=day)


def ways_into(engine: Engine, source: Source, days: Iterable[date]) -> Lists:
    """What the archive knows of a source's lists of these days."""
    newest = newest_lists(source)
    chosen = chosen_channels(engine, source.name)
    lists = {day: lists_of_days(source, [day], chosen) for day in set(days)}
    of_days = {
        day: frozenset(seed.url for seed in seeds if seed.url not in newest) for day, seeds in lists.items()
    }
    kinds = {seed.kind for seeds in lists.values() for seed in seeds}
    refusal = refusal_of(engine, source.name, kinds)
    refused = None
    if refusal is not None and not refusal.reason.startswith(PASSING):
        refused = f"its lists of past days are refused ({refusal.reason}; {refusal.reading})"
    if any(of_days.values()):
        return Lists(refused=refused, reread=readings_of_days(engine, source.name, of_days))
    seen = newest_reading(engine, source.name, newest)
    reread = {} if seen is None else {day: seen for day in lists if day < seen.on}
    return Lists(dated=False, refused=refused, reread=reread)


def gap_rows(report: CoverageReport) -> list[Sequence[Any]]:
    """The gaps as rows, newest first."""
    return [
        (gap.day.isoformat(), gap.source, "; ".join(gap.reasons), can_be_filled(gap)) for gap in report.gaps
    ]


def can_be_filled(gap: Gap) -> str:
    """``yes``, ``no: why``, or what of it cannot be filled."""
    if not gap.fillable:
        return f"no: {gap.why_not}"
    return "; ".join(["yes", *(f"but not {lack.words}: {lack.why_not}" for lack in gap.beyond)])


def section_rows(engine: Engine, since: date, until: date) -> list[Sequence[Any]]:
    """The view ``coverage`` as rows: listed is the sum of what stands to its right."""
    return [
        (
            row.source,
            row.day.isoformat(),
            row.section,
            row.listed,
            *(row.counts.get(name, 0) for name in OUTCOMES),
        )
        for row in coverage_rows(engine, since, until)
    ]
