"""What rows said, as JSON: what a re-reading keeps before and after, and what is put back from it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.archive.rules import ensure_rules, rules_under
from storage.database.bodies import digest_of_text, number_of_text
from storage.models import AppearanceRow, BylineRow, DeclaredAddressRow, ImageRow, RevisionRow, RightsRow
from storage.models.base import UtcDateTime

CONTENT = ("content_digest", "title", "subtitle", "text_digest", "notice", "byline_line", "modified_at")
"""What a page decides of a revision, by the names that are kept: of its text the digest, not the number."""
_OWN = frozenset(
    {
        *("id", "address_id", "article_id", "match_rule", "match_score", "capture_id", "reader"),
        *("first_seen_at", "pinned_at"),
    }
)
"""Columns of an appearance that no page decides."""
_PART = frozenset({"id", "appearance_id", "reporter_id"})

Part = type[BylineRow | ImageRow | RightsRow | DeclaredAddressRow]
PARTS: Mapping[str, Part] = {
    "bylines": BylineRow,
    "images": ImageRow,
    "rights": RightsRow,
    "declared": DeclaredAddressRow,
}
"""Name in a re-reading -> table of what belongs to an appearance."""


def state_of(session: Session, appearance: AppearanceRow) -> dict[str, Any]:
    """Everything that the appearance says: its columns and its parts."""
    state = as_json(session, appearance, leave=_OWN)
    for name, table in PARTS.items():
        ours = select(table).where(table.appearance_id == appearance.id)
        rows = session.scalars(ours.order_by(*table.__table__.primary_key))
        found = [as_json(session, row, leave=_PART) for row in rows]
        state[name] = sorted(found, key=lambda one: one.get("position", 0))
    return state


def as_json(session: Session, row: Any, leave: frozenset[str] = frozenset()) -> dict[str, Any]:
    """The row's columns; instants in ISO 8601, UTC, and what it refers to by number in its own words."""
    names = [column.key for column in row.__table__.columns if column.key not in leave]
    return dict(_told(session, name, getattr(row, name)) for name in names)


def content_of_row(session: Session, row: RevisionRow) -> dict[str, Any]:
    """Of a revision, what ``CONTENT`` names."""
    said = as_json(session, row)
    return {name: said[name] for name in CONTENT}


def _told(session: Session, name: str, value: Any) -> tuple[str, Any]:
    if name == "text_id":
        return "text_digest", None if value is None else digest_of_text(session, value)
    if name == "rules_id":
        return "rules", rules_under(session, value)
    return name, plain(value)


def put_back(session: Session, row: Any, name: str, value: Any) -> None:
    """Let a row say what JSON has under this name."""
    if name == "text_digest":
        row.text_id = None if value is None else number_of_text(session, value)
    elif name == "rules":
        row.rules_id = ensure_rules(session, value)
    else:
        setattr(row, name, of_json(type(row), name, value))


def plain(value: Any) -> Any:
    """A column's value as JSON has it."""
    return value.isoformat() if isinstance(value, datetime) else value


def of_json(row_type: Any, name: str, value: Any) -> Any:
    """What JSON says of a column, as the column has it."""
    column = row_type.__table__.columns[name]
    if isinstance(value, str) and isinstance(column.type, UtcDateTime):
        return datetime.fromisoformat(value)
    return value


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """Field -> before and after, of the fields that differ."""
    return {
        name: {"before": plain(before[name]), "after": plain(after[name])}
        for name in before
        if before[name] != after[name]
    }
