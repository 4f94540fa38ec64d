"""What the archive's commands show: its last runs as rows, a statement as of a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy import make_url

from storage.database.opening import open_readonly, refusals
from storage.database.unwritable import asked
from storage.frontier.runs import list_runs
from storage.query.as_of import as_of
from storage.records import RunSummary
from storage.seoul import SEOUL, day_end

RUN_COLUMNS = (
    "run",
    "source",
    "mode",
    "started",
    "seconds",
    "verdict",
    "listed",
    "outcomes",
    "requests",
    "reason",
)


def run_rows(url: str, limit: int) -> tuple[Sequence[str], list[Sequence[Any]]]:
    """The last runs as rows, newest first, times in Asia/Seoul.

    Raises:
        DatabaseRefused: there is no archive, or it cannot be read.
    """
    with refusals():
        return RUN_COLUMNS, asked(
            partial(open_readonly, url), lambda engine: [_run_row(run) for run in list_runs(engine, limit)]
        )


def run_lines(url: str, limit: int) -> list[str]:
    """The last runs in a line each: ``fnnews healthy: stored=5 (5 addresses as expected)``."""
    _, rows = run_rows(url, limit)
    named = [dict(zip(RUN_COLUMNS, row, strict=True)) for row in rows]
    return ["{source} {verdict}: {outcomes} ({reason})".format(**row) for row in named]


def _run_row(run: RunSummary) -> Sequence[Any]:
    outcomes = " ".join(f"{outcome}={count}" for outcome, count in sorted(run.counts.items()))
    verdict = run.verdict.value if run.verdict else "running"
    started = run.started_at.astimezone(SEOUL).isoformat(sep=" ", timespec="seconds")
    took = round((run.finished_at - run.started_at).total_seconds(), 1) if run.finished_at else None
    return (
        run.id,
        run.source,
        run.mode,
        started,
        took,
        verdict,
        run.listed,
        outcomes,
        run.requests,
        run.reason,
    )


def known_at(statement: str, day: date, url: str) -> str:
    """The statement over the archive as it was known at the end of a day in Korea."""
    return as_of(statement, day_end(day), make_url(url).get_backend_name())
