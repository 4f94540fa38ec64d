"""A sequence that gives numbers which rows have already is told, and goes on behind them after an upgrade."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from storage.database.opening import DatabaseRefused, open_database, refusals
from storage.database.upgrading import upgrade
from storage.frontier.runs import open_run
from storage.records.runs import RunSettings
from tests.storage.samples import NOON, Desk


def test_numbers_that_rows_have_already(postgresql_url: str) -> None:
    """As after logical replication, which brings the rows and moves no sequence."""
    engine = open_database(postgresql_url)
    Desk(engine)
    with engine.begin() as connection:
        connection.execute(text("ALTER SEQUENCE run_id_seq RESTART"))
    behind = pytest.raises(DatabaseRefused, match=r"numbers that rows have already .* db upgrade")
    with behind, refusals(engine.url):
        open_run(engine, "fnnews", "latest", "one", NOON, RunSettings())
    said: list[str] = []
    upgrade(postgresql_url, said.append)
    assert said == ["run: new rows are numbered from 3"]
    assert open_run(engine, "fnnews", "latest", "one", NOON, RunSettings()) == 3
    upgrade(postgresql_url, said.append)
    assert len(said) == 1
    engine.dispose()
