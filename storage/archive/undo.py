"""Taking a sweep of re-readings back: a field only where it still says what the sweep made it say."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session

from storage.archive.appearances import digest_of, title_key
from storage.archive.people import write_bylines
from storage.archive.placing import Placing
from storage.archive.rereading import JOINED, NEXT_CAUSE
from storage.archive.same_reporter import leave_publisher
from storage.archive.stood import PARTS, Part, as_json, of_json, put_back, state_of
from storage.database.opening import writing
from storage.models import AddressRow, AppearanceRow, BylineRow, RereadingRow, RevisionRow, RightsRow, TextRow
from storage.records import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """What taking a re-reading back did with one page."""

    url: str
    restored: tuple[str, ...]
    left: tuple[str, ...]
    """Each field that stays, and why."""


@dataclass(slots=True)
class _Told:
    restored: dict[str, None] = field(default_factory=dict)
    left: dict[str, None] = field(default_factory=dict)


def batches(engine: Engine, limit: int = 10) -> list[str]:
    """The newest sweeps that still stand."""
    newest = select(RereadingRow.batch).where(
        RereadingRow.batch.is_not(None), RereadingRow.undone_at.is_(None)
    )
    with Session(engine) as session:
        found = session.scalars(newest.distinct().order_by(RereadingRow.batch.desc()).limit(limit))
        return [batch for batch in found if batch is not None]


def appearances_in(engine: Engine, batch: str) -> list[int]:
    """The appearances that a sweep read again, and that are not taken back yet."""
    ours = select(RereadingRow.appearance_id).where(
        RereadingRow.batch == batch, RereadingRow.undone_at.is_(None)
    )
    with Session(engine) as session:
        return sorted(set(session.scalars(ours)))


def known_batch(engine: Engine, batch: str) -> bool:
    """Whether there ever was such a sweep."""
    with Session(engine) as session:
        return session.scalar(select(RereadingRow.id).where(RereadingRow.batch == batch).limit(1)) is not None


def undo(engine: Engine, placing: Placing, batch: str, appearance_id: int, at: datetime) -> Undone:
    """Take back, in one transaction, what a sweep made of one appearance; a second time changes nothing.

    The appearance is pinned: crawls leave its old captures alone until the next ``reextract``.
    """
    placing.begin()
    with writing(engine) as session:
        ours = select(RereadingRow).where(
            RereadingRow.batch == batch,
            RereadingRow.appearance_id == appearance_id,
            RereadingRow.undone_at.is_(None),
        )
        noted = session.scalars(ours.order_by(RereadingRow.id)).all()
        appearance = session.get_one(AppearanceRow, appearance_id)
        told = _Told()
        again = [one for one in noted if "outcome" not in json.loads(one.changed)]
        if len(again) < len(noted):
            told.left["the page was in quarantine before: what it showed stays stored"] = None
        _appearance(session, appearance, [one for one in again if one.revision_id is None], told)
        _revisions(session, [one for one in again if one.revision_id is not None], told)
        for one in noted:
            one.undone_at = at
        if told.restored:
            appearance.pinned_at = at
            session.flush()
            placing.decide_row(session, appearance, at, reread=True)
            placing.place_displaced(session, at)
        url = session.get_one(AddressRow, appearance.address_id).url
        return Undone(url=url, restored=tuple(told.restored), left=tuple(told.left))


# --- the appearance -------------------------------------------------------------------------------


def _appearance(
    session: Session, appearance: AppearanceRow, noted: Sequence[RereadingRow], told: _Told
) -> None:
    """Its own columns and parts, newest re-reading first."""
    for one in reversed(noted):
        changed = json.loads(one.changed)
        now = state_of(session, appearance)
        moved = [name for name in changed if now[name] != changed[name]["after"] and name not in FOLLOWING]
        for name in _in_order(changed):
            if name in moved:
                told.left[f"{_spoken(name)}: it says something else since"] = None
            elif name not in FOLLOWING or not moved:
                _put_back(session, appearance, name, changed[name]["before"])
                told.restored[_spoken(name)] = None
        session.flush()
        _follow(session, appearance)
        if not moved:
            appearance.reader = one.reader_before
            told.restored.setdefault("reader")


FOLLOWING = frozenset({"content_digest", "title_key", "rules"})
"""Columns that only follow others: put back with all of them, else made anew from what stands."""


def _follow(session: Session, row: AppearanceRow | RevisionRow) -> None:
    """Make the digest and the key those of what the row says now."""
    text = None if row.text_id is None else session.get_one(TextRow, row.text_id)
    if isinstance(row, RevisionRow):
        notice = row.notice
    else:
        rights = session.get(RightsRow, row.id)
        notice = None if rights is None else rights.notice
        row.title_key = title_key(row.title)
    body = None if text is None else text.body
    row.content_digest = digest_of(row.title, row.subtitle, body, notice, row.byline_line)
    session.flush()


def _in_order(changed: Mapping[str, Any]) -> list[str]:
    """Columns first: who a byline's reporter is hangs on the publisher."""
    return sorted(changed, key=lambda name: (name in PARTS, name))


