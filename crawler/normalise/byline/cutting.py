"""Where one credit ends and the next begins.

What stands behind a name up to its role, its address and what is bracketed behind them is its own, the rest
belongs to the next name.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from .terms import INSIDE, Tag, Term

_PASSED = INSIDE | {Tag.ALSO}


def cuts(terms: tuple[Term, ...], named: list[int]) -> list[int]:
    """Where each name's piece begins, and where the last one ends."""
    found = [0]
    for index, at in enumerate(named):
        until = named[index + 1] if index + 1 < len(named) else len(terms)
        is_given = any(term.tag is Tag.EMAIL for term in terms[found[-1] : at])
        gap = terms[at + 1 : until]
        found.append(at + 1 + _own(gap, is_last=until == len(terms), has_mail=is_given))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """What of a credit has been met behind its name."""

    role: bool = False
    mail: bool = False
    org: bool = False
    place: bool = False
    apart: bool = False
    """A mark, or a bracket behind role or address, stood between."""

    @property
    def complete(self) -> bool:
        return self.role or self.mail

    def noting(self, tag: Tag) -> _Seen:
        if tag is Tag.MARK or (tag is Tag.OPEN and self.complete):
            return replace(self, apart=True)
        field = _NOTED.get(tag)
        return self if field is None else replace(self, **{field: True})


_NOTED = {Tag.ROLE: "role", Tag.EMAIL: "mail", Tag.HOUSE: "org", Tag.AFFILIATION: "org", Tag.PLACE: "place"}


def _own(gap: tuple[Term, ...], *, is_last: bool, has_mail: bool) -> int:
    """How many of the terms behind a name are its own; ``gap`` ends before the next name.

    ``is_last``: there is no next name. ``has_mail``: an address stood before the name, so that one behind is
    the next one's.
    """
    own = 0
    seen = _Seen()
    for at, term in enumerate(gap):
        if term.opens:
            break
        if term.tag in _PASSED:
            own = at + 1 if term.tag is Tag.CLOSE and own == at else own
        elif _belongs(gap, at, seen, is_last=is_last, has_mail=has_mail):
            own = at + 1
        else:
            break
        seen = seen.noting(term.tag)
    return own


def _belongs(gap: tuple[Term, ...], at: int, seen: _Seen, *, is_last: bool, has_mail: bool) -> bool:
    """Whether the term is of the person before it and not of the next."""
    tag = gap[at].tag
    if tag is Tag.ROLE:
        return not seen.role or (at > 0 and gap[at - 1].tag is Tag.ALSO)
    if tag in (Tag.EMAIL, Tag.CUT):
        return tag is Tag.CUT or not (has_mail or seen.mail)
    if not seen.complete and not seen.apart:
        return True
    ends = is_last if at + 1 >= len(gap) else gap[at + 1].tag in (Tag.MARK, Tag.CLOSE)
    if tag in (Tag.HOUSE, Tag.AFFILIATION):
        is_free = not seen.org or gap[at - 1].tag in (Tag.HOUSE, Tag.AFFILIATION)
        return seen.apart and is_free and (is_last or ends or _role_ahead(gap, at))
    if tag in (Tag.PLACE, Tag.DESK) and ends and not seen.place:
        return True
    return not seen.complete and (is_last or _role_ahead(gap, at))


def _role_ahead(gap: tuple[Term, ...], at: int) -> bool:
    for term in gap[at + 1 :]:
        if term.tag in (Tag.MARK, Tag.EMAIL, Tag.LABEL):
            return False
        if term.tag is Tag.ROLE:
            return True
    return False
