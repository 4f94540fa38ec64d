"""SIGTERM before a crawl has begun: no traceback, no missed slot; the slot is due for whoever comes next."""

from __future__ import annotations

import pytest

from tests.crawl.stage import Stage, lines

SLOT = ("--slot", "2026-11-25T06:00+09:00")


def test_before_the_tables_are_there(small_stage: Stage) -> None:
    words = ("crawl", "daum", *small_stage.origins(), "--delay", "0")
    done = small_stage.run_anew("told", "1", *words, module="tests.crawl.doomed")
    assert done.code == 1
    begins, told = lines(done.err)
    assert "a new archive begins" in begins
    assert told == "newsarchive: told to stop (SIGTERM) before the crawl began"


def test_with_the_slot_claimed(small_stage: Stage) -> None:
    assert small_stage.run("db", "upgrade").code == 0
    words = ("crawl", "daum", *SLOT, *small_stage.origins(), "--delay", "0")
    done = small_stage.run_anew("told", "3", *words, module="tests.crawl.doomed")
    assert done.code == 1
    assert "Traceback" not in done.err
    assert small_stage.rows("SELECT state, attempts, owner, started_at, run_id FROM slot") == [
        {"state": "due", "attempts": 0, "owner": None, "started_at": None, "run_id": None}
    ]
    assert small_stage.column("SELECT count(*) FROM run") == [0]


@pytest.mark.parametrize(
    "commit", [3, *(pytest.param(number, marks=pytest.mark.proof) for number in (1, 2, 4, 5, 6, 7, 8))]
)
def test_while_the_run_is_opened(small_stage: Stage, commit: int) -> None:
    """Its row is closed by itself, not by whoever comes next."""
    assert small_stage.run("db", "upgrade").code == 0
    words = ("crawl", "daum", *small_stage.origins(), "--delay", "0")
    done = small_stage.run_anew("told", str(commit), *words, module="tests.crawl.doomed")
    assert done.code == 1
    assert "Traceback" not in done.err
    verdicts = small_stage.rows("SELECT verdict, finished_at IS NULL AS is_open FROM run")
    assert verdicts == [{"verdict": "interrupted", "is_open": 0}] * (commit > 1)
    assert small_stage.column("SELECT name FROM lease") == []
