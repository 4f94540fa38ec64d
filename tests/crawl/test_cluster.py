"""Re-reading on a Dask cluster is the local one, also where a worker or the command itself is killed."""

from __future__ import annotations

import asyncio
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from crawler import reader
from crawler.deduplicate.likenesses import LIKENESSES
from crawler.deduplicate.match import decide
from crawler.reading.cluster import ClusterPool
from crawler.reading.pool import ReadingPool
from crawler.reading.question import Lost, ReadCapture, ReadPage
from crawler.rereading.captures import CaptureReader
from crawler.rereading.sweep import BLOCK, Order, Sweep
from crawler.sources import all_sources
from storage.archive.rereader import Applied, Rereader
from storage.archive.to_reread import Wanted
from storage.database.opening import open_database
from storage.records import Article
from tests.crawl.conftest import stage_on
from tests.crawl.public_views import public
from tests.crawl.stage import Stage
from tests.reading.asking import hostile, limits, until
from tests.surroundings import free_port

pytestmark = pytest.mark.proof


def copied(undisturbed: Stage, folder: Path) -> Stage:
    """An archive whose pages another reader has read, and read otherwise."""
    shutil.copytree(undisturbed.folder, folder)
    with closing(sqlite3.connect(folder / "newsarchive.db")) as other, other:
        other.execute("UPDATE appearance SET reader = reader - 1, section = 'wrong'")
        other.execute("UPDATE revision SET reader = reader - 1")
    # A busy machine: the writer waits for minutes, and must not be what is measured here.
    return stage_on(folder, None, f"sqlite:///{folder / 'newsarchive.db'}?timeout=300")


def state(stage: Stage) -> dict[str, Any]:
    """What the archive says, and what was done to get there, once for each page."""
    changes = stage.rows(
        "SELECT url, reader_before, reader_after, changed, count(*) AS n FROM rereading "
        "JOIN appearance ON appearance.id = appearance_id JOIN address ON address.id = address_id "
        "GROUP BY url, reader_before, reader_after, changed ORDER BY url, changed"
    )
    return {"views": public(stage), "changes": changes}


