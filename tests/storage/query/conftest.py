"""The invented week, made once for each database and copied for each test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL

from storage.database.opening import open_database
from tests import postgres
from tests.storage.query.newsroom import fill


def _filled(url: str) -> None:
    engine = open_database(url)
    fill(engine)
    engine.dispose()


@pytest.fixture(scope="session")
def sqlite_week(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Path:
    """The file; not to be written."""
    path = tmp_path_factory.mktemp("week") / "archive.db"
    shutil.copy(sqlite_template, path)
    _filled(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgresql_week(postgresql_server: URL, postgresql_template: str) -> Iterator[str]:
    """The database; not to be written."""
    with postgres.database(postgresql_server, postgresql_template) as url:
        shown = url.render_as_string(hide_password=False)
        _filled(shown)
        yield shown


@pytest.fixture(params=["sqlite", "postgresql"])
def week_url(request: pytest.FixtureRequest) -> str:
    """The week on each database in turn."""
    found = request.getfixturevalue(f"{request.param}_week")
    return found if isinstance(found, str) else f"sqlite:///{found}"
