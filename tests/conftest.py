"""Databases for the tests: SQLite and a real PostgreSQL, the same test on both.

``database_url``: an archive with its tables, new for each test, on each database in turn.
``fresh_url``: an empty database likewise. ``engine``: ``database_url`` opened for writing.
``sqlite_url`` and ``postgresql_url``: one database by name. ``week_url``: an invented week to be
asked (tests/storage/query/newsroom.py), made once and not to be written; by name ``sqlite_week``,
``postgresql_week``.
"""

from __future__ import annotations

import gc
import os
import shutil
import sys
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from sqlalchemy import URL, Engine

import crawler.sources
from crawler.configuration.environment import configuration
from storage.database.opening import open_database
from storage.database.upgrading import upgrade
from tests import postgres
from tests.storage.query.newsroom import fill
from tests.surroundings import bare_environment

# How long an example takes says something of the machine's other work alone.
settings.register_profile("house", deadline=None)
settings.load_profile("house")

BOTH = ["sqlite", "postgresql"]


LONG = (
    "tests/crawl/test_faults",
    "tests/schedule/machines",
    "tests/crawl",
    "tests/schedule",
    "tests/commands",
    "tests/watch",
    "tests/storage",
)
"""Files that take longest begin first, so that no worker is left with one at the end (measured 2026-11)."""


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What collecting makes stays to the end.

    Looking through it for garbage again and again was a third of the time (2.5 s of 6.1 in each worker,
    2026-11-26), and the tests' own collections need not look through it either.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    def rank(item: pytest.Item) -> int:
        return next((i for i, begin in enumerate(LONG) if item.nodeid.startswith(begin)), len(LONG))

    items.sort(key=rank)


@pytest.fixture(autouse=True)
def settings_of_this_test() -> Iterator[None]:
    """A process reads its settings once; a worker runs many tests, each with an environment of its own."""
    configuration.cache_clear()
    yield
    configuration.cache_clear()


@pytest.fixture
def nothing_is_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An empty folder, and no setting of the program's in the environment."""
    for name in os.environ.keys() - bare_environment().keys():
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    configuration.cache_clear()


@pytest.fixture
def sources_as_before() -> Iterator[None]:
    """Sources that a test loads in this process are forgotten after it."""
    path, modules = list(crawler.sources.__path__), set(sys.modules)
    yield
    crawler.sources.__path__[:] = path
    for name in set(sys.modules) - modules:
        del sys.modules[name]


def _text(url: URL) -> str:
    return url.render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[URL]:
    """A server, started when the first test asks for it (one for each xdist worker)."""
    with postgres.server() as url:
        yield url


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: URL) -> Iterator[str]:
    """The name of a database with tables: copying it is ten times faster than migrating."""
    with postgres.database(postgresql_server) as url:
        upgrade(_text(url))
        assert url.database is not None
        yield url.database


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with tables."""
    path = tmp_path_factory.mktemp("template") / "archive.db"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture
def sqlite_url(tmp_path: Path, sqlite_template: Path) -> str:
    """An archive of its own in SQLite."""
    path = tmp_path / "archive.db"
    shutil.copy(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgresql_url(postgresql_server: URL, postgresql_template: str) -> Iterator[str]:
    """An archive of its own in PostgreSQL."""
    with postgres.database(postgresql_server, postgresql_template) as url:
        yield _text(url)


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest) -> str:
    """An archive of its own, on each database in turn."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture(params=BOTH)
def fresh_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database, on each kind in turn."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'fresh.db'}"
        return
    with postgres.database(request.getfixturevalue("postgresql_server")) as url:
        yield _text(url)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An archive of its own, opened for writing."""
    opened = open_database(database_url)
    yield opened
    opened.dispose()


# --- an invented week, made once for each database --------------------------------------------------


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
