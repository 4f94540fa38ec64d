"""What the archive's tables are: none, this program's, an earlier one's, or another's."""

from __future__ import annotations

from typing import Literal

from sqlalchemy import Connection, Engine, inspect, text

from storage.database.refusal import DatabaseRefused, describe, refusals
from storage.database.revisions import REVISIONS
from storage.database.server_words import MAKE
from storage.database.soundness import TO_DO

SchemaState = Literal["empty", "current", "outdated", "unknown"]

UNKNOWN = (
    "{where} holds tables that this version of newsarchive does not know: name the archive's own database, "
    "or restore a backup"
)
OTHER_TABLES = (
    "{where} does not hold what its revision {revision} made, and stays as it is ({said}): restore a backup, "
    "or make it anew from its WARC files (newsarchive db rebuild)"
)


def schema_state(engine: Engine) -> SchemaState:
    """``empty``: no tables; ``current``: at the newest revision; ``outdated``: at an earlier one;
    ``unknown``: tables of something else, or of a newer program."""
    with refusals(engine.url), engine.connect() as connection:
        return state_of(connection)


def refuse_newer(connection: Connection) -> None:
    """Raise DatabaseRefused when a newer program has been at work here: its tables mean other things."""
    newer = sorted(_revisions_of(connection) - set(REVISIONS))
    if newer:
        where = describe(connection.engine.url)
        raise DatabaseRefused(
            f"{where} holds tables of a newer version ({newer[-1]}) that this version of newsarchive does "
            f"not know (it knows up to {REVISIONS[-1]}): install the newer one"
        )


def _revisions_of(connection: Connection) -> set[str]:
    if not inspect(connection).has_table("alembic_version"):
        return set()
    return {str(row[0]) for row in connection.execute(text("SELECT version_num FROM alembic_version"))}


def state_of(connection: Connection) -> SchemaState:
    tables = set(inspect(connection).get_table_names())
    if not tables - {"alembic_version"}:
        return "empty"
    if "alembic_version" not in tables:
        return "unknown"
    found = _revisions_of(connection)
    if found == {REVISIONS[-1]}:
        return "current"
    # Of none, and of two beside each other, nobody knows what the tables are: somebody wrote it by hand.
    return "outdated" if len(found) == 1 and found <= set(REVISIONS) else "unknown"


def require_current(engine: Engine) -> None:
    """Raise DatabaseRefused unless the tables are at the newest revision."""
    state = schema_state(engine)
    if state == "current":
        return
    where = describe(engine.url)
    sentences = {
        "empty": f"{where} has no tables yet; run: newsarchive db upgrade",
        "outdated": f"{where} has the tables of an earlier version; run: newsarchive db upgrade",
        "unknown": UNKNOWN.format(where=where),
    }
    raise DatabaseRefused(sentences[state])


def refuse_lacking(connection: Connection) -> None:
    """Raise DatabaseRefused where a table or a column is lacking: no change of the tables makes it again.

    Every command says of such a database to run the upgrade, which must not say then that all is well.
    """
    from migrations.whole import tables_of

    seen = inspect(connection)
    there = set(seen.get_table_names())
    wanted = tables_of(connection.dialect.name).tables
    where = describe(connection.engine.url)
    if lacking := sorted(set(wanted) - there):
        raise DatabaseRefused(f"{where} lacks the table {lacking[0]}, which somebody dropped: {TO_DO}")
    for name, table in sorted(wanted.items()):
        if columns := sorted({*table.columns.keys()} - {one["name"] for one in seen.get_columns(name)}):
            raise DatabaseRefused(
                f"{where} lacks the column {columns[0]} of the table {name}, which somebody dropped, or a "
                f"program between two versions did not make: {TO_DO}"
            )


def refuse_other_encoding(connection: Connection) -> None:
    """Raise DatabaseRefused where a server's database cannot hold Korean, Hanja and emoji side by side."""
    if connection.dialect.name == "sqlite":
        return
    encoding = str(connection.execute(text("SHOW server_encoding")).scalar_one())
    if encoding != "UTF8":
        url = connection.engine.url
        raise DatabaseRefused(
            f"{describe(url)} has the encoding {encoding}, and an archive needs UTF8: make another by "
            f"{MAKE.format(name=url.database)}"
        )
