"""What ``newsarchive coverage`` shows: the ledger's days, their gaps, and the filling of them."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Engine

from crawler.ledger import Gap, LedgerDay, fill_orders, find_gaps, ledger_days
from storage.ledger import OUTCOMES, Memory, coverage_rows, day_facts, first_days, memory_of

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
    first = first_days(engine)
    days = ledger_days(coverage_rows(engine, since, until), first, since, min(until, today))
    memory = {source: seen for source in first if (seen := memory_of(engine, source)) is not None}
    gaps = find_gaps(days, day_facts(engine, since, until), memory, today)
    return CoverageReport(days=tuple(days), gaps=tuple(gaps), memory=memory)


def gap_rows(report: CoverageReport) -> list[Sequence[Any]]:
    """The gaps as rows, newest first."""
    return [
        (
            gap.day.isoformat(),
            gap.source,
            "; ".join(gap.reasons),
            "yes" if gap.fillable else f"no: {gap.why_not}",
        )
        for gap in report.gaps
    ]


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


def fill_gaps(
    gaps: Sequence[Gap], command: Callable[[str, date, date], list[str]], say: Callable[[str], None]
) -> int:
    """Crawl exactly the gaps that can still be filled, newest first; the worst exit code.

    Args:
        command: source, first and last day -> the backfill's command line.
        say: takes one line for a person.
    """
    for gap in gaps:
        if not gap.fillable:
            say(f"{gap.source} {gap.day} cannot be filled: {gap.why_not}")
    codes = [0]
    for order in fill_orders(gaps):
        say(f"filling {order.source} {order.since} to {order.until}")
        codes.append(_run(command(order.source, order.since, order.until)))
        say(f"{order.source} {order.since} to {order.until} ended with exit code {codes[-1]}")
    return max(codes)


def _run(command: Sequence[str]) -> int:
    return subprocess.run(list(command), check=False).returncode  # noqa: S603
