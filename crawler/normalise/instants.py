"""Which of a page's times is the article's: the first that reads, is possible, and is not told otherwise."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta, tzinfo

from crawler.extract.instants import CONFIRM_DAYS, CONFIRMS, SCRIPT_CLOCK, TIME, TIME_TEXT
from crawler.normalise.time import is_epoch, parse_instant
from crawler.normalise.time_named import zone_inside
from crawler.normalise.time_zone import ZONE, named_zone
from storage.records import Instant, Removal
from storage.records.extraction import Raw
from storage.seoul import SEOUL

_AHEAD = timedelta(days=1)
"""How far after the capture a page's time may lie: clocks differ, and some zones are ahead."""
FIRST_YEAR = 1990
"""Korean news sites are younger than the web: an earlier year is a zero, or another unit."""
_WIDEST_ZONE = timedelta(hours=14)
_UTC = re.compile(r"(?:Z|[+-]00:?00)\s*\Z", re.IGNORECASE)
_ZONED = re.compile(r"(?:Z|[+-]\d{2}:?\d{2}|GMT|UTC)\S*\s*\Z", re.IGNORECASE)
_FINER = {"day": ("minute", "second"), "minute": ("second",), "second": ()}

_SENT = re.compile("송고|입력|등록|게재|승인|작성")

Found = tuple[Instant, str]
"""An instant with the rule that gave it."""


def believed(at: datetime | None, seen_at: datetime) -> datetime | None:
    """A time that a list gives for what it names; None where it is none that was seen at ``seen_at``."""
    return at if at is not None and at.year >= FIRST_YEAR and at <= seen_at + _AHEAD else None


def is_past(instant: Instant, seen_by: datetime | None) -> bool:
    """Whether a page that was there at ``seen_by`` (None: at no known moment) can tell of it."""
    return seen_by is None or instant.at <= seen_by + _AHEAD


def choose_instant(
    raws: Sequence[Raw],
    captured_at: datetime | None,
    *,
    seen_by: datetime | None = None,
    beside: Iterable[Raw] = (),
    abroad: bool = False,
    seouls: bool = True,
) -> Found | None:
    """The first of ``raws`` that reads as a time and is not after the capture; None without one.

    A later one that says the same day or minute more exactly is taken instead, and the zone that another
    names for the same clock. ``Z`` behind a clock that a Korean page prints is not believed: some systems
    write Seoul's clock and call it UTC.

    Args:
        seen_by: stands for the capture where nobody says when that was.
        beside: the page's other times: of its change, where it is asked for that of its publication.
        abroad: the page is of no Korean house.
        seouls: a clock whose zone nobody names is Seoul's; else its day alone is known.
    """
    found = [(at, raw.rule) for raw in raws if (at := parse_instant(raw.value, reference=captured_at))]
    everything = [pair for pair in found if is_past(pair[0], captured_at or seen_by)]
    possible = [pair for pair in everything if pair[1] != SCRIPT_CLOCK]
    first = next((pair for pair in possible if _gives(pair)), None)
    if first is None:
        return None
    first = _as_shown(first, possible)
    if (zoned := _in_told_zone(first[0], possible, abroad=abroad)) is not None:
        return zoned, f"{first[1]}, its zone from another"
    if abroad and (zoned := _in_zone_beside(first[0], [raw.value for raw in beside])) is not None:
        return zoned, f"{first[1]}, its zone from beside"
    if not abroad and (printed := _printed_clock(first[0], possible)) is not None:
        return printed, f"{first[1]}, its Z against the printed clock"
    exact, rule = _exact(_local(first, everything), possible)
    return exact if seouls or _is_zoned(first[0], exact) else _without_clock(exact), rule


def sent_line(removed: Iterable[Removal]) -> Raw | None:
    """2026/11/20 18:49 송고: the line under the body that says when the house sent it."""
    lines = [r.text for r in removed if r.rule == "tail.end" and _SENT.search(r.text)]
    return Raw(value=lines[0], rule="end of the body") if lines else None


def _is_zoned(told: Instant, chosen: Instant) -> bool:
    """Whether ``chosen`` is ``told``, whose zone is named, as the page writes it elsewhere: its instant is
    known."""
    is_same = chosen.at.replace(second=0) == told.at.replace(second=0)
    return is_same and told.precision != "day" and _zone_of(told.raw) is not None


def _without_clock(instant: Instant) -> Instant:
    if instant.precision == "day" or _zone_of(instant.raw) is not None:
        return instant
    begins = instant.at.astimezone(SEOUL).replace(hour=0, minute=0, second=0, microsecond=0)
    return replace(instant, at=begins.astimezone(UTC), precision="day")


def _gives(pair: Found) -> bool:
    instant, rule = pair
    return rule != CONFIRMS and not (rule in CONFIRM_DAYS and instant.precision == "day")


