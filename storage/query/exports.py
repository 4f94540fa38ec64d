"""What an export asks for: articles, each with its people, its notice and what may be done with it."""

# ruff: noqa: S608 (statements are put together from constants, whole numbers and quoted words)

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import Engine, text

from storage.query.kst import shown
from storage.query.views.permissions import RIGHTS, answers
from storage.query.views.spelling import flag
from storage.search.candidates import quoted
from storage.seoul import written

COLUMNS = (
    *(
        "article_id",
        "url",
        "publisher",
        "title",
        "subtitle",
        "body",
        "bylines",
        "section",
        "tags",
        "language",
    ),
    *("dateline_place", "dateline_agency", "published_at", "published_precision"),
    *("modified_at", "modified_precision", "sources", "appearances"),
    *("copyright_notice", "rights_holder", "no_reproduction", "no_redistribution", "no_ai_training"),
    *("no_collection", "reproduction", "redistribution", "ai_training", "collection", "duplicate_group"),
    "left_out",
)
"""Of an export of articles, in this order; meanings in docs/exports.md."""


class Kind(StrEnum):
    """What stands in a column of a file."""

    NUMBER = "whole number"
    FRACTION = "number"
    TEXT = "text"
    TIME = "time with its zone"
    TEXTS = "list of texts"
    PEOPLE = "list of people"


LISTS = (Kind.TEXTS, Kind.PEOPLE)
"""Kinds that a statement gives as JSON."""
PERSON = ("name", "role", "email", "organisation", "place")
KINDS: Mapping[str, Kind] = {
    **dict.fromkeys(COLUMNS, Kind.TEXT),
    **dict.fromkeys(("article_id", "appearances", "duplicate_group"), Kind.NUMBER),
    **dict.fromkeys(("no_reproduction", "no_redistribution"), Kind.NUMBER),
    **dict.fromkeys(("no_ai_training", "no_collection"), Kind.NUMBER),
    **dict.fromkeys(("published_at", "modified_at"), Kind.TIME),
    "tags": Kind.TEXTS,
    "bylines": Kind.PEOPLE,
}
"""Of the columns of an export of articles, in their order."""


class Purpose(StrEnum):
    """What an export is for; bodies that may not be used so are left out."""

    SHARE = "share"
    TRAINING = "training"


