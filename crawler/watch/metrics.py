"""Our numbers for Prometheus: a text file that node exporter's textfile collector reads.

Names and meanings are in docs/metrics.md and do not change without a note there.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

from sqlalchemy import Engine

from crawler.configuration.environment import configuration
from crawler.configuration.file import ScheduleFile
from storage.operations.alarms import raised
from storage.operations.metrics import LastRun, address_counts, last_runs, last_success
from storage.operations.schedulers import newest_lives
from storage.operations.slots import count_states, last_slots
from storage.operations.workers import worker_lives
from storage.records import Verdict

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry, Gauge, Metric

log = logging.getLogger("newsarchive")


Answer = TypeVar("Answer")

SHARE = 0.02
"""Of its time a scheduler counts at most so much of each thing (our choice)."""
CHEAP_S = 0.1
"""What takes less is counted at every look (our choice): 40,000 runs or addresses."""


@dataclass(slots=True)
class Seldom:
    """What is counted over a whole table, kept while to count again would take more than SHARE of time."""

    clock: Callable[[], float] = time.monotonic
    _kept: dict[str, tuple[float, float, Any]] = field(default_factory=dict)
    """Name -> when it was counted, how long that took, what it gave."""

    def ask(self, name: str, count: Callable[[], Answer]) -> Answer:
        """What ``count`` gives, or gave."""
        began = self.clock()
        if name in self._kept:
            at, took, answer = self._kept[name]
            if took >= CHEAP_S and began - at < took / SHARE:
                return cast(Answer, answer)
        answer = count()
        ended = self.clock()
        self._kept[name] = ended, ended - began, answer
        return answer


def write_metrics(
    engine: Engine, path: Path, now: datetime, machine: str | None = None, seldom: Seldom | None = None
) -> None:
    """Write the file, whole or not at all (a new file takes the old one's place).

    Args:
        machine: who writes it, the label ``machine`` of every number; None: no such label.
        seldom: of who writes it again and again.

    Raises:
        OSError: it cannot be written.
    """
    from prometheus_client import CollectorRegistry, write_to_textfile  # 60 ms: only who wants them waits

    registry, asks = CollectorRegistry(), seldom or Seldom()
    _runs(registry, engine, asks)
    _slots(registry, engine, now, asks)
    _archive(registry, engine, now, asks)
    _workers(registry, engine)
    path.parent.mkdir(parents=True, exist_ok=True)
    # What is written asks its registry for ``collect()`` alone.
    write_to_textfile(str(path), registry if machine is None else _Labelled(registry, machine))


class _Labelled:
    """A registry whose numbers all carry the machine that wrote them; a worker's carry the worker's own."""

    def __init__(self, registry: CollectorRegistry, machine: str) -> None:
        self._registry, self._machine = registry, machine

    def collect(self) -> Iterator[Metric]:
        for family in self._registry.collect():
            family.samples = [
                sample._replace(labels={"machine": self._machine, **sample.labels})
                for sample in family.samples
            ]
            yield family


def _gauge(registry: CollectorRegistry, name: str, text: str, *labels: str) -> Gauge:
    from prometheus_client import Gauge

    return Gauge(f"newsarchive_{name}", text, labels, registry=registry)


def _runs(registry: CollectorRegistry, engine: Engine, asks: Seldom) -> None:
    labels = ("source", "mode")
    started = _gauge(registry, "last_run_start_timestamp_seconds", "Start of the last finished run", *labels)
    length = _gauge(registry, "last_run_duration_seconds", "Duration of the last finished run", *labels)
    listed = _gauge(registry, "last_run_listed", "Addresses that the last run listed", *labels)
    requests = _gauge(registry, "last_run_requests", "Requests of the last finished run", *labels)
    received = _gauge(registry, "last_run_received_bytes", "Bytes received by the last finished run", *labels)
    verdict = _gauge(registry, "last_run_verdict", "1 for the last run's verdict, else 0", *labels, "verdict")
    outcome = _gauge(registry, "last_run_outcomes", "Outcomes of the last finished run", *labels, "outcome")
    success = _gauge(registry, "last_healthy_run_timestamp_seconds", "End of the last healthy run", *labels)
    for run in asks.ask("runs", partial(last_runs, engine)):
        where = (run.source, run.mode)
        started.labels(*where).set(run.started_at.timestamp())
        length.labels(*where).set((run.finished_at - run.started_at).total_seconds())
        listed.labels(*where).set(run.listed)
        requests.labels(*where).set(run.requests)
        received.labels(*where).set(run.bytes)
        _verdict(verdict, run)
        for name, count in run.counts.items():
            outcome.labels(*where, name).set(count)
    for where, at in asks.ask("success", partial(last_success, engine)).items():
        success.labels(*where).set(at.timestamp())


def _verdict(gauge: Gauge, run: LastRun) -> None:
    for verdict in Verdict:
        gauge.labels(run.source, run.mode, verdict.value).set(int(run.verdict == verdict.value))


def _slots(registry: CollectorRegistry, engine: Engine, now: datetime, asks: Seldom) -> None:
    states = _gauge(
        registry, "slots", "Slots of the schedule by what became of them", "source", "mode", "state"
    )
    for (source, mode, state), count in asks.ask("states", partial(count_states, engine)).items():
        states.labels(source, mode, state).set(count)
    due = _gauge(registry, "last_slot_due_timestamp_seconds", "The newest slot's moment", "source", "mode")
    for (source, mode), slot in asks.ask("slots", partial(last_slots, engine, now)).items():
        due.labels(source, mode).set(slot.due_at.timestamp())


def _archive(registry: CollectorRegistry, engine: Engine, now: datetime, asks: Seldom) -> None:
    addresses = _gauge(registry, "addresses", "Known addresses by their newest outcome", "source", "outcome")
    for (source, name), count in asks.ask("addresses", partial(address_counts, engine)).items():
        addresses.labels(source, name).set(count)
    alarms = _gauge(registry, "alarms_raised", "Things that are wrong now")
    alarms.set(len(raised(engine)))
    lives = newest_lives(engine, limit=1)
    beat = _gauge(registry, "scheduler_beat_timestamp_seconds", "Last sign of life of a scheduler")
    beat.set(lives[0].beat_at.timestamp() if lives else 0)
    written = _gauge(registry, "metrics_timestamp_seconds", "When this file was written")
    written.set(now.timestamp())


def _workers(registry: CollectorRegistry, engine: Engine) -> None:
    labels = ("machine", "process")
    beat = _gauge(registry, "worker_beat_timestamp_seconds", "Last sign of life of a worker", *labels)
    ahead = _gauge(registry, "worker_clock_ahead_seconds", "Its clock, against the database's", *labels)
    crawling = _gauge(registry, "worker_crawling", "Sources that it crawls", *labels)
    for life in worker_lives(engine):
        if life.state in ("lives", "silent"):
            where = (life.worker.machine, life.worker.owner)
            beat.labels(*where).set(life.beat_at.timestamp())
            ahead.labels(*where).set(life.clock_ahead_s)
            crawling.labels(*where).set(len(life.crawling))


def keep_metrics(engine: Engine, file: ScheduleFile, now: datetime, seldom: Seldom | None = None) -> None:
    """Write the metrics file where one is named."""
    if file.metrics.file is None:
        return
    settings = configuration()
    machine = settings.machine if "machine" in settings.model_fields_set else None
    try:
        write_metrics(engine, file.metrics.file, now, machine, seldom)
    except OSError as error:
        log.error("the metrics could not be written to %s: %s", file.metrics.file, error.strerror)
