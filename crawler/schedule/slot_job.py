"""A job: the hand-over of one slot to whichever worker is free. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crawler.configuration.file import ModeTable
from storage.operations.slots import Slot


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotJob:
    """What a worker is told. What became of it stands with the slot, never with the job."""

    slot: int
    source: str
    mode: str
    due_at: datetime
    kill_after: int
    """Seconds after which the crawl is told to end."""
    days: int | None
    """Of a backfill."""
    queue: str

    @property
    def lock(self) -> str:
        """One job of a source is taken at a time."""
        return f"source {self.source}"

    @property
    def queueing_lock(self) -> str:
        """One job of a slot waits at a time."""
        return f"slot {self.slot}"

    def arguments(self) -> dict[str, Any]:
        """As JSON takes them."""
        return {
            "slot": self.slot,
            "source": self.source,
            "mode": self.mode,
            "due_at": self.due_at.isoformat(),
            "kill_after": self.kill_after,
            "days": self.days,
            "queue": self.queue,
        }


def job_of(slot: Slot, table: ModeTable) -> SlotJob:
    """The job that hands a slot over, by the schedule's words for its source and mode."""
    return SlotJob(
        slot=slot.id,
        source=slot.source,
        mode=slot.mode,
        due_at=slot.due_at,
        kill_after=table.kill_after,
        days=table.days,
        queue=table.queue,
    )


def parse_job(arguments: Mapping[str, Any]) -> SlotJob:
    """The job of these arguments.

    Raises:
        KeyError, TypeError, ValueError: they are none of ours.
    """
    days = arguments["days"]
    return SlotJob(
        slot=int(arguments["slot"]),
        source=str(arguments["source"]),
        mode=str(arguments["mode"]),
        due_at=datetime.fromisoformat(arguments["due_at"]),
        kill_after=int(arguments["kill_after"]),
        days=None if days is None else int(days),
        queue=str(arguments["queue"]),
    )
