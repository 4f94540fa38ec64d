"""What a run asks of the database where it begins and ends: of tables, and a bounded number of statements."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from crawler.configuration.environment import read_configuration
from crawler.run.boundary import Boundary
from crawler.run.closing import Closing, WorkDone
from crawler.run.database_thread import DatabaseThread
from crawler.run.opening import Opening, OpenRun
from crawler.run.plan import RunPlan
from crawler.sources import fnnews
from crawler.verdict.run_verdict import Ending, Tally
from storage.clock import utc_now
from storage.frontier import runs
from storage.frontier.leases import this_process
from storage.frontier.turns import TurnEnd, end_turn
from storage.ledger.channels import choose, keep_channels, not_due
from storage.ledger.resting_ways import resting_ways
from storage.records import Outcome
from storage.records.discovery import Channel, Discovery
from storage.records.runs import SeedVisit
from tests.storage.samples import fnnews_article

FREE = ("BEGIN", "PRAGMA", "SELECT pg_", "SET ")
"""What a connection and a transaction begin with."""
AT_ITS_START, AT_ITS_END = 20, 60
"""Statements of a run with one list and one article: 12 and 49 now, on PostgreSQL six and five more for its
clock and one for what its commits wait for, and some room."""


@contextmanager
def heard() -> Iterator[tuple[list[str], list[Any]]]:
    """The statements, and what of them was asked for objects, of every engine meanwhile."""
    told: list[str] = []
    objects: list[Any] = []

    def hear(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(FREE):
            told.append(statement)

    def hear_objects(asked: Any) -> None:
        objects.append(asked.statement)

    event.listen(Engine, "before_cursor_execute", hear)
    event.listen(Session, "do_orm_execute", hear_objects)
    try:
        yield told, objects
    finally:
        event.remove(Engine, "before_cursor_execute", hear)
        event.remove(Session, "do_orm_execute", hear_objects)


def crawl(url: str, folder: Path) -> tuple[list[int], list[Any], Ending]:
    """A run without its requests: the statements of its start, work and end, what was asked for objects, its
    verdict."""
    folder.mkdir(exist_ok=True)
    (folder / "empty.toml").touch()
    made = {"dir": folder / "archive", "database_url": url, "config": folder / "empty.toml"}
    configuration = read_configuration(made)
    tally = Tally()
    plan, boundary = RunPlan(source=fnnews.SOURCE), Boundary(tally.broke)
    opening = Opening(
        plan=plan,
        configuration=configuration,
        owner=this_process("latest-fnnews"),
        database=DatabaseThread("fnnews"),
        boundary=boundary,
        tally=tally,
        prepared=True,
    )
    with heard() as (told, objects):
        run = opening.open_run()
        counts = [len(told)]
        work(run)
        counts.append(len(told))
        closing = Closing(run=run, plan=plan, tally=tally, boundary=boundary, configuration=configuration)
        ending = closing.close(WorkDone(finished=True, limited=False, over=None, requests=3, received=100))
        counts.append(len(told))
    run.let_go()
    return [counts[0], counts[1] - counts[0], counts[2] - counts[1]], objects, ending


def work(run: OpenRun) -> None:
    """A list and a page that nobody knew, at a host that nobody knew."""
    now, host = utc_now(), "www.fnnews.com"
    channel = Channel(number=7, name="가상일보")
    choose(run.engine, "fnnews", None, [channel], (), now)
    keep_channels(run.engine, "fnnews", [replace(channel, name="새가상일보")], now)
    assert not_due(run.engine, "fnnews", ["https://www.fnnews.com/newsflash"], 30, now) == set()
    assert resting_ways(run.engine, "fnnews", None, now) == []
    assert run.frontier.take_turn(host, run.owner, None, 0.0, 30) == 0.0
    end_turn(run.engine, TurnEnd(host=host, owner=run.owner, delay_s=0.0))
    article = fnnews_article()
    run.frontier.discover(run.id, "fnnews", "a list", [(Discovery(url=article.url), article.site_id)], now)
    [address] = run.frontier.lease(run.id, "fnnews", run.owner, None, 900, 8)
    visit = SeedVisit(
        run_id=run.id,
        seed="https://www.fnnews.com/newsflash",
        kind="listing",
        section=None,
        outcome=Outcome.STORED,
        reason="listed",
        listed=1,
        at=now,
        way="a way",
        grade="C",
    )
    runs.record_seed(run.engine, visit)
    stored = run.writer.store(article, run_id=run.id, address_id=address.id, seen_at=now)
    assert stored.outcome is Outcome.STORED


def test_a_run_begins_and_ends_without_objects(database_url: str, tmp_path: Path) -> None:
    """To map the tables to classes takes 15 ms of a crawl's start, and asking through them takes twice as
    long as asking tables (2026-11-26)."""
    (start, _, end), objects, ending = crawl(database_url, tmp_path)
    assert list(map(str, objects)) == []
    assert start <= AT_ITS_START
    assert end <= AT_ITS_END
    assert ending.reason.startswith("1 listed, at least 37 expected")
