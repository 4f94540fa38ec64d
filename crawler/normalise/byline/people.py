"""Credits to people: what several share is dealt out, and who is no author left out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

from storage.records import Person

from .credits import Reading
from .parts import Part
from .pieces import Credit
from .terms import Line

PICTURES = "사진"
"""The role of a photographer whom a byline names beside its author."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """What a line holds, read as a byline."""

    people: tuple[Person, ...]
    """Authors in order; an e-mail alone has no name. Photographers beside an author have the role 사진, other
    crew is left out.
    """
    unknown: int
    """Words that have no place in the grammar."""
    houses: tuple[str, ...]
    places: tuple[str, ...]
    labelled: bool
    """A label (글=, 사진=, 영상취재:) stood in the line."""
    has_role: bool
    has_email: bool
    credited: int
    """People named, photographers and the like included."""


def people_of(line: Line, reading: Reading) -> Parsed:
    """The people of a read line."""
    given = _dealt(_shared(_set_apart(reading, line.text), reading, line.text), reading)
    people = tuple(_person(line, credit) for credit in _authors(given))
    named = sum(credit.name is not None for credit in given)
    if not named:
        people = _with_team(line, reading, people)
    return Parsed(
        people=people,
        unknown=reading.unknown,
        houses=reading.houses,
        places=reading.places,
        labelled=reading.labelled,
        has_role=reading.has_role,
        has_email=bool(reading.mails) or reading.has_cut_mail,
        credited=named,
    )


def _authors(given: tuple[Credit, ...]) -> tuple[Credit, ...]:
    """Who wrote, and beside them who took the pictures; nobody twice."""
    wrote = [credit for credit in given if credit.part is Part.WROTE]
    if not any(credit.name for credit in wrote):
        return tuple(wrote)
    names = {credit.name for credit in wrote if credit.name}
    kept: list[Credit] = []
    for credit in sorted(given, key=lambda one: one.part is not Part.WROTE):
        is_bare = credit.role is None and credit.email is None
        is_known = is_bare and credit.name is not None and credit.name in {one.name for one in kept}
        if credit.part is Part.WROTE and not is_known:
            kept.append(credit)
        elif credit.part is Part.TOOK_PICTURES and credit.name and credit.name not in names and not is_known:
            kept.append(replace(credit, role=PICTURES))
    return tuple(kept)


def _set_apart(reading: Reading, text: str) -> tuple[Credit, ...]:
    """홍길동·이순신 기자 a@..: one e-mail and one role for several people: whose e-mail it is, the line does
    not say, so that it stands alone.
    """
    given = list(reading.credits)
    named = [credit for credit in given if credit.name]
    for before, owner in pairwise(named):
        mail = owner.email
        if mail is None or before.role or before.email or before.part is not owner.part:
            continue
        place = text.rfind(mail)
        if place < text.rfind(owner.name or ""):
            continue  # it stands before the name
        alone = Credit(email=mail, start=place, end=place + len(mail), part=owner.part)
        at = given.index(owner)
        given[at : at + 1] = [replace(owner, email=None, end=min(owner.end, place)), alone]
    return tuple(given)


def _shared(given: tuple[Credit, ...], reading: Reading, text: str) -> tuple[Credit, ...]:
    """One role behind several people is theirs; one place, house or desk before them too."""
    printed = [credit for credit in given if credit.name]
    named = _with_roles(printed)
    if not named:
        return given
    first = named[0]
    # 홍길동(부산)·이순신 기자: what stands behind the first is the first's alone
    place = first.place if len(set(reading.places)) == 1 and not first.own else None
    place = place if _leads(place, first, text) else None
    org = first.org if _leads(first.org, first, text) and set(reading.orgs) == {first.org} else None
    desk = first.desk if reading.desks == (first.desk,) and not first.own else None
    dealt = []
    for credit, own in zip(named, printed, strict=True):
        if credit.role != first.role:
            place = None  # 워싱턴=홍길동 특파원, 이순신 기자: only one of them is abroad
        dealt.append(_with_shared(credit, place, org, desk))
        if credit.email or (own.role and credit is not named[-1]):
            place = None  # 세종=홍길동 기자, 이순신 기자: a new credit begins behind role or e-mail
    ready = iter(dealt)
    return tuple(next(ready) if credit.name else credit for credit in given)


def _leads(said: str | None, first: Credit, text: str) -> bool:
    """Whether it stands before the first person's name."""
    return said is not None and text.find(said) < text.find(first.name or "")


def _with_shared(credit: Credit, place: str | None, org: str | None, desk: str | None) -> Credit:
    shared = (credit.role or credit.role_desk, place or credit.place, org or credit.org, credit.desk or desk)
    if shared == (credit.role, credit.place, credit.org, credit.desk):
        return credit
    return replace(credit, role=shared[0], place=shared[1], org=shared[2], desk=shared[3])


def _with_roles(named: list[Credit]) -> list[Credit]:
    role: str | None = None
    dealt = []
    for credit in reversed(named):
        role = credit.role or role
        dealt.append(credit if credit.role == role else replace(credit, role=role))
    return dealt[::-1]


def _dealt(given: tuple[Credit, ...], reading: Reading) -> tuple[Credit, ...]:
    """홍길동·이순신 기자 a@.. b@..: as many e-mails as people, all behind the last one: in order."""
    named = [credit for credit in given if credit.name]
    alone = [credit for credit in given if not credit.name and credit.email]
    if not alone or len(reading.mails) != len(named):
        return given
    return tuple(replace(credit, email=email) for credit, email in zip(named, reading.mails, strict=True))


def _with_team(line: Line, reading: Reading, alone: tuple[Person, ...]) -> tuple[Person, ...]:
    """온라인뉴스팀, 온라인뉴스팀 기자: a desk that signs as one, whatever its role is called.

    ``alone``: the addresses of the line; of several the one behind the desk is its own
    (hong@x [연예부 | ent@x]).
    """
    wrote = all(credit.part is Part.WROTE for credit in reading.credits)
    if not reading.desks or not wrote:
        return alone
    name = " ".join(reading.desks)
    behind = [mail for mail in reading.mails if line.text.find(mail) > line.text.find(reading.desks[0])]
    mails = reading.mails if len(reading.mails) == 1 else behind
    team = Person(
        name=name,
        role=None,
        email=mails[0] if len(mails) == 1 else None,
        organisation=" ".join(reading.houses) or line.publisher,
        desk=name,
        raw=line.text.strip(),
    )
    return (*(person for person in alone if person.email != team.email), team)


def _person(line: Line, credit: Credit) -> Person:
    return Person(
        name=credit.name,
        role=credit.role,
        email=credit.email,
        organisation=credit.org,
        place=credit.place,
        desk=credit.desk,
        raw=line.text[credit.start : credit.end].rstrip(" (<[").strip(),
    )
