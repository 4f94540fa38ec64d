"""Words of an article in tables that are no content: reasons, messages, facts, hints of other addresses.

Every text column of every table is looked at, also of tables that are made after this was written; but for
the pages' own content, which goes or stays as rows, and addresses, which are not text.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Column, Engine, Table, func, or_, select, update
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
_BATCH = 200
"""Values in one transaction: the writer is held for tens of milliseconds."""
_KNOWN = 10_000
"""Values whose answer is remembered: reasons are few and stand in most rows."""


def clear(engine: Engine, traces: Sequence[Trace]) -> list[int]:
    """Take the articles' words out of every such column, in one pass; gives how many values said each's."""
    trace, done = Trace.of(traces), [0] * len(traces)
    for table, columns in looked_at():
        with Session(engine) as session:
            found = list(_saying(session, trace, table, columns))
        for start in range(0, len(found), _BATCH):
            with writing(engine) as session:
                for key, column, value in found[start : start + _BATCH]:
                    _change(session, table, key, column, value, trace)
        for place, one in enumerate(traces):
            done[place] += sum(one.in_text(value) for _, _, value in found)
    return done


def mentions(engine: Engine, traces: Sequence[Trace]) -> list[int]:
    """How many values that say each `clear` would change."""
    trace, said = Trace.of(traces), [0] * len(traces)
    with Session(engine) as session:
        for table, columns in looked_at():
            for _, _, value in _saying(session, trace, table, columns):
                for place, one in enumerate(traces):
                    said[place] += one.in_text(value)
    return said


def looked_at() -> Iterator[tuple[Table, list[Column[Any]]]]:
    """Each table and its columns that are looked at."""
    for table in Base.metadata.sorted_tables:
        columns = [column for column in table.columns if _is_text(column)]
        if columns and table.name not in _CONTENT:
            yield table, columns


def _is_text(column: Column[Any]) -> bool:
    plain = not column.primary_key and not column.foreign_keys and column.name not in _ADDRESSES
    return plain and isinstance(column.type, StorableText)


def _saying(
    session: Session, trace: Trace, table: Table, columns: list[Column[Any]]
) -> Iterator[tuple[tuple[Any, ...], Column[Any], str]]:
    """Row, column and value of everything that says something of the article; the table is read once."""
    key = list(table.primary_key)
    query = select(*key, *columns).where(or_(*(func.length(one) > 1 for one in columns)))
    known: dict[str, bool] = {}
    for row in session.execute(query.execution_options(yield_per=_PIECE)):
        for column, value in zip(columns, row[len(key) :], strict=True):
            if value is None or len(value) <= 1:
                continue
            if len(known) > _KNOWN:
                known.clear()
            if value not in known:
                known[value] = trace.in_text(value)
            if known[value]:
                yield tuple(row[: len(key)]), column, value


def _change(
    session: Session, table: Table, key: tuple[Any, ...], column: Column[Any], value: str, trace: Trace
) -> None:
    """Unless it says something else by now."""
    new = None if column.nullable and column.name.endswith(_HINT) else cleared(value, trace)
    ours = [one == number for one, number in zip(table.primary_key, key, strict=True)]
    session.execute(update(table).where(*ours, column == value).values({column.name: new}))


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
