"""What a question does not find and may be meant: a compound written apart, a number with other commas, a
word without particle.

Korean writes 기준금리 and 기준 금리, AI반도체 and AI 반도체, 1250원 and 1,250원 as it likes. A
search finds what stands there, so that its numbers can be trusted; this looks whether other articles write it
the other way, and says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from dataclasses import replace
from itertools import islice

from sqlalchemy import Connection

from storage.search.find import Bounds, Hit, newest
from storage.search.key import key_of
from storage.search.question import Field, Question, Term, terms

_HANGUL = re.compile("[가-힣]{3,8}")
"""Longer than eight letters is a sentence without blanks, not a compound (our choice)."""
_SCRIPTS = re.compile("([a-z]+)([가-힣]{2,})|([가-힣]{2,})([a-z]+)")
_WHOLE = re.compile(r"(?<![\d.,])[1-9]\d{3,14}(?![\d.,])")
"""A number that may be printed with commas; longer ones are those of accounts and the like (our choice)."""
_YEAR = re.compile(r"(?:19|20)\d\d")
_COMMA = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_PARTICLE = re.compile(
    "(?:에서는|에게서|으로는|에서|에게|으로|까지|부터|처럼|보다|이나|[은는이가을를의에도만과와로])$"
)
LOOKED_AT = 24
"""Articles that write it apart: one that does not write it together too is enough (our choice: a first piece
of the index's candidates)."""
MOST = 4
"""Words of a question that are looked at."""


def apart(key: str) -> Iterator[str]:
    """A compound's parts of two letters and more, or what it has of two scripts.

    >>> list(apart("한국은행"))
    ['한국 은행']
    >>> list(apart("한국은행권")), list(apart("반도체")), list(apart("ai기업"))
    (['한국 은행권', '한국은 행권'], [], ['ai 기업'])
    """
    if scripts := _SCRIPTS.fullmatch(key):
        yield " ".join(filter(None, scripts.groups()))
    if _HANGUL.fullmatch(key):
        for place in range(2, len(key) - 1):
            yield f"{key[:place]} {key[place:]}"


def other_commas(key: str) -> str | None:
    """The same with commas in its numbers, or without those that it has; None: it has no such number.

    >>> other_commas("1250원"), other_commas("2,756만"), other_commas("1234567")
    ('1,250원', '2756만', '1,234,567')
    >>> [other_commas(one) for one in ("2026년", "0123", "3.1415", "1,2위", "1250원 인상")]
    [None, None, None, None, None]
    """
    other = _COMMA.sub("", key) if "," in key else _WHOLE.sub(_with_commas, key)
    return other if other != key and " " not in key else None


def _with_commas(number: re.Match[str]) -> str:
    return number[0] if _YEAR.fullmatch(number[0]) else f"{int(number[0]):,}"


def bare(key: str) -> str | None:
    """A word without the particle that it may end with; None: it ends with none, or too little is left.

    >>> bare("금리를"), bare("반도체에서는"), bare("금리"), bare("나는")
    ('금리', '반도체', None, None)
    """
    left = _PARTICLE.sub("", key) if _HANGUL.fullmatch(key) else key
    return left if left != key and len(left) > 1 else None


def not_found(connection: Connection, asked: Question, bounds: Bounds, *, nothing: bool) -> list[str]:
    """Sentences about what else could be asked.

    Args:
        nothing: the question has no hit.
    """
    words = [term for term in terms(asked) if term.field in (Field.ANY, Field.TITLE)]
    asked_too = {term.key for term in words}
    said = [one for term in words[:MOST] for one in _written_otherwise(connection, term, bounds, asked_too)]
    if nothing and isinstance(asked, Term) and (left := bare(asked.key)):
        without = replace(asked, key=left)
        if next(newest(connection, without, bounds), None) is not None:
            said.append(f"nothing holds {asked.printed}: without its particle, {left} is found")
    return said


def _written_otherwise(
    connection: Connection, term: Term, bounds: Bounds, asked_too: Set[str]
) -> Iterator[str]:
    name = "title:" if term.field is Field.TITLE else ""
    others = dict.fromkeys(apart(term.key), "apart")
    if number := other_commas(term.key):
        others[number] = "without commas" if "," in term.key else "with commas"
    for other, how in others.items():
        hits = islice(newest(connection, replace(term, key=other), bounds), LOOKED_AT)
        if other in asked_too or all(term.key in _said(hit, term) for hit in hits):
            continue
        together = f'({name}{term.printed} OR {name}"{other}")'
        yield f"other articles write {term.printed} {how}: {together} finds them too"


def _said(hit: Hit, term: Term) -> str:
    rest = "" if term.field is Field.TITLE else f" {hit.subtitle or ''} {hit.body or ''}"
    return key_of(f"{hit.title or ''}{rest}")
