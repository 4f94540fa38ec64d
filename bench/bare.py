"""An archive without what slows its filling, for as long as it is filled."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, text

from storage.query.kept import create_triggers, drop_triggers


@contextmanager
def without_triggers(engine: Engine) -> Iterator[None]:
    """The columns that they keep have to come with the rows."""
    with engine.begin() as connection:
        drop_triggers(connection)
    yield
    with engine.begin() as connection:
        create_triggers(connection)


@contextmanager
def without_indexes(engine: Engine, asked: str) -> Iterator[None]:
    """Made again behind it: an index of rows that are there is one sort.

    Args:
        asked: SELECT of the names of those that may be dropped, and of the statements that make them.
    """
    with engine.begin() as connection:
        found = {row[0]: row[1] for row in connection.execute(text(asked))}
        for name in found:
            connection.execute(text(f'DROP INDEX "{name}"'))
    yield
    for definition in found.values():
        with engine.begin() as connection:
            if engine.dialect.name == "postgresql":
                connection.execute(text("SET LOCAL maintenance_work_mem = '1GB'"))
            connection.execute(text(definition))


@contextmanager
def referring_freely(engine: Engine) -> Iterator[None]:
    """Rows may be there before what they refer to: a session's setting, of the pool's one connection."""
    for is_free in (True, False):
        if engine.dialect.name == "sqlite":
            setting = f"PRAGMA foreign_keys = {'OFF' if is_free else 'ON'}"
        else:
            setting = f"SET session_replication_role = {'replica' if is_free else 'origin'}"
        pooled = engine.raw_connection()
        driver: Any = pooled.driver_connection
        driver.execute(setting)
        driver.commit()
        pooled.close()
        if is_free:
            yield


def analyse(engine: Engine) -> None:
    """Have the database know what it was filled with."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE" if engine.dialect.name == "sqlite" else "VACUUM ANALYZE"))
