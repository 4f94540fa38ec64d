"""Reading on a Dask cluster: asked as the reading processes of this machine are, answered as they answer.

Questions that come together go out as units (one WARC file, or a stretch of one). A worker that dies has its
units read by another; one that kills every worker is taken apart, so that the page that does it is the one
that is blamed. The one module that imports Dask, and only when a cluster is asked for.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from dataclasses import replace
from importlib.util import find_spec
from typing import Any

from crawler import reader
from crawler.reading.limits import Limits
from crawler.reading.pool import RulesBroke
from crawler.reading.process import ReadingDied, ReadingUnavailable
from crawler.reading.question import Broke, Lost, ReadCapture, ReadPage
from crawler.reading.unit import Answered, Died, Unit, in_units, read_unit
from storage.records import Article

log = logging.getLogger("newsarchive")

_Asked = tuple[ReadCapture | ReadPage, asyncio.Future[Answered]]

EXTRA = "reading on a cluster needs the extra dask: pip install 'newsarchive[dask]'"
TOGETHER_S = 0.05
"""Questions of one block come within this: they are fetched by a few threads (measured: 20 ms for 32)."""
MOST = 32
"""Captures in a unit: about a fifth of a second of one core (2026-11), a hundred times what its way costs."""
MOST_AHEAD = 16
"""Blocks that are read ahead of the writer at most: it stores a page in a fifth of what reading it takes
(0.9 ms and 4, 2026-11), so that more than eight threads wait for it. Our choice."""
CONNECT_S = 10
WORKERS_S = 60


class NoCluster(Exception):
    """There is no cluster to read on; the message is one sentence."""


class ClusterPool:
    """Takes the place of a `ReadingPool`. Belongs to one event loop."""

    def __init__(self, limits: Limits, scheduler: str | None, workers: int) -> None:
        """Start a cluster on this machine, or go to one.

        Args:
            limits: of the reading processes that each worker has.
            scheduler: the address of a cluster; None: one on this machine, with so many ``workers``.

        Raises:
            NoCluster: Dask is not installed, nobody answers there, or no worker has come.
        """
        if find_spec("distributed") is None:
            raise NoCluster(EXTRA)
        self.limits = limits
        self.far = scheduler is not None
        """The workers may be on other machines, and see nothing of this one's folders."""
        self._cluster, self._client = _connected(scheduler, workers)
        threads = sum(self._client.nthreads().values())
        self.ahead = min(threads + 1, MOST_AHEAD)
        """Blocks that have to be asked for at once so that no thread of the cluster waits."""
        self._executor = self._client.get_executor(pure=False)
        self._waiting: list[_Asked] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._timer: asyncio.TimerHandle | None = None

    async def ask_twice(self, question: ReadCapture | ReadPage, what: str) -> Article | Lost:
        """The answer to a question; the worker tries it twice. A list is read by the crawl that found it.

        Raises:
            ReadingDied, RulesBroke, ReadingUnavailable: as a `ReadingPool`.
        """
        loop = asyncio.get_running_loop()
        answered: asyncio.Future[Answered] = loop.create_future()
        self._waiting.append((question, answered))
        if self._timer is None:
            self._timer = loop.call_later(TOGETHER_S, self._send)
        answer = await answered
        if isinstance(answer, Died):
            log.warning("%s cannot be read: %s", what, answer.reason)
            raise ReadingDied(answer.reason)
        if isinstance(answer, Broke):
            raise RulesBroke(answer)
        return answer

    def _send(self) -> None:
        self._timer = None
        waiting, self._waiting = self._waiting, []
        for numbers in in_units([question for question, _ in waiting], MOST):
            self._start([waiting[number] for number in numbers])

    def _start(self, asked: list[_Asked]) -> None:
        task = asyncio.create_task(self._answer(asked))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _answer(self, asked: list[_Asked]) -> None:
        from distributed import KilledWorker

        questions = tuple(question for question, _ in asked)
        unit = Unit(questions=questions, limits=self.limits, reader=reader.READER)
        try:
            answers = await asyncio.wrap_future(self._executor.submit(read_here, unit))
        except KilledWorker as death:
            if len(asked) > 1:
                log.warning("%d captures are read one by one: %s", len(asked), _line(death))
                for one in asked:
                    self._start([one])
                return
            answers = [Died(reason=f"it ended every worker of the cluster that read it: {_line(death)}")]
        except ReadingUnavailable as error:
            _refuse(asked, error)
            return
        except Exception as error:  # noqa: BLE001  the boundary to the cluster: told to who asked
            _refuse(asked, ReadingUnavailable(f"the cluster did not answer: {_line(error)}"))
            return
        for (_, future), answer in zip(asked, answers, strict=True):
            if not future.done():
                future.set_result(answer)

    async def close(self) -> None:
        """Leave the cluster; one of this machine ends."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.to_thread(self._left)

    def _left(self) -> None:
        with suppress(TimeoutError, OSError):
            self._client.close(timeout=CONNECT_S)
        if self._cluster is not None:
            with suppress(TimeoutError, OSError):
                self._cluster.close(timeout=CONNECT_S)


def read_here(unit: Unit) -> list[Answered]:
    """On a worker: as many reading processes as it has threads, which are given a unit each.

    Raises:
        ReadingUnavailable: nothing can be read here.
    """
    from distributed import get_worker

    limits = replace(unit.limits, processes=get_worker().state.nthreads)
    return read_unit(replace(unit, limits=limits))


def _refuse(asked: list[_Asked], error: ReadingUnavailable) -> None:
    for _, future in asked:
        if not future.done():
            future.set_exception(error)


def _connected(scheduler: str | None, workers: int) -> tuple[Any, Any]:
    import dask
    from distributed import Client, LocalCluster

    # A worker's reading processes are its children, which Python forbids to a daemon.
    dask.config.set({"distributed.worker.daemon": False})
    cluster = None
    try:
        if scheduler is None:
            cluster = LocalCluster(  # type: ignore[no-untyped-call]
                n_workers=workers,
                threads_per_worker=1,
                host="127.0.0.1",
                dashboard_address=None,
                silence_logs=logging.CRITICAL,
            )
        client = Client(  # type: ignore[no-untyped-call]
            cluster or scheduler, timeout=CONNECT_S, set_as_default=False
        )
        client.wait_for_workers(1, timeout=WORKERS_S)
    except (OSError, ValueError, TimeoutError) as error:
        where = scheduler or "this machine"
        raise NoCluster(f"there is no Dask cluster at {where}: {_line(error)}") from error
    return cluster, client


def _line(error: Exception) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
