"""Publishers and reporters: one row each, never two people in one because their names are equal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import cast

from sqlalchemy import Table, bindparam, delete, insert, select
from sqlalchemy.orm import Session

from storage.models import BylineRow, PublisherRow, ReporterRow, storable
from storage.records import Person

_OF_NAME = select(PublisherRow).where(PublisherRow.name == bindparam("name"))
_OF_EMAIL = select(ReporterRow).where(ReporterRow.email == bindparam("email"))
_WITHOUT_EMAIL = select(ReporterRow).where(
    ReporterRow.email.is_(None),
    ReporterRow.publisher_id == bindparam("publisher"),
    ReporterRow.name == bindparam("name"),
)


_ADD = insert(cast(Table, BylineRow.__table__))
ReporterKey = tuple[str | None, str | None, int | None]
"""What tells a reporter: e-mail, name, publisher."""


def publisher_id(session: Session, name: str | None) -> int | None:
    """The publisher of this name, made when new."""
    if name is None:
        return None
    row = session.scalars(_OF_NAME, {"name": name}).one_or_none()
    if row is None:
        row = PublisherRow(name=name)
        session.add(row)
        session.flush()
    return row.id


def write_bylines(
    session: Session, appearance_id: int, people: Sequence[Person], publisher: int | None, *, new: bool
) -> bool:
    """Make the appearance's bylines these; False when they were already. ``new``: it has none yet."""
    stored = [] if new else _stored(session, appearance_id)
    wanted = [byline_values(person) for person in people]
    reporters = [_reporter(session, person, publisher) for person in people]
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
        reporter
        for person, reporter in zip(people, reporters, strict=True)
        if reporter is not None and session.get_one(ReporterRow, reporter).name != person.name
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


def _reporter(session: Session, person: Person, publisher: int | None) -> int | None:
    """By e-mail; without one by name and publisher; with neither nobody can be told apart: None."""
    if person.email:
        email = storable(person.email).casefold()
        row = session.scalars(_OF_EMAIL, {"email": email}).one_or_none()
        new = ReporterRow(email=email)
    elif person.name and publisher is not None:
        name = storable(person.name)
        row = session.scalars(_WITHOUT_EMAIL, {"publisher": publisher, "name": name}).one_or_none()
        new = ReporterRow(name=name, publisher_id=publisher)
    else:
        return None
    if row is None:
        session.add(new)
        session.flush()
        row = new
    return row.id


def _name_reporters(session: Session, ids: Iterable[int | None]) -> None:
    """Call each e-mail what its bylines call it most often: not what the first page to arrive did."""
    for reporter_id in ids:
        row = None if reporter_id is None else session.get_one(ReporterRow, reporter_id)
        if row is None or row.email is None:
            continue
        named = select(BylineRow.name).where(BylineRow.reporter_id == row.id, BylineRow.name.is_not(None))
        names = Counter(name for name in session.scalars(named) if name is not None)
        row.name = min(names, key=lambda name: (-names[name], name), default=None)
