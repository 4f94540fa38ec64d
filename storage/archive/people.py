"""Publishers and reporters: one row each, never two people in one because their names are equal."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, delete, insert, select
from sqlalchemy.orm import Session

from storage.archive.reporters import Credit, credited_before, credits_of, email_of, name_reporters
from storage.database.prepared import Prepared
from storage.models import BylineRow, PublisherRow, storable
from storage.models.base import cleaned, table_of
from storage.records import Person

# Questions to tables, each made once: SQLAlchemy's objects and expressions cost more than the answers.
_PUBLISHERS = table_of(PublisherRow)
_OF_NAME = Prepared(select(_PUBLISHERS.c.id).where(_PUBLISHERS.c.name == bindparam("name")))
_NEW_PUBLISHER = Prepared(insert(_PUBLISHERS))
_BYLINES = table_of(BylineRow)
_ADD = Prepared(insert(_BYLINES))
ReporterKey = tuple[str | None, str | None, int | None]
"""What tells a reporter: e-mail, name, publisher."""


def publisher_id(session: Session, name: str | None) -> int | None:
    """The publisher of this name, made when new."""
    if name is None:
        return None
    known: int | None = _OF_NAME.run(session.connection(), {"name": name}).scalar()
    return _NEW_PUBLISHER.number(session.connection(), {"name": name}) if known is None else known


def add_bylines(
    session: Session, appearance_id: int, people: Sequence[Person], publisher: int | None
) -> list[Credit]:
    """Write the bylines of an appearance that has none; who is credited."""
    credited = credits_of(session, people, publisher)
    _add_rows(session, appearance_id, people, credited)
    name_reporters(session, _called_otherwise(credited))
    return credited


def write_bylines(
    session: Session, appearance_id: int, people: Sequence[Person], publisher: int | None
) -> bool:
    """Make the appearance's bylines these; False when they were already."""
    stored = _stored(session, appearance_id)
    wanted = [byline_values(person) for person in people]
    credited = credits_of(session, people, publisher)
    reporters = [one.reporter_id for one in credited]
    if [(_values(row), row.reporter_id) for row in stored] == list(zip(wanted, reporters, strict=True)):
        return False
    if publisher is not None:
        credited_before(session, ((publisher, row.name, row.reporter_id) for row in stored if row.name))
    if stored:
        session.execute(delete(BylineRow).where(BylineRow.appearance_id == appearance_id))
    _add_rows(session, appearance_id, people, credited)
    session.flush()
    name_reporters(session, {row.reporter_id for row in stored} | _called_otherwise(credited))
    return True


def _called_otherwise(credited: Sequence[Credit]) -> set[int | None]:
    """Reporters who are not called what they are called here."""
    return {one.reporter_id for one in credited if one.email and one.called != one.name}


def _add_rows(
    session: Session, appearance_id: int, people: Sequence[Person], credited: Sequence[Credit]
) -> None:
    rows = [
        {
            "appearance_id": appearance_id,
            "position": position,
            "reporter_id": one.reporter_id,
            **dict(zip(_COLUMNS, byline_values(person), strict=True)),
        }
        for position, (person, one) in enumerate(zip(people, credited, strict=True), start=1)
    ]
    _ADD.run_all(session.connection(), rows)


def _stored(session: Session, appearance_id: int) -> Sequence[BylineRow]:
    ours = select(BylineRow).where(BylineRow.appearance_id == appearance_id)
    return session.scalars(ours.order_by(BylineRow.position)).all()


_COLUMNS = ("name", "role", "email", "organisation", "place", "desk", "raw")


def byline_values(person: Person) -> tuple[str | None, ...]:
    """Name, role, e-mail, organisation, place, desk and raw words, as a byline keeps them."""
    values = (getattr(person, column) for column in _COLUMNS)
    return tuple(cleaned(value) for value in values)


def _values(row: BylineRow) -> tuple[str | None, ...]:
    return tuple(getattr(row, column) for column in _COLUMNS)


def is_reporter(person: Person, publisher: int | None, reporter: ReporterKey | None) -> bool:
    """Whether a byline's reporter is the one that it would be given.

    Args:
        reporter: (e-mail, name, publisher) of the row; None: the byline refers to none.
    """
    if person.email:
        return reporter is not None and reporter[0] == email_of(person)
    if person.name and publisher is not None:
        return reporter == (None, storable(person.name), publisher)
    return reporter is None
