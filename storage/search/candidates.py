"""What may be a hit: numbers from the index, newest first. A superset; the text decides (find.py)."""

# ruff: noqa: S608 (statements are put together from this file's constants and whole numbers; words are bound)

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

from storage.search import spans
from storage.search.expression import by_ideographs, folded, match_expression
from storage.search.key import TITLE_BIT, key_of, number, wanted_bigrams
from storage.search.place import PLACES, first_number
from storage.search.question import All, Field, Question, Term

FIRST_CHUNK, LARGEST_CHUNK = 24, 1_000
"""Candidates given at once: a page of twenty hits, the one that says that there are more, and a few that are
none; then more, where few are hits. Of 40 the rows and texts cost twice what the index does (2026-11-26)."""
WINDOWS = (2_000, 20_000, 200_000)
"""PostgreSQL: entries of the first windows; the last is the rest. A word that stands in one article of a
hundred fills a page from the first, and its rows elsewhere are neither fetched nor sorted."""
_ALL = 2**62
DISPLACED = 60 * PLACES
"""How far behind a search's end an entry is looked for: what came in a full minute lies there (place.py).
An hour's numbers hold what a minute of 1,900 articles does not."""


def candidates(
    connection: Connection,
    asked: Question | None,
    since: datetime | None,
    until: datetime | None,
    below: int | None = None,
) -> Iterator[list[int]]:
    """The numbers of entries that may be hits, newest first, in pieces.

    Args:
        since: the first instant; until: the first that is too late; below: the first number that is.
    """
    end = _ALL if until is None else first_number(until) + DISPLACED
    bounds = _Bounds(
        first=-1 if since is None else first_number(since), end=end if below is None else min(end, below)
    )
    narrow = _narrowed(connection, asked)
    if connection.dialect.name == "sqlite":
        return _on_sqlite(connection, asked, bounds, narrow)
    return _on_postgresql(connection, asked, bounds, narrow)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bounds:
    first: int
    end: int


# --- what columns say ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Narrow:
    """Conditions on an entry that hold for every hit."""

    conditions: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    few: bool = False
    """So few articles satisfy them that they are looked for first."""


_PUBLISHED_BY = "(SELECT publisher_id FROM article WHERE article.id = entry.article_id)"
_WRITTEN_BY = """entry.article_id IN (
  SELECT appearance.article_id FROM byline JOIN appearance ON appearance.id = byline.appearance_id
  WHERE byline.name IN (:printed{0}, :lower{0}, :title{0}, :upper{0})
  UNION SELECT appearance.article_id FROM reporter JOIN byline ON byline.reporter_id = reporter.id
  JOIN appearance ON appearance.id = byline.appearance_id
  WHERE reporter.email IN (:printed{0}, :lower{0}))"""


def _narrowed(connection: Connection, asked: Question | None) -> _Narrow:
    parts = asked.parts if isinstance(asked, All) else (asked,)
    conditions, few = "", False
    values: dict[str, Any] = {}
    for place, part in enumerate(parts):
        if isinstance(part, Term) and part.field is Field.PUBLISHER:
            numbers = ", ".join(map(str, _publishers(connection, part.key))) or "NULL"
            conditions += f" AND {_PUBLISHED_BY} IN ({numbers})"
        if isinstance(part, Term) and part.field is Field.BYLINE:
            few = True
            conditions += f" AND {_WRITTEN_BY.format(place)}"
            values |= {f"{how}{place}": said for how, said in _spellings(part).items()}
    return _Narrow(conditions=conditions, values=values, few=few)


def _spellings(name: Term) -> dict[str, str]:
    """How a name in Latin letters may be printed; one in Hangul is the same four times."""
    printed = name.printed
    return {"printed": printed, "lower": name.key, "title": printed.title(), "upper": printed.upper()}


def _publishers(connection: Connection, key: str) -> list[int]:
    named = connection.execute(text("SELECT id, name FROM publisher"))
    return [row.id for row in named if key in key_of(row.name)]


# --- SQLite -------------------------------------------------------------------------------------------


def _on_sqlite(
    connection: Connection, asked: Question | None, bounds: _Bounds, narrow: _Narrow
) -> Iterator[list[int]]:
    match = None if asked is None else match_expression(asked)
    if match is None and asked is not None and (letters := by_ideographs(asked)):
        narrow = replace(narrow, conditions=f"{narrow.conditions} AND {letters}")
    statement = text(_sqlite_statement(match is not None, narrow))
    end, size = bounds.end, FIRST_CHUNK
    while True:
        values = {"end": end, "first": bounds.first, "size": size, "match": match, **narrow.values}
        numbers = [row[0] for row in connection.execute(statement, values)]
        if numbers:
            yield numbers
        if len(numbers) < size:
            return
        end, size = numbers[-1], min(size * 2, LARGEST_CHUNK)


def _sqlite_statement(matched: bool, narrow: _Narrow) -> str:
    if matched:
        join = "JOIN search_entry AS entry ON entry.id = found.rowid" if narrow.conditions else ""
        return f"""
SELECT found.rowid FROM search_index_grams AS found {join}
WHERE found.search_index_grams MATCH :match AND found.rowid < :end AND found.rowid >= :first
  {narrow.conditions}
ORDER BY found.rowid DESC LIMIT :size"""
    number = "entry.id + 0" if narrow.few else "entry.id"
    return f"""
SELECT entry.id FROM search_entry AS entry
WHERE {number} < :end AND {number} >= :first AND :match IS NULL{narrow.conditions}
ORDER BY {number} DESC LIMIT :size"""


