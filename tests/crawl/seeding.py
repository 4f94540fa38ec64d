"""Crawls under rules with a seeded bug: SEEDED_READER says whether it is there (tests/crawl/seeded)."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tests.crawl.conftest import stage_on
from tests.crawl.stage import Stage
from tests.crawl.test_revisions import urls
from tests.warm import SEEDED
from twin import Story, Twin


def seeded_stage(folder: Path, twin: Twin, monkeypatch: pytest.MonkeyPatch) -> Stage:
    monkeypatch.setenv("PYTHONPATH", str(SEEDED))
    return stage_on(folder, twin.url)


def fetch(stage: Stage, twin: Twin, chosen: list[Story]) -> None:
    """All pages of these stories, an hour later."""
    twin.advance(timedelta(hours=1))
    done = stage.run("fetch", *urls(chosen), *stage.origins(), "--delay", "0", timeout=300)
    assert done.code in (0, 1), done.err[-2000:]
