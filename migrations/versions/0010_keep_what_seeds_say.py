"""Keep what a seed says of an address once, not once a poll; count what is known by run.

Revision: 0010. A discovery was a row for each address, seed and run, the seed's address in each; it becomes
one row for as long as the seed says the same. What a run listed and what it still owes an end, which could be
read off the old rows, are kept for themselves: ``run.listed`` and ``unended``.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)

_COUNTED = (
    "UPDATE run SET listed = (SELECT count(DISTINCT address_id) FROM discovery "
    "WHERE discovery.run_id = run.id)"
)
_OPEN = (
    "INSERT INTO unended (run_id, address_id) SELECT DISTINCT run_id, address_id FROM discovery "
    "WHERE NOT EXISTS (SELECT 1 FROM outcome WHERE outcome.run_id = discovery.run_id "
    "AND outcome.address_id = discovery.address_id)"
)
# Relative times ("22분 전") say something else at every poll and nothing of the page: they part no rows.
_MERGED = """
INSERT INTO discovery (id, address_id, seed_id, first_run_id, last_run_id, previous_run_id,
  first_seen_at, last_seen_at, times, title_hint, time_hint, time_raw, section_hint, publisher_hint, position)
SELECT first.id, first.address_id, seed.id, first.run_id, island.last_run, island.run_before,
  first.seen_at, island.last_seen, island.times, first.title_hint, first.time_hint, first.time_raw,
  first.section_hint, first.publisher_hint, first.position
FROM (
  SELECT min(id) AS first_id, max(run_id) AS last_run, max(run_before) AS run_before,
    max(seen_at) AS last_seen, count(*) AS times
  FROM (
    SELECT id, address_id, seed, run_id, seen_at, run_before,
      sum(says_new) OVER (PARTITION BY address_id, seed ORDER BY run_id, id) AS number
    FROM (
      SELECT id, address_id, seed, run_id, seen_at, lag(run_id) OVER said AS run_before,
        CASE WHEN says = lag(says) OVER said THEN 0 ELSE 1 END AS says_new
      FROM (
        SELECT id, address_id, seed, run_id, seen_at,
          coalesce(title_hint, '') || '|' || coalesce(CAST(time_hint AS TEXT),
            CASE WHEN time_raw LIKE '%전' OR time_raw LIKE '방금%' THEN NULL ELSE time_raw END, '')
            || '|' || coalesce(section_hint, '') || '|' || coalesce(publisher_hint, '') AS says
        FROM discovery_before
      ) AS told
      WINDOW said AS (PARTITION BY address_id, seed ORDER BY run_id, id)
    ) AS compared
  ) AS numbered
  GROUP BY address_id, seed, number
) AS island
JOIN discovery_before AS first ON first.id = island.first_id
JOIN seed ON seed.url = first.seed
"""
# Back again: of the runs in between only the first and the last are known.
_PARTED = """
INSERT INTO discovery (address_id, run_id, seed, seen_at, title_hint, time_hint, time_raw,
  section_hint, publisher_hint, position)
SELECT address_id, {run}, seed.url, {seen}, title_hint, time_hint, time_raw, section_hint, publisher_hint,
  position
