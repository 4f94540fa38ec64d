"""A twin of both sites and an empty archive for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crawl.stage import Stage
from twin import Twin

ARTICLES = 40
"""Stories of the twins on which crawls are disturbed."""


@pytest.fixture
def twin() -> Iterator[Twin]:
    with Twin() as server:
        yield server


@pytest.fixture
def small_twin() -> Iterator[Twin]:
    """A few articles: for what does not need the whole edition."""
    with Twin(articles=60) as server:
        yield server


def stage_on(folder: Path, origin: str | None, database: str | None = None) -> Stage:
    return Stage(folder=folder, database=database or f"sqlite:///{folder / 'newsarchive.db'}", origin=origin)


@pytest.fixture
def stage(tmp_path: Path, twin: Twin) -> Stage:
    return stage_on(tmp_path / "archive", twin.url)


@pytest.fixture
def small_stage(tmp_path: Path, small_twin: Twin) -> Stage:
    return stage_on(tmp_path / "archive", small_twin.url)


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    """A crawl of ARTICLES stories that nothing disturbed."""
    with Twin(articles=ARTICLES) as calm:
        stage = stage_on(tmp_path_factory.mktemp("undisturbed") / "archive", calm.url)
        stage.crawl_all()
    return stage
