"""A text's key, which comparisons are made on, and the letters of it that the index holds. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

VERSIONS = {"sqlite": 4, "postgresql": 4}
"""Of the rules in this file, as they matter to each database: SQLite's index holds :func:`grams`,
PostgreSQL's :func:`bigrams` as :func:`number` writes them. Raise it when a text's key or these change:
entries of a lower version are told by ``doctor`` and made anew by ``newsarchive db reindex``."""

_RUN = re.compile(r"[^\W_]+")
"""Letters and digits that stand together."""
INVISIBLE = "\u00ad\u034f\u061c\u180e\ufeff\u200b-\u200f\u202a-\u202e\u2060-\u206f"
"""Soft hyphens, zero-width and direction marks: printed in the middle of words, seen by nobody."""
_UNSEEN = re.compile(f"[{INVISIBLE}]")
BLANKS = "\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(
    map(chr, range(0x2000, 0x200B))
)
"""All that is white space to Python, and which a database may take for letters."""
EARLY = (("ㆍ", "·"), ("⋯", "…"))
"""Before NFKC, which makes a Hangul vowel of the first and leaves the second."""
STRAIGHT = (*((curly, "'") for curly in "‘’‚‛"), *((curly, '"') for curly in "“”„‟"))
DASHES = "‐‒–—―−"
SIGNS = (
    *STRAIGHT,
    *((dot, "·") for dot in "•‧・⋅∙"),
    *((dash, "-") for dash in DASHES),
    *((wave, "~") for wave in "∼〜"),
)
"""What papers print in several codes and people type in one: quotation marks curly and straight, the dot of
한·미 and the dash of 코로나-19 (EUC-KR has two of each), the wave of 3∼5% (``∼`` is EUC-KR's). One by one: a
pattern takes three times as long where there is none (2 and 6 microseconds of a text of 900 letters for the
quotation marks, 2026-11-26)."""
JOINT = "\ue000"
"""Between two runs: the last letter of the one, this, the first letter of the other. A private-use character:
SQLite's tokenizer takes it for a letter, and no run of a key holds it. Without it a lone letter at the edge
of what is looked for (``그 이정``) would leave the rest alone to be looked up, which may stand anywhere."""
TITLE = "\ue001"
"""Before what stands in a title. As :data:`JOINT`, no letter of any key."""
MOST_GRAMS = 24
"""Of one word, that SQLite is asked for (our choice): a sentence needs no more to be nearly alone."""


def key_of(text: str) -> str:
    """What two spellings of the same text share: NFKC, case folded, one code for a sign, white space as
    single blanks.

    >>> key_of("ＬＧ전자\\u00a0 金(\\uf90a) ㎏")
    'lg전자 金(金) kg'
    >>> key_of("한ㆍ미 3∼5% 코로나–19")
    '한·미 3~5% 코로나-19'
    """
    if text.isascii():
        return " ".join(text.lower().split())
    for printed, typed in EARLY:
        text = text.replace(printed, typed)
    plain = _UNSEEN.sub("", _nfkc(text))
    for printed, typed in SIGNS:
        plain = plain.replace(printed, typed)
    return " ".join(_nfkc(plain.casefold()).split())


def _nfkc(text: str) -> str:
    return text if unicodedata.is_normalized("NFKC", text) else unicodedata.normalize("NFKC", text)


STEADY = "0-9a-z가-힣一-鿿ぁ-ゖァ-ヺー-ヿ"
"""Letters that are their own key, and join no letter before them; as a pattern's class."""
BETWEEN = r"\s!-/:-@\[-`{-~·‥…“”‘’「」『』《》〈〉【】、。"
"""Signs and blanks that part two runs in every locale of a server; as a pattern's class."""
BESIDE = f"{STEADY}A-Z{BETWEEN}"
"""What joins no letter before it, as a mark or the end of a syllable would; as a pattern's class."""


class Printed:
    """A text, and its key once somebody asks for it: to make it takes longer than all else of a look (40
    microseconds of 1,300 bytes; 2026-11-28)."""

    __slots__ = ("_key", "text")

    def __init__(self, text: str | None) -> None:
        self.text, self._key = text or "", None if text else ""

    @property
    def key(self) -> str:
        if self._key is None:
            self._key = key_of(self.text)
        return self._key

    def shows(self, key: str) -> bool:
        """Whether this key stands there letter for letter, which its text's key then holds too; where not,
        that key tells.

        >>> Printed("반도체 수출").shows("도체 수"), Printed("ＡＩ").shows("ai")
        (True, False)
        """
        if key not in self.text:
            return False
        alone = _alone(key)
        return alone is not None and alone.search(self.text) is not None


@lru_cache(maxsize=256)
def _alone(key: str) -> re.Pattern[str] | None:
    if re.fullmatch(f"[{STEADY} ]+", key) is None:
        return None
    return re.compile(rf"{key}(?=[{BESIDE}]|\Z)")


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


TITLE_BIT, JOINT_BIT = 0x8000, 0x8000_0000
"""Of a bigram's number, turned in a title's and in a joint's."""


def number(bigram: str) -> int:
    """A bigram as PostgreSQL's index holds it, in 32 bits: its letters' codes, 16 bits each.

    Few share one with another (Hangul joints with pairs of a hanja and a Hangul letter, letters beyond the
    first 65,536): the text decides what is found.

    >>> [number(one) for one in bigrams("3월 ai")] == [0x33C6D4, 0x46D40061, 0x610069]
    True
    """
    first, second = ord(bigram[0]), ord(bigram[-1]) if len(bigram) > 1 else 0
    joint = JOINT_BIT if len(bigram) > 2 else 0
    unsigned = (first << 16 ^ second ^ joint) & 0xFFFF_FFFF
    return unsigned - (1 << 32) if unsigned & 0x8000_0000 else unsigned


def numbers(title: str, *others: str) -> set[int]:
    """What PostgreSQL's index holds of an article: its keys' bigrams, those of its title marked as well."""
    of_title, *of_others = [{number(one) for one in bigrams(key)} for key in (title, *others)]
    return of_title.union(*of_others, (one ^ TITLE_BIT for one in of_title))


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


def grams(key: str) -> set[str]:
    """What SQLite's index holds of a key: its bigrams, trigrams within runs, and where two runs meet two
    letters of the one with one of the other.

    The index tells no places of them (``detail=none``), which makes it small and its lists short; trigrams
    tell what bigrams side by side would. A lone letter stands in the joints at its sides.

    >>> sorted(one.replace(JOINT, "+") for one in grams("시장은 및 ai"))
    ['ai', '및+a', '및+ai', '시장', '시장은', '은+및', '장은', '장은+및']
    """
    found: list[str] = []
    last = ""
    for run in _RUN.findall(key):
        for place in range(len(run) - 2):
            found.append(run[place : place + 2])
            found.append(run[place : place + 3])
        if len(run) > 1:
            found.append(run[-2:])
        if last:
            found.append(last[-2:] + JOINT + run[0])
            found.append(last[-1] + JOINT + run[:2])
        last = run
    return set(found)


def wanted_grams(key: str) -> list[str]:
    """The grams that every key has that holds this one, those that tell nothing beyond others left out.

    Of a run at an edge it is not known whether it goes on there. Where two letters are all there is
    (``그 이``), what is wanted begins so, and ends in ``*``, which is in no gram.

    >>> [one.replace(JOINT, "+") for one in wanted_grams("은 시장은 ai 사")]
    ['은+시장', '시장은', '장은+a', '은+ai', 'ai', 'ai+사']
    >>> wanted_grams("그 이") == [f"그{JOINT}이*"]
    True
    """
    found: list[str] = []
    runs = _RUN.findall(key)
    for place, run in enumerate(runs):
        if place:
            found += _joints(runs[place - 1], run, first=place == 1, last=place == len(runs) - 1)
        size = min(3, max(2, len(run)))
        found += [run[start : start + size] for start in range(len(run) - size + 1)]
    distinct = list(dict.fromkeys(found))
    return distinct[:: -(-len(distinct) // MOST_GRAMS)] if distinct else []


def _joints(before: str, run: str, *, first: bool, last: bool) -> list[str]:
    found = []
    if len(before) > 1 or not first:
        found.append(f"{before[-2:]}{JOINT}{run[0]}")
    if len(run) > 1 or not last:
        found.append(f"{before[-1]}{JOINT}{run[:2]}")
    return found or [f"{before}{JOINT}{run}*"]
