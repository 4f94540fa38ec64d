"""Zones as machines and houses print them behind a clock: ``Z``, ``+09:00``, ``GMT+0900``, ``[Asia/Seoul]``.

A zone that is printed and cannot be read makes the whole time unreadable: taken for Korean time it would be
stored hours wrong, and nothing would say so.
"""

from __future__ import annotations

import re
from datetime import timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from crawler.zones import CITIES, FIXED, HOURS, SEASONAL
from storage.seoul import SEOUL

_OFFSET = r"[+\-−–]\d{1,2}(?::?\d{2}(?!\d))?(?::?\d{2}(?!\d))?"
ZONE = re.compile(
    rf"\s*[(\[]?\s*(?P<zone>(?:GMT|UTC?|KST)?\s?{_OFFSET}(?![\d:])|(?:{FIXED})(?![A-Za-z\d가-힣])"
    r"|(?:Asia|Europe|America|Pacific|Australia|Africa)/[A-Za-z_]{2,20}"
    rf"|(?-i:(?<![A-Za-z])(?:{SEASONAL}))(?![A-Za-z]))",
    re.IGNORECASE,
)
_UNREADABLE = re.compile(
    r"[A-Za-z]{1,5}(?=\s*(?:\Z|[+\-\d\[(]))|\s*[+\-−–]\d|\s[A-Z]{2,4}T\b|\s*\(?(?:[가-힣]{2,6}\s)?현지\s?시[간각]"
)


def zone_behind(text: str, at: int) -> tzinfo:
    """The zone printed at ``at``, right behind a clock; Korean time where none is printed.

    Raises:
        ValueError: a zone is printed that cannot be read.
    """
    match = ZONE.match(text, at)
    if match is not None:
        return named_zone(match["zone"])
    if _UNREADABLE.match(text, at):
        raise ValueError(f"no zone that can be read: {text[at : at + 12]!r}")
    return SEOUL


def named_zone(name: str) -> tzinfo:
    """Zone of a printed name or offset. Raises ValueError if there is none such."""
    bare = "".join(name.split())
    if bare.upper() in HOURS:
        return timezone(timedelta(hours=HOURS[bare.upper()]))
    if bare in CITIES:
        return ZoneInfo(CITIES[bare])
    if "/" in bare:
        return _of_city(bare)
    offset = re.sub(r"\A(?:GMT|UTC?|KST)", "", bare, flags=re.IGNORECASE)
    digits = re.sub(r"\D", "", offset)
    if not digits:
        raise ValueError(f"no zone that can be read: {name!r}")
    hours = int(digits) if len(digits) < 3 else int(digits[:-2] if len(digits) < 5 else digits[:-4])
    minutes = int(digits[-2:]) if len(digits) in (3, 4) else 0
    if hours > 14 or minutes > 59:
        raise ValueError(f"no place on earth has the zone {name}")
    shift = timedelta(hours=hours, minutes=minutes)
    return timezone(shift if offset[0] == "+" else -shift)


def _of_city(name: str) -> tzinfo:
    try:
        return ZoneInfo("/".join(part[:1].upper() + part[1:] for part in name.split("/")))
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValueError(f"no such zone: {name}") from error
