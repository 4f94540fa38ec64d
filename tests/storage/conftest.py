"""Workers that end with their test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.storage import processes
from tests.storage.processes import Start, Worker


@pytest.fixture
def start() -> Iterator[Start]:
    """Start a worker: ``start("drain", url, run)``."""
    started: list[Worker] = []

    def begin(*words: str) -> Worker:
        started.append(processes.begin(*words))
        return started[-1]

    yield begin
    for worker in started:
        worker.kill()
        worker.wait()
        assert worker.stdout is not None
        worker.stdout.close()
