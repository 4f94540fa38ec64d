"""What a crawl's process left of its slot, accounted for by whoever started it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Engine

from crawler.configuration.exit_codes import REFUSED
from crawler.schedule.child import ChildEnd
from crawler.schedule.slot_end import NOT_BEGUN, killed_end
from storage.ledger.run_history import broken_off, ended_run_of_slot
from storage.models import SlotState
from storage.operations.slot_claims import SlotEnd, crawl_again, end_open
from storage.operations.slots import Slot, get_slot
from storage.seoul import shown

log = logging.getLogger("newsarchive")

STOP_HEARD_S = 2.0
"""How long one listens for one's own SIGTERM when a crawl ended before it began."""


def account(
    engine: Engine,
    slot: Slot,
    end: ChildEnd,
    clock: Callable[[], datetime | None],
    told_to_stop: Callable[[float], bool],
) -> Slot:
    """The slot as it stands once its crawl's process has ended.

    The process ended its slot itself, unless it was killed or never got so far. A crawl that was cut
    short because we end ourselves (a restart, an update) is made up for by whoever comes next.

    Args:
        clock: aware present; None: the archive's own.
        told_to_stop: waits at most so many seconds for the order to stop; whether it came.
    """
    now, after = clock(), get_slot(engine, slot.id)
    # A supervisor tells every process of ours at once: the crawl may hear of the end before we do.
    ours = _cut_short(engine, after, end) and told_to_stop(0 if end.stopped else STOP_HEARD_S)
    if ours and crawl_again(engine, slot.id):
        log.info("slot %s %s %s waits for whoever comes next", slot.source, slot.mode, shown(slot.due_at))
    elif after.state is SlotState.DUE:
        missed = SlotEnd(state=SlotState.MISSED, reason=_not_begun(end), exit_code=end.code)
        end_open(engine, slot.id, missed, now)
    elif after.state is SlotState.RUNNING and end.stopped is not None:
        end_open(engine, slot.id, killed_end(engine, after, end.stopped, end.code), now)
    settled = get_slot(engine, slot.id)
    why = f": {settled.reason}" if settled.reason else ""
    log.info("slot %s %s %s %s%s", slot.source, slot.mode, shown(slot.due_at), settled.state.value, why)
    return settled


def _cut_short(engine: Engine, slot: Slot, end: ChildEnd) -> bool:
    """Whether the crawl did not come to its end."""
    if slot.state is SlotState.RUNNING:
        ran = (slot.source, slot.mode, slot.due_at)
        return end.stopped is not None and ended_run_of_slot(engine, *ran) is None
    if slot.state in (SlotState.RAN, SlotState.LATE) and slot.run_id is not None:
        return broken_off(engine, slot.run_id) is not None
    return slot.state is SlotState.DUE


def _not_begun(end: ChildEnd) -> str:
    if end.stopped is None and end.code == REFUSED:
        return NOT_BEGUN[end.code]
    return f"{end.stopped or 'the crawl ended before it began'} (exit code {end.code})"
