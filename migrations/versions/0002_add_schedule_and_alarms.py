"""Add the schedule's truth, alarms and field statistics; one row of coverage for a section and day.

Revision: 0002. The view ``coverage`` had a row for each outcome; it now has a column for each, so that
"listed = the sum" can be read off one row.
"""

# ruff: noqa: S608 (the statements are put together from the constants of this file)

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
STATES = ("due", "running", "ran", "late", "missed", "coalesced", "blocked", "asleep")
OUTCOMES = (
    "stored", "unchanged", "revised", "duplicate", "not_article", "blocked", "gone", "failed", "quarantined",
    "pending",
)  # fmt: skip


def upgrade() -> None:
    """Create the tables, make the view anew."""
    _create_slot()
    _create_scheduler_and_alarm()
    _create_statistics()
    op.execute("DROP VIEW coverage")
    op.execute(f"CREATE VIEW coverage AS {_coverage()}")


def downgrade() -> None:
    """Drop the tables, bring the old view back."""
    op.execute("DROP VIEW coverage")
    op.execute(f"CREATE VIEW coverage AS {_coverage_of_0001()}")
    for name in ("list_overlap", "field_statistic", "alarm", "scheduler", "slot"):
        op.drop_table(name)


def _create_slot() -> None:
    op.create_table(
        "slot",
        sa.Column("id", BIG, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("planned_at", INSTANT, nullable=False),
        sa.Column("owner", sa.Text()),
        sa.Column("attempts", BIG, nullable=False),
        sa.Column("started_at", INSTANT),
        sa.Column("ended_at", INSTANT),
        sa.Column("run_id", BIG),
        sa.Column("exit_code", BIG),
        sa.Column("coalesced_into_id", BIG),
        sa.Column("reason", sa.Text()),
        sa.CheckConstraint(
            f"state IN ({', '.join(repr(state) for state in STATES)})", name=op.f("ck_slot_state")
        ),
        sa.ForeignKeyConstraint(["source"], ["source.name"], name=op.f("fk_slot_source_source")),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_slot_run_id_run")),
        sa.ForeignKeyConstraint(
            ["coalesced_into_id"], ["slot.id"], name=op.f("fk_slot_coalesced_into_id_slot")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slot")),
        sa.UniqueConstraint("source", "mode", "due_at", name=op.f("uq_slot_source_mode_due_at")),
    )
    op.create_index(op.f("ix_slot_state"), "slot", ["state"])


def _create_scheduler_and_alarm() -> None:
    op.create_table(
        "scheduler",
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("beat_at", INSTANT, nullable=False),
        sa.Column("stopped_at", INSTANT),
        sa.PrimaryKeyConstraint("owner", name=op.f("pk_scheduler")),
    )
    op.create_table(
        "alarm",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.Column("seen_at", INSTANT, nullable=False),
        sa.Column("settled_at", INSTANT),
        sa.Column("delivered_to", sa.Text(), nullable=False),
        sa.Column("undelivered", sa.Text()),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_alarm")),
    )
    op.create_index(op.f("ix_alarm_settled_at"), "alarm", ["settled_at"])


def _create_statistics() -> None:
    op.create_table(
        "field_statistic",
        sa.Column("id", BIG, nullable=False),
        sa.Column("run_id", BIG, nullable=False),
        sa.Column("extractor", sa.Text(), nullable=False),
        sa.Column("articles", BIG, nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_field_statistic_run_id_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_statistic")),
        sa.UniqueConstraint("run_id", "extractor", name=op.f("uq_field_statistic_run_id_extractor")),
    )
    op.create_table(
        "list_overlap",
        sa.Column("id", BIG, nullable=False),
        sa.Column("run_id", BIG, nullable=False),
        sa.Column("seed", sa.Text(), nullable=False),
        sa.Column("previous_run_id", BIG, nullable=False),
        sa.Column("listed", BIG, nullable=False),
        sa.Column("shared", BIG, nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_list_overlap_run_id_run")),
        sa.ForeignKeyConstraint(
            ["previous_run_id"], ["run.id"], name=op.f("fk_list_overlap_previous_run_id_run")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_list_overlap")),
        sa.UniqueConstraint("run_id", "seed", name=op.f("uq_list_overlap_run_id_seed")),
    )


def _shown(column: str) -> str:
    """An instant as text in Korean time: ``2026-11-22T09:00:00+09:00``."""
    if op.get_bind().dialect.name == "sqlite":
        return f"strftime('%Y-%m-%dT%H:%M:%S+09:00', {column}, '+9 hours')"
    return f"""to_char({column} AT TIME ZONE INTERVAL '+09:00', 'YYYY-MM-DD"T"HH24:MI:SS"+09:00"')"""


def _hint(column: str) -> str:
    """What the newest list that said it said of an address."""
    return (
        f"(SELECT discovery.{column} FROM discovery WHERE discovery.address_id = address.id "
        f"AND discovery.{column} IS NOT NULL ORDER BY discovery.seen_at DESC, discovery.id DESC LIMIT 1)"
    )


def _coverage() -> str:
    counts = ", ".join(f"sum(CASE WHEN outcome = '{word}' THEN 1 ELSE 0 END) AS {word}" for word in OUTCOMES)
    day = _shown(f"coalesce(appearance.published_at, {_hint('time_hint')}, address.first_seen_at)")
    return f"""
SELECT source, day, section, count(*) AS listed, {counts}
FROM (
  SELECT address.source, substr({day}, 1, 10) AS day,
    coalesce(appearance.section, {_hint("section_hint")}) AS section,
    coalesce(address.last_outcome, 'pending') AS outcome
  FROM address
  LEFT JOIN appearance ON appearance.address_id = address.id
  WHERE address.alias_of_id IS NULL OR address.last_outcome IS NOT NULL
) AS fates
GROUP BY source, day, section"""


def _coverage_of_0001() -> str:
    day = _shown("coalesce(appearance.published_at, address.first_seen_at)")
    return f"""
SELECT source, day, section, outcome, count(*) AS addresses
FROM (
  SELECT address.source, substr({day}, 1, 10) AS day,
    coalesce(appearance.section, {_hint("section_hint")}) AS section,
    coalesce(address.last_outcome, 'pending') AS outcome
  FROM address
  LEFT JOIN appearance ON appearance.address_id = address.id
  WHERE address.alias_of_id IS NULL OR address.last_outcome IS NOT NULL
) AS fates
GROUP BY source, day, section, outcome"""
