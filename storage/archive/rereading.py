"""Re-readings: what today's reader makes of an old capture. Never an edit, and always recorded.

A later reader sees other things in the same bytes. Before a page is compared with what was stored of it by
another reader, that is read again from its captures: the caller reads (bytes in, article out), outside of any
transaction, and gives what it read to the writer.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from storage.archive.appearances import assign, columns_of, write_parts
from storage.archive.causes import explain_neighbours
from storage.archive.observed import as_shown
from storage.archive.revisions import content_of, revisions_of
from storage.archive.same_reporter import leave_publisher
from storage.archive.stood import as_json, content_of_row, differences, state_of
from storage.frontier.captures import signals_of
from storage.models import AddressRow, AppearanceRow, CaptureRow, RereadingRow, RevisionRow
from storage.records import Article, Outcome, PageKind

Readings = Mapping[int, Article]
"""Capture -> what today's reader made of it; captures that are gone or unreadable are not in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reread:
    """What re-reading one appearance did."""

    read: bool = False
    """A capture was read again at all."""
    fields: tuple[str, ...] = ()
    """What now says something else, content first."""


def read_again(
    session: Session,
    appearance: AppearanceRow,
    readings: Readings,
    reader: int | None,
    at: datetime,
    batch: str | None = None,
    *,
    anew: bool = False,
) -> Reread:
    """Set an appearance and its revisions to what today's reader read, and record what that changed.

    Runs inside the caller's writing transaction; a second time changes nothing. What today's reader has read
    already, or could not read, is left as it is; ``anew``: what it has read already is set right too.
    """
    if reader is None:
        return Reread()
    sweep = _Sweep(session, appearance, readings, reader, at, batch, anew=anew)
    return sweep.done()


class _Sweep:
    """One appearance, read again."""

    def __init__(
        self,
        session: Session,
        appearance: AppearanceRow,
        readings: Readings,
        reader: int,
        at: datetime,
        batch: str | None,
        *,
        anew: bool,
    ) -> None:
        self.session = session
        self.appearance = appearance
        self.readings = readings
        self.reader = reader
        self.at = at
        self.batch = batch
        self.anew = anew
        self.fields: dict[str, None] = {}
        self.read = False

    def done(self) -> Reread:
        self._revisions()
        self._appearance()
        self.session.flush()
        return Reread(read=self.read, fields=tuple(self.fields))

    def _reading(self, row: AppearanceRow | RevisionRow) -> Article | None:
        if (row.reader == self.reader) != self.anew or row.capture_id is None:
            return None
        article = self.readings.get(row.capture_id)
        return article if article is not None and article.kind is PageKind.ARTICLE else None

    def _revisions(self) -> None:
        rows = revisions_of(self.session, self.appearance.id)
        stood = {row.id: as_json(self.session, row) for row in rows}
        read: dict[int, RereadingRow] = {}
        changed: set[int] = set()
        for row in rows:
            article = self._reading(row)
            if article is None:
                continue
            before = content_of_row(self.session, row)
            if assign(row, content_of(self.session, article)):
                changed.add(row.id)
            changes = differences(before, content_of_row(self.session, row))
            read[row.id] = self._record(row, row.id, changes)
            row.reader = self.reader
        if read:
            self.session.flush()
            kept = self._join(rows, read, stood)
            explain_neighbours(kept, read=set(read), changed=changed)
            _keep_causes(kept, read, stood)

    def _join(
        self, rows: Sequence[RevisionRow], read: dict[int, RereadingRow], stood: Mapping[int, dict[str, Any]]
    ) -> list[RevisionRow]:
        """Neighbours that today's reader finds equal are one revision; what they were is kept beside."""
        kept: list[RevisionRow] = []
        for row in rows:
            left = kept[-1] if kept else None
            if (
                left is None
                or left.content_digest != row.content_digest
                or not {left.id, row.id} & read.keys()
            ):
                kept.append(row)
                continue
            noted = read[row.id] if row.id in read else read[left.id]
            noted.span = json.dumps([*json.loads(noted.span or "[]"), stood[row.id]], ensure_ascii=False)
            self._unite(left, row)
            for end in JOINED:
                _keep(noted, end, stood[left.id][end], as_json(self.session, left)[end])
            read[left.id] = noted
        return kept

    def _unite(self, left: RevisionRow, right: RevisionRow) -> None:
        ours = update(RereadingRow).where(RereadingRow.revision_id == right.id)
        self.session.execute(ours.values(revision_id=left.id))
        left.last_seen_at, left.valid_to = right.last_seen_at, right.valid_to
        left.reader = self.reader
        self.session.delete(right)
        self.session.flush()

    def _appearance(self) -> None:
        row, article = self.appearance, self._reading(self.appearance)
        if article is None:
            return
        article = as_shown(self.session, article, self.session.get_one(AddressRow, row.address_id))
        before = state_of(self.session, self.appearance)
        columns = columns_of(self.session, article)
        columns["site_id"] = columns["site_id"] or row.site_id
        if columns["publisher_id"] != row.publisher_id:
            leave_publisher(self.session, row.id)
        changed = assign(row, columns)
        self.session.flush()
        capture = self.session.get_one(CaptureRow, row.capture_id)
        changed += write_parts(self.session, row, article, signals_of(capture))
        self.session.flush()
        after = state_of(self.session, self.appearance) if changed else before
        self._record(row, None, differences(before, after))
        row.reader = self.reader

    def _record(
        self, row: AppearanceRow | RevisionRow, revision_id: int | None, changes: dict[str, Any]
    ) -> RereadingRow:
        assert row.capture_id is not None
        self.read = True
        self.fields |= dict.fromkeys(name for name in changes if not name.endswith(("_digest", "_key")))
        self.fields |= dict.fromkeys("body" for name in changes if name == "text_digest")
        noted = RereadingRow(
            appearance_id=self.appearance.id,
            revision_id=revision_id,
            capture_id=row.capture_id,
            reader_before=row.reader,
            reader_after=self.reader,
            at=self.at,
            changed=json.dumps(changes, ensure_ascii=False, sort_keys=True),
            batch=self.batch,
        )
        self.session.add(noted)
        return noted


