"""How a slot ends whose crawl has ended, by itself or by force."""

from __future__ import annotations

from sqlalchemy import Engine

from crawler.configuration.exit_codes import LEASE_HELD, REFUSED, WRONG_USE
from crawler.schedule.plan import began
from storage.ledger.run_history import broken_off, run_of_slot
from storage.models import SlotState
from storage.operations.slot_claims import SlotEnd
from storage.operations.slots import Slot

NOT_BEGUN = {
    WRONG_USE: "the crawl refused its settings (exit code 2)",
    REFUSED: "the database or disk refused (exit code 4)",
}


def slot_end(engine: Engine, slot: Slot, code: int) -> SlotEnd:
    """What a crawl's exit code means for its slot."""
    run = run_of_slot(engine, slot.source, slot.mode, slot.due_at)
    if code == LEASE_HELD:
        why = "another run was crawling the source (exit code 3)"
        return SlotEnd(state=SlotState.BLOCKED, reason=why, exit_code=code)
    if code in NOT_BEGUN and run is None:
        return SlotEnd(state=SlotState.MISSED, reason=NOT_BEGUN[code], exit_code=code)
    broken = None if run is None else broken_off(engine, run)
    return _crawled(slot, broken, run, code)


def killed_end(engine: Engine, slot: Slot, reason: str, code: int | None = None) -> SlotEnd:
    """The end of a slot whose process was killed, or died, before it could say any: by the run that it had
    begun, and without one nothing was crawled.

    Args:
        reason: who or what ended it.
        code: the process's exit code, where it is known.
    """
    run = run_of_slot(engine, slot.source, slot.mode, slot.due_at)
    if run is None or slot.started_at is None:
        return SlotEnd(state=SlotState.MISSED, reason=f"{reason}, before a run was begun", exit_code=code)
    broken = broken_off(engine, run)
    return _crawled(slot, reason if broken is None else f"{reason}; {broken}", run, code)


def _crawled(slot: Slot, reason: str | None, run: int | None, code: int | None) -> SlotEnd:
    assert slot.started_at is not None
    return SlotEnd(state=began(slot.due_at, slot.started_at), reason=reason, run_id=run, exit_code=code)
