"""The views for DuckDB, with the types that their numbers have.

DuckDB cannot read a view that calls a function of SQLite's (every one that shows an instant) and hands it
back to SQLite as a question, whose every value it takes for text. A view of its own around each casts them.
"""

# ruff: noqa: S608 (the statements are put together from the names of our views)

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection, create_engine, text

from storage.models import Base
from storage.query.views import views
from storage.search.candidates import quoted

NAME = "archive"
_TYPES = {"INT": "BIGINT", "REAL": "DOUBLE"}
"""What SQLite makes of a number's type in a table that is made of an answer."""


def statements(path: Path) -> Iterator[str]:
    """Attach an archive's file, and make a view with types of each of its views."""
    yield f"ATTACH {quoted(str(path))} AS {NAME} (TYPE sqlite, READ_ONLY)"
    for view, columns in column_types().items():
        listed = ", ".join(_column(name, kind) for name, kind in columns.items())
        yield f'CREATE OR REPLACE VIEW "{view}" AS SELECT {listed} FROM {NAME}."{view}"'


def _column(name: str, kind: str) -> str:
    return f'"{name}"' if kind == "VARCHAR" else f'CAST("{name}" AS {kind}) AS "{name}"'


def column_types() -> dict[str, dict[str, str]]:
    """View -> column -> type in DuckDB. A view's columns have none: asked of an empty archive in memory."""
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        Base.metadata.create_all(connection)
        selects = views("sqlite")
        for name, select in selects.items():
            connection.execute(text(f"CREATE VIEW {name} AS {select}".replace(":", r"\:")))
        found = {name: _types(connection, name) for name in selects}
    engine.dispose()
    return found


def _types(connection: Connection, view: str) -> dict[str, str]:
    connection.execute(text(f"CREATE TABLE typed_{view} AS SELECT * FROM {view} LIMIT 0"))
    columns = connection.execute(text(f"PRAGMA table_info(typed_{view})"))
    return {column.name: _TYPES.get(column.type, "VARCHAR") for column in columns}
