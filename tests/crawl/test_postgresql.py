"""On PostgreSQL the same crawl gives the same rows."""

from __future__ import annotations

from pathlib import Path

from tests.crawl.conftest import stage_on
from twin import Twin


def test_both_databases_hold_the_same_rows(tmp_path: Path, postgresql_url: str) -> None:
    kept = []
    for name, database in (("sqlite", None), ("postgresql", postgresql_url)):
        with Twin(articles=60) as twin:
            stage = stage_on(tmp_path / name, twin.url, database)
            stage.crawl_all()
            kept.append(stage.kept())
    assert kept[0] == kept[1]
