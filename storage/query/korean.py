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
from storage.search.candidates import quoted
from storage.search.expression import by_ideographs, match_expression
from storage.search.key import Printed
from storage.search.question import Document, Field, Question, WrongQuestion, parse, terms

_FOLLOW = (
    "union|except|intersect|order|group|having|limit|offset|where|window|from"
    "|on|using|join|left|right|full|inner|cross|natural"
)
"""Words that may stand behind a call and are no name for it."""
_CALL = re.compile(
    rf"""\b(?P<opens>select(?:\s+(?:distinct|all))?|from|join)\s+korean_match\s*
    \(\s*(?:(?P<words>'(?:[^']|'')*')|:(?P<name>[^\W\d]\w*))\s*\)
    (?:\s+(?:as\s+)?(?!(?:{_FOLLOW})\b)(?P<called>[^\W\d]\w*|"[^"]+"))?""",
    re.IGNORECASE | re.VERBOSE,
)


def written_out(
    statement: str, values: Mapping[str, object] | None = None, *, blank_finds_nothing: bool = False
) -> str:
    """The statement for SQLite, its calls of ``korean_match`` as SELECTs of article numbers.

    Args:
        values: of the statement's parameters, where one of them may be the words.
        blank_finds_nothing: the value of a parameter may not have been typed yet.

    Raises:
        WrongQuestion: words that cannot be asked.
    """

    def one(call: re.Match[str]) -> str:
        said = _words(call, values or {})
        nothing = blank_finds_nothing and call["name"] is not None and not said.strip()
        return _named(call, "SELECT NULL AS {called} WHERE 0" if nothing else _select(said))

    return _CALL.sub(one, statement)


def _words(call: re.Match[str], values: Mapping[str, object]) -> str:
    if call["words"] is not None:
        return call["words"][1:-1].replace("''", "'")
    return str(values[call["name"]])


def _named(call: re.Match[str], select: str) -> str:
    """As PostgreSQL names it: what a call is called is its one column, and in a FROM the table too."""
    called = call["called"] or "korean_match"
    named = select.replace("{called}", called, 1)
    opens = call["opens"]
    return (
        f"{opens} ({named}) AS {called}"
        if opens.lower() in ("from", "join")
        else named.replace("SELECT", opens, 1)
    )


def _select(said: str) -> str:
    asked = _question(said)
    words = quoted(said)
    match = match_expression(asked)
    told = by_ideographs(asked) if match is None else f"search_index_grams MATCH '{match}'"
    narrowed = f"{told} AND " if told else ""
    source = "search_entry AS entry" if match is None else _INDEXED
    return f"""SELECT entry.article_id AS {{called}} FROM {source}
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
        texts = (Printed(subtitle), Printed(body))
        return asked.holds(Document(title=Printed(title), texts=texts, people=(), publisher=""))

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
