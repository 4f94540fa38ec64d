"""A run that was suspended for longer than its lease finds another in its place, and gives way."""

from __future__ import annotations

import subprocess
import time
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from crawler.run.lease import HEARTBEAT_S
from storage.database.opening import open_database, writing
from tests.crawl.stage import Stage

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
    assert process.returncode == 1
    assert small_stage.column("SELECT verdict FROM run") == ["interrupted"]
    assert small_stage.column("SELECT owner FROM lease WHERE name = 'crawl:fnnews'") == [STRANGER]
    assert small_stage.column("SELECT count(*) FROM address WHERE state = 'leased'") == [0]
