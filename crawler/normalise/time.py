"""Times as Korean news pages print them, read into aware UTC instants.

Forms: docs/sites/daum.md 2, docs/sites/fnnews.md 3 (seen 2018 to 2026), ISO 8601 for JSON-LD; those with a
month's name are in ``time_named``. A time without a zone is Korean time, one with a zone that cannot be
read no time. Years of two digits are refused (05.06.07 can be read in three ways) but
where they are marked as years (26년, '26) or proven by the day of the week (Tue, 03 Nov 26).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo
from html import unescape

from storage.records import Instant
from storage.seoul import HALVES, SEOUL, WEEKDAYS, hour_of_day

from .time_named import on_day, read_named
from .time_zone import zone_behind

_LONGEST = 200
"""Characters looked at: the longest line seen (fnnews: 입력, 수정 and the link after them) has under 80."""

_CLOCK = (
    rf"(?P<half>{HALVES})?\s*(?P<hour>\d{{1,2}})\s*(?::\s*(?P<minute>\d{{1,2}})"
    r"|[시時]\s*(?:(?P<minute_ko>\d{1,2})\s*[분分]|(?P<half_hour>반)(?![가-힣]))?)\s*(?::\s*(?P<second>\d{1,2})(?:[.,]\d{1,9})?"
    r"|(?P<second_ko>\d{1,2})\s*[초秒])?"
    r"(?:\s*(?P<half_after>[AaPp]\.?[Mm](?![A-Za-z])\.?|오전|오후))?\s*"
)
_YEAR = (
    r"(?:(?<!\d)(?P<year>(?:19|20)\d{2})\s*"
    r"|(?<![\d.])(?:['’](?=\d\d\.)|(?=\d\d[년年]))(?P<short>\d{2}))"
)
_DATE = re.compile(
    rf"{_YEAR}(?:(?P<sep>[.\-/])\s*(?P<month>\d{{1,2}})\s*(?P=sep)\s*(?P<day>\d{{1,2}})(?!\d)"
    r"|[년年]\s*(?P<month_ko>\d{1,2})\s*[월月]\s*(?P<day_ko>\d{1,2})\s*[일日])"
)
_BETWEEN = (
    rf"\.?\s*(?:\(?(?:{WEEKDAYS}|(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{{0,6}}\.?)\)?\s*)?"
    r"(?:T|[^\w\s.+\-]{1,2}|[\u1175\u119e]|-(?=\s)|\bat\b)?\s*"
)
"""Between a day and its hour: any sign but a zone's; \u1175 and \u119e are what Unicode makes of the letters
ㅣ and ㆍ that stand for a bar and a dot."""
_AFTER_DATE = re.compile(
    _BETWEEN + _CLOCK.removesuffix(r"\s*"),
    re.IGNORECASE,
)
_NOON = re.compile(r"(?:낮\s*)?정오(?![가-힣])")
_CLOCK_ONLY = re.compile(_CLOCK)
_LOOKS_LIKE_CLOCK = re.compile(rf"{_BETWEEN}(?:{HALVES})?\s*\d{{1,2}}\s*[:시]", re.IGNORECASE)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:\s?(\d{2}):?(\d{2})(?::?(\d{2})(?:\d{3})?)?)?")
_ISO_BASIC = re.compile(r"((?:19|20)\d{6})T(\d{4}(?:\d{2})?)(?:[.,]\d{1,9})?(Z|[+-]\d{2}:?\d{2})?")
_EPOCH = re.compile(r"(?:/Date\()?(?P<seconds>1\d{9})(?:\.?\d{3}|\.\d{1,9})?(?:[+-]\d{4})?(?:\)/)?")
"""Seconds or milliseconds since 1970, from 2001 on; ``/Date(...)/`` is what ASP.NET prints."""
_LOST_PLUS = re.compile(r"\s\d{2}:\d{2}\Z")
_FIRST_DAY = datetime(1970, 1, 2, tzinfo=UTC)
"""No page is older: the first of January 1970 is what a machine prints for a time that it does not know."""
_AGO = re.compile(r"(?P<count>\d{1,4})\s*(?P<unit>초|분|시간|일|주)\s*전")
_AGO_UNITS = {"초": 1, "분": 60, "시간": 3600, "일": 86400, "주": 7 * 86400}
_DAY_WORDS = {"오늘": 0, "어제": 1, "어저께": 1, "그제": 2, "그저께": 2, "엊그제": 2}


def parse_instant(raw: str, *, reference: datetime | None = None) -> Instant | None:
    """Read the first time that ``raw`` prints; None when there is none or it cannot exist.

    ``reference`` is the aware moment at which the page was seen. Only with it are relative times read
    (22분 전, 3시간 전, 어제, 방금, a clock without a date): the last such clock before it. Hours, days and
    weeks ago have precision ``day``: the page says no more. Seconds' fractions are left to ``raw``.
    """
    text = unicodedata.normalize("NFKC", unescape(raw[:_LONGEST])).replace("\u2010", "-").strip()
    if "정오" in text:
        text = _NOON.sub("12:00", text)
    readers: tuple[Callable[[str], tuple[datetime, str] | None], ...]
    readers = (_read_digits, _read_date, read_named)
    try:
        found = next((hit for read in readers if (hit := read(text)) is not None), None)
        if found is None and reference is not None and not _DATE.search(text):
            found = _read_relative(text, reference)
        if found is None:
            return None
        at, precision = found
        if at.astimezone(UTC) < _FIRST_DAY:
            return None
        return Instant(at=at.astimezone(UTC).replace(microsecond=0), precision=precision, raw=raw)
    except (ValueError, OverflowError):  # an impossible date such as 2023. 2. 30.
        return None


def is_epoch(raw: str) -> bool:
    """Whether a time is a count of seconds since 1970: an instant in any zone."""
    return _EPOCH.fullmatch(raw.strip()) is not None


def instant_from_id(site_id: str) -> Instant | None:
    """Read the creation time out of a Daum (17 digits) or fnnews (18 digits) article id.

    A fallback only: an embargoed story is created hours before the time its page gives (fnnews,
    docs/sites/fnnews.md 1).
    """
    if not re.fullmatch(r"[0-9]{17,18}", site_id):
        return None
    try:
        at = datetime.strptime(site_id[:14], "%Y%m%d%H%M%S").replace(tzinfo=SEOUL)
    except ValueError:
        return None
    if not 1990 <= at.year <= 2100:  # Korean news sites are younger than the web
        return None
    return Instant(at=at.astimezone(UTC), precision="second", raw=site_id)


def _read_digits(text: str) -> tuple[datetime, str] | None:
    if epoch := _EPOCH.fullmatch(text):
        return datetime.fromtimestamp(int(epoch["seconds"]), UTC), "second"
    if basic := _ISO_BASIC.fullmatch(text):
        found = _read_digits(basic[1] + basic[2])
        return found and (found[0].replace(tzinfo=zone_behind(basic[3] or "", 0)), found[1])
    match = _COMPACT.fullmatch(text)
    if match is None or not 1900 <= int(match[1]) <= 2099:
        return None
    parts = [int(part) for part in match.groups() if part is not None]
    precision = {3: "day", 5: "minute", 6: "second"}[len(parts)]
    year, month, day, *clock = parts
    hour, minute, second = [*clock, 0, 0, 0][:3]
    return datetime(year, month, day, hour, minute, second, tzinfo=SEOUL), precision


def _read_date(text: str) -> tuple[datetime, str] | None:
    date = _DATE.search(text)
    if date is None:
        return None
    day = datetime(
        int(date["year"] or 0) or 2000 + int(date["short"]),
        int(date["month"] or date["month_ko"]),
        int(date["day"] or date["day_ko"]),
        tzinfo=SEOUL,
    )
    clock = _AFTER_DATE.match(text, date.end())
    if clock is None:
        if _LOOKS_LIKE_CLOCK.match(text, date.end()):
            return None  # a clock that cannot be read: half of a time is not the time
        return day, "day"
    at, precision = _at_clock(day, clock)
    return at.replace(tzinfo=_zone_of(text, clock.end())), precision


def _zone_of(text: str, at: int) -> tzinfo:
    """A plus sign that a form's decoding made a blank (``T09:00:00 09:00``) is a plus sign."""
    if _LOST_PLUS.match(text, at):
        return zone_behind("+" + text[at:].strip(), 0)
    return zone_behind(text, at)