JOINED = frozenset({"last_seen_at", "valid_to", "reader"})
"""What of a revision changes when a neighbour becomes one with it, beside its content."""


NEXT_CAUSE = "cause_of_next"
"""The cause of the revision behind one that was read again, which itself was not."""


def _keep_causes(
    rows: Sequence[RevisionRow], read: Mapping[int, RereadingRow], stood: Mapping[int, dict[str, Any]]
) -> None:
    for left, row in zip((None, *rows), rows, strict=False):
        if row.id in read:
            _keep(read[row.id], "cause", stood[row.id]["cause"], row.cause)
        elif left is not None and left.id in read:
            _keep(read[left.id], NEXT_CAUSE, stood[row.id]["cause"], row.cause)


def _keep(noted: RereadingRow, name: str, before: Any, after: Any) -> None:
    """Add a field to what a re-reading changed."""
    if before == after:
        return
    changed = json.loads(noted.changed) | {name: {"before": before, "after": after}}
    noted.changed = json.dumps(changed, ensure_ascii=False, sort_keys=True)


def record_first_reading(
    session: Session,
    appearance_id: int,
    capture_id: int,
    reader: int | None,
    at: datetime,
    batch: str | None = None,
) -> None:
    """Say that a capture which had ended in quarantine is understood by today's reader."""
    if reader is None:
        return
    showing = select(RevisionRow.id).where(
        RevisionRow.appearance_id == appearance_id, RevisionRow.capture_id == capture_id
    )
    outcome = {"outcome": {"before": Outcome.QUARANTINED.value, "after": PageKind.ARTICLE.value}}
    session.add(
        RereadingRow(
            appearance_id=appearance_id,
            revision_id=session.scalar(showing),
            capture_id=capture_id,
            reader_before=None,
            reader_after=reader,
            at=at,
            changed=json.dumps(outcome),
            batch=batch,
        )
    )
