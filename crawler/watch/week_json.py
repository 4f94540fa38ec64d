"""The weekly report for programs: one JSON object."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from crawler.watch.disk import DiskLeft
from crawler.watch.week_report import WeeklyReport
from storage.seoul import written

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def as_json(report: WeeklyReport) -> dict[str, Any]:
    """The whole report as one object; names and meanings in docs/operating.md. Instants with +09:00."""
    week = report.week
    return {
        "week": str(week),
        "since": week.monday.isoformat(),
        "until": week.sunday.isoformat(),
        "over": report.is_over,
        "made_at": written(report.made_at),
        "archive_began": None if report.archive_began is None else written(report.archive_began),
        "sources": [_plain(one, runs=dict(one.runs), outcomes=dict(one.outcomes)) for one in report.sources],
        "publishers": [_plain(one) for one in report.publishers],
        "gaps": [
            {
                "day": gap.day.isoformat(),
                "source": gap.source,
                "why": list(gap.reasons),
                "fillable": gap.fillable,
                "why_not": gap.why_not,
            }
            for gap in report.gaps
        ],
        "slots": [_plain(one) for one in report.slots],
        "addresses": [_plain(one) for one in report.addresses],
        "lists": [_plain(one) for one in report.lists],
        "fields": [_plain(one, moved=one.moved) for one in report.fields.rates],
        "looks": [_plain(one) for one in report.fields.looks],
        "hosts": [
            {"host": one.host, "statuses": {str(status): n for status, n in sorted(one.statuses.items())}}
            for one in report.hosts
        ],
        "rests": [_plain(one, until=written(one.until)) for one in report.rests],
        "disks": [_disk(one) for one in report.disks],
        "disks_unknown": report.disks_unknown,
    }


def _plain(one: DataclassInstance, **instead: object) -> dict[str, Any]:
    return asdict(one) | instead


def _disk(one: DiskLeft) -> dict[str, Any]:
    return {
        "place": str(one.place),
        "free_bytes": one.free,
        "bytes_a_day": None if one.growth is None else round(one.growth.bytes_a_day),
        "full_in_days": None if one.lasts_days is None else round(one.lasts_days, 1),
    }
