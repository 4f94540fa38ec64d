"""What the archive's commands show of its last runs."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from storage.clock import utc_now
from storage.database.opening import open_readonly, refusals
from storage.database.unwritable import asked
from storage.frontier.runs import list_runs
from storage.records.runs import RunSummary
from storage.seoul import shown

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
    """The last runs as rows, newest first.

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
    said = "{source} {verdict}: {became} ({reason})"
    return [said.format(**row, became=outcomes_line(row["outcomes"])) for row in named]


def flat(rows: Sequence[Sequence[Any]]) -> list[Sequence[Any]]:
    """Rows whose cells are no objects, for formats that have none."""
    return [[outcomes_line(cell) if isinstance(cell, Mapping) else cell for cell in row] for row in rows]


def outcomes_line(outcomes: Mapping[str, int]) -> str:
    """``gone=2 stored=34``."""
    return " ".join(f"{outcome}={count}" for outcome, count in outcomes.items())


def _run_row(run: RunSummary) -> Sequence[Any]:
    # An import, and a run made anew from WARC files, has ended and was held against nothing.
    verdict = run.verdict.value if run.verdict else "running" if run.finished_at is None else "ended"
    took = round((run.finished_at - run.started_at).total_seconds(), 1) if run.finished_at else None
    return (
        run.id,
        run.source,
        run.mode,
        run.started_at,
        took,
        verdict,
        run.listed,
        dict(sorted(run.counts.items())),
        run.requests,
        run.reason,
    )


STYLES = {
    "healthy": "green",
    "degraded": "yellow",
    "empty": "bold red",
    "blocked": "bold red",
    "interrupted": "magenta",
    "running": "cyan",
    "ended": "none",
}
"""Verdict -> its colour on a terminal; the word stands there as well."""


def show_runs(rows: Sequence[Sequence[Any]]) -> None:
    """The runs as a table that fits into 80 columns; under it, in whole lines, why one was not healthy."""
    from rich.table import Table
    from rich.text import Text

    from crawler.commands.output import answering_console, harmless, in_pieces

    console = answering_console(width=None if sys.stdout.isatty() else PIPED)
    runs = [dict(zip(RUN_COLUMNS, row, strict=True)) for row in rows]
    this_year = shown(utc_now())[:5]
    for piece in in_pieces(runs):
        table = Table("run", "source, mode", "started", "took", "verdict", "listed", "became")
        for run in piece:
            table.add_row(
                str(run["run"]),
                Text(harmless(f"{run['source']} {run['mode']}"), overflow="fold"),
                shown(run["started"]).removeprefix(this_year),
                _took(run["seconds"]),
                Text(str(run["verdict"]), style=STYLES.get(str(run["verdict"]), "")),
                Text(str(run["listed"]), justify="right"),
                Text(harmless(outcomes_line(run["outcomes"])), overflow="fold"),
            )
        console.print(table)
    for run in runs:
        if run["verdict"] not in ("healthy", "running", "ended") and run["reason"]:
            why = f"run {run['run']}, {run['source']} {run['mode']}, {run['verdict']}: {run['reason']}"
            console.print(Text(harmless(why), overflow="fold"))


PIPED = 80
"""Columns where there is no terminal to ask."""


def _took(seconds: float | None) -> str:
    """``42 s``, ``3:07``, ``1:02:03``; empty while it runs."""
    if seconds is None:
        return ""
    if seconds < 60:
        return f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
