"""The pages that list: a reporter's articles, changes, coverage, runs, quarantine."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Engine

from crawler.serve.render import Answer, page, refused
from crawler.serve.request import LAST_PAGE, Request, WrongRequest
from crawler.serve.words import word
from crawler.watch.coverage import can_be_filled, coverage_report
from storage.frontier.runs import list_runs
from storage.query.room import lists
from storage.seoul import SEOUL, days_between

SIZE, RUNS = 50, 100
"""Rows of a page (our choice)."""
DAYS, MOST_DAYS = 31, 366
"""Of the coverage map, where nothing else is asked for, and at most (our choice)."""


def _wanted(request: Request) -> lists.Page:
    return lists.Page(size=SIZE, start=(request.page() - 1) * SIZE)


def _listed(request: Request, template: str, rows: list[Any], **values: Any) -> Answer:
    number = request.page()
    return page(
        request,
        template,
        rows=rows[:SIZE],
        more=len(rows) > SIZE,
        number=number,
        start=(number - 1) * SIZE + 1,
        last=LAST_PAGE,
        **values,
    )


def reporter_page(engine: Engine, request: Request) -> Answer:
    """Who it is, and the articles, newest first."""
    who = lists.reporter(engine, request.number())
    if who is None:
        return refused(request, word("no_reporter", request.language), 404)
    rows = lists.reporter_articles(engine, who["reporter_id"], _wanted(request))
    return _listed(request, "reporter.html", rows, who=who)


def changes_page(engine: Engine, request: Request) -> Answer:
    """What changed after publication, the newest first."""
    return _listed(request, "changes.html", lists.changes(engine, _wanted(request)))


def quarantine_page(engine: Engine, request: Request) -> Answer:
    """What was captured and is not understood."""
    return _listed(request, "quarantine.html", lists.quarantined(engine, _wanted(request)))


def runs_page(engine: Engine, request: Request) -> Answer:
    """The last runs."""
    return page(request, "runs.html", runs=list_runs(engine, RUNS))


def run_page(engine: Engine, request: Request) -> Answer:
    """One run: its counts, its seeds, its outcomes with their reasons."""
    number = request.number()
    found = lists.run(engine, number)
    if found is None:
        return refused(request, word("no_run", request.language), 404)
    return page(
        request,
        "run.html",
        run=found,
        ends=lists.run_ends(engine, number),
        seeds=lists.run_seeds(engine, number),
    )


def coverage_page(engine: Engine, request: Request) -> Answer:
    """The map of days and sources, and the gaps."""
    today = datetime.now(SEOUL).date()
    since, until = _days(request, today)
    report = coverage_report(engine, since, until, today)
    cells = {(day.day, day.source): day for day in report.days}
    return page(
        request,
        "coverage.html",
        since=since,
        until=until,
        sources=sorted({day.source for day in report.days}),
        days=list(days_between(since, min(until, today)))[::-1],
        cells=cells,
        most={source: _most(report.days, source) for source in {day.source for day in report.days}},
        lacking={(gap.day, gap.source): gap for gap in report.gaps},
        gaps=[(gap, can_be_filled(gap)) for gap in report.gaps],
    )


def _most(days: Any, source: str) -> int:
    return max((day.counts.get("stored", 0) for day in days if day.source == source), default=0)


def _days(request: Request, today: date) -> tuple[date, date]:
    until = request.day("until") or today
    since = request.day("since") or until - timedelta(days=DAYS - 1)
    if since > until or (until - since).days >= MOST_DAYS:
        raise WrongRequest(
            f"처음 날부터 마지막 날까지 {MOST_DAYS}일 안에서 골라 주세요.",
            f"Choose at most {MOST_DAYS} days, the first not after the last.",
        )
    return since, until
