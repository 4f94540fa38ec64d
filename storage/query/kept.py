"""Columns that the database itself keeps, by triggers: what views ask for, whoever writes the rows.

``address.day`` and ``address.section`` (the view ``coverage``): of the page that is stored there, else of the
newest list that said it; the day of the first sight where nothing did. ``byline.article_id`` (the view
``bylines``): the article whose people these are. Made with the views: Alembic's batch mode drops triggers.
"""

# ruff: noqa: S608 (the statements are put together from the constants of this file)

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, text

from storage.query.kst import shown


@dataclass(frozen=True, slots=True)
class Trigger:
    """What is kept when."""

    name: str
    event: str
    table: str
    statements: tuple[str, ...]
    before: bool = False
    """Of the row itself, before it is written: PostgreSQL would write it twice otherwise."""


def _hint(column: str) -> str:
    return (
        f"(SELECT discovery.{column} FROM discovery WHERE discovery.address_id = address.id "
        f"AND discovery.{column} IS NOT NULL ORDER BY discovery.last_seen_at DESC, discovery.id DESC LIMIT 1)"
    )


def _page(column: str) -> str:
    return f"(SELECT appearance.{column} FROM appearance WHERE appearance.address_id = address.id)"


def _placed(where: str, backend: str) -> str:
    """Day and section of some addresses."""
    born = f"coalesce({_page('published_at')}, {_hint('time_hint')}, address.first_seen_at)"
    day = f"substr({shown(born, backend)}, 1, 10)"
    section = f"coalesce({_page('section')}, {_hint('section_hint')})"
    if backend == "sqlite":
        return f"UPDATE address SET day = {day}, section = {section} WHERE {where}"
    # PostgreSQL writes a row anew, and into every index, though nothing of it is another: 702 of 3,828
    # updates of a crawl's 761 addresses, and 758 more that told a new one its first day (2026-11-26).
    return (
        "UPDATE address SET day = placed.day, section = placed.section FROM ("
        f"SELECT address.id, {day} AS day, {section} AS section FROM address WHERE {where}) AS placed "
        "WHERE address.id = placed.id "
        "AND (address.day, address.section) IS DISTINCT FROM (placed.day, placed.section)"
    )


def _credited(where: str) -> str:
    """The article of some bylines."""
    return f"UPDATE byline SET article_id = {_article_of('byline')} WHERE {where}"


def _article_of(byline: str) -> str:
    return f"(SELECT article.id FROM article WHERE article.byline_appearance_id = {byline}.appearance_id)"


def triggers(backend: str) -> Iterator[Trigger]:
    """Every trigger."""
    new, old = (
        _placed("address.id = NEW.address_id", backend),
        _placed("address.id = OLD.address_id", backend),
    )
    for table, columns in (
        ("discovery", "address_id, time_hint, section_hint, last_seen_at"),
        ("appearance", "address_id, published_at, section"),
    ):
        yield Trigger(f"kept_{table}_insert", "INSERT", table, (new,))
        yield Trigger(f"kept_{table}_update", f"UPDATE OF {columns}", table, (old, new))
        yield Trigger(f"kept_{table}_delete", "DELETE", table, (old,))
    seen = (_placed("address.id = NEW.id", backend),)
    if backend == "sqlite":
        yield Trigger("kept_address_insert", "INSERT", "address", seen)
    else:  # nothing refers to it yet
        born = (f"NEW.day = substr({shown('NEW.first_seen_at', backend)}, 1, 10)",)
        yield Trigger("kept_address_insert", "INSERT", "address", born, before=True)
    yield Trigger("kept_address_update", "UPDATE OF first_seen_at", "address", seen)
    theirs = (
        _credited("article_id = NEW.id"),
        _credited("appearance_id = NEW.byline_appearance_id"),
    )
    if backend == "sqlite":
        yield Trigger("kept_byline_insert", "INSERT", "byline", (_credited("id = NEW.id"),))
    else:
        credited = (f"NEW.article_id = {_article_of('NEW')}",)
        yield Trigger("kept_byline_insert", "INSERT", "byline", credited, before=True)
    yield Trigger("kept_byline_update", "UPDATE OF appearance_id", "byline", (_credited("id = NEW.id"),))
    yield Trigger("kept_article_insert", "INSERT", "article", theirs)
    yield Trigger("kept_article_update", "UPDATE OF byline_appearance_id", "article", theirs)
    yield Trigger("kept_article_delete", "DELETE", "article", (_credited("article_id = OLD.id"),))


def create_triggers(connection: Connection) -> None:
    """Make every trigger, and fill what is empty."""
    backend = connection.dialect.name
    for one in triggers(backend):
        for statement in _made(one, backend):
            connection.execute(text(statement.replace(":", r"\:")))
    fill = (_placed("address.day IS NULL", backend), _credited("article_id IS NULL"))
    for statement in fill:
        connection.execute(text(statement.replace(":", r"\:")))


def _made(one: Trigger, backend: str) -> Iterator[str]:
    body = ";\n  ".join(one.statements)
    if backend == "sqlite":
        yield f"CREATE TRIGGER {one.name} AFTER {one.event} ON {one.table} BEGIN\n  {body};\nEND"
        return
    yield f"""CREATE FUNCTION {one.name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  {body};
  RETURN {"NEW" if one.before else "NULL"};
END $$"""
    yield (
        f"CREATE TRIGGER {one.name} {'BEFORE' if one.before else 'AFTER'} {one.event} ON {one.table} "
        f"FOR EACH ROW EXECUTE FUNCTION {one.name}()"
    )


def drop_triggers(connection: Connection) -> None:
    """Drop those that are there."""
    for one in triggers(connection.dialect.name):
        if connection.dialect.name == "sqlite":
            connection.execute(text(f"DROP TRIGGER IF EXISTS {one.name}"))
        else:
            connection.execute(text(f"DROP FUNCTION IF EXISTS {one.name}() CASCADE"))
