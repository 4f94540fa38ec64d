"""Alarms told: a line on stderr, a JSON line, and every apprise target; once per change of state."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from crawler.configuration.file import AlarmTable
from crawler.verdict.hindsight import SecondOpinion
from crawler.watch.targets import notify, target_name
from storage.ledger.run_history import broken_off_in_a_row
from storage.models import SlotState
from storage.operations.alarms import LONGEST_REST, OK, Alarm, observe, state_of, take, told, untold
from storage.operations.slots import Slot
from storage.records import RunMode, Verdict
from storage.seoul import shown, written

log = logging.getLogger("newsarchive")

JSON_FILE = "json file"
STDERR = "stderr"

BROKEN_IN_A_ROW = 3
"""Crawls of slots that were broken off one after the other, and are an alarm: one or two are a restart or an
update. As many refusals in a row make a host rest. Our choice."""
LEAST_TO_CLEAR = 5
"""Articles that a run must have read for its fields to be called whole again: one good one proves little."""


# --- what is worth an alarm -----------------------------------------------------------------------


def observe_run(
    engine: Engine, source: str, mode: str, run_id: int, opinion: SecondOpinion, now: datetime
) -> list[Alarm]:
    """What a finished run says of its source: its verdict, its lists, its fields. Gives what changed.

    An interrupted run says nothing: it was stopped, and the next one finishes its work. Nor does a fill:
    it reads lists of past days that may name nothing, and tells the person who started it.
    """
    ending = opinion.ending
    if ending.verdict is Verdict.INTERRUPTED or mode == RunMode.FILL:
        return []
    _observe_storage(engine, source, now)
    state = OK if ending.verdict is Verdict.HEALTHY else ending.verdict.value
    facts = {"run": run_id, "source": source, "mode": mode}
    said = f"{source} {mode}: {ending.verdict.value}: {ending.reason}"
    changes = [observe(engine, f"verdict {source} {mode}", state, said, facts, now)]
    if opinion.lists_compared:
        changes.append(_observe_lists(engine, source, opinion, facts, now))
    changes.append(_observe_fields(engine, source, opinion, facts, now))
    return [change for change in changes if change is not None]


def observe_loss(
    engine: Engine, source: str, mode: str, run_id: int, sentence: str, now: datetime
) -> Alarm | None:
    """What a run stored, or was about to, is lost; the next run that ends its work ends the alarm."""
    facts = {"run": run_id, "source": source, "mode": mode}
    return observe(engine, f"storage {source}", "lost", f"{source} {mode}: {sentence}", facts, now)


def _observe_storage(engine: Engine, source: str, now: datetime) -> None:
    key = f"storage {source}"
    if state_of(engine, key) != OK:
        observe(engine, key, OK, f"{source}: what it stores is kept again", {"source": source}, now)


def _observe_lists(
    engine: Engine, source: str, opinion: SecondOpinion, facts: dict[str, object], now: datetime
) -> Alarm | None:
    missed = opinion.missed_lists
    state = "missed" if missed else OK
    said = (
        f"{source}: articles were missed between polls: {', '.join(missed)}"
        if missed
        else f"{source}: its lists overlap again"
    )
    return observe(engine, f"lists {source}", state, said, facts | {"lists": list(missed)}, now)


def _observe_fields(
    engine: Engine, source: str, opinion: SecondOpinion, facts: dict[str, object], now: datetime
) -> Alarm | None:
    """One alarm for all fields of a source: a redesign breaks many at once, and is one event.

    Fields that break later change the state again; those that recover one by one do not.
    """
    key = f"drift {source}"
    if not opinion.drifts:
        if opinion.articles < LEAST_TO_CLEAR:
            return None
        return observe(engine, key, OK, f"{source}: its fields are as before", facts, now)
    broken = {f"{drift.extractor}.{drift.field}" for drift in opinion.drifts}
    known = set(state_of(engine, key).removeprefix("drift ").split(",")) - {OK}
    said = f"{source}: {' | '.join(drift.sentence() for drift in opinion.drifts)}"
    fields = [
        {"field": one.field, "extractor": one.extractor, "first_bad": one.first_bad, "rule": one.rule}
        for one in opinion.drifts
    ]
    state = f"drift {','.join(sorted(broken | known))}"
    return observe(engine, key, state, said, facts | {"fields": fields}, now)


def observe_slot(engine: Engine, slot: Slot, now: datetime) -> Alarm | None:
    """A slot that was not crawled is an alarm, and so is a crawl that is broken off time after time, of which
    no run says anything; the next slot that is crawled to its end ends it."""
    key, where = f"slot {slot.source} {slot.mode}", f"{slot.source} {slot.mode} {shown(slot.due_at)}"
    facts = {"slot": slot.id, "source": slot.source, "mode": slot.mode, "due_at": shown(slot.due_at)}
    if slot.state in (SlotState.MISSED, SlotState.BLOCKED):
        return observe(
            engine, key, slot.state.value, f"{where}: {slot.state.value}: {slot.reason}", facts, now
        )
    if slot.state not in (SlotState.RAN, SlotState.LATE):
        return None
    broken = broken_off_in_a_row(engine, slot.source, slot.mode, slot.due_at, BROKEN_IN_A_ROW)
    if broken == 0:
        return observe(engine, key, OK, f"{where}: crawled again", facts, now)
    if broken < BROKEN_IN_A_ROW:
        return None
    said = f"{where}: its crawls were broken off {broken} times in a row: {slot.reason}"
    return observe(engine, key, "broken off", said, facts, now)


# --- telling --------------------------------------------------------------------------------------


def tell(engine: Engine, table: AlarmTable, now: datetime, unread: str | None = None) -> list[Alarm]:
    """Tell every target what it has not been told; what fails is tried again later, and ever more seldom.

    Gives the alarms that were told to somebody for the first time.

    Args:
        unread: why it is not known who is to be told; None: the table says it. Then an alarm is said on
            stderr, and waits for somebody who can read the schedule file.
    """
    unknown = [] if unread is None else [unread]
    fresh = []
    silent: dict[str, str] = {}
    for alarm in untold(engine):
        if alarm.try_at is not None and now < alarm.try_at <= now + LONGEST_REST:
            continue  # beyond it the clock was put back, and the promise with it
        if not take(engine, alarm, now):
            continue
        heard = set(alarm.delivered_to)
        if STDERR not in heard:
            fresh.append(alarm)
        failures = [*unknown, *tell_one(alarm, table, heard, silent)]
        told(engine, alarm, sorted(heard), "; ".join(failures) or None, now)
    return fresh


def tell_one(alarm: Alarm, table: AlarmTable, heard: set[str], silent: dict[str, str]) -> list[str]:
    """Tell one alarm to everybody who has not heard it; gives why somebody could not be told.

    Args:
        heard: who has been told; who is told now is added.
        silent: target that has failed in this round -> why; it is not waited for once more.
    """
    if STDERR not in heard:
        log.log(logging.WARNING if alarm.raised else logging.INFO, "%s %s", _word(alarm), alarm.message)
        heard.add(STDERR)
    return [*_to_file(alarm, table, heard), *_to_targets(alarm, table.targets, heard, silent)]


def _word(alarm: Alarm) -> str:
    return "ALARM" if alarm.raised else "ended:"


def _to_file(alarm: Alarm, table: AlarmTable, heard: set[str]) -> Iterable[str]:
    if table.json_file is None or JSON_FILE in heard:
        return
    try:
        table.json_file.parent.mkdir(parents=True, exist_ok=True)
        _append(table.json_file, f"{json_line(alarm)}\n".encode())
    except OSError as error:
        log.error("the alarm could not be written to %s: %s", table.json_file, error.strerror)
        yield f"{table.json_file}: {error.strerror}"
        return
    heard.add(JSON_FILE)


def _append(path: Path, line: bytes) -> None:
    """On a line of its own: a disk that was full, or a death, may have left a part of an earlier one."""
    with path.open("ab") as file:
        if not _ends_a_line(path):
            line = b"\n" + line
        file.write(line)


def _ends_a_line(path: Path) -> bool:
    """Whether a further line may follow as it is; what has no length (a pipe, /dev/stderr) keeps no part."""
    if not path.is_file() or path.stat().st_size == 0:
        return True
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read() == b"\n"


def json_line(alarm: Alarm) -> str:
    """The alarm as one JSON object: at, key, state, raised, message, its facts, and what the file missed."""
    line = {
        "at": written(alarm.changed_at),
        "key": alarm.key,
        "state": alarm.state,
        "raised": alarm.raised,
        "message": alarm.message,
    }
    missed = [{"at": one.at, "message": one.message} for one in alarm.missed_by(JSON_FILE)]
    also = {"untold_before": missed} if missed else {}
    return json.dumps(line | dict(alarm.facts) | also, ensure_ascii=False)


def _to_targets(
    alarm: Alarm, targets: Sequence[str], heard: set[str], silent: dict[str, str]
) -> Iterable[str]:
    for target in targets:
        name = target_name(target)
        if name in heard:
            continue
        why = silent[name] if name in silent else _notified(target, alarm)
        if why is None:
            heard.add(name)
            continue
        if name not in silent:
            log.error("the alarm target %s could not be told: %s", name, why)
        silent[name] = why
        yield f"{name} could not be told: {why}"


def _notified(target: str, alarm: Alarm) -> str | None:
    missed = alarm.missed_by(target_name(target))
    told = [alarm.message, *(f"not told before: {one.at} {one.message}" for one in missed)]
    return notify(target, f"newsarchive: {alarm.key}", "\n".join(told), raised=alarm.raised)
