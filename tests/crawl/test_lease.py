"""A run that was suspended for longer than its lease finds another in its place, and gives way."""

from __future__ import annotations

import signal
import subprocess
import time
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from crawler.run.lease import CRAWL_LEASE_S, HEARTBEAT_S, CrawlLease, LeaseLost
from storage.database.opening import open_database, writing
from storage.database.upgrading import upgrade
from tests.crawl.stage import Stage
from twin import Twin

STRANGER = "another-machine/1/1.1.1/latest-fnnews"


def take_over(stage: Stage) -> None:
    """As another machine does when the holder's lease has run out."""
    engine = open_database(stage.database)
    until = datetime.now(UTC) + timedelta(minutes=1)
    with writing(engine) as session:
        change = text("UPDATE lease SET owner = :owner, until = :until WHERE name = 'crawl:fnnews'")
        session.execute(change, {"owner": STRANGER, "until": until.replace(tzinfo=None).isoformat(" ")})
    engine.dispose()


def wait_for_first_page(stage: Stage, process: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + 60
    while not ((stage.folder / "newsarchive.db").exists() and pages(stage)):
        assert process.poll() is None, "the crawl ended first"
        assert time.monotonic() < deadline
        time.sleep(0.1)


def pages(stage: Stage) -> int:
    tables = stage.column("SELECT count(*) FROM sqlite_master WHERE name = 'outcome'")[0]
    return stage.column("SELECT count(*) FROM outcome")[0] if tables else 0


@pytest.mark.proof
def test_a_run_whose_lease_was_taken_ends_and_leaves_the_rest(small_stage: Stage) -> None:
    """Up to a heart-beat long, so among the proofs."""
    process = small_stage.start("crawl", "fnnews", *small_stage.origins(), "--delay", "1")
    wait_for_first_page(small_stage, process)
    take_over(small_stage)
    _, err = process.communicate(timeout=3 * HEARTBEAT_S)
    assert "another run has taken over its lease" in err
    assert "Traceback" not in err
    assert process.returncode == 3
    assert small_stage.column("SELECT verdict FROM run") == ["interrupted"]
    assert small_stage.column("SELECT owner FROM lease WHERE name = 'crawl:fnnews'") == [STRANGER]
    assert small_stage.column("SELECT count(*) FROM address WHERE state = 'leased'") == [0]


@pytest.mark.proof
def test_a_run_that_slept_through_its_lease_asks_and_writes_nothing_more(
    small_stage: Stage, small_twin: Twin
) -> None:
    """Stopped in mid-run, with a lease of two seconds, until another run has crawled the source and ended."""
    words = ("crawl", "fnnews", *small_stage.origins(), "--delay")
    sleeper = small_stage.start(*words, "1", module="tests.crawl.short_lease")
    wait_for_first_page(small_stage, sleeper)
    sleeper.send_signal(signal.SIGSTOP)
    time.sleep(2.5)
    other = small_stage.run_anew(*words, "0", module="tests.crawl.short_lease")
    assert other.code in (0, 1), other.err[-3000:]
    before = (len(small_twin.requests), small_stage.outcomes(1), small_stage.kept())
    sleeper.send_signal(signal.SIGCONT)
    _, err = sleeper.communicate(timeout=60)
    assert sleeper.returncode == 3, err[-3000:]
    assert "another run has taken over" in err
    assert "Traceback" not in err
    assert (len(small_twin.requests), small_stage.outcomes(1), small_stage.kept()) == before
    assert small_stage.column("SELECT verdict FROM run WHERE id = 1") == ["interrupted"]
    assert small_stage.column("SELECT count(*) FROM alarm WHERE key = 'storage fnnews'") == [0]
    assert not (small_stage.folder / "refused").exists()


def test_whoever_stood_still_looks_before_anything_is_done(sqlite_url: str) -> None:
    upgrade(sqlite_url)
    engine = open_database(sqlite_url)
    try:
        lease = CrawlLease(engine=engine, source="fnnews", owner="here/1/-/latest-fnnews")
        lease.take()
        lease.need()
        lease.sure_until -= 2 * CRAWL_LEASE_S  # it stood still for so long, and nobody came
        lease.need()
        with writing(engine) as session:
            session.execute(text("UPDATE lease SET owner = :owner"), {"owner": STRANGER})
        lease.need()  # within the lease's time nobody can have taken it: it is not asked for at each work
        lease.sure_until -= 2 * CRAWL_LEASE_S
        for _ in range(2):
            with pytest.raises(
                LeaseLost, match="another run has taken over fnnews while this one stood still"
            ):
                lease.need()
    finally:
        engine.dispose()
