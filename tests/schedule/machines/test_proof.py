"""Three hosts, six papers, 300 slots, 30 kills, 10 cuts: nothing lost, nothing doubled, the pace kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.schedule.machines.disturbed import run
from tests.schedule.machines.hosts import why_not

REASON = why_not()


@pytest.mark.proof
@pytest.mark.skipif(REASON is not None, reason=str(REASON))
@pytest.mark.parametrize(("slots", "kills", "cuts"), [(60, 0, 0), (300, 30, 10)])
def test_three_disturbed_hosts(
    tmp_path: Path, slots: int, kills: int, cuts: int, capsys: pytest.CaptureFixture[str]
) -> None:
    told = run(tmp_path, slots, kills, cuts, say=lambda _said: None)
    with capsys.disabled():
        print(f"\n{told.line()}", end="")
    assert (told.kills, told.cuts) == (kills, cuts)
    assert (told.lost_slots, told.lost_pages) == (0, 0)
    assert (told.doubled_slots, told.doubled_pages, told.at_once) == (0, 0, 0)
    assert told.least_gap_s >= 1.0
