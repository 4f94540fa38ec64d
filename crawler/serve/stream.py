"""CSV of all rows, as one statement gives them.

Datasette (0.65) asks a view page by page, each from the first row on: 20,000 articles took 5 s, 80,000
took 55 (2026-11-28), and they were of as many moments as there are pages. A statement's CSV it ends at the
first page, any at 100 MB; and what breaks off ends like a whole answer, with the reason as its last row.
"""

from __future__ import annotations

import asyncio
import csv
import io
import json
import logging
import re
import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

from crawler.serve.canned import queries
from crawler.serve.guard import App, Receive, Scope, Send, give, path_of, plain_request
from crawler.serve.render import Answer, refused, shown
from crawler.serve.tables import NAME, ROWS, Tables
from crawler.serve.words import word
from storage.database.unwritable import connect_readonly
from storage.query.korean import written_out
from storage.query.limits import EVERY

log = logging.getLogger("newsarchive.serve")

STALLED = 60.0
"""Seconds that a reader may take nothing (our choice): until then the database keeps what it has not read."""
_PIECE = 2**20
"""Letters that are written at once (our choice)."""
_LEFT_TO_DATASETTE = frozenset(("_labels", "_trace", "_next"))
_OF_THE_CSV = frozenset(("_stream", "_dl", "_header", "_size", "_shape", "_nl", "_nofacet", "_nocount"))
_LIMIT = re.compile(r" limit \d+\Z")


@dataclass(frozen=True, slots=True)
class _Question:
    sql: str
    values: dict[str, Any]
    head: bool
    """Whether the first line names the columns."""
    file: str | None
    """The name under which a browser saves it; None: it shows it."""


@dataclass(frozen=True, slots=True)
class Streamed:
    """An ASGI application around Datasette's."""

    app: App
    tables: Tables

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        question = await self._question(scope) if _wants_all(scope) else None
        if question is None:
            await self.app(scope, receive, send)
        elif isinstance(question, Answer):
            await give(question, send)
        else:
            await self._answer(question, scope, receive, send)

    async def _question(self, scope: Scope) -> _Question | Answer | None:
        """What Datasette would ask the database, as its JSON tells it, or why it would not: its CSV of a
        wrong statement is empty, with 200. None: it leads elsewhere."""
        given = _values(scope)
        path = path_of(scope).removesuffix(".csv")
        kept = [(name, value) for name, value in given if name not in _OF_THE_CSV]
        query = urlencode([*kept, ("_size", "1"), ("_nofacet", "1"), ("_nocount", "1")])
        inner = {
            "method": "GET",
            "path": scope["path"].removesuffix(".csv") + ".json",
            "raw_path": f"{path}.json".encode("latin-1"),
            "query_string": query.encode(),
        }
        answer = _Kept()
        await self.app({**scope, **inner}, _nothing_more, answer)
        if answer.status >= 400:
            return refused(plain_request(scope), shown(json.loads(answer.body)["error"]), answer.status)
        asked = json.loads(answer.body).get("query") if answer.status == 200 else None
        if asked is None:
            return None
        named = dict(given)
        name = path.rpartition("/")[2]
        sql = asked["sql"] if _is_statement(path) else _LIMIT.sub("", asked["sql"])
        return _Question(
            sql=written_out(sql, asked["params"], blank_finds_nothing=True),
            values=asked["params"],
            head=named.get("_header") != "off",
            file=f"{name}.csv" if named.get("_dl") else None,
        )

    async def _answer(self, question: _Question, scope: Scope, receive: Receive, send: Send) -> None:
        thread = ThreadPoolExecutor(1, "stream")  # a statement is asked and ended in one thread
        reading = _Reading(self.tables, question)
        gone = asyncio.create_task(_gone(receive))
        try:
            await _pass_on(reading, thread, gone, scope, send)
        except TimeoutError:
            log.warning("serve: a reader of %s took nothing for %g s", path_of(scope), STALLED)
        finally:
            gone.cancel()
            reading.interrupt()
            thread.submit(reading.close)
            thread.shutdown(wait=False)


