"""Starting workers."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


Worker = subprocess.Popen[str]
Start = Callable[..., Worker]


def begin(*words: str) -> Worker:
    """A worker process; its lines are on ``stdout``."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.storage.worker", *words], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )


def lines(process: Worker) -> list[list[str]]:
    """All that the worker says until it ends, which must be well."""
    said, _ = process.communicate(timeout=120)
    assert process.returncode == 0
    return [line.split() for line in said.splitlines()]
