"""Where no process can be started to read pages, nothing is asked in vain and the run says why."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.crawl.stage import Stage
from tests.places import ROOT


@pytest.mark.proof
def test_a_working_folder_that_was_deleted(small_stage: Stage) -> None:
    line = 'mkdir -p gone && cd gone && rmdir ../gone && exec "$@"'
    words = [sys.executable, "-m", "crawler.cli", "crawl", *small_stage.origins(), "--delay", "0"]
    done = subprocess.run(
        ["/bin/sh", "-c", line, "sh", *words],
        env=small_stage.environment() | {"PYTHONPATH": str(ROOT)},
        cwd=small_stage.folder.parent,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 4, done.stderr[-2000:]
    assert "no process could be started to read pages" in done.stderr
    assert "Traceback" not in done.stderr
    verdicts = small_stage.column("SELECT verdict FROM run")
    assert verdicts
    assert set(verdicts) <= {None, "interrupted"}
