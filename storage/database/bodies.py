"""Bodies in one transaction: each is sent to the database once, and asked for at most once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import bindparam, delete, event, select
from sqlalchemy.orm import Session

from storage.database.prepared import Prepared
from storage.database.upsert import added
from storage.models import TextRow
from storage.models.base import table_of

K = TypeVar("K")
V = TypeVar("V")
_HERE = "texts"
"""Key of ``Session.info``."""
_TEXTS = table_of(TextRow)
_BODY = Prepared(select(_TEXTS.c.body).where(_TEXTS.c.id == bindparam("key")))
_NUMBER = Prepared(select(_TEXTS.c.id).where(_TEXTS.c.digest == bindparam("key")))
_DIGEST = select(_TEXTS.c.digest).where(_TEXTS.c.id == bindparam("number"))


@dataclass(slots=True)
class _Here:
    """What the session, which lasts a transaction, stored or read."""

    numbers: dict[str, int] = field(default_factory=dict)
    """Digest -> number."""
    bodies: dict[int, str] = field(default_factory=dict)
    """Number -> body."""
    new: set[int] = field(default_factory=set)
    """Numbers of those that it was the first to store."""


def _here(session: Session) -> _Here:
    found: _Here = session.info.setdefault(_HERE, _Here())
    return found


@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, _undone: object) -> None:
    """What was stored in a transaction, or a part of one, that is undone: its number may be given again."""
    session.info.pop(_HERE, None)


def store_body(session: Session, digest: str, body: str) -> int:
    """Store a body under its digest, unless it is there; its number."""
    here = _here(session)
    number = here.numbers.get(digest)
    if number is not None and number in here.bodies:
        return number
    number = added(session, TextRow, {"digest": digest, "body": body})
    if number is not None:
        here.new.add(number)
    else:
        number = number_of_text(session, digest)
        assert number is not None  # whoever stored it has ended: one writes at a time
    here.numbers[digest], here.bodies[number] = number, body
    return number


def number_of_text(session: Session, digest: str) -> int | None:
    """The number of the body that is stored under a digest; None: there is none."""
    return _kept(session, _here(session).numbers, digest, _NUMBER)


def digest_of_text(session: Session, number: int) -> str | None:
    """What the body of this number is stored under; None: there is none."""
    found: str | None = session.connection().scalar(_DIGEST, {"number": number})
    return found


def body_of_text(session: Session, number: int) -> str | None:
    """The body of this number; None: there is none."""
    return _kept(session, _here(session).bodies, number, _BODY)


def _kept(session: Session, kept: dict[K, V], key: K, question: Prepared) -> V | None:
    """What is kept of a key; asked once, where it is there."""
    if key not in kept:
        found: Any = question.run(session.connection(), {"key": key}).scalar()
        if found is None:
            return None
        kept[key] = found
    return kept[key]


def drop_body(session: Session, number: int) -> None:
    """Remove a body that nothing refers to any more."""
    session.info.pop(_HERE, None)
    session.execute(delete(_TEXTS).where(_TEXTS.c.id == number))


def is_new(session: Session, number: int) -> bool:
    """Whether the transaction at work is the first to store this body: nothing else can have it."""
    return number in _here(session).new