# --- PostgreSQL ---------------------------------------------------------------------------------------


# PostgreSQL counts a row's arrays as free to look at, and would rather unpack those of the whole archive than
# ask the index: told for this transaction that there is no other way. Nor is the number's index (``+ 0``):
# it gives a window's rows to be unpacked one by one (57 ms in an archive of 10,000 articles, 2026-11-26).
_PLAIN_SCANS = text(
    "SELECT set_config('enable_seqscan', :allowed, true), set_config('enable_indexscan', :allowed, true)"
)


def _on_postgresql(
    connection: Connection, asked: Question | None, bounds: _Bounds, narrow: _Narrow
) -> Iterator[list[int]]:
    values: dict[str, Any] = dict(narrow.values)
    condition = None if asked is None else _contains(asked, values)
    for first, end in _windows(connection, bounds, whole=narrow.few):
        stretches = None if condition is None else spans.between(first, end)
        statement = text(_postgresql_statement(condition, narrow, within=stretches is not None))
        asked_for = {**values, "first": first, "end": end}
        if stretches is not None:
            asked_for["stretches"] = stretches
        connection.execute(_PLAIN_SCANS, {"allowed": "on" if condition is None else "off"})
        found = list(connection.execute(statement, asked_for).scalars())
        connection.execute(_PLAIN_SCANS, {"allowed": "on"})
        yield from _pieces(found)


def _postgresql_statement(condition: str | None, narrow: _Narrow, *, within: bool) -> str:
    if condition is not None:
        if within:
            condition = f"({condition}) AND {spans.of_entry('found.id')} && CAST(:stretches AS bigint[])"
        join = "JOIN search_entry AS entry ON entry.id = found.id" if narrow.conditions else ""
        return f"""
SELECT found.id FROM search_index AS found {join}
WHERE found.id + 0 < :end AND found.id + 0 >= :first AND ({condition}){narrow.conditions}
ORDER BY found.id DESC"""
    number = "entry.id + 0" if narrow.few else "entry.id"
    return f"""
SELECT entry.id FROM search_entry AS entry
WHERE {number} < :end AND {number} >= :first{narrow.conditions} ORDER BY {number} DESC"""


def _windows(connection: Connection, bounds: _Bounds, *, whole: bool) -> Iterator[tuple[int, int]]:
    newest = connection.scalar(text("SELECT max(id) FROM search_entry WHERE id < :end"), {"end": bounds.end})
    if newest is None:
        return
    end = newest + 1
    below = text("SELECT id FROM search_entry WHERE id < :end ORDER BY id DESC OFFSET :size LIMIT 1")
    for size in () if whole else WINDOWS:
        first = connection.scalar(below, {"end": end, "size": size})
        if first is None or first <= bounds.first:
            break
        yield first, end
        end = first
    yield bounds.first, end


def _pieces(numbers: Sequence[int]) -> Iterator[list[int]]:
    start, size = 0, FIRST_CHUNK
    while start < len(numbers):
        yield list(numbers[start : start + size])
        start, size = start + size, min(size * 2, LARGEST_CHUNK)


def _contains(asked: Question, values: dict[str, Any]) -> str | None:
    """The question as a condition on the bigrams; None as for :func:`match_expression`."""
    return folded(asked, lambda term: _array_condition(term, values))


def _array_condition(term: Term, values: dict[str, Any]) -> str | None:
    found = {number(one) for one in wanted_bigrams(term.key)}
    if not found or term.field not in (Field.ANY, Field.TITLE):
        return None
    mark = TITLE_BIT if term.field is Field.TITLE else 0
    name = f"bigrams{len(values)}"
    values[name] = sorted(one ^ mark for one in found)
    return f"found.words @> CAST(:{name} AS integer[])"


# --- for other tools ----------------------------------------------------------------------------------


def articles_statement(asked: Question, backend: str) -> str | None:
    """A SELECT of the article numbers that the index finds, with the words written into it.

    None: the index cannot be asked. What may not hold, byline: and publisher: are left out, and the parts of
    a word need not stand side by side: check the text as well where that matters.
    """
    if backend == "sqlite":
        match = match_expression(asked)
        return None if match is None else _FOR_SQLITE.format(quoted(match))
    values: dict[str, Any] = {}
    condition = _contains(asked, values)
    if condition is None:
        return None
    for name, found in values.items():
        condition = condition.replace(f":{name} ", f"ARRAY{found} ")
    return _FOR_POSTGRESQL.format(condition)


_FOR_SQLITE = (
    "SELECT entry.article_id FROM search_index_grams AS found "
    "JOIN search_entry AS entry ON entry.id = found.rowid "
    "WHERE search_index_grams MATCH {} ORDER BY found.rowid DESC"
)
_FOR_POSTGRESQL = (
    "SELECT entry.article_id FROM search_index AS found JOIN search_entry AS entry ON entry.id = found.id "
    "WHERE {} ORDER BY found.id DESC"
)


def quoted(value: str) -> str:
    """A text as SQL writes it; without U+0000, which neither database holds."""
    doubled = value.replace("'", "''").replace("\x00", "")
    return f"'{doubled}'"
