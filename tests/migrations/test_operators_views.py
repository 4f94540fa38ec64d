"""Views of the operator's own: an upgrade names those that stand on ours before it touches anything."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from storage.database.opening import open_database
from storage.database.refusal import DatabaseRefused
from storage.database.upgrading import upgrade

MADE = {
    "mine": "SELECT title FROM articles",
    '"Of mine"': "SELECT title FROM mine",
    "found": "SELECT * FROM korean_match('다리') AS hit",
    "apart": "SELECT id FROM article",
}


def test_views_over_ours_are_named_and_others_kept(postgresql_url: str) -> None:
    upgrade(postgresql_url)
    engine = open_database(postgresql_url)
    with engine.begin() as connection:
        for name, asked in MADE.items():
            connection.execute(text(f"CREATE VIEW {name} AS {asked}"))
    with pytest.raises(DatabaseRefused, match=r"makes anew: found, mine\. Keep .* drop it, upgrade"):
        upgrade(postgresql_url)
    with engine.begin() as connection:
        assert connection.scalar(text("SELECT count(*) FROM articles")) == 0  # ours stand as they were
        connection.execute(text("DROP VIEW found, mine CASCADE"))
    upgrade(postgresql_url)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM apart")) == 0
    engine.dispose()


def test_on_sqlite_none_is_in_the_way(tmp_path: object) -> None:
    url = f"sqlite:///{tmp_path}/newsarchive.db"
    upgrade(url)
    engine = open_database(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE VIEW mine AS SELECT title FROM articles"))
    upgrade(url)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM mine")) == 0
    engine.dispose()
