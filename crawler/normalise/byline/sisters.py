"""The names under which one house also signs: its regional station, its other desk or paper."""

from __future__ import annotations

from collections.abc import Container

_SISTERS = frozenset(["연예", "스포츠", "뉴스", "닷컴", "tv", "신문", "인터넷", "경제", "방송", "news"])
_LONGEST = 4
"""Letters of a region or a desk beside the house's own name."""


def is_of_publisher(key: str, publisher: str, places: Container[str]) -> bool:
    """The page's publisher itself, its station in a region (광주MBC), its other desk or paper (iMBC연예)."""
    if key == publisher or not publisher or len(key) > len(publisher) + _LONGEST:
        return key == publisher
    if key.startswith(publisher):
        return key[len(publisher) :] in _SISTERS
    return key.endswith(publisher) and key[: -len(publisher)] in places