@contextmanager
def cluster(workers: int, threads: int = 1) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A scheduler and workers as an operator starts them."""
    port, quiet = free_port(), {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    address = f"tcp://127.0.0.1:{port}"
    base = [sys.executable, "-m", "distributed.cli.dask_scheduler"]
    scheduler = subprocess.Popen(
        [*base, "--host", "127.0.0.1", "--port", str(port), "--no-dashboard"], **quiet
    )  # type: ignore[call-overload]
    worker = [sys.executable, "-m", "distributed.cli.dask_worker", address, "--no-nanny"]
    worker += ["--nthreads", str(threads)]
    found = [subprocess.Popen([*worker, "--no-dashboard"], **quiet) for _ in range(workers)]  # type: ignore[call-overload]
    try:
        yield address, found
    finally:
        for process in (*found, scheduler):
            process.kill()
            process.wait()


def test_a_cluster_of_this_machine_reads_as_its_processes_do(tmp_path: Path, undisturbed: Stage) -> None:
    local, dask = copied(undisturbed, tmp_path / "local"), copied(undisturbed, tmp_path / "dask")
    one = local.run("reextract", timeout=900)
    other = dask.run("reextract", "--engine", "dask", "--jobs", "2", timeout=900)
    assert (other.code, lines(other.out)) == (one.code, lines(one.out)), other.err[-3000:]
    assert state(dask) == state(local)
    sound = dask.run("verify", "--all", "--engine", "dask", timeout=900)
    assert sound.code == 0, sound.out + sound.err[-3000:]
    again = dask.run("reextract", "--engine", "dask", timeout=900)
    assert again.out.startswith("0 pages read again")


def lines(out: str) -> list[str]:
    return [line for line in out.splitlines() if "--undo" not in line]


def test_a_killed_worker_and_a_killed_command_cost_nothing(tmp_path: Path, undisturbed: Stage) -> None:
    local, dask = copied(undisturbed, tmp_path / "local"), copied(undisturbed, tmp_path / "dask")
    local.run("reextract", timeout=900)
    with cluster(2) as (address, workers):
        command = ("reextract", "--engine", "dask", "--scheduler", address)
        first = dask.start(*command)
        _wait_for_changes(dask, first)
        workers[0].send_signal(signal.SIGKILL)
        time.sleep(0.2)
        first.send_signal(signal.SIGKILL)
        first.communicate()
        done = dask.run(*command, timeout=900)
    assert done.code == 0, done.out + done.err[-3000:]
    assert state(dask) == state(local)


def test_a_worker_that_dies_has_its_units_read_by_another(tmp_path: Path, undisturbed: Stage) -> None:
    local, dask = copied(undisturbed, tmp_path / "local"), copied(undisturbed, tmp_path / "dask")
    local.run("reextract", timeout=900)
    with cluster(2) as (address, workers):
        command = dask.start("reextract", "--engine", "dask", "--scheduler", address)
        _wait_for_changes(dask, command)
        workers[0].send_signal(signal.SIGKILL)
        out, err = command.communicate(timeout=900)
    assert command.returncode == 0, out + err[-3000:]
    assert state(dask) == state(local)


def _wait_for_changes(stage: Stage, command: subprocess.Popen[str]) -> None:
    """Until the first block is stored, and the second is being read."""
    wrong = "SELECT count(*) FROM appearance WHERE section = 'wrong'"
    before, until = stage.column(wrong), time.monotonic() + 300
    while stage.column(wrong) == before:
        assert command.poll() is None, command.communicate()
        assert time.monotonic() < until
        time.sleep(0.02)


def test_workers_without_the_extra_right_or_place_are_told(tmp_path: Path, undisturbed: Stage) -> None:
    stage = copied(undisturbed, tmp_path / "archive")
    nobody = stage.run("reextract", "--engine", "dask", "--scheduler", f"tcp://127.0.0.1:{free_port()}")
    assert (nobody.code, nobody.out) == (2, "")
    assert "there is no Dask cluster at tcp://127.0.0.1" in nobody.err
    assert stage.run("reextract", "--scheduler", "tcp://127.0.0.1:1").code == 2
    assert stage.run("verify", "--engine", "dask", "--scheduler", "10.0.0.5").code == 2


# --- captures of others ---------------------------------------------------------------------------


PAGES = ("url", "publisher", "title", "body", "published_at", "fetched_at", "reader", "rules", "preferred")


def imported(stage: Stage) -> dict[str, Any]:
    """What the archive says, and what the ledger of imports says of each page of each file."""
    ledger = "SELECT file, url, record, fate, outcome FROM imports ORDER BY file, url, record"
    # Two runs took what one takes here: their records lie in other files of the archive.
    kept = f"SELECT {', '.join(PAGES)} FROM appearances ORDER BY url"
    views = public(stage) | {"appearances": stage.rows(kept)}
    return {"views": views, "imports": stage.rows(ledger)}


def test_files_of_others_are_judged_by_a_cluster_as_here(tmp_path: Path, undisturbed: Stage) -> None:
    """A worker and the command are killed in the middle; the same command again, and once more."""
    files = sorted(str(path) for path in (undisturbed.folder / "warc").glob("*.warc.gz"))
    local, dask = stage_on(tmp_path / "local", None), stage_on(tmp_path / "dask", None)
    one = local.run("import", *files, timeout=900)
    with cluster(2) as (address, workers):
        command = ("import", *files, "--engine", "dask", "--scheduler", address)
        first = dask.start(*command)
        _wait_for_pages(dask, first)
        workers[0].send_signal(signal.SIGKILL)
        time.sleep(0.2)
        first.send_signal(signal.SIGKILL)
        first.communicate()
        other = dask.run(*command, timeout=900)
        assert other.code == one.code, other.out + other.err[-3000:]
        assert imported(dask) == imported(local)
        dask.run(*command, timeout=900)
    assert imported(dask) == imported(local)
    assert len(imported(local)["views"]["appearances"]) > BLOCK


def _wait_for_pages(stage: Stage, command: subprocess.Popen[str]) -> None:
    """Until the first pages are stored."""
    until = time.monotonic() + 300
    while True:
        assert command.poll() is None, command.communicate()
        assert time.monotonic() < until
        with (
            suppress(sqlite3.Error),
            closing(sqlite3.connect(stage.folder / "newsarchive.db")) as archive,
            archive,
        ):
            if archive.execute("SELECT count(*) FROM appearance").fetchone()[0]:
                return
        time.sleep(0.02)


# --- whether a cluster gains anything -------------------------------------------------------------


class Ahead(ReadingPool):
    """A pool of this machine that is asked as a cluster is; no answer before two blocks were asked for."""

    ahead = 2
    asked = 0

    async def ask_twice(self, question: ReadCapture | ReadPage, what: str) -> Article | Lost:
        self.asked += 1
        await until(lambda: self.asked > BLOCK)
        return await super().ask_twice(question, what)


def test_several_blocks_are_asked_for_at_once(tmp_path: Path, undisturbed: Stage) -> None:
    """Else a cluster waited for its slowest worker at each block, and most of it all the time."""
    stage, local = copied(undisturbed, tmp_path / "ahead"), copied(undisturbed, tmp_path / "local")
    local.run("reextract", timeout=900)
    told: list[Applied] = []

    async def sweep() -> None:
        engine, pool = open_database(stage.database), Ahead(limits())
        captures = CaptureReader(pool, stage.folder / "warc", all_sources())
        try:
            order = Order(wanted=Wanted(reader=reader.READER), batch="b", dry=False, quarantined=False)
            rereader = Rereader(engine, decide, LIKENESSES, reader.READER)
            await Sweep(engine, captures, rereader, told.append).run(order)
        finally:
            await pool.close()
            engine.dispose()

    asyncio.run(sweep())
    assert len(told) > BLOCK
    assert state(stage) == state(local)


def test_a_worker_reads_with_all_its_threads(tmp_path: Path) -> None:
    """Two pages that wait for each other are both read by a worker of two threads, as dask starts them."""
    one, other = tmp_path / "one", tmp_path / "other"

    async def asked(address: str) -> list[Article | Lost]:
        pool = ClusterPool(limits(seconds=60), address, 1)
        assert pool.ahead == 3
        try:
            pages = hostile(f"meet {one} {other}"), hostile(f"meet {other} {one}")
            return list(await asyncio.gather(*(pool.ask_twice(page, "a page") for page in pages)))
        finally:
            await pool.close()

    with cluster(1, threads=2) as (address, _):
        answers = asyncio.run(asked(address))
    assert [type(answer) for answer in answers] == [Article, Article]
