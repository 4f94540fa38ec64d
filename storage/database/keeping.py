"""The session of a transaction that writes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.orm import Session


class WritingSession(Session):
    """Keeps every row that it loaded or made to its end: SQLAlchemy's map forgets rows that nobody holds, and
    asks for them again. Its one transaction is its connection's, which a page's statements ask for thirty
    times."""

    @classmethod
    @contextmanager
    def within(cls, connection: Connection) -> Iterator[WritingSession]:
        """A session of the transaction that the connection has begun, which it neither commits nor undoes.

        What it holds is written at the end. A transaction of its own would cost as much as five statements.
        """
        session = cls(connection, expire_on_commit=False, join_transaction_mode="rollback_only")
        session.info["connection"] = connection
        try:
            yield session
            session.flush()
        finally:
            session.close()

    def connection(
        self,
        bind_arguments: dict[str, Any] | None = None,
        execution_options: Mapping[str, Any] | None = None,
    ) -> Connection:
        """The connection of the transaction."""
        if bind_arguments or execution_options:
            return super().connection(bind_arguments, execution_options)
        found: Connection = self.info["connection"]
        return found


@event.listens_for(WritingSession, "loaded_as_persistent")
@event.listens_for(WritingSession, "pending_to_persistent")
def _keep(session: Session, row: object) -> None:
    session.info.setdefault("rows", []).append(row)
