"""A crawl whose working directory was deleted needs none: its archive lies elsewhere."""

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
    assert done.returncode in (0, 1), done.stderr[-2000:]  # 1: the small twin lists less than is declared
    assert "process" not in done.stderr
    assert "Traceback" not in done.stderr
    verdicts = small_stage.column("SELECT verdict FROM run")
    assert verdicts
    assert not set(verdicts) & {None, "interrupted"}
    assert "stored" in small_stage.outcomes()
