"""Labels: what a word before a name says that its bearer did (labels.txt)."""

from __future__ import annotations

from enum import StrEnum

from .data import words


class Part(StrEnum):
    """What a label says that the person behind it did."""

    WROTE = "wrote"
    TOOK_PICTURES = "took pictures"
    OTHER = "other"


_PARTS = {"-": Part.OTHER, "~": Part.TOOK_PICTURES}
LABELS = {word.lstrip("-~"): _PARTS.get(word[0], Part.WROTE) for word in words("labels.txt")}
"""Label -> what it credits; English ones may be several words."""
_TAILS = (
    *("취재", "정리", "집필", "인터뷰", "사진", "촬영", "편집", "영상"),
    *("그래픽", "디자인", "번역", "일러스트"),
)
LABEL_FIRSTS = frozenset(label.split()[0] for label in LABELS)


def label_within(word: str) -> str | None:
    """The listed label that ``word`` is, or ends in (동행취재, 수중촬영); None where it is no label."""
    if word in LABELS:
        return word
    return next((tail for tail in _TAILS if word.endswith(tail)), None)
