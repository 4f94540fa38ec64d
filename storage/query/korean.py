"""``korean_match`` in SQL: ``WHERE article_id IN (SELECT korean_match('반도체 수출'))`` on both databases.

On PostgreSQL it is a function of the database, which any tool can call; SQLite has no functions that give
rows, so there the call is written out before the statement is run, and each article is checked by a function
of this connection.
"""

# ruff: noqa: S608 (the statements are put together from constants; words are quoted)

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping

from sqlalchemy import Connection, text

from storage.query.korean_postgresql import FUNCTIONS, SIGNATURES
from storage.search.candidates import match_expression, quoted
from storage.search.key import key_of
from storage.search.question import Document, Field, Question, WrongQuestion, parse, terms

_CALL = re.compile(
    r"\bselect\s+korean_match\s*\(\s*(?:(?P<words>'(?:[^']|'')*')|:(?P<name>[^\W\d]\w*))\s*\)", re.IGNORECASE
)


def written_out(statement: str, values: Mapping[str, object] | None = None) -> str:
    """The statement for SQLite, its calls of ``korean_match`` as SELECTs of article numbers.

    Args:
        values: of the statement's parameters, where one of them may be the words.

    Raises:
        WrongQuestion: words that cannot be asked.
    """
    return _CALL.sub(lambda found: _select(_words(found, values or {})), statement)


def _words(found: re.Match[str], values: Mapping[str, object]) -> str:
    if found["words"] is not None:
        return found["words"][1:-1].replace("''", "'")
    return str(values[found["name"]])


def _select(said: str) -> str:
    asked = _question(said)
    words = quoted(said)
    match = match_expression(asked)
    narrowed = "" if match is None else f"search_index_grams MATCH '{match}' AND "
    source = "search_entry AS entry" if match is None else _INDEXED
    return f"""SELECT entry.article_id AS korean_match FROM {source}
JOIN article AS asked ON asked.id = entry.article_id LEFT JOIN text AS said ON said.id = asked.text_id
WHERE {narrowed}korean_holds({words}, asked.title, asked.subtitle, said.body)"""


_INDEXED = "search_index_grams AS found JOIN search_entry AS entry ON entry.id = found.rowid"


def _question(words: str) -> Question:
    asked = parse(words)
    if any(term.field in (Field.BYLINE, Field.PUBLISHER) for term in terms(asked)):
        raise WrongQuestion("byline: and publisher: are columns in SQL; korean_match takes words and title:")
    return asked


def register(driver: sqlite3.Connection) -> None:
    """Give an SQLite connection the function that checks one article."""
    known: dict[str, Question] = {}

    def holds(words: str, title: str | None, subtitle: str | None, body: str | None) -> bool:
        asked = known.setdefault(words, _question(words)) if words not in known else known[words]
        texts = (key_of(subtitle or ""), key_of(body or ""))
        return asked.holds(Document(title=key_of(title or ""), texts=texts, people=(), publisher=""))

    driver.create_function("korean_holds", 4, holds, deterministic=True)


def create_function(connection: Connection) -> None:
    """Make PostgreSQL's ``korean_match`` and what it calls; nothing on SQLite."""
    if connection.dialect.name == "postgresql":
        for function in FUNCTIONS:
            connection.execute(text(function.replace(":", r"\:")))


def drop_function(connection: Connection) -> None:
    """Drop them where they are there."""
    if connection.dialect.name == "postgresql":
        for signature in SIGNATURES:
            connection.execute(text(f"DROP FUNCTION IF EXISTS {signature}"))
