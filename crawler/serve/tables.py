"""The archive as Datasette shows it: its own pages of tables, SQL, CSV and JSON, read only."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from datasette.app import Datasette
from datasette.database import Database
from datasette.utils import InvalidSql
from sqlalchemy import make_url

from crawler.serve.render import STATIC
from storage.database.reading import authorise_reading
from storage.database.refusal import busy_seconds
from storage.database.unwritable import connect_readonly
from storage.query.dictionary import entries
from storage.query.korean import register, written_out
from storage.search.outdated import OUTDATED, any_outdated, asks_the_index
from storage.search.question import WrongQuestion

NAME = "archive"
"""The database's name in addresses: ``/archive/articles``."""
ROWS = 1_000
"""Of a JSON or a page at most; a stream (stream.py) gives all."""


LARGEST_VALUE, MOST_COLUMNS, LARGEST_ANSWER = 2**24, 100, 2**26
"""Letters or bytes of one value, columns, letters or bytes of one answer (our choices): above what any page
of news or any view has, below what several readers at once need to fill the memory."""
TOO_LARGE = f"the answer is larger than {LARGEST_ANSWER // 2**20} MB: ask for fewer rows or columns"


class Tables(Datasette):  # type: ignore[misc]
    """Datasette with an archive, or, on PostgreSQL, with nothing: our pages alone."""

    room: Any = None
    """What the plugin gives its pages from; Datasette makes an application of its own before there is one."""

    def __init__(self, url: str, seconds: float) -> None:
        super().__init__(
            files=[],
            settings={
                "allow_download": False,
                "default_cache_ttl": 0,
                "max_returned_rows": ROWS,
                "num_sql_threads": 4,
                "sql_time_limit_ms": max(1, int(seconds * 1000)),
                "suggest_facets": False,  # each is a question over the whole archive that nobody asked
            },
            metadata={"databases": {NAME: {"tables": _described(), "queries": {}}}},
            static_mounts=[("static", str(STATIC))],
        )
        self.remove_database("_memory")
        self.url = url
        if is_file(url):
            self.add_database(ArchiveFile(self, path_of(url), busy_seconds(make_url(url))), name=NAME)


class ArchiveFile(Database):  # type: ignore[misc]
    """The archive's file: opened as every reader of ours opens it, anew when another lies in its place."""

    def __init__(self, ds: Tables, path: Path, waits: float) -> None:
        super().__init__(ds, path=str(path), is_mutable=True)
        self.waits = waits
        self._here = threading.local()

    def connect(self, write: bool = False) -> sqlite3.Connection:
        """A connection that can only read, whatever it is asked for."""
        connection, _ = connect_readonly(Path(self.path), self.waits)
        self._all_file_connections.append(connection)
        return connection

    async def execute_fn(self, fn: Callable[[sqlite3.Connection], Any]) -> Any:
        """As Datasette's, with a connection of the thread's own to the file that lies there now."""

        def asks() -> Any:
            connection = self._connection()
            connection.row_factory = _Counted()
            return fn(connection)

        return await asyncio.get_running_loop().run_in_executor(self.ds.executor, asks)

    def _connection(self) -> sqlite3.Connection:
        state = Path(self.path).stat()
        file = (state.st_dev, state.st_ino)
        if getattr(self._here, "file", None) != file:
            if (former := getattr(self._here, "connection", None)) is not None:
                former.close()
                self._here.file = None
            connection = self.connect()
            self.ds._prepare_connection(connection, self.name)
            self._here.connection, self._here.file = connection, file
        found: sqlite3.Connection = self._here.connection
        return found

    async def execute(self, sql: str, params: Any = None, *args: Any, **options: Any) -> Any:
        """As Datasette's, with ``korean_match`` written out; a wrong question is the statement's error."""
        try:
            # A canned query is shown before its words are typed.
            written = written_out(sql, params if isinstance(params, dict) else {}, blank_finds_nothing=True)
        except (WrongQuestion, KeyError) as error:
            raise InvalidSql(f"korean_match: {error}") from error
        if asks_the_index(sql) and (await super().execute(any_outdated("sqlite"))).rows:
            # Nobody reads a log of the room beside an answer that lacks articles.
            raise InvalidSql(f"korean_match: {OUTDATED}")
        return await super().execute(written, params, *args, **{**options, "log_sql_errors": False})


class _Counted:
    """Makes the rows of one statement, up to LARGEST_ANSWER: a short one can ask for any number of bytes."""

    def __init__(self) -> None:
        self._bytes = 0

    def __call__(self, cursor: sqlite3.Cursor, values: tuple[Any, ...]) -> sqlite3.Row:
        self._bytes += sum(len(value) for value in values if isinstance(value, str | bytes))
        if self._bytes > LARGEST_ANSWER:
            raise sqlite3.OperationalError(TOO_LARGE)
        return sqlite3.Row(cursor, values)


def prepare(connection: sqlite3.Connection) -> None:
    """What a reading connection of the archive may do, and its function for ``korean_match``."""
    register(connection)
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LARGEST_VALUE)
    connection.setlimit(sqlite3.SQLITE_LIMIT_COLUMN, MOST_COLUMNS)
    connection.execute("PRAGMA query_only=ON")
    connection.set_authorizer(_authorise)


def _authorise(action: int, first: str | None, second: str | None, *rest: Any) -> int:
    if action == sqlite3.SQLITE_PRAGMA and first in _ASKED_BY_DATASETTE and second is None:
        return sqlite3.SQLITE_OK
    return authorise_reading(action, first, second, *rest)


_ASKED_BY_DATASETTE = ("schema_version", "recursive_triggers", "page_count", "page_size", "max_page_count")
"""Read only: with a value behind them they would set it."""


def is_file(url: str) -> bool:
    """Whether the archive is kept in SQLite."""
    return make_url(url).get_backend_name() == "sqlite"


def path_of(url: str) -> Path:
    """The archive's file."""
    return Path(str(make_url(url).database)).expanduser().resolve()


def _described() -> dict[str, Any]:
    """The dictionary's words for every view; the tables behind them are hidden."""
    shown = {
        entry.name: {
            "description": entry.meaning,
            "columns": dict(entry.columns),
            "hidden": not entry.is_view,
        }
        for entry in entries().values()
    }
    return shown | {name: {"hidden": True} for name in ("alembic_version", "sqlite_sequence", "sqlite_stat1")}