def _as_shown(first: Found, possible: Sequence[Found]) -> Found:
    """What a ``time`` element prints, where its attribute is another day's in every zone.

    Some systems write the last change there, behind the printed day of publication (SPIP, 2019).
    """
    if first[1] != TIME:
        return first
    shown = next(iter(possible[possible.index(first) + 1 :]), None)
    if shown is None or shown[1] != TIME_TEXT:
        return first
    begins = shown[0].at.astimezone(SEOUL).replace(hour=0, minute=0, second=0, tzinfo=UTC)
    is_that_day = begins - _WIDEST_ZONE <= first[0].at <= begins + timedelta(days=1) + _WIDEST_ZONE
    return first if is_that_day else shown


def _local(first: Found, others: Iterable[Found]) -> Found:
    """The same instant as the page writes it in its own zone, where it does: that is the day which it means.

    A clock without a zone is the same instant where it differs from the UTC one by whole half hours alone.
    """
    instant = first[0]
    if not _UTC.search(instant.raw) or instant.precision == "day":
        return first
    for other, rule in others:
        if other.precision == "day" or _UTC.search(other.raw):
            continue
        if other.at == instant.at or (not _ZONED.search(other.raw) and _shifted(instant, other, rule)):
            return replace(instant, raw=other.raw), rule
    return first


def _shifted(instant: Instant, other: Instant, rule: str) -> bool:
    wall = other.at.astimezone(SEOUL).replace(tzinfo=UTC)  # as printed
    shift = abs(wall - instant.at)
    if other.precision != "second" and rule != SCRIPT_CLOCK:
        return False
    return timedelta(0) < shift <= _WIDEST_ZONE and not shift % timedelta(minutes=30)


def _exact(first: Found, others: Iterable[Found]) -> Found:
    instant = first[0]
    told = "day" if _is_midnight(instant) else instant.precision
    for other, rule in sorted(others, key=lambda pair: _is_midnight(pair[0])):
        if other.precision not in _FINER[told]:
            continue
        same_day = other.at.astimezone(SEOUL).date() == instant.at.astimezone(SEOUL).date()
        same_minute = other.at.replace(second=0) == instant.at.replace(second=0)
        if same_minute or (told == "day" and same_day):
            return other, rule
    return first


def _is_midnight(instant: Instant) -> bool:
    """Midnight to the second: what a system writes that keeps days, where the page may print the clock."""
    return instant.at.astimezone(SEOUL).time() == time()


_BEHIND_ZONE = re.compile(r"[)\]]?\s*(?:\([^()]*\))?\s*\Z")
_DATE_END = re.compile(r"\d{4}-\d{1,2}\Z")


def _zone_of(printed: str) -> tzinfo | None:
    """The zone of a time which was read already; None where it has none, or none that is known."""
    for match in ZONE.finditer(printed):
        if _BEHIND_ZONE.match(printed, match.end()) and not _DATE_END.search(printed[: match.start()]):
            try:
                return named_zone(match["zone"])
            except ValueError:  # +99:99: the time was read from another part of the text
                return None
    return UTC if is_epoch(printed) else zone_inside(printed)


def _in_told_zone(instant: Instant, others: Iterable[Found], *, abroad: bool) -> Instant | None:
    """The same clock in the zone that another time names; None where none does.

    ``2026-11-20 18:11:01.0`` and even ``2026-11-20T18:11:01Z`` beside ``2026-11-20T18:11:01+02:00`` (n-tv.de,
    golem.de, 2024); ``Z`` itself is a zone to go by on a page from abroad alone.
    """
    told = _zone_of(instant.raw)
    if instant.precision == "day" or (told and not _UTC.search(instant.raw)):
        return None
    clock = _clock(instant)
    for other, _ in others:
        if other.precision == "day" or _zone_of(other.raw) is None:
            continue
        is_zone = not _UTC.search(other.raw) or (abroad and not told)
        if is_zone and _clock(other).replace(second=0) == clock.replace(second=0):
            at = clock - (_clock(other) - other.at)
            return replace(instant, at=at) if at != instant.at else None
    return None


def _clock(instant: Instant) -> datetime:
    """The clock as printed, called UTC; without a zone it was read as Seoul's."""
    return instant.at.astimezone(_zone_of(instant.raw) or SEOUL).replace(tzinfo=UTC)


def _in_zone_beside(instant: Instant, others: Iterable[str]) -> Instant | None:
    """A clock without a zone in the one that the page's other times of the same day name."""
    if instant.precision == "day" or _zone_of(instant.raw):
        return None
    day = _clock(instant).date().isoformat()
    zones = {_zone_of(raw) for raw in others if raw.startswith(day) and not _UTC.search(raw)} - {None}
    zone = zones.pop() if len(zones) == 1 else None
    return replace(instant, at=_clock(instant).replace(tzinfo=zone).astimezone(UTC)) if zone else None


def _printed_clock(instant: Instant, others: Iterable[Found]) -> Instant | None:
    """``instant`` as Korean time where it says ``Z`` and the page prints the same clock without a zone."""
    if not _UTC.search(instant.raw) or instant.precision == "day":
        return None
    wall = instant.at.astimezone(UTC).replace(tzinfo=None, second=0)
    for other, _ in others:
        if other.precision == "day" or _ZONED.search(other.raw):
            continue
        if other.at.astimezone(SEOUL).replace(tzinfo=None, second=0) == wall:
            return replace(instant, at=instant.at - timedelta(hours=9))
    return None
