"""A question as SQLite is asked for it: in FTS5's words, and a lone hanja in its letters. Pure."""

from __future__ import annotations

from collections.abc import Callable

from storage.search.ideographs import holds_ideograph
from storage.search.key import TITLE, wanted_grams
from storage.search.question import All, Field, Not, Question, Term


def match_expression(asked: Question) -> str | None:
    """The question in FTS5's words for ``search_index_grams``.

    None: the index cannot be asked (one letter, signs, only what may not hold). It asks for at least what the
    question does: what may not hold is left out.

    >>> from storage.search.question import parse
    >>> match_expression(parse("반도체 -중국"))
    '"반도체"'
    """
    return folded(asked, _grams_of)


def told_exactly(asked: Question) -> bool:
    """Whether :func:`match_expression` finds what is asked and nothing else: words of two or three letters.

    Of a longer word its trigrams may stand apart, of a phrase its parts; a sign and what may not hold are in
    no index.

    >>> from storage.search.question import parse
    >>> [told_exactly(parse(one)) for one in ("반도체 OR title:금리", "기준금리", "금리 -중국", "3%")]
    [True, False, False, False]
    """
    if isinstance(asked, Not):
        return False
    if isinstance(asked, Term):
        in_text = asked.field in (Field.ANY, Field.TITLE)
        return in_text and wanted_grams(asked.key) == [asked.key]
    return all(told_exactly(part) for part in asked.parts)


def is_slow(asked: Question) -> bool:
    """Whether the index cannot help, so that texts are read one after the other."""
    return match_expression(asked) is None


def folded(asked: Question, leaf: Callable[[Term], str | None]) -> str | None:
    """The question put together from what its terms say; None where they say nothing that must hold."""
    if isinstance(asked, Not):
        return None
    if isinstance(asked, Term):
        return leaf(asked)
    parts = [folded(part, leaf) for part in asked.parts]
    known = [part for part in parts if part is not None]
    if not known or (not isinstance(asked, All) and len(known) < len(parts)):
        return None
    between = " AND " if isinstance(asked, All) else " OR "
    return known[0] if len(known) == 1 else between.join(f"({part})" for part in known)


def _grams_of(term: Term) -> str | None:
    if term.field not in (Field.ANY, Field.TITLE):
        return None
    mark = TITLE if term.field is Field.TITLE else ""
    wanted = (f'"{mark}{one}"' for one in wanted_grams(term.key))
    return " AND ".join(f'{one[:-2]}"*' if one.endswith('*"') else one for one in wanted) or None


def by_ideographs(asked: Question) -> str | None:
    """What narrows, on ``entry``, a question that the index cannot be asked for its lone hanja (北)."""
    return folded(asked, lambda term: holds_ideograph(term) or _held(term))


def _held(term: Term) -> str | None:
    grams = _grams_of(term)
    index = "SELECT rowid FROM search_index_grams WHERE search_index_grams MATCH"
    return grams and f"entry.id IN ({index} '{grams}')"
