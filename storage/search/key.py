"""A text's key, which comparisons are made on, and its bigrams, which the index holds. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

VERSION = 1
"""Of the rules in this file. Raise it when a text's key or bigrams change: entries of another version are
told by ``doctor`` and made anew by ``newsarchive db reindex``."""

_RUN = re.compile(r"[^\W_]+")
"""Letters and digits that stand together."""
_INVISIBLE = "\u00ad\u034f\u061c\u180e\ufeff\u200b-\u200f\u202a-\u202e\u2060-\u206f"
"""Soft hyphens, zero-width and direction marks: printed in the middle of words, seen by nobody."""
_FOLDS = (
    (re.compile(f"[{_INVISIBLE}]"), ""),
    # Papers print quotation marks curly, people type them straight.
    (re.compile("[‘’‚‛]"), "'"),
    (re.compile("[“”„‟]"), '"'),
)
BREAK = "\N{MIDDLE DOT}"
"""Stands between two runs of which one ends with the letter that the other begins with: without it their
bigrams would read as one word."""


def key_of(text: str) -> str:
    """What two spellings of the same text share: NFKC, case folded, white space as single blanks.

    >>> key_of("ＬＧ전자\\u00a0 金(\\uf90a) ㎏")
    'lg전자 金(金) kg'
    """
    if text.isascii():
        return " ".join(text.lower().split())
    plain = _nfkc(text)
    for pattern, plainly in _FOLDS:
        plain = pattern.sub(plainly, plain)
    return " ".join(_nfkc(plain.casefold()).split())


def _nfkc(text: str) -> str:
    return text if unicodedata.is_normalized("NFKC", text) else unicodedata.normalize("NFKC", text)


def bigrams(key: str) -> Iterator[str]:
    """The bigrams of a key in order; a letter that stands alone as it is.

    >>> list(bigrams("3월 반도체 체감 및"))
    ['3월', '반도', '도체', '·', '체감', '및']
    """
    last = ""
    for run in _RUN.findall(key):
        if len(run) == 1:
            yield run
            last = ""
            continue
        if run[0] == last:
            yield BREAK
        for place in range(len(run) - 1):
            yield run[place : place + 2]
        last = run[-1]


def wanted_bigrams(key: str) -> list[str]:
    """The bigrams that stand side by side in every key that holds this one.

    A lone letter at an edge may be part of a longer run there, so it is left out.

    >>> wanted_bigrams("그 반도체 및 체감 사")
    ['반도', '도체', '및', '체감']
    """
    found = _RUN.findall(key)
    while found and len(found[0]) == 1:
        found.pop(0)
    while found and len(found[-1]) == 1:
        found.pop()
    return list(bigrams(" ".join(found)))
