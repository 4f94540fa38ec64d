"""Names of zones as pages print them behind a clock: one list for who finds a time and who reads it."""

from __future__ import annotations

HOURS: dict[str, float] = {
    "Z": 0,
    "GMT": 0,
    "UT": 0,
    "UTC": 0,
    "WET": 0,
    "KST": 9,
    "JST": 9,
    "CET": 1,
    "CEST": 2,
}
HOURS |= {"EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "BST": 1}
HOURS |= {
    "EET": 2,
    "EEST": 3,
    "MSK": 3,
    "ICT": 7,
    "WIB": 7,
    "SGT": 8,
    "HKT": 8,
    "AWST": 8,
    "AEST": 10,
    "AEDT": 11,
}
HOURS |= {"WAT": 1, "SAST": 2, "EAT": 3, "PKT": 5, "NPT": 5.75, "PHT": 8, "BRT": -3, "ART": -3}
HOURS |= {"NZST": 12, "NZDT": 13, "한국시간": 9, "한국시각": 9, "대한민국표준시": 9}
"""Abbreviations without doubt in news; CST is America's (RFC 822)."""
_DOUBTFUL = ("IST",)
"""Three zones bear it: a time that has it cannot be read, and is not Korean."""
CITIES = {
    "ET": "America/New_York",
    "CT": "America/Chicago",
    "MT": "America/Denver",
    "PT": "America/Los_Angeles",
    "AET": "Australia/Sydney",
}
"""What American and Australian houses print the year round; whether it is summer's, the day says."""


def _any_of(names: list[str]) -> str:
    return "|".join(sorted(names, key=len, reverse=True))


FIXED = _any_of(list(HOURS))
"""Pattern of those whose hours are the same on every day."""
SEASONAL = _any_of(list(CITIES))
LETTERS = (
    rf"(?:{_any_of([name for name in (*HOURS, *CITIES, *_DOUBTFUL) if name.isascii() and len(name) > 1])})"
)
"""Pattern of all that stand in capitals behind a clock; the reader says where the name must end."""
