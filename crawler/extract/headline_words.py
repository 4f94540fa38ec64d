"""Short texts that have nothing of their headline: what stands in an article's place is then something else.

A notice, an offer or a player's message in the place of a text may be worded in any way. What all of them
lack are the words of the headline above.
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from itertools import pairwise

from crawler.extract.document import Document
from crawler.extract.title import cleaned_title
from crawler.extract.walls import tell

_SHORT = 200
"""Characters of a text that may be such: of 34 shorter ones on 1,300 pages of four public sets 9 had none of
these words, 7 of them offers, times and messages; of longer ones half were articles (2026-11)."""
_FEW = 3
"""Marks of a headline from which a text has one of them (첫눈, Go!; our choice)."""
TOLD = 0.25
"""Share of a told headline's words that are in its text: of 1,346 articles 17 told less."""
_SAID = re.compile(r"(?:[.!?。]|니다|세요|시오|니까)[\"'”’)\]]*\s*\Z")
_WORDS = re.compile(r"[^\W\d_]+|\d+")
_UNSPACED = re.compile(r"[가-힣぀-ヿ㐀-鿿]")
"""Scripts whose words are told by two characters in a row: endings change, and not all set spaces."""
_LETTERED, _BEGINNING, _DIGITS = 4, 5, 2
"""Letters of a word from which it says something (articles and prepositions have fewer), those by which it is
known in another form, and digits of a number that says something."""

_ENDINGS = frozenset(
    re.findall(
        "..",
        "으로에서에게까지부터보다처럼하는하고하기하면하여해서했다한다했습합니습니입니됩니니다세요시오십시"
        "되는된다됐다되었이다이는이라라고있는있다있습없는없다않는않은대한대해위해위한모든",
    )
)
"""Pairs of syllables that any two Korean texts share (our list)."""


def lacks_headline(lines: Sequence[str], document: Document) -> bool:
    """Whether lines are short, tell of nobody, and have no word of the page's headline.

    False where that has few words, and of names and numbers alone (appointments, deaths, a table), of which a
    headline names the kind.
    """
    text = " ".join(lines)
    title = cleaned_title(document)
    if title is None or len(text) >= _SHORT or tell(lines) or not any(map(_SAID.search, lines)):
        return False
    said = marks(title.value)
    return len(said) >= _FEW and said.isdisjoint(marks(text))


def marks(text: str) -> set[str]:
    return {mark for word in _WORDS.findall(text.lower()) for mark in _marks_of(word)}


def share_within(words: Set[str], text: str) -> float:
    """The share of marks that stand anywhere in a text in small letters; 0 of none."""
    return sum(word in text for word in words) / (len(words) or 1)


def _marks_of(word: str) -> list[str]:
    if _UNSPACED.search(word):
        return [pair for pair in map("".join, pairwise(word)) if pair not in _ENDINGS]
    if word.isdigit():
        return [word] if len(word) >= _DIGITS else []
    return [word[:_BEGINNING]] if len(word) >= _LETTERED else []
