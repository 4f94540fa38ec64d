"""Which slots there are and what becomes of each. Pure: the clock and what is known come in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from crawler.configuration.cron import Cron
from storage.models import SlotState
from storage.operations.slots import PlannedSlot
from storage.seoul import SEOUL, shown

LATE_AFTER = timedelta(seconds=60)
"""cron itself looks once a minute, and a crawl's process takes half a second to start (docs/stack.md)."""
MOST_SLOTS = 200_000
"""In one look: four months without anybody for a line of every minute, seven years for every 20 minutes."""


class TooManySlots(ValueError):
    """More slots came due at once than a stretch without anybody explains; nothing is planned."""


def cron_origin(cron: Cron) -> str:
    """What a slot's row says of where it comes from."""
    return f"cron {cron.text}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the archive knows of one source's and mode's slots."""

    until: datetime
    """Slots up to here are accounted for."""
    waiting: tuple[PlannedSlot, ...] = ()
    """Slots that are written, due and not claimed."""
    asleep_since: datetime | None = None
    """The last moment before the clock passed over a stretch (suspend, clock set); None: it did not."""
    down_since: datetime | None = None
    """The last sign of life of any scheduler before this one; None: it has been running."""


def known_until(
    due_at: datetime, origin: str, cron: Cron, *, in_force_since: datetime, now: datetime
) -> datetime:
    """From where on slots are owed.

    Args:
        due_at, origin: of the newest slot ever written.
        in_force_since: when this cron line came to be known (the file's change).

    A changed line owes nothing of the time before the change.
    """
    if origin == cron_origin(cron):
        return due_at
    return max(due_at, min(in_force_since, now))


def plan_slots(cron: Cron, known: Known, now: datetime) -> list[PlannedSlot]:
    """Every slot that came due since, oldest first: the newest is to be crawled, the others end in it.

    A slot that the clock passed over ends ``asleep``; one that waited behind a running crawl or that no
    scheduler was there for ends ``coalesced``. Nothing is crawled twice to make up for a lost list: the
    newest crawl reads the same lists and takes on everything that waits.

    Raises:
        TooManySlots: the clock is far off.
    """
    due = list(islice(cron.between(known.until, now), MOST_SLOTS + 1))
    if len(due) > MOST_SLOTS:
        raise TooManySlots(
            f"{cron.text!r} had more than {MOST_SLOTS:,} slots from {shown(known.until)} to {shown(now)}: "
            "is the clock right?"
        )
    slots = {due_at: PlannedSlot(due_at=due_at, origin=cron_origin(cron)) for due_at in due}
    slots |= {slot.due_at: slot for slot in known.waiting}
    if not slots:
        return []
    *older, newest = (slots[due_at] for due_at in sorted(slots))
    return [*(_superseded(slot, newest, known) for slot in older), newest]


_NOT_BEGUN = "it was not begun in time: a crawl of the source was running, or nobody could begin one"
"""All that is known of it: a database that refused has kept no row of that, and cron leaves none behind."""


def _superseded(slot: PlannedSlot, newest: PlannedSlot, known: Known) -> PlannedSlot:
    state, why = SlotState.COALESCED, _NOT_BEGUN
    if known.asleep_since is not None and slot.due_at > known.asleep_since:
        state = SlotState.ASLEEP
        why = f"the clock passed over it: nothing was awake after {shown(known.asleep_since)}"
    elif known.down_since is not None and slot.due_at > known.down_since:
        why = f"no scheduler was running after {shown(known.down_since)}"
    return PlannedSlot(
        due_at=slot.due_at,
        origin=slot.origin,
        state=state,
        reason=f"{why}; the slot of {shown(newest.due_at)} was crawled in its place",
    )


def began(due_at: datetime, started_at: datetime) -> SlotState:
    """``ran`` when the crawl began in time, else ``late``."""
    return SlotState.LATE if started_at - due_at > LATE_AFTER else SlotState.RAN


# --- between the slots of the cron line -------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class LastCrawl:
    """What the last crawls of a source say about how often to look."""

    started_at: datetime
    requests: int
    """Requests that a crawl of this source needs."""
    breaks: int
    """How many crawls in a row found a list that shared nothing with the one before; 0: none was missed."""


def extra_slot(
    cron: Cron, last: LastCrawl, now: datetime, *, delay_s: float, share: float
) -> datetime | None:
    """A slot before the next one of the cron line, where lists move on faster than they are read.

    The interval is halved for each crawl in a row that missed something, but a source is never asked
    during more than ``share`` of the time (requests x delay): the politeness budget. Whole minutes.
    """
    following = cron.next_after(now)
    before = cron.last_until(last.started_at)
    if not last.breaks or following is None or before is None:
        return None
    after_that = cron.next_after(before)
    interval = (after_that or following) - before
    shortest = timedelta(seconds=last.requests * delay_s / share)
    wanted = max(interval / 2 ** min(last.breaks, 10), shortest, timedelta(minutes=1))
    at = (last.started_at + wanted).astimezone(SEOUL).replace(second=0, microsecond=0) + timedelta(minutes=1)
    # Near the next slot an extra one gains nothing.
    return at if at + wanted / 2 < following else None
