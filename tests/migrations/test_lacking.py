"""A dropped index is named, and made anew by the next upgrade; a key is named."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from crawler.watch.archive_checks import indexes
from crawler.watch.findings import Level
from storage.database.opening import open_database
from storage.database.refusal import DatabaseRefused
from storage.database.upgrading import upgrade
from storage.query.views import drop_views

DROPPED = ("ix_address_again", "ix_run_open", "ix_outcome_ends")
"""Of a table, of few of its rows, and of what the views show."""
OF_NO_MODEL = ("ix_search_index_words_stretches", "ix_keys_of_fingerprint_keys")
KEY = "uq_outcome_run_id_address_id"
STATISTICS = "st_appearance_syndicated"
UNFINISHED = "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'ix_capture_run_id'::regclass"
"""As a CREATE INDEX CONCURRENTLY leaves it that was broken off."""


def test_what_somebody_dropped_is_named_and_made_anew(fresh_url: str) -> None:
    upgrade(fresh_url)
    engine = open_database(fresh_url)
    assert list(indexes(engine)) == []
    lacking, keys = {*DROPPED}, set[str]()
    with engine.begin() as connection:
        for name in DROPPED:
            connection.execute(text(f"DROP INDEX {name}"))
        if engine.dialect.name == "postgresql":
            connection.execute(text(f"ALTER TABLE outcome DROP CONSTRAINT {KEY}"))
            connection.execute(text(UNFINISHED))
            for name in OF_NO_MODEL:
                connection.execute(text(f"DROP INDEX {name}"))
            connection.execute(text(f"DROP STATISTICS {STATISTICS}"))
            lacking, keys = {*lacking, "ix_capture_run_id", *OF_NO_MODEL}, {KEY}
    (found,) = indexes(engine)
    assert set(found.said.removeprefix("somebody dropped ").split(", ")) == lacking | keys
    assert "db upgrade" in found.to_do
    assert found.level is (Level.FAIL if keys else Level.WARN)
    said: list[str] = []
    upgrade(fresh_url, said.append)
    assert "the index ix_address_again is lacking, and is made anew" in said
    assert {name for one in indexes(engine) for name in one.said.split()[2:]} == keys
    if engine.dialect.name == "postgresql":  # as an archive from before there were any
        with engine.connect() as connection:
            counted = "SELECT count(*) FROM pg_statistic_ext WHERE stxname = :name"
            assert connection.scalar(text(counted), {"name": STATISTICS}) == 1
    engine.dispose()


def test_a_dropped_column_is_told(fresh_url: str) -> None:
    """Every command says to run the upgrade then, which said that all was well."""
    upgrade(fresh_url)
    engine = open_database(fresh_url)
    with engine.begin() as connection:
        drop_views(connection)
        connection.execute(text("ALTER TABLE alarm DROP COLUMN try_at"))
    engine.dispose()
    with pytest.raises(DatabaseRefused, match=r"lacks the column try_at of the table alarm, .*: restore"):
        upgrade(fresh_url)
