"""Name what is shared once: rows refer to texts and rules by numbers, and digests are bytes.

Revision: 0016. A text's digest, 64 letters, stood in each row that shows the text and in an index of each;
the rules that read a page, 400 letters, in each appearance, where a hundred are told apart. Nothing asked an
article's ``title_key`` (an appearance's is asked), nor two of its indexes; the open runs have one now.
Nothing is lost: the views show what they showed.

The columns are changed where they lie, by one statement for each table. SQLite's tables are not made anew:
that would take along all that refers to them.
"""

# ruff: noqa: S608 (the statements are put together from the constants of this file)

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


class Side(NamedTuple):
    """A column before or after the change."""

    sqlite: str
    """Its type there, and the value in SQL; ``{}``: what stands on the other side."""
    sqlite_value: str
    postgresql: str
    postgresql_value: str
    refers: str | None = None
    """``table (key)``."""


DIGEST = (
    Side("TEXT", "letters_of({})", "TEXT", "encode({}, 'hex')"),
    Side("BLOB", "bytes_of({})", "BYTEA", "decode({}, 'hex')"),
)
TEXT = (
    Side(
        "TEXT",
        "(SELECT letters_of(digest) FROM text_before WHERE id = {})",
        "TEXT",
        "digest_of_text({})",
        "text (digest)",
    ),
    Side(
        "INTEGER",
        "(SELECT id FROM text WHERE digest = bytes_of({}))",
        "BIGINT",
        "number_of_text({})",
        "text (id)",
    ),
)
RULES = (
    Side("TEXT", "(SELECT rules FROM rule_set WHERE id = {})", "TEXT", "rules_under({})"),
    Side(
        "INTEGER",
        "(SELECT id FROM rule_set WHERE digest = sha256_of({}))",
        "BIGINT",
        "number_of_rules({})",
        "rule_set (id)",
    ),
)
Columns = Mapping[tuple[str, str], tuple[Side, Side]]
"""Names before and after -> the column before and after."""
TEXT_ID, CONTENT = ("text_digest", "text_id"), ("content_digest", "content_digest")
CHANGED: Mapping[str, Columns] = {
    "article": {TEXT_ID: TEXT},
    "appearance": {TEXT_ID: TEXT, ("rules", "rules_id"): RULES, CONTENT: DIGEST},
    "revision": {TEXT_ID: TEXT, CONTENT: DIGEST},
    "fingerprint": {TEXT_ID: TEXT},
    "search_entry": {TEXT_ID: TEXT},
}
INDEXED = {"article", "appearance", "revision", "search_entry"}
"""Whose number of a text has an index; that of a fingerprint is unique with the scheme's version."""
UNASKED = ("published_at", "publisher_id")
"""Indexes of ``article`` that no statement asks: the views' own hold both (storage/query/kst.py)."""
SELDOM = ("alias_of_id", "lease_owner")
UNIQUE = {"fingerprint": ((["text_digest", "version"], ["text_id", "version"]),)}
_FUNCTIONS = (
    {
        "digest_of_text(n bigint) RETURNS text": "SELECT encode(digest, 'hex') FROM text_before WHERE id = n",
        "rules_under(n bigint) RETURNS text": "SELECT rules FROM rule_set WHERE id = n",
    },
    {
        "number_of_text(said text) RETURNS bigint": "SELECT id FROM text WHERE digest = decode(said, 'hex')",
        "number_of_rules(said text) RETURNS bigint": "SELECT id FROM rule_set "
        "WHERE digest = sha256(convert_to(said, 'UTF8'))",
    },
)
"""Down and up. PostgreSQL changes a column's type by an expression, which asks a table by a function only."""


