"""docs/data-dictionary.md lists exactly the columns that exist, in their order."""

from __future__ import annotations

import re
from pathlib import Path

from sqlalchemy import Engine, inspect

PAGE = Path(__file__).resolve().parents[2] / "docs" / "data-dictionary.md"


def documented() -> dict[str, list[str]]:
    """Table or view -> its columns on the page."""
    found: dict[str, list[str]] = {}
    columns: list[str] = []
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if heading := re.fullmatch(r"## (\w+)", line):
            columns = found.setdefault(heading[1], [])
        elif (row := re.match(r"\| (\w+) \| \S", line)) and row[1] != "column":
            columns.append(row[1])
    return found


def test_every_column_is_documented_and_no_other(engine: Engine) -> None:
    database = inspect(engine)
    tables = {
        name
        for name in database.get_table_names()
        if not name.startswith(("alembic_version", "search_index", "keys_of_fingerprint"))
    }
    existing = {
        name: [column["name"] for column in database.get_columns(name)]
        for name in tables | set(database.get_view_names())
    }
    on_page = documented()
    assert set(on_page) == set(existing)
    for name, columns in existing.items():
        assert on_page[name] == columns, name
