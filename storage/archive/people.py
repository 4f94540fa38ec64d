"""Publishers and reporters: one row each, never two people in one because their names are equal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, cast

from sqlalchemy import Table, bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from storage.models import BylineRow, PublisherRow, ReporterRow, storable
from storage.records import Person

# Questions to tables, each made once: SQLAlchemy's objects and expressions cost more than the answers.
_PUBLISHERS = cast(Table, PublisherRow.__table__)
_REPORTERS = cast(Table, ReporterRow.__table__)
_OF_NAME = select(_PUBLISHERS.c.id).where(_PUBLISHERS.c.name == bindparam("name"))
_NEW_PUBLISHER = insert(_PUBLISHERS).returning(_PUBLISHERS.c.id)
_KNOWN = select(_REPORTERS.c.id, _REPORTERS.c.name)
_OF_EMAIL = _KNOWN.where(_REPORTERS.c.email == bindparam("email"))
_WITHOUT_EMAIL = _KNOWN.where(
    _REPORTERS.c.email.is_(None),
    _REPORTERS.c.publisher_id == bindparam("publisher"),
    _REPORTERS.c.name == bindparam("name"),
)
_NEW_REPORTER = insert(_REPORTERS).returning(_REPORTERS.c.id)
_CALLED = select(_REPORTERS.c.email, _REPORTERS.c.name).where(_REPORTERS.c.id == bindparam("number"))
_CALL = update(_REPORTERS).where(_REPORTERS.c.id == bindparam("number")).values(name=bindparam("called"))
_BYLINES = cast(Table, BylineRow.__table__)
_ADD = insert(_BYLINES)
_NAMES = select(_BYLINES.c.name).where(
    _BYLINES.c.reporter_id == bindparam("number"), _BYLINES.c.name.is_not(None)
)
ReporterKey = tuple[str | None, str | None, int | None]
"""What tells a reporter: e-mail, name, publisher."""


def publisher_id(session: Session, name: str | None) -> int | None:
    """The publisher of this name, made when new."""
    if name is None:
        return None
    known: int | None = session.scalar(_OF_NAME, {"name": name})
    return session.scalars(_NEW_PUBLISHER, {"name": name}).one() if known is None else known


def write_bylines(
    session: Session, appearance_id: int, people: Sequence[Person], publisher: int | None, *, new: bool
) -> bool:
    """Make the appearance's bylines these; False when they were already. ``new``: it has none yet."""
    stored = [] if new else _stored(session, appearance_id)
    wanted = [byline_values(person) for person in people]
    known = [_reporter(session, person, publisher) for person in people]
    reporters = [None if one is None else one.id for one in known]
    if [(_values(row), row.reporter_id) for row in stored] == list(zip(wanted, reporters, strict=True)):
        return False
    if stored:
        session.execute(delete(BylineRow).where(BylineRow.appearance_id == appearance_id))
    rows = [
        {
            "appearance_id": appearance_id,
            "position": position,
            "reporter_id": reporter,
            **dict(zip(_COLUMNS, values, strict=True)),
        }
        for position, (values, reporter) in enumerate(zip(wanted, reporters, strict=True), start=1)
    ]
    if rows:
        session.execute(_ADD, rows)
    named_otherwise = {
        one.id for person, one in zip(people, known, strict=True) if one and one.name != person.name
    }
    if doubtful := {row.reporter_id for row in stored} | named_otherwise:
        session.flush()
        _name_reporters(session, doubtful)
    return True


def _stored(session: Session, appearance_id: int) -> Sequence[BylineRow]:
    ours = select(BylineRow).where(BylineRow.appearance_id == appearance_id)
    return session.scalars(ours.order_by(BylineRow.position)).all()


_COLUMNS = ("name", "role", "email", "organisation", "place", "desk", "raw")


def byline_values(person: Person) -> tuple[str | None, ...]:
    """Name, role, e-mail, organisation, place, desk and raw words, as a byline keeps them."""
    values = (getattr(person, column) for column in _COLUMNS)
    return tuple(None if value is None else storable(value) for value in values)


def _values(row: BylineRow) -> tuple[str | None, ...]:
    return tuple(getattr(row, column) for column in _COLUMNS)


def is_reporter(person: Person, publisher: int | None, reporter: ReporterKey | None) -> bool:
    """Whether a byline's reporter is the one that it would be given.

    Args:
        reporter: (e-mail, name, publisher) of the row; None: the byline refers to none.
    """
    if person.email:
        return reporter is not None and reporter[0] == storable(person.email).casefold()
    if person.name and publisher is not None:
        return reporter == (None, storable(person.name), publisher)
    return reporter is None


_NEW = "new reporters"
"""Key of ``Session.info``: reporters that the transaction at work was the first to name."""


def is_new_reporter(session: Session, reporter_id: int) -> bool:
    """Whether the transaction at work made the reporter's row."""
    return reporter_id in session.info.get(_NEW, ())


class _Reporter(NamedTuple):
    """A reporter's row, and what it is called."""

    id: int
    name: str | None


def _reporter(session: Session, person: Person, publisher: int | None) -> _Reporter | None:
    """By e-mail; without one by name and publisher; with neither nobody can be told apart: None."""
    if person.email:
        email = storable(person.email).casefold()
        new: dict[str, Any] = {"email": email, "name": None, "publisher_id": None}
        row = session.execute(_OF_EMAIL, {"email": email}).one_or_none()
    elif person.name and publisher is not None:
        name = storable(person.name)
        new = {"email": None, "name": name, "publisher_id": publisher}
        row = session.execute(_WITHOUT_EMAIL, {"publisher": publisher, "name": name}).one_or_none()
    else:
        return None
    if row is None:
        number: int = session.scalars(_NEW_REPORTER, new).one()
        session.info.setdefault(_NEW, set()).add(number)
        return _Reporter(number, new["name"])
    return _Reporter(*row)


def _name_reporters(session: Session, ids: Iterable[int | None]) -> None:
    """Call each e-mail what its bylines call it most often: not what the first page to arrive did."""
    for reporter_id in ids:
        row = None if reporter_id is None else session.execute(_CALLED, {"number": reporter_id}).one_or_none()
        if row is None or row.email is None:
            continue
        names = Counter(name for name in session.scalars(_NAMES, {"number": reporter_id}) if name is not None)
        name = min(names, key=lambda name: (-names[name], name), default=None)
        if name != row.name:
            session.execute(_CALL, {"number": reporter_id, "called": name})
