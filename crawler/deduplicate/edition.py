"""Korean headlines: their edition marks (``(종합)``, ``(종합2보)``, ``[속보]``) and their subjects."""

from __future__ import annotations

import re
import unicodedata

_MARK = re.compile(r"[\[(【<〈]\s*(종합\s*\d*\s*보?|\d+\s*보|속보|긴급|\d+\s*신)\s*[\])】>〉]")
_NOT_LETTERS = re.compile(r"[\W_]+")
_TAGS = re.compile(r"[\[(【<〈][^\[\](){}【】<>〈〉]{1,20}[\])】>〉]")


def editions(title: str | None) -> frozenset[str]:
    """The edition marks of a headline.

    >>> sorted(editions("[속보] 기준금리 동결(종합 2보)"))
    ['속보', '종합2보']
    """
    return frozenset("".join(found.split()) for found in _MARK.findall(title or ""))


def plain_title(title: str | None) -> str:
    """Letters and digits of a headline without its tags; of the tags where there is nothing else.

    >>> plain_title("[단독] 기준금리 '동결'(종합)")
    '기준금리동결'
    """
    normal = unicodedata.normalize("NFKC", title or "").casefold()
    return _NOT_LETTERS.sub("", _TAGS.sub(" ", normal)) or _NOT_LETTERS.sub("", normal)


_WORD = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?|[^\W\d_]+")
_STEM = 2
"""Syllables: what a headline's word keeps when the text prints it with a particle or a longer form."""


def other_subjects(title: str | None, text: str, other_title: str | None, other_text: str) -> bool:
    """Whether each headline names something that its own text has and the other article has nowhere.

    That is how bulletins of one form differ whose texts are all but equal: by a place, a person, a sum.
    The texts are given as letters and digits.
    """
    here = _own_words(title, text) - _found(title, other_title, other_text)
    there = _own_words(other_title, other_text) - _found(other_title, title, text)
    return bool(here) and bool(there)


def _stems(title: str | None) -> set[str]:
    words = _WORD.findall(unicodedata.normalize("NFKC", title or "").casefold())
    stems = (
        word.replace(",", "") if word[0].isdigit() else word[: max(_STEM, len(word) - 1)] for word in words
    )
    return {stem.replace(".", "") for stem in stems if stem[0].isdigit() or len(stem) >= _STEM}


def _own_words(title: str | None, text: str) -> set[str]:
    return {stem for stem in _stems(title) if stem in text}


def _found(title: str | None, other_title: str | None, other_text: str) -> set[str]:
    """The words of a headline that the other article has, in its headline or its text."""
    everywhere = (
        _NOT_LETTERS.sub("", unicodedata.normalize("NFKC", other_title or "").casefold()) + other_text
    )
    return {stem for stem in _stems(title) if stem in everywhere}
