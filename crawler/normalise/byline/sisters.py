"""The names under which one house also signs: its regional station, its other desk or paper."""

from __future__ import annotations

from collections.abc import Container

_SISTERS = frozenset(
    [
        "연예",
        "연예뉴스",
        "스포츠",
        "뉴스",
        "닷컴",
        "tv",
        "신문",
        "인터넷",
        "경제",
        "방송",
        "news",
        "star",
        "digital",
        "plus",
    ]
)
_SHORTENED = ("경제", "투데이")
"""Endings of houses that go by two syllables: 서울경제 is 서경, 아시아경제 아경, 머니투데이 머투."""
_LONGEST = 7
"""Letters of a region or a desk beside the house's own name."""
_LONGEST_GROUP = 5
"""Letters of a group's short name (CBS, SBSi)."""


def is_of_publisher(key: str, publisher: str, places: Container[str]) -> bool:
    """The page's publisher itself, or one of its names.

    Its station in a region (광주MBC), its desk or paper (iMBC연예), its group before it (CBS노컷뉴스).
    """
    if len(key) == 2 and any(publisher.endswith(end) and key == publisher[0] + end[0] for end in _SHORTENED):
        return True
    if key == publisher or not publisher or len(key) > len(publisher) + _LONGEST:
        return key == publisher
    if key.startswith(publisher):
        return key[len(publisher) :] in _SISTERS
    head = key[: -len(publisher)]
    is_group = head.isascii() and head.isalpha() and len(head) < _LONGEST_GROUP
    return key.endswith(publisher) and (head in places or is_group)
