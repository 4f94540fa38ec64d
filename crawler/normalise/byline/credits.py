"""Settled terms to credits: each name with what belongs to it, before and behind.

The line is cut between the names (``cutting``), each piece is read for itself (``pieces``); what
names nobody (an address that stands alone, a desk) is gathered beside them.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from .cutting import cuts
from .parts import Part
from .pieces import Credit, narrows, part_of, read_piece
from .terms import Line, Tag, Term


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """All credits of a line, and what the line holds besides."""

    credits: tuple[Credit, ...]
    unknown: int
    """Words that have no place in the grammar."""
    houses: tuple[str, ...]
    orgs: tuple[str, ...]
    """Houses and other institutions."""
    places: tuple[str, ...]
    desks: tuple[str, ...]
    labelled: bool
    has_role: bool
    mails: tuple[str, ...]
    has_cut_mail: bool


def read_credits(line: Line, terms: tuple[Term, ...]) -> Reading:
    """Cut the terms at the names and read every piece."""
    named = [at for at, term in enumerate(terms) if term.tag is Tag.NAME]
    at_names = cuts(terms, named)
    pieces = [terms[start:end] for start, end in pairwise(at_names)]
    rest = terms[at_names[-1] :] if named else terms
    found: list[Credit] = []
    unknown = 0
    part = Part.WROTE
    for piece in pieces:
        made, strange, part = read_piece(line, piece, part)
        found.extend(made)
        unknown += strange
    alone, strange = _nameless(rest, part, is_bold=line.bold)
    return Reading(
        credits=(*found, *alone),
        unknown=unknown + strange,
        houses=tuple(t.text for t in terms if t.tag is Tag.HOUSE or (t.tag is Tag.AFFILIATION and not named)),
        orgs=_orgs(terms),
        places=tuple(t.text for at, t in enumerate(terms) if t.tag is Tag.PLACE and not narrows(terms, at)),
        desks=tuple(_desk_text(terms, at) for at, t in enumerate(terms) if t.tag is Tag.DESK),
        labelled=any(t.tag is Tag.LABEL for t in terms),
        has_role=any(t.tag is Tag.ROLE for t in terms) or any(credit.role for credit in found),
        mails=tuple(t.text for t in terms if t.tag is Tag.EMAIL),
        has_cut_mail=any(t.tag is Tag.CUT for t in terms),
    )


def _desk_text(terms: tuple[Term, ...], at: int) -> str:
    """온라인 뉴스팀: the fields before a desk are of its name."""
    first = at
    while first and terms[first - 1].tag is Tag.FIELD:
        first -= 1
    return " ".join(term.text for term in terms[first : at + 1])


def _orgs(terms: tuple[Term, ...]) -> tuple[str, ...]:
    """Houses and institutions, those that stand together as one."""
    runs: list[str] = []
    for at, term in enumerate(terms):
        if term.tag not in (Tag.HOUSE, Tag.AFFILIATION):
            continue
        is_next = at and terms[at - 1].tag in (Tag.HOUSE, Tag.AFFILIATION)
        runs[-1:] = [f"{runs[-1]} {term.text}"] if is_next else [*runs[-1:], term.text]
    return tuple(runs)


def _nameless(rest: tuple[Term, ...], part: Part, *, is_bold: bool) -> tuple[list[Credit], int]:
    """Addresses that stand alone, and how many words nothing knows."""
    alone: list[Credit] = []
    strange = 0
    for at, term in enumerate(rest):
        part = part_of(term) if term.tag is Tag.LABEL else part
        if term.tag is Tag.EMAIL:
            alone.append(Credit(email=term.text, start=term.start, end=term.end, part=part))
        elif is_bold and term.tag is Tag.WORD and [t.tag for t in rest[at + 1 :]] == [Tag.DESK]:
            continue  # 뉴스톡 편집팀: a house that no list has, before its desk
        elif term.tag is Tag.WORD and part is Part.WROTE:  # who gave a picture may be anything
            strange += 1
    return alone, strange
