"""Reporters: found by e-mail, or by name at one publisher; made when new, called what their bylines say.

One question for each credited person of a page, and a row for who is new.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, Select, bindparam, func, insert, select, union_all, update
from sqlalchemy.orm import Session

from storage.database.prepared import Prepared
from storage.models import BylineRow, ReporterAliasRow, ReporterRow, storable
from storage.models.base import cleaned, table_of
from storage.records import Person

_TABLE, _SAYING = table_of(ReporterRow), table_of(ReporterAliasRow)
_REPORTERS, _ALIASES, _BYLINES = _TABLE.c, _SAYING.c, table_of(BylineRow).c


def _reporters(*, said: bool) -> Select[Any]:
    """Reporters and who each is said to be; ``said``: those alone of whom it is said."""
    columns = (
        _REPORTERS.id,
        _REPORTERS.name,
        _REPORTERS.email,
        _REPORTERS.publisher_id,
        _ALIASES.same_as_id,
    )
    same = _ALIASES.reporter_id == _REPORTERS.id
    return select(*columns).select_from(_TABLE.join(_SAYING, same, isouter=not said))


# Made once: building a statement costs SQLAlchemy more than SQLite needs to answer it.
_HAS_EMAIL = _REPORTERS.email == bindparam("email")
_BY_NAME = _reporters(said=False).where(
    _REPORTERS.email.is_(None),
    _REPORTERS.publisher_id == bindparam("publisher"),
    _REPORTERS.name == bindparam("name"),
)
_OF_NAME = Prepared(_BY_NAME)
_OF_EMAIL = Prepared(
    union_all(
        _reporters(said=False).where(_HAS_EMAIL),
        _BY_NAME,
        _reporters(said=True).where(
            _ALIASES.same_as_id == select(_REPORTERS.id).where(_HAS_EMAIL).scalar_subquery()
        ),
    )
)
_NEW_REPORTER = Prepared(insert(_TABLE))
_CALLED = Prepared(
    select(_BYLINES.name, func.count().label("times"))
    .where(_BYLINES.reporter_id == bindparam("number"), _BYLINES.name.is_not(None))
    .group_by(_BYLINES.name)
)
_SOME_CALLED = Prepared(
    select(_BYLINES.name)
    .where(_BYLINES.reporter_id == bindparam("number"), _BYLINES.name.is_not(None))
    .limit(300)
)
"""Enough bylines to show a desk; a desk of few names is shown by all of them."""
DESK = 20
"""An e-mail printed beside more names is a desk's, whose people come and go, and is called nothing: our
choice. One person's name is printed in a handful of ways."""
_CALL = Prepared(
    update(_TABLE)
    .where(
        _REPORTERS.id == bindparam("number"),
        _REPORTERS.email.is_not(None),
        _REPORTERS.name.is_distinct_from(bindparam("called")),
    )
    .values(name=bindparam("called"))
)
_NEW = "new reporters"
"""Key of ``Session.info``: reporters that the transaction at work was the first to name."""
_FORMER = "former credits"
"""Key of ``Session.info``: credits that the transaction at work has replaced."""
Former = tuple[int, str, int | None]
"""Publisher, name, reporter."""


class ByName(NamedTuple):
    """Who is known by a name alone at a publisher."""

    id: int
    same_as: int | None
    """The reporter with an e-mail who that is said to be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """A credited person and the reporter who that is."""

    name: str | None
    email: str | None = None
    reporter_id: int | None = None
    """None: nobody can be told apart."""
    called: str | None = None
    """The reporter's name."""
    by_name: ByName | None = None
    """Who is known by the name alone at the publisher; None: nobody."""
    said: tuple[tuple[int, str], ...] = ()
    """(publisher, name) of those who are said to be the one who has the e-mail."""


def is_new_reporter(session: Session, reporter_id: int) -> bool:
    """Whether the transaction at work made the reporter's row."""
    return reporter_id in session.info.get(_NEW, ())


def credited_before(session: Session, former: Iterable[Former]) -> None:
    """Remember credits that are being replaced: who those are may have to be said anew."""
    session.info.setdefault(_FORMER, set()).update(former)


def former_credits(session: Session) -> set[Former]:
    """What was remembered; it is forgotten by that."""
    found: set[Former] = session.info.pop(_FORMER, set())
    return found


def credits_of(session: Session, people: Sequence[Person], publisher: int | None) -> list[Credit]:
    """The reporters of a page's people, made where they are new.

    By e-mail; without one by name and publisher; with neither nobody can be told apart.
    """
    return [_credit(session, person, people, publisher) for person in people]


def _credit(session: Session, person: Person, people: Sequence[Person], publisher: int | None) -> Credit:
    name, connection = cleaned(person.name), session.connection()
    if person.email:
        email = email_of(person)
        rows = _OF_EMAIL.run(connection, {"email": email, "publisher": publisher, "name": name}).all()
        own = next((row for row in rows if row.email is not None), None)
        called = _printed(people, email) if own is None else own.name
        return Credit(
            name=name,
            email=email,
            reporter_id=_made(session, called, email, None) if own is None else own.id,
            called=called,
            by_name=_by_name(rows, publisher, name),
            said=() if own is None else _said_of(rows, own.id),
        )
    if not person.name or publisher is None:
        return Credit(name=name)
    known = _by_name(_OF_NAME.run(connection, {"publisher": publisher, "name": name}).all(), publisher, name)
    known = known or ByName(_made(session, name, None, publisher), None)
    return Credit(name=name, reporter_id=known.id, called=name, by_name=known)


def email_of(person: Person) -> str:
    """The e-mail as reporters are told by it."""
    return storable(person.email or "").casefold()


def _by_name(rows: Iterable[Row[Any]], publisher: int | None, name: str | None) -> ByName | None:
    ours = (row for row in rows if row.email is None and (row.publisher_id, row.name) == (publisher, name))
    return next((ByName(row.id, row.same_as_id) for row in ours), None)


def _said_of(rows: Iterable[Row[Any]], reporter_id: int) -> tuple[tuple[int, str], ...]:
    return tuple((row.publisher_id, row.name) for row in rows if row.same_as_id == reporter_id)


def _made(session: Session, name: str | None, email: str | None, publisher: int | None) -> int:
    new = {"name": name, "email": email, "publisher_id": publisher}
    number = _NEW_REPORTER.number(session.connection(), new)
    session.info.setdefault(_NEW, set()).add(number)
    return number


def _printed(people: Sequence[Person], email: str) -> str | None:
    """What a page, the first to print the e-mail, calls who has it."""
    return _most(
        Counter(
            storable(one.name)
            for one in people
            if one.name is not None and one.email and email_of(one) == email
        )
    )


def _most(names: Counter[str]) -> str | None:
    return min(names, key=lambda name: (-names[name], name), default=None)


def name_reporters(session: Session, ids: Iterable[int | None]) -> None:
    """Call each e-mail what its bylines call it most often: not what the first page to arrive did.

    A desk's is called nothing.
    """
    connection = session.connection()
    for number in ids:
        if number is not None:
            _CALL.run(connection, {"number": number, "called": _called(connection, number)})


def _called(connection: Connection, number: int) -> str | None:
    if len({row.name for row in _SOME_CALLED.run(connection, {"number": number})}) > DESK:
        return None  # a desk has the most bylines of all: they are not all read for each of its pages
    names = Counter({row.name: row.times for row in _CALLED.run(connection, {"number": number})})
    return None if len(names) > DESK else _most(names)
