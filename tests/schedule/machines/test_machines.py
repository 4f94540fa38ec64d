"""Two hosts whose clocks are hours apart crawl for one archive: each slot once, one pace at each host."""

from __future__ import annotations

import os
import signal
import time
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.configuration.file import ModeTable
from crawler.schedule.jobs import Jobs, make_tables
from crawler.schedule.slot_job import job_of
from storage.models import SlotState
from storage.operations.workers import worker_lives
from tests.schedule.machines.cluster import cluster, until
from tests.schedule.machines.disturbed import scheduler
from tests.schedule.machines.hosts import Host, why_not

REASON = why_not()
pytestmark = [pytest.mark.proof, pytest.mark.skipif(REASON is not None, reason=str(REASON))]

HOURLY = ModeTable.model_validate({"cron": "@hourly", "kill_after": "5m"})
CLOCKS = {1: -7 * 3600.0, 2: 5 * 3600.0}
"""Host -> seconds that its clock is ahead."""


def test_two_hosts_with_wrong_clocks_share_the_work_and_the_pace(tmp_path: Path) -> None:
    now = datetime.now(UTC).replace(second=0, microsecond=0)
    with ExitStack() as stack:
        shared = stack.enter_context(cluster(tmp_path, ("paper1", "paper2")))
        hosts = [stack.enter_context(Host(number, clock)) for number, clock in CLOCKS.items()]
        make_tables(shared.engine)
        for host in hosts:
            shared.work(host)
        for name in shared.names:
            shared.owe(name, now)
        handed = Jobs(shared.url).hand_over([job_of(slot, HOURLY) for slot in shared.slots()])
        assert len(handed) == 2

        until(lambda: not shared.open(), 120, lambda: "".join(map(shared.log_of, hosts))[-2000:])
        assert {slot.state for slot in shared.slots()} <= {SlotState.RAN, SlotState.LATE}
        assert [slot.attempts for slot in shared.slots()] == [1, 1]
        ahead = {life.worker.machine: life.clock_ahead_s for life in worker_lives(shared.engine)}
        assert ahead == {f"host{number}": pytest.approx(clock, abs=2) for number, clock in CLOCKS.items()}

        runs = shared.rows("SELECT verdict, reason FROM run")
        assert [verdict for verdict, _ in runs] == ["healthy", "healthy"], runs

    pages = shared.papers.gaps()["read.one.example"]
    assert len(pages) >= 4
    assert min(pages) >= shared.delay
    assert shared.papers.overlaps() == 0


STOPPED_S = 100.0
"""Longer than the lease of a slot (90 s): the other host takes it over meanwhile."""


def test_a_host_that_is_stopped_and_wakes_crawls_nothing_twice(tmp_path: Path) -> None:
    """Every process of it, worker and crawl, in the middle of a crawl: a machine that is suspended."""
    now = datetime.now(UTC).replace(second=0, microsecond=0)
    with ExitStack() as stack:
        shared = stack.enter_context(cluster(tmp_path, ("paper1", "paper2"), delay=2.0))
        one, other = (stack.enter_context(Host(number)) for number in (1, 2))
        make_tables(shared.engine)
        shared.work(one)
        stack.enter_context(scheduler(shared))
        shared.owe("paper1", now)
        pages = lambda: [a for a in shared.papers.asked if "/news/" in a.path]  # noqa: E731
        until(pages, 120, lambda: shared.log_of(one)[-2000:])
        for number in (stopped := one.pids()):
            os.kill(number, signal.SIGSTOP)
        woken = time.monotonic() + STOPPED_S
        shared.work(other)
        shared.owe("paper2", now)
        until(lambda: time.monotonic() > woken, STOPPED_S + 60)
        for number in stopped:
            os.kill(number, signal.SIGCONT)
        until(
            lambda: not shared.open(), 240, lambda: shared.log_of(one)[-2000:] + shared.log_of(other)[-2000:]
        )
        until(lambda: len(one.pids()) == 1, 120, lambda: shared.log_of(one)[-2000:])

        assert {slot.state for slot in shared.slots()} <= {SlotState.RAN, SlotState.LATE}
        ended = shared.rows("SELECT source, slot FROM run WHERE verdict <> 'interrupted'")
        assert len(ended) == len(set(ended)) == 2, ended
        kept = {url for (url,) in shared.rows("SELECT url FROM appearances")}
        assert kept == set().union(*shared.papers.listed.values())
        assert [life.state for life in worker_lives(shared.engine)] == ["lives", "lives"]
    assert min(gap for gaps in shared.papers.gaps().values() for gap in gaps) >= shared.delay
    assert shared.papers.overlaps() == 0
