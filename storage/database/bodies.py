"""Bodies in one transaction: each is sent to the database once, and asked for at most once."""

from __future__ import annotations

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session

from storage.database.upsert import is_added
from storage.models import TextRow
from storage.models.base import table_of

_NEW = "new texts"
"""Key of ``Session.info``: digests of the bodies that the transaction at work was the first to store."""
_BODIES = "texts"
"""Key of ``Session.info``: digest -> body of what the session, which lasts a transaction, stored or read."""
_TEXTS = table_of(TextRow)
_BODY = select(_TEXTS.c.body).where(_TEXTS.c.digest == bindparam("digest"))


def store_body(session: Session, digest: str, body: str) -> None:
    """Store a body under its digest, unless it is there."""
    here: dict[str, str] = session.info.setdefault(_BODIES, {})
    if digest in here:
        return
    if is_added(session, TextRow, {"digest": digest, "body": body}):
        session.info.setdefault(_NEW, set()).add(digest)
    here[digest] = body


def body_under(session: Session, digest: str) -> str | None:
    """The body that is stored under a digest; None: there is none."""
    here: dict[str, str] = session.info.setdefault(_BODIES, {})
    if digest not in here:
        found: str | None = session.connection().scalar(_BODY, {"digest": digest})
        if found is None:
            return None
        here[digest] = found
    return here[digest]


def drop_body(session: Session, digest: str) -> None:
    """Remove a body that nothing refers to any more."""
    session.info.setdefault(_BODIES, {}).pop(digest, None)
    session.execute(delete(_TEXTS).where(_TEXTS.c.digest == digest))


def is_new(session: Session, digest: str) -> bool:
    """Whether the transaction at work is the first to store this body: nothing else can have it."""
    return digest in session.info.get(_NEW, ())
