"""Fingerprints of Korean texts: a MinHash signature and the keys by which equal ones are found.

The scheme is our own and has a number, ``VERSION``: libraries change their signatures between
releases (shared measurement of November 2026), and an archive outlives them. Only the hash function
is a library's: xxHash64, whose output is specified.
"""

from __future__ import annotations

import re
import struct
from bisect import bisect_left
from functools import cache, lru_cache

import xxhash

from crawler.deduplicate.shingle import SHINGLE_LENGTH, letters_of, without_frame
from storage.likeness import Fingerprint

VERSION = 1
"""Changes with anything below or in ``letters_of``/``without_frame`` that changes a key."""
BANDS = 42
ROWS = 3
"""42 bands of 3 rows and the sentences together found every pair with containment >= 0.8 among 1,758
real Korean texts (shared measurement of November 2026)."""
SLOTS = BANDS * ROWS
MIN_SENTENCE = 15
"""Letters. Shorter sentences ("그는 이렇게 말했다") stand in unrelated texts."""
MAX_SENTENCES = 32
"""The sentences of the lowest hashes, so that two versions of a long text keep the same ones. Ten to
twenty-five is what a news article has."""

SAMPLED = 4
"""One shingle in so many is in a text's sample: a text of 300 letters has 75, by which containment is told to
0.05 (one standard deviation at 0.8); no two that touch can be joined to read the text. Our choice."""

_BYTES = 4  # one character in UTF-32: a slice of bytes is a slice of characters
_SLOT_WIDTH = -(-(1 << 64) // SLOTS)
_SENTENCE_END = re.compile(r"(?<=[.!?。])[\"'”’」』)]*\s+|\n+")
_SENTENCE_SEED = 1 << 16
"""Seeds of xxHash64: the bands have 0 to 41."""


@cache
def _probes(slot: int) -> tuple[int, ...]:
    """The other slots in the order in which an empty one borrows from them (optimal densification,
    Shrivastava 2017): the same order in every text."""
    others = (other for other in range(SLOTS) if other != slot)
    return tuple(sorted(others, key=lambda other: xxhash.xxh64_intdigest(f"{slot}/{other}".encode())))


@lru_cache(maxsize=256)
def fingerprint(text: str) -> Fingerprint:
    """The fingerprint of a body, without its lead-in, signature and notice. About 0.6 ms a thousand letters.

    One hash a shingle instead of 126 (one-permutation MinHash): 126 hashes of each shingle cost
    20 ms in Python.
    """
    core = without_frame(text)
    letters = letters_of(core)
    hashes = _shingle_hashes(letters)
    slots = _slots(hashes)
    signature = struct.pack(f"<{len(slots)}H", *(value & 0xFFFF for value in slots))
    return Fingerprint(
        version=VERSION,
        letters=len(letters),
        shingles=len(hashes),
        signature=signature,
        keys=(*_band_keys(slots), *_sentence_keys(core)),
        sample=tuple(value for value in hashes if value % SAMPLED == 0),
    )


def _shingle_hashes(letters: str) -> list[int]:
    """The distinct shingles' hashes in order; one for a text shorter than a shingle."""
    if not letters:
        return []
    digest = xxhash.xxh64_intdigest
    data = letters.encode("utf-32-le")
    width = SHINGLE_LENGTH * _BYTES
    last = max(len(data) - width, 0)
    return sorted({digest(data[at : at + width]) for at in range(0, last + 1, _BYTES)})


def _slots(hashes: list[int]) -> list[int]:
    """The lowest hash of each 126th of the hash space, borrowed where one is empty."""
    if not hashes:
        return []
    lowest: list[int | None] = []
    for slot in range(SLOTS):
        at = bisect_left(hashes, slot * _SLOT_WIDTH)
        held = at < len(hashes) and hashes[at] < (slot + 1) * _SLOT_WIDTH
        lowest.append(hashes[at] if held else None)
    return [_borrowed(lowest, slot) if value is None else value for slot, value in enumerate(lowest)]


def _borrowed(lowest: list[int | None], slot: int) -> int:
    return next(value for other in _probes(slot) if (value := lowest[other]) is not None)


def _key(value: int) -> int:
    """The upper 48 bits of a hash: SQLite keeps them in six bytes instead of nine, and a million articles
    (sixty million keys) meet by chance once in a hundred thousand look-ups."""
    return value >> 16


def _band_keys(slots: list[int]) -> list[int]:
    digest = xxhash.xxh64_intdigest
    return [
        _key(digest(struct.pack("<3Q", *slots[band * ROWS : band * ROWS + ROWS]), band))
        for band in range(BANDS if slots else 0)
    ]


def _sentence_keys(text: str) -> list[int]:
    """The sentences with their numbers: a template's sentence with other numbers has another key."""
    sentences = (letters_of(sentence) for sentence in _SENTENCE_END.split(text))
    hashes = {
        xxhash.xxh64_intdigest(sentence.encode("utf-32-le"), _SENTENCE_SEED)
        for sentence in sentences
        if len(sentence) >= MIN_SENTENCE
    }
    return [_key(value) for value in sorted(hashes)[:MAX_SENTENCES]]


LIKELY = 0.3
"""Estimated containment. The estimate of a pair with 0.5, one text five times as long as the other,
is off by 0.14 (one standard deviation of 126 slots); pairs under 0.5 are not linked anyway."""


def resembles(a: Fingerprint, b: Fingerprint) -> bool:
    """Whether the signatures leave it possible that one text holds half of the other."""
    if a.version != b.version or not a.signature or not b.signature:
        return False
    return estimated_containment(a, b) >= LIKELY


def estimated_containment(a: Fingerprint, b: Fingerprint) -> float:
    """Containment of the smaller text as the signatures tell it."""
    ours, theirs = struct.unpack(f"<{SLOTS}H", a.signature), struct.unpack(f"<{SLOTS}H", b.signature)
    jaccard = sum(map(int.__eq__, ours, theirs)) / SLOTS
    smaller = min(a.shingles, b.shingles)
    return min(1.0, jaccard * (a.shingles + b.shingles) / ((1 + jaccard) * smaller))
