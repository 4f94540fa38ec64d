"""A crawl for a slot: claimed before, ended after, whoever started it: the scheduler, cron, a timer."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Engine

from crawler.configuration.exit_codes import HEALTHY, REFUSED
from crawler.configuration.file import ScheduleFile
from crawler.schedule.heart import kept
from crawler.schedule.plan import TooManySlots
from crawler.schedule.slot_book import SlotBook, end_crawled
from crawler.schedule.slot_end import slot_end
from storage.database.opening import DatabaseRefused, refusals
from storage.frontier.leases import this_process
from storage.models import SlotState
from storage.operations.slot_claims import MAX_ATTEMPTS, claim, end_after_all, end_slot, give_back
from storage.operations.slots import AHEAD, Slot, open_slots
from storage.seoul import SEOUL, shown

log = logging.getLogger("newsarchive")

NOW = "now"
"""``--slot now``: the newest slot of the cron line, for cron and timers, which do not say it."""


class WrongSlot(ValueError):
    """The slot named is none; the message is one sentence."""


def parse_slot(text: str) -> datetime:
    """An ISO 8601 moment; without a zone it is Asia/Seoul.

    Raises:
        WrongSlot: not such a moment.
    """
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise WrongSlot(f"--slot takes a moment as 2026-11-22T06:00+09:00, or {NOW}; got {text!r}") from error
    return at if at.tzinfo is not None else at.replace(tzinfo=SEOUL)


def due_moment(
    engine: Engine,
    source: str,
    mode: str,
    text: str,
    now: datetime,
    schedule: tuple[ScheduleFile, datetime] | None,
) -> datetime:
    """The due moment that ``--slot`` names.

    Args:
        schedule: the file and since when it is so; needed for ``now`` alone.

    Raises:
        WrongSlot: no moment, one that has not come, ``now`` without a cron line for the source and mode, or
            by a clock that is far off.
    """
    if text != NOW:
        due_at = parse_slot(text)
        if due_at > now + AHEAD:
            raise WrongSlot(f"--slot {text} has not come yet: a slot is crawled when it is due")
        return due_at
    newest = None
    if schedule is not None:
        try:
            newest = SlotBook(engine, *schedule, opened=now).plan_one(source, mode, now)
        except TooManySlots as error:
            raise WrongSlot(str(error)) from error
    if newest is None:
        raise WrongSlot(f"--slot {NOW} needs a cron line for sources.{source}.{mode} in newsarchive.toml")
    return newest


def run_for_slot(
    engine: Engine,
    source: str,
    mode: str,
    due_at: datetime,
    crawl: Callable[[Slot], int],
    clock: Callable[[], datetime | None] = lambda: None,
    not_begun: type[Exception] | tuple[()] = (),
) -> int:
    """Crawl for a slot, unless somebody has or had it; the crawl's exit code, 0 when there is nothing to do.

    Args:
        crawl: does it and gives the exit code of docs/operating.md.
        clock: aware present; None: the archive's own.
        not_begun: what ``crawl`` raises when it was told to stop before it began: the slot is due again,
            for whoever comes next, and the exception passes on.
    """
    owner = this_process(f"slot-{source}-{mode}")
    for left in open_slots(engine, clock()):
        if (left.source, left.mode, left.due_at) == (source, mode, due_at):
            end_crawled(engine, left, clock())
    slot = claim(engine, source, mode, due_at, owner, clock())
    if slot is None:
        log.info("the slot %s %s %s has been taken: nothing to do", source, mode, shown(due_at))
        return HEALTHY
    try:
        with kept(engine, slot.id, owner):
            code = crawl(slot)
    except not_begun:
        give_back(engine, slot.id, owner)
        raise
    except Exception as error:
        _broken(engine, slot, owner, error, clock())
        raise
    end = slot_end(engine, slot, code)
    if code == REFUSED and end.state is SlotState.MISSED and slot.attempts < MAX_ATTEMPTS:
        # The line to the server may have been cut for a moment: whoever started us decides, or comes again.
        give_back(engine, slot.id, owner, tried=True)
    elif not end_slot(engine, slot.id, owner, end, clock()) and end.run_id is not None:
        end_after_all(engine, slot.id, end, clock())
    return code


def _broken(engine: Engine, slot: Slot, owner: str, error: Exception, now: datetime | None) -> None:
    """End the slot of a crawl that raised; where the database refuses, the next plan ends it."""
    try:
        with refusals(engine.url):
            end = slot_end(engine, slot, REFUSED)
            reason = f"the crawl broke: {error or type(error).__name__}"
            end_slot(engine, slot.id, owner, replace(end, reason=reason, exit_code=None), now)
    except DatabaseRefused as refused:
        log.error("the slot could not be ended: %s", refused)