_USE = {Purpose.SHARE: "redistribution", Purpose.TRAINING: "ai_training"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which articles, and what for."""

    source: str | None = None
    publisher: str | None = None
    """Its name, whole."""
    since: date | None = None
    """First day of publication in Korea."""
    until: date | None = None
    """Last day."""
    changed_since: datetime | None = None
    """Stored, edited or read again since: by when the archive took it, not by any time that a page prints."""
    numbers: tuple[int, ...] | None = None
    """Of these articles only."""
    undated: bool = False
    """Only those that print no time."""
    purpose: Purpose | None = None
    newest: int | None = None
    """So many of those that print a time, the newest first; None: all, the oldest number first."""


def articles_statement(wanted: Wanted, backend: str) -> str:
    """The SELECT of the articles that are wanted."""
    body, left_out = _body(wanted.purpose)
    replaced = {"body": body, "left_out": left_out, "bylines": _bylines(backend), "tags": "appearance.tags"}
    asked = {**{name: f"listed.{name}" for name in COLUMNS}, **answers(), **replaced}
    columns = ", ".join(
        flag(f"{RIGHTS}.{name}", backend) if name in _FLAGS else f"{asked[name]} AS {name}"
        for name in COLUMNS
    )
    return f"""
SELECT {columns}
FROM articles AS listed
JOIN article ON article.id = listed.article_id
JOIN appearance ON appearance.id = article.preferred_appearance_id
LEFT JOIN {RIGHTS} ON {RIGHTS}.appearance_id = appearance.id
WHERE {_conditions(wanted, backend)}
{_order(wanted.newest)}"""


def any_statement(wanted: Wanted, backend: str) -> str:
    """A SELECT of one row where an article is wanted, of none where there is no such article."""
    return f"""
SELECT 1 FROM articles AS listed JOIN article ON article.id = listed.article_id
WHERE {_conditions(wanted, backend)} LIMIT 1"""


def _order(newest: int | None) -> str:
    if newest is None:
        return "ORDER BY listed.article_id"
    return f"ORDER BY listed.published_at DESC, listed.article_id DESC LIMIT {newest:d}"


_FLAGS = frozenset({"no_reproduction", "no_redistribution", "no_ai_training", "no_collection"})


def _body(purpose: Purpose | None) -> tuple[str, str]:
    """The body, and why it is left out: NULL where it is there."""
    if purpose is None:
        return "listed.body", "NULL"
    # The page whose text it is must grant it, and no other page of the article forbid it (docs/rights.md).
    forbidden = (
        "EXISTS (SELECT 1 FROM appearance AS other "
        "JOIN permissions AS theirs ON theirs.appearance_id = other.id "
        f"WHERE other.article_id = article.id AND theirs.{_USE[purpose]} = 'forbidden')"
    )
    ours = f"({answers()[_USE[purpose]]})"
    use = f"CASE WHEN {ours} = 'allowed' AND {forbidden} THEN 'forbidden' ELSE {ours} END"
    body = f"CASE WHEN ({use}) = 'allowed' THEN listed.body END"
    why = f"CASE WHEN ({use}) <> 'allowed' THEN '{_USE[purpose]} ' || ({use}) END"
    return body, why


def _bylines(backend: str) -> str:
    """The people as a JSON array of objects, in the order printed."""
    made = "json_object" if backend == "sqlite" else "json_build_object"
    one = f"{made}({', '.join(f'{chr(39)}{name}{chr(39)}, person.{name}' for name in PERSON)})"
    mine = "byline.appearance_id = article.byline_appearance_id"
    people = f"SELECT * FROM byline WHERE {mine} ORDER BY byline.position"
    listed = f"json_group_array({one})" if backend == "sqlite" else f"coalesce(json_agg({one}), '[]')"
    cast = "" if backend == "sqlite" else "::text"
    return f"(SELECT {listed}{cast} FROM ({people}) AS person)"


def _conditions(wanted: Wanted, backend: str) -> str:
    conditions = ["1 = 1"]
    if wanted.source is not None:
        conditions.append(
            "EXISTS (SELECT 1 FROM appearance AS shown WHERE shown.article_id = article.id "
            f"AND shown.source = {quoted(wanted.source)})"
        )
    if wanted.publisher is not None:
        conditions.append(f"listed.publisher = {quoted(wanted.publisher)}")
    if wanted.since is not None:
        conditions.append(f"listed.published_at >= '{wanted.since.isoformat()}'")
    if wanted.until is not None and wanted.until < date.max:
        conditions.append(f"listed.published_at < '{(wanted.until + timedelta(days=1)).isoformat()}'")
    if wanted.changed_since is not None:
        conditions.append(f"article.id IN ({_changed(wanted.changed_since, backend)})")
    if wanted.newest is not None:
        conditions.append("listed.published_at IS NOT NULL")
    if wanted.undated:
        conditions.append("listed.published_at IS NULL")
    if wanted.numbers is not None:
        conditions.append(f"article.id IN ({', '.join(map(str, wanted.numbers)) or 'NULL'})")
    return " AND ".join(conditions)


def _changed(since: datetime, backend: str) -> str:
    """Articles of pages that a run settled, or that were read again, since then, with their groups: who
    comes to a group gives it a number, or another. A capture is what a run's outcome and what was stored of
    it have in common; an import's is as old as whoever made it."""
    when = f"'{written(since)}'"
    settled = (
        # CROSS: few runs are that new, and SQLite, left to choose, read every outcome (1.0 s of a million).
        "FROM run CROSS JOIN outcome "
        "JOIN {table} AS took ON took.capture_id = outcome.capture_id {more}"
        "WHERE outcome.run_id = run.id "
        f"AND (run.finished_at IS NULL OR {shown('run.finished_at', backend)} >= {when}) "
        f"AND {shown('outcome.at', backend)} >= {when}"
    )
    page = "JOIN appearance AS page ON page.id = took.appearance_id "
    again = " OR ".join(f"{shown(f'took.{column}', backend)} >= {when}" for column in ("at", "undone_at"))
    return f"""
WITH changed AS (
SELECT took.article_id {settled.format(table="appearance", more="")}
UNION SELECT page.article_id {settled.format(table="revision", more=page)}
UNION SELECT page.article_id FROM rereading AS took {page} WHERE {again}
)
SELECT article_id FROM changed
UNION SELECT mate.article_id FROM changed
JOIN group_member AS own ON own.article_id = changed.article_id
JOIN group_member AS mate ON mate.group_id = own.group_id"""


def sources_of(engine: Engine) -> list[str]:
    """Names of the sources that the archive has, also of those that are no longer declared."""
    with engine.connect() as connection:
        return list(connection.execute(text("SELECT name FROM source ORDER BY name")).scalars())


def publishers_of(engine: Engine) -> list[str]:
    """Names of the publishers that the archive has."""
    with engine.connect() as connection:
        return list(connection.execute(text("SELECT name FROM publisher ORDER BY name")).scalars())
