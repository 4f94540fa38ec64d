"""Datasette's facets open a database in memory and drop it unclosed, of which Python 3.13 warns (0.65.5)."""

from __future__ import annotations

from pathlib import Path

import pytest

HERE = Path(__file__).parent
DROPPED = pytest.mark.filterwarnings("ignore:unclosed database in <sqlite3.Connection:ResourceWarning")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent == HERE:
            item.add_marker(DROPPED)