def _put_back(session: Session, appearance: AppearanceRow, name: str, value: Any) -> None:
    if name == "publisher_id":
        leave_publisher(session, appearance.id)
    if name not in PARTS:
        put_back(session, appearance, name, value)
    elif name == "bylines":
        people = [Person(**{key: one[key] for key in _PERSON}) for one in value]
        write_bylines(session, appearance.id, people, appearance.publisher_id)
    else:
        _replace(session, appearance.id, PARTS[name], value)


_PERSON = ("name", "role", "email", "organisation", "place", "desk", "raw")
assert set(_PERSON) <= set(BylineRow.__table__.columns.keys())


def _replace(session: Session, appearance_id: int, table: Part, rows: Iterable[Mapping[str, Any]]) -> None:
    session.execute(delete(table).where(table.appearance_id == appearance_id))
    session.expire_all()
    for values in rows:
        session.add(table(appearance_id=appearance_id, **values))
    session.flush()


def _spoken(name: str) -> str:
    return {"text_digest": "body", "publisher_id": "publisher"}.get(name, name)


# --- its revisions --------------------------------------------------------------------------------


def _revisions(session: Session, noted: Sequence[RereadingRow], told: _Told) -> None:
    by_revision: dict[int, list[RereadingRow]] = {}
    for one in noted:
        assert one.revision_id is not None
        by_revision.setdefault(one.revision_id, []).append(one)
    for number, rows in by_revision.items():
        _revision(session, session.get_one(RevisionRow, number), rows, told)


def _revision(session: Session, row: RevisionRow, noted: Sequence[RereadingRow], told: _Told) -> None:
    """One revision, and those that the sweep made one with it."""
    joined = [former for one in noted for former in json.loads(one.span or "[]")]
    changed = _changed(noted, {former["capture_id"] for former in joined})
    now = as_json(session, row)
    silent = JOINED | FOLLOWING | {NEXT_CAUSE}
    moved = [name for name in changed if name not in silent and now[name] != changed[name]["after"]]
    if joined and (moved or _between(session, row, joined)):
        told.left["revisions that were made one: another content stands there since"] = None
        return
    following = _next(session, row)
    _give_ends(as_json(session, row), joined)
    for name, values in changed.items():
        if name in moved:
            told.left[f"a revision's {_spoken(name)}: it says something else since"] = None
        elif name != NEXT_CAUSE:
            put_back(session, row, name, values["before"])
            told.restored[f"revision {_spoken(name)}"] = None
        elif following is not None and following.cause == values["after"]:
            following.cause = values["before"]
    session.flush()
    _follow(session, row)
    own = [one for one in noted if one.capture_id == row.capture_id]
    if own and not moved:
        row.reader = own[0].reader_before
        told.restored.setdefault("revision reader")
    session.flush()
    for former in joined:
        session.add(_again(session, former))
        told.restored["revisions"] = None
    session.flush()


def _again(session: Session, former: Mapping[str, Any]) -> RevisionRow:
    """A revision as it stood, under another number."""
    row = RevisionRow()
    for name, value in former.items():
        if name != "id":
            put_back(session, row, name, value)
    return row


def _changed(noted: Sequence[RereadingRow], gone: Collection[int | None]) -> dict[str, Any]:
    """Field of the revision that stands -> before the first and after the last of these re-readings."""
    changed: dict[str, Any] = {}
    for one in noted:
        for name, values in json.loads(one.changed).items():
            # What a revision that is gone by now read otherwise stands in ``span`` as it was.
            if one.capture_id not in gone or name in JOINED:
                first = changed.setdefault(name, dict(values))
                first["after"] = values["after"]
    return changed


def _give_ends(stands: Mapping[str, Any], joined: list[dict[str, Any]]) -> None:
    """What was seen of the joined revision since belongs to the last of those that it was made of."""
    if joined:
        joined.sort(key=lambda former: former["valid_from"])
        last = joined[-1]
        last["last_seen_at"] = max(last["last_seen_at"], stands["last_seen_at"])
        last["valid_to"] = stands["valid_to"]


def _between(session: Session, row: RevisionRow, joined: Iterable[Mapping[str, Any]]) -> bool:
    last = max(of_json(RevisionRow, "valid_from", former["valid_from"]) for former in joined)
    following = _next(session, row)
    return following is not None and following.valid_from <= last


def _next(session: Session, row: RevisionRow) -> RevisionRow | None:
    later = select(RevisionRow).where(
        RevisionRow.appearance_id == row.appearance_id, RevisionRow.valid_from > row.valid_from
    )
    return session.scalars(later.order_by(RevisionRow.valid_from).limit(1)).one_or_none()
