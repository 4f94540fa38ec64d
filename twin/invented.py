"""Stories of invented words, for editions larger than the grammars have things to say.

A grammar's stories begin to resemble each other after some dozens, and holding each draft against all
earlier ones grows with their square. Words drawn from some thousand invented ones, the common ones more often
(Zipf), never meet like that: twenty thousand stories are written in seconds, and no two share a sentence.
"""

from __future__ import annotations

import random
from functools import cache
from itertools import accumulate

VOCABULARY = 8_000
SYLLABLES = 400
_ENDINGS = ("밝혔다.", "말했다.", "설명했다.", "전했다.", "내다봤다.", "덧붙였다.", "강조했다.")


@cache
def _words() -> tuple[list[str], list[float]]:
    """Words of two to four syllables, the same in every process, and their cumulated weights."""
    rng = random.Random("invented")
    syllables = [chr(rng.randrange(0xAC00, 0xD7A4)) for _ in range(SYLLABLES)]
    made = ["".join(rng.choices(syllables, k=rng.randint(2, 4))) for _ in range(VOCABULARY)]
    return made, list(accumulate(1 / (rank + 20) for rank in range(VOCABULARY)))


def phrase(rng: random.Random, least: int, most: int) -> str:
    """So many words, or a few more."""
    vocabulary, weights = _words()
    return " ".join(rng.choices(vocabulary, cum_weights=weights, k=rng.randint(least, most)))


def sentence(rng: random.Random) -> str:
    """A sentence with a number in it, which ends as those of news do."""
    number = f"{rng.randint(2, 98_000):,}명"
    return f"{phrase(rng, 5, 9)} {number} {phrase(rng, 2, 6)} {rng.choice(_ENDINGS)}"


def paragraphs(rng: random.Random) -> list[str]:
    """A body: six to eleven paragraphs of one to three sentences."""
    return [" ".join(sentence(rng) for _ in range(rng.randint(1, 3))) for _ in range(rng.randint(6, 11))]
