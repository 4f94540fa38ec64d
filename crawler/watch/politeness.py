"""The politeness report: what each host was asked, hour by hour, held against what was promised."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine

from storage.operations.politeness import HostHour, RunPromise, host_hours, run_promises
from storage.seoul import shown

COLUMNS = (
    "host",
    "hour",
    "requests",
    "bytes",
    "304",
    "mean/min",
    "peak/min",
    "ceiling/min",
    "closest s",
    "refused",
    "kept",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PolitenessReport:
    """What the hosts were asked in a stretch of time."""

    since: datetime
    until: datetime
    hours: tuple[HostHour, ...]
    promises: tuple[RunPromise, ...]

    @property
    def broken(self) -> list[HostHour]:
        """Hours in which the declared ceiling was passed."""
        return [hour for hour in self.hours if hour.kept is False]


def politeness_report(
    engine: Engine, since: datetime, until: datetime, host: str | None = None
) -> PolitenessReport:
    """The report for ``[since, until)``, of one host or all."""
    hours = [one for one in host_hours(engine, since, until) if host in (None, one.host)]
    runs = sorted({run for hour in hours for run in hour.runs})
    promises = tuple(run_promises(engine, runs))
    return PolitenessReport(since=since, until=until, hours=tuple(hours), promises=promises)


def rows_of(report: PolitenessReport) -> list[Sequence[Any]]:
    """One row for each host and hour, for programs. A flag is 1, 0 or None, as in the views."""
    return [
        (
            one.host,
            one.hour,
            one.requests,
            one.bytes,
            round(one.not_modified_share, 4),
            round(one.mean_per_minute, 2),
            one.peak_minute,
            one.ceiling_per_minute,
            None if one.closest_s is None else round(one.closest_s, 2),
            one.refused,
            None if one.kept is None else int(one.kept),
        )
        for one in report.hours
    ]


def shown_rows(report: PolitenessReport) -> list[Sequence[Any]]:
    """The same for people, times in Asia/Seoul."""
    rows = rows_of(report)
    return [
        (
            *(host, shown(hour), requests, size, f"{unmodified:.0%}", f"{mean:.2f}", peak),
            "none" if ceiling is None else f"{ceiling:.0f}",
            "" if closest is None else f"{closest:.2f}",
            refused,
            {1: "yes", 0: "NO", None: "no ceiling"}[kept],
        )
        for host, hour, requests, size, unmodified, mean, peak, ceiling, closest, refused, kept in rows
    ]


def notes_of(report: PolitenessReport) -> list[str]:
    """What the rows do not say: who asked, what was promised, what stayed without an answer."""
    requests = sum(one.requests for one in report.hours)
    notes = [
        f"{requests} answered requests to {len({one.host for one in report.hours})} hosts from "
        f"{shown(report.since)} to {shown(report.until)} (Asia/Seoul)."
    ]
    agents = sorted({one.user_agent for one in report.promises if one.user_agent})
    notes += [f"User agent: {agent}" for agent in agents]
    delays = sorted({one.delay_s for one in report.promises if one.delay_s is not None})
    if delays:
        said = ", ".join(f"{delay:g} s" for delay in delays)
        notes.append(f"Declared delay between two requests to a host, one at a time: {said}.")
    unanswered = sum(max(0, one.requests - one.answered) for one in report.promises)
    notes.append(f"Requests without an answer (time-outs, closed connections), all hosts: {unanswered}.")
    for permission in sorted({one.permission for one in report.promises if one.permission}):
        notes.append(f"Permission recorded by the operator: {permission}")
    return [*notes, _promise_kept(report)]


def _promise_kept(report: PolitenessReport) -> str:
    held = [one for one in report.hours if one.kept is not None]
    without = len(report.hours) - len(held)
    said = f" In {without} hours none was declared: a server of the operator's own." if without else ""
    if not held:
        return f"No ceiling was declared.{said}"
    if report.broken:
        return f"The declared ceiling was passed in {len(report.broken)} hours.{said}"
    return f"The declared ceiling was kept in every hour that had one.{said}"


def as_markdown(report: PolitenessReport) -> str:
    """The report as Markdown, to be sent to a publisher."""
    head = "| " + " | ".join(COLUMNS) + " |"
    rule = "|" + "---|" * len(COLUMNS)
    rows = ["| " + " | ".join(str(cell) for cell in row) + " |" for row in shown_rows(report)]
    notes = [f"- {note}" for note in notes_of(report)]
    return "\n".join(["# Politeness report", "", *notes, "", head, rule, *rows, ""])
