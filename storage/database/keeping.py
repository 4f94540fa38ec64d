"""The session of a transaction that writes."""

from __future__ import annotations

from sqlalchemy import event
from sqlalchemy.orm import Session


class WritingSession(Session):
    """Keeps every row that it loaded or made to its end: SQLAlchemy's map forgets rows that nobody holds, and
    asks for them again."""


@event.listens_for(WritingSession, "loaded_as_persistent")
@event.listens_for(WritingSession, "pending_to_persistent")
def _keep(session: Session, row: object) -> None:
    session.info.setdefault("rows", []).append(row)
