"""The session of a transaction that writes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.orm import Session


class WritingSession(Session):
    """Keeps every row that it loaded or made to its end: SQLAlchemy's map forgets rows that nobody holds, and
    asks for them again. Its one transaction has one connection, which is looked for once: a page's statements
    ask for it thirty times."""

    def connection(
        self,
        bind_arguments: dict[str, Any] | None = None,
        execution_options: Mapping[str, Any] | None = None,
    ) -> Connection:
        """The connection of the transaction."""
        if bind_arguments or execution_options:
            return super().connection(bind_arguments, execution_options)
        found: Connection | None = self.info.get("connection")
        if found is None:
            found = self.info["connection"] = super().connection()
        return found


@event.listens_for(WritingSession, "loaded_as_persistent")
@event.listens_for(WritingSession, "pending_to_persistent")
def _keep(session: Session, row: object) -> None:
    session.info.setdefault("rows", []).append(row)