def _read_relative(text: str, reference: datetime) -> tuple[datetime, str] | None:
    if ago := _AGO.search(text):
        at = reference - timedelta(seconds=int(ago["count"]) * _AGO_UNITS[ago["unit"]])
        return at, "minute" if ago["unit"] in ("초", "분") else "day"
    if text.startswith("방금"):
        return reference, "minute"
    today = reference.astimezone(SEOUL).replace(hour=0, minute=0, second=0, microsecond=0)
    word = next((word for word in _DAY_WORDS if text.startswith(word)), None)
    clock = _CLOCK_ONLY.search(text)
    if word is not None:
        day = today - timedelta(days=_DAY_WORDS[word])
        return _at_clock(day, clock) if clock else (day, "day")
    if clock is None or text[: clock.start()].strip(" :입력등록수정기사|") or text[clock.end() :].strip(" |"):
        return None
    at, precision = _at_clock(today, clock)
    return (at - timedelta(days=1) if at > reference else at), precision


def _at_clock(day: datetime, clock: re.Match[str]) -> tuple[datetime, str]:
    """Put a matched clock on a day. Raises ValueError for a clock that cannot exist."""
    hour = hour_of_day(int(clock["hour"]), clock["half"] or (clock["half_after"] or "").replace(".", ""))
    minute = int(clock["minute"] or clock["minute_ko"] or (30 if clock["half_hour"] else 0))
    second = clock["second"] or clock["second_ko"]
    return on_day(day, hour, minute, int(second or 0)), "second" if second else "minute"
