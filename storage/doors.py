"""Names in front of a host that lead to the same pages under the same paths. Pure."""

from __future__ import annotations

_DOORS = ("www.", "m.", "amp.", "mobile.")


def without_door(host: str) -> str:
    """The host without the names of its doors.

    >>> without_door("www.m.example.com") == without_door("amp.example.com") == "example.com"
    True
    """
    for door in _DOORS:
        host = host.removeprefix(door)
    return host
