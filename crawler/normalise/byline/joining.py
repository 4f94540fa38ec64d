"""One ordered list of people out of header, lead-in, signature and machine-readable hints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from storage.records import Person

from .header import parse_header
from .latin import declared_people
from .lead import Lead
from .lexer import EMAIL


def merge(
    header: Sequence[Person],
    lead: Lead | None,
    signature: Sequence[Person],
    hints: Sequence[str] = (),
    *,
    publisher: str | None = None,
    url: str = "",
) -> tuple[Person, ...]:
    """Join what a page says about its authors in up to four places; nobody twice.

    Order is that of the header, then of the lead-in, then of the signature. People are the same when
    their names are; the first print of a field wins, save that a longer role completes a shorter one
    (기자, 선임기자). An e-mail that stands alone goes to its owner where that is beyond doubt: as many
    such e-mails as people without one. ``hints`` (author strings of scripts, JSON-LD or meta: a name, an
    e-mail or both) fill gaps and name people only where the page prints none.
    """
    people: list[Person] = []
    mails: list[Person] = []
    for person in [*header, *(lead.people if lead else ()), *signature]:
        _add(person, people, mails)
    hinted = [person for hint in hints for person in _told(hint, publisher, url)]
    is_printed = bool(people)
    for person in hinted:
        if person.name is None or not is_printed or any(person.name == known.name for known in people):
            _add(person, people, mails)
    return tuple(_give_mails(people, mails))


def _told(hint: str, publisher: str | None, url: str) -> tuple[Person, ...]:
    people = parse_header(hint, publisher=publisher)
    if any(person.name for person in people):
        return people
    return declared_people(hint, publisher, url) or people


def _add(person: Person, people: list[Person], mails: list[Person]) -> None:
    if person.name is None:
        if person.email and person.email not in [known.email for known in [*people, *mails]]:
            mails.append(person)
        return
    for index, known in enumerate(people):
        if known.name == person.name:
            people[index] = _complete(known, person)
            return
    people.append(person)


def _complete(known: Person, more: Person) -> Person:
    role = known.role
    if role is None or (more.role is not None and len(more.role) > len(role) and more.role.endswith(role)):
        role = more.role
    return replace(
        known,
        role=role,
        email=known.email or more.email,
        organisation=known.organisation or more.organisation,
        place=known.place or more.place,
        desk=known.desk or more.desk,
    )


def _give_mails(people: list[Person], mails: list[Person]) -> list[Person]:
    taken = {person.email.casefold() for person in people if person.email}
    alone = [mail for mail in mails if mail.email and mail.email.casefold() not in taken]
    without = [index for index, person in enumerate(people) if person.email is None]
    if not alone or len(alone) != len(without) or (len(without) < len(people) and len(people) > 1):
        return [*people, *alone]
    for index, mail in zip(without, alone, strict=True):
        people[index] = replace(people[index], email=mail.email)
    return people


def emails(text: str) -> tuple[str, ...]:
    """Return the whole e-mail addresses that ``text`` prints, in order."""
    return tuple(EMAIL.findall(text[:4000]))
