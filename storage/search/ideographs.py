"""One hanja (北, 美, 野): headlines are full of them, and no gram of SQLite's index tells one. Pure."""

# ruff: noqa: S608 (statements are put together from this file's constants; what is quoted are ideographs)

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import cache

from storage.search.key import key_of
from storage.search.question import Field, Term

_FORMS = ((0x2E80, 0x33FF), (0xF900, 0xFAFF), (0x1F100, 0x1F2FF), (0x2F800, 0x2FA1F))
"""Where Unicode has radicals, enclosed and squared signs, compatibility ideographs: their keys are others."""


def holds_ideograph(term: Term) -> str | None:
    """A condition on ``entry`` that holds where the term does, in the database's letters; None: it is more.

    A key would have to be made of every text: 6 s of a processor for 100,000 texts of 240 letters, half a
    second so (2026-11-27). An ideograph is composed with nothing, so that a text holds it or one of its other
    forms.
    """
    if term.field not in (Field.ANY, Field.TITLE) or not _is_ideograph(term.key):
        return None
    places = ["asked.title"] if term.field is Field.TITLE else ["asked.title", "asked.subtitle", "said.body"]
    forms = sorted({term.key, *_others().get(term.key, ())})
    found = [f"instr({place}, '{form}') > 0" for place in places for form in forms]
    return f"""EXISTS (SELECT 1 FROM article AS asked LEFT JOIN text AS said ON said.id = asked.text_id
  WHERE asked.id = entry.article_id AND ({" OR ".join(found)}))"""


def _is_ideograph(key: str) -> bool:
    return len(key) == 1 and unicodedata.name(key, "").startswith("CJK UNIFIED IDEOGRAPH")


@cache
def _others() -> Mapping[str, frozenset[str]]:
    """Letter -> signs of which it is (part of) the key: 金 of ㊎, 株 of ㈱."""
    forms: dict[str, set[str]] = {}
    for first, last in _FORMS:
        for sign in map(chr, range(first, last + 1)):
            for letter in key_of(sign):
                forms.setdefault(letter, set()).add(sign)
    return {letter: frozenset(signs) for letter, signs in forms.items()}
