"""How much of one text stands in another, told from keyed hashes of both. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

_SURE = 1.645
"""Standard deviations that an estimate may lie below REFUSED: of pairs at 0.8, 19 in 20 are refused and more
(measured: docs/captures.md)."""
_CHANCE = 1 / 256
"""Two keyed slots of one byte are equal by chance."""
SAMPLE_BYTES = 2
"""Of each sampled shingle: of a text of 1,000 letters one in 260 foreign ones is there by chance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyedText:
    """A text as keyed hashes: equal texts have equal ones, near copies share most."""

    letters: str
    """Of its letters and digits; ``""`` for a text that is too short to be known again."""
    version: int
    shingles: int
    bands: tuple[str, ...]
    """Of the fingerprint's keys: bands and sentences."""
    slots: str
    """A byte of each MinHash slot, in hex: it tells how many are equal, and nothing of what they are."""
    sample: str = ""
    """Two bytes of each sampled shingle, in hex, in order: it tells how many another text has too.
    ``""``: the text is too short, or it was taken down before there were samples."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What two texts are compared by."""

    shingles: int
    slots: bytes
    sample: frozenset[bytes]


def compared(text: KeyedText) -> Compared:
    """Raises ValueError where it is not in hex."""
    sample = frozenset(pieces(bytes.fromhex(text.sample)))
    return Compared(shingles=text.shingles, slots=bytes.fromhex(text.slots), sample=sample)


def pieces(sample: bytes) -> Iterator[bytes]:
    return (sample[at : at + SAMPLE_BYTES] for at in range(0, len(sample), SAMPLE_BYTES))


def containment(one: Compared, other: Compared) -> tuple[float, float]:
    """(the likely containment of the smaller text in the other, the most that it may well be).

    By the slots and by the samples, the surer one counting more: the slots say little of texts of unequal
    lengths, the samples little of short ones.
    """
    estimates = [found for found in (_by_slots(one, other), _by_samples(one, other)) if found is not None]
    weights = [1 / variance for _, variance in estimates]
    if not weights:
        return 0.0, 0.0
    likely = sum(value * weight for (value, _), weight in zip(estimates, weights, strict=True)) / sum(weights)
    return likely, min(1.0, likely + _SURE / math.sqrt(sum(weights)))


def _by_slots(one: Compared, other: Compared) -> tuple[float, float] | None:
    """(containment, the variance of this estimate)."""
    if not one.slots or len(one.slots) != len(other.slots):
        return None
    equal = sum(map(int.__eq__, one.slots, other.slots)) / len(one.slots)
    jaccard = max(0.0, (equal - _CHANCE) / (1 - _CHANCE))
    small, both = min(one.shingles, other.shingles), one.shingles + other.shingles
    steep = both / ((1 + jaccard) ** 2 * small)
    spread = _spread(jaccard, len(one.slots)) * steep**2
    return min(1.0, jaccard * both / ((1 + jaccard) * small)), spread


def _by_samples(one: Compared, other: Compared) -> tuple[float, float] | None:
    """As `_by_slots`; None where a text has no sample."""
    small, large = (one, other) if one.shingles <= other.shingles else (other, one)
    if not small.sample or not large.sample:
        return None
    chance = len(large.sample) / 256**SAMPLE_BYTES
    share = len(small.sample & large.sample) / len(small.sample)
    found = max(0.0, (share - chance) / (1 - chance))
    return found, _spread(found, len(small.sample))


def _spread(share: float, number: int) -> float:
    """The variance of a share that was counted in so many; no share is sure, 0 and 1 are not either."""
    kept = (share * number + 1) / (number + 2)
    return kept * (1 - kept) / number
