"""An archive, and what each step took there: milliseconds of the processor and of the clock.

The processor's are this thread's and, of PostgreSQL, those of the server's processes that answer this one: on
a machine with other work the clock says little. Linux tells them to the nanosecond (/proc/PID/schedstat).
"""

from __future__ import annotations

import statistics
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

LEFT_OUT = 5
"""The first rounds: statements are compiled, pages are read."""


@dataclass(frozen=True, slots=True)
class Took:
    """One step, once; milliseconds."""

    cpu: float
    clock: float


@dataclass(slots=True)
class Archive:
    """One size."""

    engine: Engine
    url: str
    size: int
    took: dict[str, list[Took]] = field(default_factory=lambda: defaultdict(list))
    _servers: set[int] = field(default_factory=set)
    """Processes of PostgreSQL that have a connection of the engine's."""

    def __post_init__(self) -> None:
        if self.engine.dialect.name == "postgresql":
            event.listen(self.engine, "connect", self._connected)
            self.engine.dispose()  # connections of before are not known

    def _connected(self, connection: Any, _record: Any) -> None:
        self._servers.add(connection.info.backend_pid)

    def spent(self) -> float:
        """Milliseconds of the processor until now."""
        own = time.thread_time()
        return 1000 * own + sum(map(_of_process, self._servers))

    @contextmanager
    def time(self, step: str) -> Iterator[None]:
        clock, cpu = time.perf_counter(), self.spent()
        yield
        took = Took(cpu=self.spent() - cpu, clock=1000 * (time.perf_counter() - clock))
        self.took[step].append(took)

    def write_back(self) -> None:
        """SQLite: write its log to the file, as a step of its own: else some step pays for it, by chance
        always the same one in one of the archives."""
        if self.engine.dialect.name == "sqlite":
            connection = self.engine.raw_connection()
            try:
                with self.time("what a round left in SQLite's log, written to the file"):
                    connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
            finally:
                connection.close()

    def median(self, step: str, kind: str = "cpu") -> float:
        return statistics.median(getattr(one, kind) for one in self.took[step][LEFT_OUT:])


def _of_process(pid: int) -> float:
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e6
    except FileNotFoundError:  # the connection was closed, or this is no Linux
        return 0.0
