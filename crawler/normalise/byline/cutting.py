"""Where one credit ends and the next begins.

What stands behind a name up to its role, its address and what is bracketed behind them is its own, the rest
belongs to the next name.
"""

from __future__ import annotations

from .lexer import DOTS
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


_Seen = frozenset[Tag]
"""The kinds of terms met behind a name; ``MARK`` too for a bracket behind role or address."""
_COMPLETE = frozenset([Tag.ROLE, Tag.EMAIL])
_ORGS = frozenset([Tag.HOUSE, Tag.AFFILIATION])


def _noting(seen: _Seen, tag: Tag) -> _Seen:
    if tag is Tag.OPEN:
        return seen | {Tag.MARK} if seen & _COMPLETE else seen
    return seen | {tag}


def _own(gap: tuple[Term, ...], *, is_last: bool, has_mail: bool) -> int:
    """How many of the terms behind a name are its own; ``gap`` ends before the next name.

    ``is_last``: there is no next name. ``has_mail``: an address stood before the name, so that one behind is
    the next one's.
    """
    own = 0
    seen: _Seen = frozenset()
    for at, term in enumerate(gap):
        if term.opens:
            break
        if term.tag in _PASSED:
            own = at + 1 if term.tag is Tag.CLOSE and own == at else own
        elif _belongs(gap, at, seen, is_last=is_last, has_mail=has_mail):
            own = at + 1
        else:
            break
        seen = _noting(seen, term.tag)
    return own


def _belongs(gap: tuple[Term, ...], at: int, seen: _Seen, *, is_last: bool, has_mail: bool) -> bool:
    """Whether the term is of the person before it and not of the next."""
    tag = gap[at].tag
    if tag is Tag.ROLE:
        return (
            Tag.ROLE not in seen
            or gap[at - 1].tag is Tag.ALSO
            or _bracketed(gap, at)
            or (is_last and doubles(gap, at))
        )
    if tag in (Tag.EMAIL, Tag.CUT):
        return tag is Tag.CUT or not (has_mail or Tag.EMAIL in seen)
    if not seen & _COMPLETE and Tag.MARK not in seen:
        return True
    ends = is_last if at + 1 >= len(gap) else gap[at + 1].tag in (Tag.MARK, Tag.CLOSE)
    if tag in _ORGS:
        is_free = not seen & _ORGS or gap[at - 1].tag in _ORGS
        return Tag.MARK in seen and is_free and (is_last or ends or _role_ahead(gap, at))
    if tag in (Tag.PLACE, Tag.DESK) and ends and Tag.PLACE not in seen:
        return is_last or not _heads_next(gap, at)
    return not seen & _COMPLETE and (is_last or _role_ahead(gap, at))


def _bracketed(gap: tuple[Term, ...], at: int) -> bool:
    """홍길동 기자(팀장), 이순신 기자: a second title in brackets of its own is of whom it stands behind."""
    return [term.tag for term in gap[at - 1 : at + 2]] == [Tag.OPEN, Tag.ROLE, Tag.CLOSE]


def doubles(terms: tuple[Term, ...], at: int) -> bool:
    """시인·문학평론가: a second title right behind a dot."""
    run = terms[max(0, at - 2) : at + 1]
    return [term.tag for term in run] == [Tag.ROLE, Tag.MARK, Tag.ROLE] and run[1].text in DOTS


def _heads_next(gap: tuple[Term, ...], at: int) -> bool:
    """홍길동 기자, 워싱턴/이순신 특파원: between a mark and a slash stands where the next one is."""
    behind = gap[at + 1] if at + 1 < len(gap) else None
    return gap[at - 1].tag is Tag.MARK and behind is not None and behind.text in "/／|│｜ㅣ¦"


def _role_ahead(gap: tuple[Term, ...], at: int) -> bool:
    for term in gap[at + 1 :]:
        if term.tag in (Tag.MARK, Tag.EMAIL, Tag.LABEL):
            return False
        if term.tag is Tag.ROLE:
            return True
    return False
