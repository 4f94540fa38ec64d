"""Words of an article in tables that are no content: reasons, messages, facts, hints of other addresses.

Every text column of every table is looked at, also of tables that are made after this was written; but for
the pages' own content, which goes or stays as rows, and addresses, which are not text.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Column, Engine, Table, func, select, update
from sqlalchemy.orm import Session

from storage.database.opening import writing
from storage.forget.trace import Trace
from storage.models import Base
from storage.models.base import StorableText

GONE = "[taken down]"
"""Stands where words of an article stood."""
_CONTENT = frozenset(
    {
        *("text", "article", "appearance", "revision", "byline", "image", "appearance_rights"),
        *("declared_address", "rereading", "publisher", "reporter", "search_entry", "source"),
        "takedown",
    }
)
"""What pages say, or said; and the log of takedowns, whose address and reason are meant to be read."""
_ADDRESSES = frozenset(
    {"url", "final_url", "seed", "etag", "last_modified", "warc_file", "payload_digest", "site_id"}
)
"""Names of columns that hold no sentences, and that rows are found by."""
_HINT = "_hint"
"""How a column's name ends that holds what a list said: no hint is better than a false one."""
_PIECE = 2000


def clear(engine: Engine, trace: Trace) -> int:
    """Take the article's words out of every such column; gives how many values were changed."""
    return sum(_clear(engine, trace, table, column) for table, column in columns())


def columns() -> Iterator[tuple[Table, Column[Any]]]:
    """The columns that are looked at."""
    for table in Base.metadata.sorted_tables:
        if table.name in _CONTENT:
            continue
        for column in table.columns:
            plain = not column.primary_key and not column.foreign_keys and column.name not in _ADDRESSES
            if plain and isinstance(column.type, StorableText):
                yield table, column


def mentions(engine: Engine, trace: Trace) -> int:
    """How many values `clear` would change."""
    with Session(engine) as session:
        return sum(1 for _, column in columns() for _ in _saying(session, trace, column))


def _clear(engine: Engine, trace: Trace, table: Table, column: Column[Any]) -> int:
    with Session(engine) as session:
        found = list(_saying(session, trace, column))
    for value in found:
        new = None if column.nullable and column.name.endswith(_HINT) else cleared(value, trace)
        with writing(engine) as session:
            session.execute(update(table).where(column == value).values({column.name: new}))
    return len(found)


def _saying(session: Session, trace: Trace, column: Column[Any]) -> Iterator[str]:
    """The distinct values that say something of the article."""
    query = select(column).where(func.length(column) > 1).distinct()
    for value in session.scalars(query.execution_options(yield_per=_PIECE)):
        if trace.in_text(value):
            yield value


def cleared(value: str, trace: Trace) -> str:
    """The value without the article's words: JSON keeps its form, other text goes whole.

    A part of a sentence is not worth keeping beside a hole that tells where the rest stood.
    """
    try:
        found = json.loads(value)
    except (ValueError, RecursionError):
        return GONE
    if not isinstance(found, (dict, list)):
        return GONE
    return json.dumps(_without(found, trace), ensure_ascii=False, sort_keys=True)


def _without(value: Any, trace: Trace) -> Any:
    if isinstance(value, str):
        return GONE if trace.in_text(value) else value
    if isinstance(value, list):
        return [_without(one, trace) for one in value]
    if isinstance(value, dict):
        return {(GONE if trace.in_text(key) else key): _without(one, trace) for key, one in value.items()}
    return value
