"""How the archive keeps itself going: slots, schedulers, alarms, and what each run's fields looked like."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, partial_index


class SlotState(StrEnum):
    """What became of a slot. ``due`` and ``running`` are still open, the others are ends."""

    DUE = "due"
    RUNNING = "running"
    RAN = "ran"
    LATE = "late"
    MISSED = "missed"
    COALESCED = "coalesced"
    BLOCKED = "blocked"
    ASLEEP = "asleep"


_STATES = ", ".join(f"'{state.value}'" for state in SlotState)


OPEN = "state IN ('due', 'running')"
"""Of a slot: it is not over. As the index has it: values that are bound are not known to be its."""


class SlotRow(Base):
    """One moment at which a source should be crawled, and what became of it."""

    __tablename__ = "slot"
    __table_args__ = (
        UniqueConstraint("source", "mode", "due_at"),
        CheckConstraint(f"state IN ({_STATES})", name="state"),
        partial_index("ix_slot_open", OPEN, "source", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(ForeignKey("source.name"))
    mode: Mapped[str]
    due_at: Mapped[datetime]
    origin: Mapped[str]
    state: Mapped[str]
    planned_at: Mapped[datetime]
    owner: Mapped[str | None]
    attempts: Mapped[int]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    run_id: Mapped[int | None] = mapped_column(ForeignKey("run.id"))
    exit_code: Mapped[int | None]
    coalesced_into_id: Mapped[int | None] = mapped_column(ForeignKey("slot.id"))
    reason: Mapped[str | None]


class SchedulerRow(Base):
    """One scheduler process, from its start to its last sign of life."""

    __tablename__ = "scheduler"

    owner: Mapped[str] = mapped_column(primary_key=True)
    started_at: Mapped[datetime]
    beat_at: Mapped[datetime]
    stopped_at: Mapped[datetime | None]


class WorkerRow(Base):
    """One worker process, from its start to its last sign of life; instants by the archive's clock."""

    __tablename__ = "worker"

    owner: Mapped[str] = mapped_column(primary_key=True)
    machine: Mapped[str]
    queues: Mapped[str]
    concurrency: Mapped[int]
    started_at: Mapped[datetime]
    beat_at: Mapped[datetime] = mapped_column(index=True)
    stopped_at: Mapped[datetime | None]
    clock_ahead_s: Mapped[float]
    crawling: Mapped[str]


class AlarmRow(Base):
    """What somebody was or will be told, once per change of state."""

    __tablename__ = "alarm"

    key: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[str]
    message: Mapped[str]
    facts: Mapped[str]
    changed_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    settled_at: Mapped[datetime | None] = mapped_column(index=True)
    delivered_to: Mapped[str]
    undelivered: Mapped[str | None]
    attempts: Mapped[int] = mapped_column(server_default="0")
    """How often in a row somebody could not be told of this state."""
    try_at: Mapped[datetime | None]
    """Not before then is it tried again."""


class FieldStatisticRow(Base):
    """Which fields one run's new articles had, by template, and what their values looked like."""

    __tablename__ = "field_statistic"
    __table_args__ = (UniqueConstraint("run_id", "extractor"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"))
    extractor: Mapped[str]
    articles: Mapped[int]
    fields: Mapped[str]


class ListOverlapRow(Base):
    """How much of a list was already in the same list when it was last read."""

    __tablename__ = "list_overlap"
    __table_args__ = (UniqueConstraint("run_id", "seed"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"))
    seed: Mapped[str]
    previous_run_id: Mapped[int] = mapped_column(ForeignKey("run.id"))
    listed: Mapped[int]
    shared: Mapped[int]


class TakedownRow(Base):
    """One takedown: what, when, why, by whom, and what of it is done."""

    __tablename__ = "takedown"

    id: Mapped[int] = mapped_column(primary_key=True)
    tombstone: Mapped[str] = mapped_column(unique=True)
    url: Mapped[str]
    reason: Mapped[str]
    by: Mapped[str]
    begun_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    done: Mapped[str]


class VerificationRow(Base):
    """One look of ``verify`` at the archive against itself, and what it found."""

    __tablename__ = "verification"

    id: Mapped[int] = mapped_column(primary_key=True)
    scope: Mapped[str]
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime]
    captures: Mapped[int]
    found: Mapped[int]
    mended: Mapped[int]
    findings: Mapped[str]
