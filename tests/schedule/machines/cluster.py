"""An archive that several hosts share: the server, the hosts' workers, and what the rows say at the end."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, text

from storage.database.opening import open_database
from storage.database.upgrading import upgrade
from storage.models import SlotState
from storage.operations.slots import PlannedSlot, Slot, slots_between, write_plan
from tests import postgres
from tests.places import ROOT
from tests.schedule.machines.hosts import Host
from tests.schedule.machines.papers import Papers, write_sources
from tests.surroundings import bare_environment

NET = "10.76.0.0/14"
"""The lines of every host."""
RARELY = "0 0 29 2 *"
"""Nothing comes due by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """What the hosts share."""

    folder: Path
    server: postgres.Server
    engine: Engine
    papers: Papers
    names: tuple[str, ...]
    delay: float

    @property
    def url(self) -> str:
        """As this machine reaches the server."""
        return text_of(self.server.url)

    def _environment(self, host: Host) -> dict[str, str]:
        url = URL.create(
            "postgresql+psycopg",
            username="postgres",
            database="postgres",
            host=host.database,
            port=self.server.port,
        )
        site = f"http://{host.sites}:{self.papers.port}"
        return bare_environment() | {
            "PYTHONPATH": str(ROOT),
            "NEWSARCHIVE_DATABASE_URL": text_of(url),
            "NEWSARCHIVE_DIR": str(self.folder / f"host{host.number}"),
            "NEWSARCHIVE_MACHINE": f"host{host.number}",
            "NEWSARCHIVE_CONFIG": str(self.folder / "newsarchive.toml"),
            "NEWSARCHIVE_SOURCES": str(self.folder / "sources"),
            "NEWSARCHIVE_ORIGIN": ",".join(f"{name}={site}" for name in self.names),
            "NEWSARCHIVE_DELAY": str(self.delay),
            "NEWSARCHIVE_READING_PROCESSES": "1",
        }

    def work(self, host: Host, *words: str) -> None:
        """Start a worker on the host."""
        command = [sys.executable, "-m", "crawler.cli", "worker", *words]
        with (self.folder / f"host{host.number}.log").open("ab") as log:
            host.start(command, self._environment(host), log, self.folder)

    def log_of(self, host: Host) -> str:
        return (self.folder / f"host{host.number}.log").read_text(errors="replace")

    def owe(self, name: str, at: datetime) -> None:
        """A slot of the paper comes due."""
        planned = [PlannedSlot(due_at=at, origin=f"cron {RARELY}")]
        write_plan(self.engine, name, "latest", planned, datetime.now(UTC))

    def slots(self) -> list[Slot]:
        return slots_between(self.engine, datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))

    def open(self) -> list[Slot]:
        return [slot for slot in self.slots() if slot.state in (SlotState.DUE, SlotState.RUNNING)]

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        with self.engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(statement))]


def text_of(url: URL) -> str:
    return url.render_as_string(hide_password=False)


@contextmanager
def cluster(folder: Path, names: tuple[str, ...], delay: float = 1.0) -> Iterator[Cluster]:
    """A server, the papers and an empty archive."""
    write_sources(folder / "sources", names)
    tables = "".join(f'[sources.{name}.latest]\ncron = "{RARELY}"\nkill_after = "5m"\n' for name in names)
    (folder / "newsarchive.toml").write_text(tables)
    with ExitStack() as stack:
        server = stack.enter_context(postgres.own_server(net=NET))
        upgrade(text_of(server.url))
        engine = open_database(text_of(server.url))
        stack.callback(engine.dispose)
        papers = stack.enter_context(Papers())
        yield Cluster(folder=folder, server=server, engine=engine, papers=papers, names=names, delay=delay)


def until(true: Callable[[], object], seconds: float, told: Callable[[], str] = lambda: "") -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, f"it did not happen in {seconds:g} s: {told()}"
        time.sleep(0.2)
