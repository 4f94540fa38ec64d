"""An archive made in one go is what the migrations make one after the other, on both databases."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, text

from storage.database.upgrading import upgrade
from tests import postgres
from tests.migrations.test_migrations import connected, migrate

IN_POSTGRESQL = {
    "column": """
        SELECT attrelid::regclass, attname,
            row_number() OVER (PARTITION BY attrelid ORDER BY attnum), format_type(atttypid, atttypmod),
            attnotnull, attidentity, attgenerated, pg_get_expr(adbin, adrelid), attcollation::regcollation
        FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
        WHERE attnum > 0 AND NOT attisdropped AND attrelid IN (SELECT oid FROM pg_class WHERE {ours})""",
    "relation": "SELECT relname, relkind, relpersistence, reloptions FROM pg_class WHERE {ours}",
    "constraint": """
        SELECT conrelid::regclass, conname, pg_get_constraintdef(oid) FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace""",
    "index": "SELECT pg_get_indexdef(oid) FROM pg_class WHERE relkind = 'i' AND {ours}",
    "view": "SELECT relname, pg_get_viewdef(oid) FROM pg_class WHERE relkind IN ('v', 'm') AND {ours}",
    "trigger": "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    "function": """
        SELECT pg_get_functiondef(oid) FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace AND prolang <> 13 AND proname NOT LIKE 'pg_stat%'""",
    "sequence": """
        SELECT s.relname, deptype, refobjid::regclass, refobjsubid > 0 FROM pg_depend
        JOIN pg_class AS s ON s.oid = objid AND relkind = 'S' WHERE refclassid = 'pg_class'::regclass""",
    "revision": "SELECT version_num FROM alembic_version",
}
"""Everything that the server keeps of a schema."""
OURS = "relnamespace = 'public'::regnamespace AND relname NOT LIKE 'pg_stat%'"


def schema(connection: Connection) -> set[tuple[object, ...]]:
    if connection.dialect.name == "postgresql":
        return {
            (kind, *map(str, row))
            for kind, question in IN_POSTGRESQL.items()
            for row in connection.execute(text(question.format(ours=OURS).replace(":", r"\:")))
        }
    made = connection.execute(text("SELECT type, name, tbl_name, sql FROM sqlite_master")).all()
    return {(kind, name, of, part) for kind, name, of, sql in made for part in parts(kind, sql or "")}


def parts(kind: str, sql: str) -> list[str]:
    """A table's columns in their order and what it holds them to, in any; all else as it stands."""
    line = " ".join(sql.replace('"', "").split())  # a table that was renamed has its name in quotes
    if kind != "table" or line.startswith("CREATE VIRTUAL"):
        return [line]
    before, _, inside = line.partition("(")
    held = [part for part in parted(inside.removesuffix(")")) if part.startswith(HOLDING)]
    columns = [part for part in parted(inside.removesuffix(")")) if not part.startswith(HOLDING)]
    return [before, ", ".join(columns), *held]


HOLDING = ("CONSTRAINT ", "PRIMARY KEY", "UNIQUE", "CHECK", "FOREIGN KEY")


def parted(inside: str) -> Iterator[str]:
    """At the commas that stand in no brackets."""
    part, depth = "", 0
    for sign in inside:
        depth += (sign == "(") - (sign == ")")
        if sign == "," and depth == 0:
            yield part.strip()
            part = ""
        else:
            part += sign
    yield part.strip()


@pytest.fixture(params=["postgresql", "sqlite"])  # in this order: the first may leave marks in the models
def two_urls(request: pytest.FixtureRequest) -> Iterator[tuple[str, str]]:
    """Two empty databases of one kind."""
    if request.param == "sqlite":
        folder = request.getfixturevalue("tmp_path")
        yield f"sqlite:///{folder / 'one.db'}", f"sqlite:///{folder / 'other.db'}"
        return
    server = request.getfixturevalue("postgresql_server")
    with postgres.database(server) as one, postgres.database(server) as other:
        yield tuple(url.render_as_string(hide_password=False) for url in (one, other))  # type: ignore[misc]


def test_made_whole_is_made_step_by_step(two_urls: tuple[str, str]) -> None:
    whole, by_steps = two_urls
    upgrade(whole)
    migrate(by_steps, "head")
    with connected(whole) as one, connected(by_steps) as other:
        in_one, in_other = schema(one), schema(other)
    assert in_one - in_other == set()
    assert in_other - in_one == set()
    assert len(in_one) > 300  # the questions find what there is


def test_parts_of_a_table() -> None:
    one = "CREATE TABLE a ( x TEXT, y TEXT, CHECK (x IN ('1', '2')), CONSTRAINT ck_y CHECK (y > 0))"
    same = "CREATE TABLE \"a\" (x TEXT, y TEXT, CONSTRAINT ck_y CHECK (y > 0), CHECK (x IN ('1', '2')))"
    other = one.replace("'2'", "'3'")
    turned = "CREATE TABLE a ( y TEXT, x TEXT, CHECK (x IN ('1', '2')), CONSTRAINT ck_y CHECK (y > 0))"
    assert set(parts("table", one)) == set(parts("table", same))
    assert set(parts("table", one)) != set(parts("table", other))
    assert set(parts("table", one)) != set(parts("table", turned))