def upgrade() -> None:
    """Number the texts, then let the rows refer to the numbers."""
    _set_texts_aside("pk_text")
    _make_numbered("text", "body")
    _say("texts are numbered")
    op.execute(f"INSERT INTO text (digest, body) SELECT {_value(DIGEST[1], 'digest')}, body FROM text_before")
    _make_numbered("rule_set", "rules")
    sha256 = "sha256_of(rules)" if _on_sqlite() else "sha256(convert_to(rules, 'UTF8'))"
    op.execute(
        f"INSERT INTO rule_set (digest, rules) SELECT {sha256}, rules "
        "FROM (SELECT DISTINCT rules FROM appearance) AS said ORDER BY rules"
    )
    _change(down=False)
    op.drop_column("article", "title_key")
    for column in UNASKED:
        op.drop_index(op.f(f"ix_article_{column}"), "article")
    _index_addresses(down=False)
    where = sa.text("finished_at IS NULL")  # each run's start asks for those that are open, of ever more
    op.create_index("ix_run_open", "run", ["source"], sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    """Let the rows refer to texts by their digests again."""
    op.drop_index("ix_run_open", "run")
    _set_texts_aside("pk_text", "uq_text_digest")
    op.create_table(
        "text",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_text")),
    )
    op.execute(
        f"INSERT INTO text (digest, body) SELECT {_value(DIGEST[0], 'digest')}, body "
        "FROM text_before ORDER BY id"
    )
    _change(down=True)
    _index_addresses(down=True)
    for column in UNASKED:
        op.create_index(op.f(f"ix_article_{column}"), "article", [column])
    op.drop_table("rule_set")
    op.add_column("article", sa.Column("title_key", sa.Text()))
    op.execute(
        "UPDATE article SET title_key = (SELECT shown.title_key FROM appearance AS shown "
        "WHERE shown.id = article.preferred_appearance_id)"
    )


def _make_numbered(table: str, content: str) -> None:
    """A table of what is stored once: its number, its digest, and itself."""
    op.create_table(
        table,
        sa.Column("id", BIG, nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column(content, sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("digest", name=op.f(f"uq_{table}_digest")),
    )


def _index_addresses(*, down: bool) -> None:
    """Of aliases and holders of leases only those that are there, which are few; before, every NULL."""
    for column in SELDOM:
        name = op.f(f"ix_address_{column}")
        op.drop_index(name, "address")
        where = None if down else sa.text(f"{column} IS NOT NULL")
        op.create_index(name, "address", [column], sqlite_where=where, postgresql_where=where)


def _set_texts_aside(*constraints: str) -> None:
    """Rename the table, and on PostgreSQL what keeps a name of its own in the schema."""
    if not _on_sqlite():
        for table, columns in CHANGED.items():
            for names, sides in columns.items():
                _drop_reference(table, names, sides)
    op.rename_table("text", "text_before")
    if _on_sqlite():
        driver: Any = op.get_bind().connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        driver.create_function("bytes_of", 1, _bytes_of, deterministic=True)
        driver.create_function("letters_of", 1, _letters_of, deterministic=True)
        driver.create_function("sha256_of", 1, _sha256_of, deterministic=True)
        return
    for name in constraints:
        op.execute(f"ALTER TABLE text_before RENAME CONSTRAINT {name} TO {name}_before")
    if len(constraints) > 1:
        op.execute("ALTER SEQUENCE text_id_seq RENAME TO text_id_seq_before")


def _bytes_of(letters: str | None) -> bytes | None:
    return None if letters is None else bytes.fromhex(letters)


def _letters_of(digest: bytes | None) -> str | None:
    return None if digest is None else digest.hex()


def _sha256_of(said: str) -> bytes:
    return hashlib.sha256(said.encode()).digest()


def _change(*, down: bool) -> None:
    """Change every column to its side after, or before."""
    functions: Mapping[str, str] = {} if _on_sqlite() else _FUNCTIONS[0 if down else 1]
    for head, body in functions.items():
        op.execute(f"CREATE FUNCTION {head} LANGUAGE sql STABLE AS $$ {body} $$")
    for table, columns in CHANGED.items():
        _say(f"{table}: rows are told by numbers")
        old, new = TEXT_ID[::-1] if down else TEXT_ID
        if table in INDEXED:
            op.drop_index(op.f(f"ix_{table}_{old}"), table)
        (_change_sqlite if _on_sqlite() else _change_postgresql)(table, columns, down=down)
        if table in INDEXED:
            op.create_index(op.f(f"ix_{table}_{new}"), table, [new])
    for head in functions:
        op.execute(f"DROP FUNCTION {head.partition('(')[0]}")
    op.drop_table("text_before")


# --- SQLite -------------------------------------------------------------------------------------------


def _change_sqlite(table: str, columns: Columns, *, down: bool) -> None:
    """Give the columns their new names and types in the table's own statement, then the rows their values.

    The way that SQLite's documentation gives for changes that leave the rows' form as it is (lang_altertable,
    section 7): a column's type says there how values are kept, not how long they are.
    """
    connection = op.get_bind()
    made = connection.scalar(
        sa.text("SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = :name"), {"name": table}
    )
    for names, sides in columns.items():
        made = _renamed(table, made, names[::-1] if down else names, sides[::-1] if down else sides)
    connection.execute(sa.text("PRAGMA writable_schema = ON"))
    connection.execute(
        sa.text("UPDATE sqlite_schema SET sql = :made WHERE type = 'table' AND name = :name"),
        {"made": made, "name": table},
    )
    connection.execute(sa.text("PRAGMA writable_schema = RESET"))
    values = []
    for names, sides in columns.items():
        name, side = (names[0], sides[0]) if down else (names[1], sides[1])
        values.append(f"{name} = {side.sqlite_value.format(f'{table}.{name}')}")
    op.execute(f"UPDATE {table} SET {', '.join(values)}")
    op.execute(f"REINDEX {table}")


def _renamed(table: str, made: str, names: tuple[str, str], sides: tuple[Side, Side]) -> str:
    """A table's CREATE statement with one column changed."""
    found, count = re.subn(rf"\b{names[0]} {sides[0].sqlite}\b", f"{names[1]} {sides[1].sqlite}", made)
    assert count == 1, f"{names[0]} is not where it was in: {made}"
    if sides[0].refers is not None:
        parent, key = sides[0].refers.split(" ")
        begins = re.escape(f"CONSTRAINT fk_{table}_{names[0]}_{parent} FOREIGN KEY({names[0]}) REFERENCES ")
        reference = rf',\s*{begins}"?{parent}(_before)?"? {re.escape(key)}'
        found, count = re.subn(reference, "", found)
        assert count == 1, f"{names[0]} refers to no {parent} in: {made}"
    for both in UNIQUE.get(table, ()):
        before, after = (f"CONSTRAINT {_unique(table, one)} UNIQUE ({', '.join(one)})" for one in both)
        found = found.replace(*((before, after) if before in found else (after, before)))
    if sides[1].refers is None:
        return found
    parent = sides[1].refers.partition(" ")[0]
    refers = f"CONSTRAINT fk_{table}_{names[1]}_{parent} FOREIGN KEY({names[1]}) REFERENCES {sides[1].refers}"
    return f"{found.rstrip().removesuffix(')').rstrip()}, \n\t{refers}\n)"


# --- PostgreSQL ---------------------------------------------------------------------------------------


def _change_postgresql(table: str, columns: Columns, *, down: bool) -> None:
    """The server writes the table anew, once for all its columns."""
    for before, after in UNIQUE.get(table, ()):
        op.drop_constraint(op.f(_unique(table, after if down else before)), table)
    types = []
    for names, sides in columns.items():
        name, side = (names[1], sides[0]) if down else (names[0], sides[1])
        types.append(f"ALTER COLUMN {name} TYPE {side.postgresql} USING {side.postgresql_value.format(name)}")
    op.execute(f"ALTER TABLE {table} {', '.join(types)}")
    for names, sides in columns.items():
        old, new = names[::-1] if down else names
        if old != new:
            op.execute(f"ALTER TABLE {table} RENAME COLUMN {old} TO {new}")
        refers = sides[0 if down else 1].refers
        if refers is not None:
            name = f"fk_{table}_{new}_{refers.partition(' ')[0]}"
            op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY ({new}) REFERENCES {refers}")
    for before, after in UNIQUE.get(table, ()):
        op.create_unique_constraint(
            op.f(_unique(table, before if down else after)), table, before if down else after
        )


def _unique(table: str, columns: list[str]) -> str:
    return f"uq_{table}_{'_'.join(columns)}"


def _drop_reference(table: str, names: tuple[str, str], sides: tuple[Side, Side]) -> None:
    for name, side in zip(names, sides, strict=True):
        if side.refers is not None:
            parent = side.refers.partition(" ")[0]
            op.execute(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS fk_{table}_{name}_{parent}")


# --- both ---------------------------------------------------------------------------------------------


def _on_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _value(side: Side, name: str) -> str:
    return (side.sqlite_value if _on_sqlite() else side.postgresql_value).format(name)


def _say(sentence: str) -> None:
    config = op.get_context().config
    say: Callable[[str], None] | None = None if config is None else config.attributes.get("say")
    if say is not None:
        say(sentence)
