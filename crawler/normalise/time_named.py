"""Times with the month's name in some thirty languages (months.toml), and those that put the day first.

RFC 822, Java's and JavaScript's own prints, English-language houses, pages of other countries.
"""

from __future__ import annotations

import re
import tomllib
from datetime import datetime, timedelta, tzinfo
from importlib.resources import files

from crawler.rare import Rare
from crawler.zones import LETTERS
from storage.seoul import SEOUL, hour_of_day

from .time_zone import named_zone, zone_behind

_NAMES: list[list[str]] = tomllib.loads(
    files(__package__).joinpath("months.toml").read_text(encoding="utf-8")
)["names"]
_MONTHS = {name: number for number, names in enumerate(_NAMES, 1) for name in names}
_MONTH = rf"(?P<month>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})(?!\w)\.?"
_YEAR = r"(?P<year>(?:19|20)\d{2})(?!\d)"
_GAP = r"[\s,.\-/]{1,3}(?:(?:de|del|d'|of)\s)?"
_DAY = r"(?<!\d)(?P<day>\d{1,2})(?:st|nd|rd|th|er|º)?"
_CLOCK = (
    rf"(?P<hour>\d{{1,2}})(?::|\s?h\s?|\.(?=\d{{2}}\s?(?:Uhr|{LETTERS})))(?P<minute>\d{{2}})"
    r"(?::(?P<second>\d{2})(?:\.\d{1,9})?)?"
    r"(?:\s?(?P<half>[AaPp])\.?[Mm]\b\.?)?"
)
_TO_CLOCK = (
    r"\s*(?:\((?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6}\.?\))?\s*(?:T|,|-|–|\||/|·|at)?"
    r"\s*(?:um|à|às|a las|alle(?: ore)?|om|kl\.?|ore|o|в|at)?\s*"
)

_JAVA = Rare(
    rf"{_MONTH}\s+{_DAY}\s+{_CLOCK}\s*(?P<zone>[A-Za-z/_]{{1,20}}(?:[+-]\d{{2}}:?\d{{2}})?|[+-]\d{{2}}:?\d{{2}})?\s+{_YEAR}",
    re.IGNORECASE,
)
"""``Fri Nov 20 09:00:00 KST 2026``: java.util.Date, C's asctime and Unix's date."""
_DATES = tuple(
    Rare(rf"{form}(?:{_TO_CLOCK}{_CLOCK})?", re.IGNORECASE)
    for form in (
        rf"{_DAY}{_GAP}{_MONTH}{_GAP}{_YEAR}",
        rf"(?<!\d){_YEAR}{_GAP}{_MONTH}{_GAP}{_DAY}(?!\d)",
        rf"(?<![A-Za-z]){_MONTH}\s?{_DAY}{_GAP}{_YEAR}",
    )
)
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SHORT_YEAR = Rare(
    rf"(?P<weekday>{'|'.join(_WEEKDAYS)})[a-z]{{0,6}},?\s+"
    rf"{_DAY}[\s\-]{_MONTH}[\s\-](?P<year>\d{{2}})\s+{_CLOCK}",
    re.IGNORECASE,
)
"""``Tue, 03 Nov 26 09:05:00 +0900``: RFC 822 before RFC 1123. The weekday proves the year."""
_CLOCK_FIRST = Rare(
    rf"(?<![\d:.]){_CLOCK}\s*(?:\(?(?P<zone>{LETTERS})\b\)?)?\s*(?:,|-|–|\||on)?\s*"
    r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6}[.,]{0,2}\s*)?"
    rf"(?={_MONTH}\s?{_DAY}{_GAP}{_YEAR}(?!\s*(?:,|-|–|\||at)?\s*\d{{1,2}}:\d{{2}}))",
    re.IGNORECASE,
)
"""``All News 18:22 November 20, 2026``: 연합뉴스' English pages print the clock before the day."""
_YEAR_LAST = Rare(
    rf"(?<![\d/.\-])(?P<first>\d{{1,2}})(?P<mark>[/.\-])\s?(?P<second_part>\d{{1,2}})(?P=mark)\s?{_YEAR}(?:{_TO_CLOCK}{_CLOCK})?",
    re.IGNORECASE,
)
"""``11/20/2026, 9:00:00 AM``: JavaScript's toLocaleString in America; elsewhere, and with dots, the day comes
first.
"""


def read_named(text: str) -> tuple[datetime, str] | None:
    """The first time in ``text`` with a month's name, or the year last, and its precision; None without one.

    Raises:
        ValueError: it cannot exist, its zone cannot be read, or its day and month cannot be told apart.
    """
    if (java := _JAVA.search(text)) is not None:
        at, precision = _built(java, _month(java))
        return (at.replace(tzinfo=named_zone(java["zone"])) if java["zone"] else at), precision
    if (clocked := _CLOCK_FIRST.search(text)) is not None:
        at, precision = _built(clocked, _month(clocked))
        return (at.replace(tzinfo=named_zone(clocked["zone"])) if clocked["zone"] else at), precision
    for form in _DATES:
        if (match := form.search(text)) is not None:
            return _zoned(match, text, *_built(match, _month(match)))
    if (short := _SHORT_YEAR.search(text)) is not None:
        return _zoned(short, text, *_proven(short))
    match = _YEAR_LAST.search(text)
    if match is None:
        return None
    month, day = _told_apart(
        int(match["first"]),
        int(match["second_part"]),
        is_american=match["half"] is not None,
        is_dotted=match["mark"] == ".",
    )
    return _zoned(match, text, *_built(match, month, day))


def zone_inside(text: str) -> tzinfo | None:
    """The zone that stands before the day of a time which was read already; None where none does.

    ``2:15 PM EST, Mon November 3, 2025``, ``Fri Nov 20 09:00:00 KST 2026``
    """
    found = _JAVA.search(text) or _CLOCK_FIRST.search(text)
    return named_zone(found["zone"]) if found is not None and found["zone"] else None


def _month(match: re.Match[str]) -> int:
    return _MONTHS[match["month"].lower()]


def _proven(match: re.Match[str]) -> tuple[datetime, str]:
    at, precision = _built(match, _month(match))
    at = at.replace(year=at.year + 2000)
    if _WEEKDAYS[at.weekday()] != match["weekday"].lower():
        raise ValueError("another day of the week than that of 20xx")
    return at, precision


def _told_apart(first: int, second: int, *, is_american: bool, is_dotted: bool) -> tuple[int, int]:
    if second > 12 or (is_american and not is_dotted):
        return first, second
    if first > 12 or is_dotted:
        return second, first
    raise ValueError("day and month cannot be told apart")


def _built(match: re.Match[str], month: int, day: int | None = None) -> tuple[datetime, str]:
    at = datetime(int(match["year"]), month, day or int(match["day"]), tzinfo=SEOUL)
    if match["hour"] is None:
        return at, "day"
    hour = hour_of_day(int(match["hour"]), match["half"])
    precision = "second" if match["second"] else "minute"
    return on_day(at, hour, int(match["minute"]), int(match["second"] or 0)), precision


def _zoned(match: re.Match[str], text: str, at: datetime, precision: str) -> tuple[datetime, str]:
    return (at if precision == "day" else at.replace(tzinfo=zone_behind(text, match.end()))), precision


def on_day(day: datetime, hour: int, minute: int, second: int) -> datetime:
    """``day`` at a clock; 24:00 is the next day's beginning. Raises ValueError for a clock that cannot be."""
    if (hour, minute, second) == (24, 0, 0):
        return day.replace(hour=0, minute=0, second=0) + timedelta(days=1)
    return day.replace(hour=hour, minute=minute, second=second)
