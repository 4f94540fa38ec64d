"""Gaps in the ledger: which days lack something, why, and whether they can still be filled. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from statistics import median

from storage.ledger import PENDING, CoverageRow, DayFacts, Memory

FLOOR_SHARE = 0.25
"""Of the usual for the weekday: holidays halve the news, they do not quarter them (our choice)."""
LEAST_WEEKS = 4
WEEKS = 8
"""Same weekdays before, that a day is held against."""
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(slots=True)
class LedgerDay:
    """One source's day: all sections together."""

    source: str
    day: date
    listed: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    expected: bool = True
    """False for days before the source's first run: what is known of them is no gap."""

    def add(self, row: CoverageRow) -> None:
        self.listed += row.listed
        for name, count in row.counts.items():
            self.counts[name] = self.counts.get(name, 0) + count


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A day that lacks something."""

    source: str
    day: date
    reasons: tuple[str, ...]
    why_not: str | None = None
    """Why it cannot be filled by crawling, None when it can."""

    @property
    def fillable(self) -> bool:
        return self.why_not is None


def ledger_days(
    rows: Iterable[CoverageRow], first: Mapping[str, date], since: date, until: date
) -> list[LedgerDay]:
    """A day for each source and date from its first run on, and each earlier day that has a row."""
    days = {
        (source, day): LedgerDay(source=source, day=day)
        for source, begun in sorted(first.items())
        for day in _dates(max(begun, since), until)
    }
    for row in rows:
        early = LedgerDay(source=row.source, day=row.day, expected=False)
        if since <= row.day <= until:
            days.setdefault((row.source, row.day), early).add(row)
    return sorted(days.values(), key=lambda one: (one.source, one.day))


def _dates(first: date, last: date) -> Iterator[date]:
    for offset in range((last - first).days + 1):
        yield first + timedelta(days=offset)


def find_gaps(
    days: Sequence[LedgerDay],
    facts: Mapping[tuple[str, date], DayFacts],
    memory: Mapping[str, Memory],
    today: date,
) -> list[Gap]:
    """The days that lack something, newest first; today is not over and is left out.

    Args:
        memory: source -> how far back its lists go, as far as a backfill has seen.
    """
    listed = {(one.source, one.day): one.listed for one in days}
    gaps = []
    for one in days:
        if one.day >= today or not one.expected:
            continue
        lacking = tuple(_reasons(one, facts.get((one.source, one.day), DayFacts()), listed))
        if lacking:
            why_not = _why_not(one, memory.get(one.source), today)
            gaps.append(Gap(source=one.source, day=one.day, reasons=lacking, why_not=why_not))
    return sorted(gaps, key=lambda gap: (gap.day, gap.source), reverse=True)


def _reasons(one: LedgerDay, facts: DayFacts, listed: Mapping[tuple[str, date], int]) -> Iterator[str]:
    if not one.listed:
        yield f"nothing listed: {nothing_because(facts)}"
    elif (usual := _usual(one, listed)) is not None and one.listed < FLOOR_SHARE * usual:
        yield f"{one.listed} listed, usually {usual:g} on a {WEEKDAYS[one.day.weekday()]}"
    if facts.missed_lists:
        yield f"articles were missed between polls ({facts.missed_lists} lists moved on wholly)"
    unfinished = [f"{one.counts[name]} {name}" for name in UNFINISHED if one.counts.get(name)]
    if unfinished:
        yield ", ".join(unfinished)


UNFINISHED = (PENDING, "failed", "blocked", "quarantined")


def nothing_because(facts: DayFacts) -> str:
    """Why a day has no listed article, from its runs and slots."""
    if not facts.verdicts and not facts.slots:
        return "no run on that day"
    runs = ", ".join(f"{count} runs {verdict}" for verdict, count in sorted(facts.verdicts.items()))
    slots = ", ".join(f"{count} slots {state}" for state, count in sorted(facts.slots.items()))
    return "; ".join(part for part in (runs or "no run on that day", slots) if part)


def _usual(one: LedgerDay, listed: Mapping[tuple[str, date], int]) -> float | None:
    """Median of the same weekday in the weeks before, None with too few."""
    before = [listed.get((one.source, one.day - timedelta(weeks=n)), 0) for n in range(1, WEEKS + 1)]
    known = [count for count in before if count]
    return median(known) if len(known) >= LEAST_WEEKS else None


def _why_not(one: LedgerDay, memory: Memory | None, today: date) -> str | None:
    """Why crawling cannot fill the day."""
    if memory is not None and memory.ended and today - one.day > memory.reach:
        return (
            f"the lists of {one.source} went back to {memory.oldest} only, "
            f"{memory.reach.days} days, when run {memory.run_id} asked"
        )
    waiting = one.counts.get(PENDING, 0) + one.counts.get("failed", 0)
    if one.listed and not waiting and one.counts.get("blocked"):
        return "the site refuses these addresses, or its robots.txt does"
    if one.listed and not waiting and one.counts.get("quarantined"):
        return "fetched but not understood: mend the extractor, then newsarchive reextract"
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class FillOrder:
    """Days of one source to crawl in one backfill, both included."""

    source: str
    since: date
    until: date


def fill_orders(gaps: Iterable[Gap]) -> list[FillOrder]:
    """The gaps that can be filled as stretches of days, newest first."""
    orders: list[FillOrder] = []
    for gap in sorted(
        (gap for gap in gaps if gap.fillable), key=lambda gap: (gap.source, gap.day), reverse=True
    ):
        last = orders[-1] if orders else None
        if last and last.source == gap.source and last.since - gap.day == timedelta(days=1):
            orders[-1] = FillOrder(source=gap.source, since=gap.day, until=last.until)
        else:
            orders.append(FillOrder(source=gap.source, since=gap.day, until=gap.day))
    return sorted(orders, key=lambda order: order.until, reverse=True)