FROM discovery_before AS said JOIN seed ON seed.id = said.seed_id WHERE {which}
"""


def upgrade() -> None:
    """Count, then merge the rows of each address and seed."""
    op.create_table(
        "seed",
        sa.Column("id", BIG, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seed")),
        sa.UniqueConstraint("url", name=op.f("uq_seed_url")),
    )
    op.create_table(
        "unended",
        sa.Column("run_id", BIG, nullable=False),
        sa.Column("address_id", BIG, nullable=False),
        sa.ForeignKeyConstraint(["address_id"], ["address.id"], name=op.f("fk_unended_address_id_address")),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_unended_run_id_run")),
        sa.PrimaryKeyConstraint("run_id", "address_id", name=op.f("pk_unended")),
    )
    op.create_index(op.f("ix_unended_address_id"), "unended", ["address_id"])
    for name in ("listed", "known"):
        op.add_column("run", sa.Column(name, BIG, server_default=sa.text("0"), nullable=False))
    op.execute(_COUNTED)
    op.execute(_OPEN)
    op.execute("INSERT INTO seed (url) SELECT DISTINCT seed FROM discovery ORDER BY seed")
    op.drop_index(op.f("ix_discovery_address_id"), "discovery")
    _set_aside("uq_discovery_run_id_address_id_seed")
    _create_discovery()
    op.execute(_MERGED)
    _forget_aside()
    op.create_index(op.f("ix_discovery_address_id_seed_id"), "discovery", ["address_id", "seed_id"])
    op.create_index(op.f("ix_discovery_seed_id_last_run_id"), "discovery", ["seed_id", "last_run_id"])


def _create_discovery() -> None:
    op.create_table(
        "discovery",
        sa.Column("id", BIG, nullable=False),
        sa.Column("address_id", BIG, nullable=False),
        sa.Column("seed_id", BIG, nullable=False),
        sa.Column("first_run_id", BIG, nullable=False),
        sa.Column("last_run_id", BIG, nullable=False),
        sa.Column("previous_run_id", BIG),
        sa.Column("first_seen_at", INSTANT, nullable=False),
        sa.Column("last_seen_at", INSTANT, nullable=False),
        sa.Column("times", BIG, nullable=False),
        sa.Column("title_hint", sa.Text()),
        sa.Column("time_hint", INSTANT),
        sa.Column("time_raw", sa.Text()),
        sa.Column("updated_hint", INSTANT),
        sa.Column("updated_raw", sa.Text()),
        sa.Column("section_hint", sa.Text()),
        sa.Column("publisher_hint", sa.Text()),
        sa.Column("position", BIG),
        sa.ForeignKeyConstraint(["address_id"], ["address.id"], name=op.f("fk_discovery_address_id_address")),
        sa.ForeignKeyConstraint(["seed_id"], ["seed.id"], name=op.f("fk_discovery_seed_id_seed")),
        sa.ForeignKeyConstraint(["first_run_id"], ["run.id"], name=op.f("fk_discovery_first_run_id_run")),
        sa.ForeignKeyConstraint(["last_run_id"], ["run.id"], name=op.f("fk_discovery_last_run_id_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discovery")),
    )


def _set_aside(*unique: str) -> None:
    """Rename the table, and on PostgreSQL what keeps a name of its own in the schema."""
    op.rename_table("discovery", "discovery_before")
    if op.get_bind().dialect.name == "postgresql":
        for name in ("pk_discovery", *unique):
            op.execute(f"ALTER TABLE discovery_before RENAME CONSTRAINT {name} TO {name}_before")
        op.execute("ALTER SEQUENCE discovery_id_seq RENAME TO discovery_id_seq_before")


def _forget_aside() -> None:
    op.drop_table("discovery_before")
    if op.get_bind().dialect.name == "postgresql":  # numbers were given by hand
        op.execute(
            "SELECT setval('discovery_id_seq', (SELECT coalesce(max(id), 0) + 1 FROM discovery), false)"
        )


def downgrade() -> None:
    """A row for the first and the last run of each; what is between is not known any more."""
    for name in ("ix_discovery_address_id_seed_id", "ix_discovery_seed_id_last_run_id"):
        op.drop_index(op.f(name), "discovery")
    _set_aside()
    op.create_table(
        "discovery",
        sa.Column("id", BIG, nullable=False),
        sa.Column("address_id", BIG, nullable=False),
        sa.Column("run_id", BIG, nullable=False),
        sa.Column("seed", sa.Text(), nullable=False),
        sa.Column("seen_at", INSTANT, nullable=False),
        sa.Column("title_hint", sa.Text()),
        sa.Column("time_hint", INSTANT),
        sa.Column("time_raw", sa.Text()),
        sa.Column("section_hint", sa.Text()),
        sa.Column("publisher_hint", sa.Text()),
        sa.Column("position", BIG),
        sa.ForeignKeyConstraint(["address_id"], ["address.id"], name=op.f("fk_discovery_address_id_address")),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_discovery_run_id_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discovery")),
        sa.UniqueConstraint("run_id", "address_id", "seed", name=op.f("uq_discovery_run_id_address_id_seed")),
    )
    first = "first_run_id < last_run_id"
    op.execute(_PARTED.format(run="first_run_id", seen="first_seen_at", which=first))
    op.execute(
        _PARTED.format(run="last_run_id", seen="last_seen_at", which="TRUE") + " ON CONFLICT DO NOTHING"
    )
    _forget_aside()
    op.create_index(op.f("ix_discovery_address_id"), "discovery", ["address_id"])
    op.drop_table("unended")
    op.drop_table("seed")
    for name in ("known", "listed"):
        op.drop_column("run", name)
