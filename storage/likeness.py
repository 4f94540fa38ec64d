"""The records of near-duplicates: what the pure stage and the archive hand each other.

Beside storage.records because only these two parts speak of it. Plain dataclasses, no database.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class LinkKind(StrEnum):
    """What two different articles with nearly the same text are to each other."""

    NEAR_DUPLICATE = "near_duplicate"
    SECOND_EDITION = "second_edition"
    PRESS_RELEASE = "press_release"
    SYNDICATION = "syndication"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """What a text is looked up by; equal texts have equal fingerprints of one version."""

    version: int
    letters: int
    """Letters and digits that were shingled."""
    shingles: int
    """Distinct shingles."""
    signature: bytes
    """Little-endian 16-bit values, one for each MinHash slot; empty for a text without letters."""
    keys: tuple[int, ...]
    """Look-up keys of 48 bits: the bands, then the sentences."""
    sample: tuple[int, ...] = ()
    """Hashes of the shingles that every text keeps of those it has: how much of one text stands in another is
    told from them whatever the lengths. Of a text alone; no row holds them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One article of a pair that is compared."""

    article_id: int
    publisher: str | None
    title: str | None
    agency: str | None
    """The agency that the dateline names (``뉴시스``)."""
    published_at: datetime | None
    texts: tuple[str, ...]
    """Every content that an appearance of it has or had."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """That two articles have nearly the same text, and what says so."""

    score: float
    """Containment of the smaller text in the other, 0.0 to 1.0."""
    evidence: Mapping[str, object] = field(default_factory=dict)

    @property
    def told(self) -> str:
        """The evidence as JSON, as it is stored."""
        return json.dumps(dict(self.evidence), ensure_ascii=False, sort_keys=True)

    @property
    def rank(self) -> tuple[float, str]:
        """What the best of several is found by: of equal scores the same one, whichever came first."""
        return self.score, self.told


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What a link is, and which wire service it comes from where one is named."""

    kind: LinkKind
    wire: str | None = None


Pair = tuple[int, int]
"""Two article numbers, the lower one first."""
MakeFingerprint = Callable[[str], Fingerprint]
Compare = Callable[[Side, Side], Likeness | None]
"""Whether two articles are to be linked. Symmetric."""
Resembles = Callable[[Fingerprint, Fingerprint], bool]
"""Whether two fingerprints are near enough that the texts are worth comparing."""
NameKinds = Callable[[Sequence[Side], Sequence[Pair]], Mapping[Pair, Kind]]
"""The kinds of a whole group's links: one pair's kind can depend on who else printed the text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Likenesses:
    """The pure decisions, which the crawler gives: storage knows no Korean."""

    fingerprint: MakeFingerprint
    resembles: Resembles
    compare: Compare
    name_kinds: NameKinds
