"""Text sorts by code point in a PostgreSQL database of any language."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy import URL, create_engine, text

from storage.database.upgrading import upgrade

NAMES = ["힣", "가", "a", "B", "_", "é", "Z", "金", "1", "ｂ", "-", "나 다", "나다"]


@pytest.fixture
def korean_database(postgresql_server: URL) -> Iterator[str]:
    """A database that sorts as Korean dictionaries do."""
    name = f"korean_{uuid.uuid4().hex[:8]}"
    plain = postgresql_server.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        try:
            connection.execute(
                f"CREATE DATABASE {name} TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'ko'".encode()
            )
        except psycopg.Error as error:
            pytest.skip(f"this PostgreSQL has no ICU: {error}")
        yield postgresql_server.set(database=name).render_as_string(hide_password=False)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def test_text_sorts_by_code_point(korean_database: str) -> None:
    upgrade(korean_database)
    upgrade(korean_database)  # nothing is left to do, and nothing breaks
    engine = create_engine(korean_database)
    with engine.begin() as connection:
        rows = [{"name": name} for name in NAMES]
        connection.execute(text("INSERT INTO publisher (name) VALUES (:name)"), rows)
        asked = "SELECT name FROM publisher ORDER BY name"
        assert list(connection.scalars(text(asked))) == sorted(NAMES)
        languages = f'{asked} COLLATE "ko-x-icu"'
        assert list(connection.scalars(text(languages))) != sorted(NAMES), "the test shows nothing"
        connection.execute(text("SET enable_seqscan = off"))
        plan = connection.scalars(text("EXPLAIN SELECT id FROM address WHERE url = 'x'"))
        assert "Index" in next(iter(plan))
    engine.dispose()


def test_a_view_of_the_operators_own_is_left_alone(korean_database: str) -> None:
    upgrade(korean_database)
    engine = create_engine(korean_database)
    with engine.begin() as connection:
        connection.execute(text('ALTER TABLE lease ALTER COLUMN owner TYPE text COLLATE "ko-x-icu"'))
        connection.execute(text("CREATE VIEW mine AS SELECT owner FROM lease"))
    upgrade(korean_database)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM mine")) == 0
    engine.dispose()