class _Reading:
    """The rows of one statement, of one moment of the archive, in pieces of CSV."""

    def __init__(self, tables: Tables, question: _Question) -> None:
        self._tables, self.question = tables, question
        self._connection: sqlite3.Connection | None = None
        self._rows: Iterator[tuple[Any, ...]] = iter(())
        self._deadline = 0.0

    def begin(self) -> bytes:
        """The first piece. Raises sqlite3.Error."""
        database = self._tables.databases[NAME]
        self._connection, _ = connect_readonly(Path(database.path), database.waits)
        self._tables._prepare_connection(self._connection, NAME)  # as for its own threads
        self._connection.row_factory = None
        self._connection.set_progress_handler(lambda: int(time.monotonic() > self._deadline), EVERY)
        self._wind_up()
        cursor = self._connection.execute(self.question.sql, self.question.values)
        self._rows = iter(cursor)
        return (
            self._written([[column[0] for column in cursor.description]] * self.question.head) + self.piece()
        )

    def piece(self) -> bytes:
        """The next rows, in the time of a page; empty: that was all. Raises sqlite3.Error."""
        self._wind_up()
        return self._written(islice(self._rows, ROWS))

    def _wind_up(self) -> None:
        self._deadline = time.monotonic() + self._tables.setting("sql_time_limit_ms") / 1000

    def _written(self, rows: Any) -> bytes:
        out = io.StringIO()
        writer = csv.writer(out)
        for row in rows:
            writer.writerow([value.hex() if isinstance(value, bytes) else value for value in row])
            if out.tell() > _PIECE:
                break
        return out.getvalue().encode()

    def interrupt(self) -> None:
        """Stop what is being asked; of any thread."""
        if self._connection is not None:
            self._connection.interrupt()

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()


async def _pass_on(
    reading: _Reading, thread: ThreadPoolExecutor, gone: asyncio.Task[None], scope: Scope, send: Send
) -> None:
    """All pieces, at the pace of whoever reads. Where one breaks off the answer has no end: HTTP tells it.

    Raises:
        TimeoutError: nothing was read for ``STALLED`` seconds.
    """
    loop, begun = asyncio.get_running_loop(), False
    try:
        piece = await loop.run_in_executor(thread, reading.begin)
        await send({"type": "http.response.start", "status": 200, "headers": _headers(reading.question)})
        begun = True
        while piece and not gone.done():
            async with asyncio.timeout(STALLED):
                await send({"type": "http.response.body", "body": piece, "more_body": True})
            piece = await loop.run_in_executor(thread, reading.piece)
        await send({"type": "http.response.body", "body": b""})
    except sqlite3.Error as error:
        log.warning("serve: %s broke off: %s", path_of(scope), error)
        if not begun:
            said = word("too_long", "en") if str(error) == "interrupted" else shown(error)
            await give(refused(plain_request(scope), said, 503), send)


def _headers(question: _Question) -> list[tuple[bytes, bytes]]:
    if question.file is None:
        return [(b"content-type", b"text/plain; charset=utf-8")]
    saved = f'attachment; filename="{question.file}"'.encode("latin-1")
    return [(b"content-type", b"text/csv; charset=utf-8"), (b"content-disposition", saved)]


def _wants_all(scope: Scope) -> bool:
    """Whether a CSV of every row is asked for: of a statement always, for nobody sees where it ends."""
    if scope["type"] != "http" or not path_of(scope).endswith(".csv"):
        return False
    named = dict(_values(scope))
    return (bool(named.get("_stream")) or _is_statement(path_of(scope).removesuffix(".csv"))) and not (
        _LEFT_TO_DATASETTE & named.keys()
    )


def _is_statement(path: str) -> bool:
    return path == f"/{NAME}" or path.removeprefix(f"/{NAME}/") in queries()


def _values(scope: Scope) -> list[tuple[str, str]]:
    return parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)


class _Kept:
    """Takes an answer for ourselves."""

    def __init__(self) -> None:
        self.status = 0
        self.body = b""

    async def __call__(self, message: Any) -> None:
        self.status = message.get("status", self.status)
        self.body += message.get("body", b"")


async def _nothing_more() -> dict[str, Any]:
    return {"type": "http.request", "body": b"", "more_body": False}


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
