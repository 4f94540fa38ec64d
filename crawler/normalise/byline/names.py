"""What a Korean name looks like: a small model of surnames and given names.

It does not know who is a person: it says of two words that could both be names which one reads like one. How
often people bear a name is of no account above a floor; what no given name has (이마트) is.
"""

from __future__ import annotations

import math
from functools import lru_cache

from .data import words

SURNAMES = words("surnames.txt")
NATIVE = words("given_native.txt")
_SYLLABLES: dict[str, tuple[float, float]] = {
    syllable: (float(first), float(last))
    for syllable, first, last in (line.split() for line in words("given.txt"))
}
_COMMON_SURNAMES = frozenset("김이박최정강조윤장임")
"""Six of ten Koreans bear one of these (census of 2015)."""

_SHORT = -1.5
"""A word of two syllables (한샘, 하림) is seldom the name where one of three stands beside it."""
_SELDOM = 2.0
"""In 100,000: a syllable that so few given names have makes the word read as something else."""
_NATIVE_SHARE = 50.0
_ONE_SYLLABLE_SHARE = 0.02
"""Some two of a hundred given names have one syllable (our count over the bylines of the saved pages)."""


def surname_of(word: str) -> str | None:
    """The family name that ``word`` begins with: two syllables before one; None without."""
    if len(word) > 2 and word[:2] in SURNAMES:
        return word[:2]
    return word[0] if word[:1] in SURNAMES else None


_LONG = -2.0
"""오늘의집: hardly one given name in a hundred has three syllables, and many words begin so."""


@lru_cache(maxsize=4096)
def likeness(word: str) -> float:
    """How well ``word`` reads as a Korean name: the logarithm of a frequency, near -4 for usual ones.

    A blank between family and given name does not count. -math.inf where there is no family name.
    """
    bare = word.replace(" ", "")
    family = surname_of(bare)
    if family is None or family == bare:
        return -math.inf
    given = bare[len(family) :]
    rare = 0.0 if family in _COMMON_SURNAMES else -1.0
    short = _SHORT if len(given) == 1 else 0.0
    long = _LONG if len(given) > 2 else 0.0
    return rare + short + long + math.log10(max(_share(given), 1e-4) / 1e5)


def _share(given: str) -> float:
    """How many of 100,000 given names are this one, near enough."""
    if given in NATIVE:
        return _NATIVE_SHARE * (_ONE_SYLLABLE_SHARE if len(given) == 1 else 1)
    parts = [_SYLLABLES.get(syllable, (0.0, 0.0)) for syllable in given]
    if len(parts) == 1:
        return max(parts[0]) * _ONE_SYLLABLE_SHARE
    if len(parts) == 2:
        return parts[0][0] * parts[1][1] / 1e5
    return 0.0


def _rarest(word: str) -> float:
    family = surname_of(word) or ""
    given = word[len(family) :]
    if given in NATIVE:
        return _NATIVE_SHARE
    parts = [_SYLLABLES.get(syllable, (0.0, 0.0)) for syllable in given]
    if len(parts) == 1:
        return max(parts[0])
    return min(parts[0][0], parts[1][1]) if len(parts) == 2 else 0.0


def reads_unlike(word: str) -> bool:
    """True where given names seldom have such syllables (이노션), or more than two (한빛비즈)."""
    return _rarest(word) < _SELDOM


_USUAL = -5.0
"""The likeness from which a name is beyond doubt: nine of ten names of the tests are above it."""


def is_usual(name: str | None) -> bool:
    """True for a name beyond doubt: three syllables, each as names have them."""
    return name is not None and len(name) == 3 and likeness(name) > _USUAL


def reads_well(name: str | None) -> bool:
    """True for a name beyond doubt, and for a seldom one of three syllables that given names do have."""
    return is_usual(name) or (name is not None and len(name) == 3 and not reads_unlike(name))
