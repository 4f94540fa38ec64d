"""A text's key, which comparisons are made on, and its bigrams, which the index holds. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

VERSION = 2
"""Of the rules in this file. Raise it when a text's key or bigrams change: entries of another version are
told by ``doctor`` and made anew by ``newsarchive db reindex``."""

_RUN = re.compile(r"[^\W_]+")
"""Letters and digits that stand together."""
INVISIBLE = "\u00ad\u034f\u061c\u180e\ufeff\u200b-\u200f\u202a-\u202e\u2060-\u206f"
"""Soft hyphens, zero-width and direction marks: printed in the middle of words, seen by nobody."""
_FOLDS = (
    (re.compile(f"[{INVISIBLE}]"), ""),
    # Papers print quotation marks curly, people type them straight.
    (re.compile("[‘’‚‛]"), "'"),
    (re.compile("[“”„‟]"), '"'),
)
JOINT = "\ue000"
"""Between two runs: the last letter of the one, this, the first letter of the other. A private-use character:
SQLite's tokenizer takes it for a letter, and no run of a key holds it. Without it a lone letter at the edge
of what is looked for (``그 이정``) would leave the rest alone to be looked up, which may stand anywhere."""
BREAK = JOINT
"""Stands where two texts meet that are not read as one."""


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
    """The bigrams of a key in order, with a joint between two runs; a letter that stands alone as it is.

    >>> [one.replace(JOINT, "+") for one in bigrams("3월 반도체 및")]
    ['3월', '월+반', '반도', '도체', '체+및', '및']
    """
    last = ""
    for run in _RUN.findall(key):
        if last:
            yield f"{last}{JOINT}{run[0]}"
        yield from _of_run(run)
        last = run[-1]


def _of_run(run: str) -> Iterator[str]:
    if len(run) == 1:
        yield run
    for place in range(len(run) - 1):
        yield run[place : place + 2]


def wanted_bigrams(key: str) -> list[str]:
    """The bigrams that stand side by side in every key that holds this one.

    A lone letter at an edge may be part of a longer run there: its joint with its neighbour tells of it.

    >>> [one.replace(JOINT, "+") for one in wanted_bigrams("그 반도체 및 사")]
    ['그+반', '반도', '도체', '체+및', '및', '및+사']
    """
    found = list(bigrams(key))
    runs = _RUN.findall(key)
    if runs and len(runs[0]) == 1:
        found = found[1:]
    if len(runs) > 1 and len(runs[-1]) == 1:
        found = found[:-1]
    return found
