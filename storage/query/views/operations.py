"""The views of what keeps the archive going: ``slots`` and ``alarms``; and ``schema_version``."""

# ruff: noqa: S608 (the statements are put together from constants)

from __future__ import annotations

from storage.query.kst import shown
from storage.query.views.spelling import whole

SCHEMA_VERSION = 1
"""Of the views. Raised when a column goes or means something else; what is added leaves it as it is."""


def operation_views(backend: str) -> dict[str, str]:
    """Name -> SELECT."""
    version = f"SELECT {whole(str(SCHEMA_VERSION), backend)} AS version"
    return {"slots": _slots(backend), "alarms": _alarms(backend), "schema_version": version}


def _slots(backend: str) -> str:
    return f"""
SELECT slot.id AS slot_id, slot.source, slot.mode, {shown("slot.due_at", backend)} AS due_at, slot.origin,
  slot.state, slot.reason, slot.run_id, {shown("slot.started_at", backend)} AS started_at,
  {shown("slot.ended_at", backend)} AS ended_at, slot.attempts, slot.exit_code,
  slot.coalesced_into_id AS coalesced_into, {shown("slot.planned_at", backend)} AS planned_at
FROM slot"""


def _alarms(backend: str) -> str:
    return f"""
SELECT alarm.key AS alarm, alarm.state, alarm.message, alarm.facts,
  {shown("alarm.changed_at", backend)} AS changed_at, {shown("alarm.seen_at", backend)} AS seen_at,
  {shown("alarm.settled_at", backend)} AS settled_at, alarm.delivered_to, alarm.undelivered, alarm.attempts,
  {shown("alarm.try_at", backend)} AS try_at
FROM alarm"""
