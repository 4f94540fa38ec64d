"""What a seed says of an address now, held against what it said last: does it say that the page changed?

A list prints "22분 전" anew at every poll, and cuts, pads and zones its times as it likes: only a headline,
or a time that is absolute and written as before, tells of the page.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from storage.records.discovery import Discovery

_RELATIVE = (
    r"(?:방금(?:\s*전)?|조금\s*전|어제|그제|그저께|오늘|(?:(?<!\d)\d++|한|두|세|몇)\s*(?:초|분|시간|일|주일?|개월|달|년)\s*전"
    r"|just\s+now|yesterday|today"
    r"|(?:(?<!\d)\d++|an?|few|one)\s*(?:s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|weeks?|months?|years?)\s+ago)"
)
_IS_RELATIVE = re.compile(_RELATIVE, re.IGNORECASE)
_AT_AN_END = re.compile(rf"^\W*+{_RELATIVE}(?!\w)\W*|(?<!\W)\W*+(?<!\w){_RELATIVE}\W*$", re.IGNORECASE)
"""A link that holds a whole list item ends, or begins, with its age."""
_MONTH = re.compile(r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b", re.IGNORECASE)
_CLOCK_ONLY = re.compile(r"\D*\d{1,2}:\d{2}(?::\d{2})?\D*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """The hints of an address at a seed, as stored."""

    title: str | None = None
    time: datetime | None = None
    time_raw: str | None = None
    updated: datetime | None = None
    updated_raw: str | None = None
    section: str | None = None
    publisher: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Differs:
    """In what a seed says otherwise than last."""

    title: bool
    time: bool
    other: bool
    """The section or the publisher: kept, and no reason to ask the page."""

    @property
    def at_all(self) -> bool:
        return self.title or self.time or self.other


def differs(before: Said, found: Discovery) -> Differs:
    """What is said otherwise. A title or time that is not said now, or was not before, is no difference."""
    return Differs(
        title=before.title != found.title_hint
        and _other(_headline(before.title), _headline(found.title_hint)),
        time=other_time(before.time, before.time_raw, found.time_hint, found.time_raw)
        or other_time(before.updated, before.updated_raw, found.updated_hint, found.updated_raw),
        other=_new(before.section, found.section_hint)
        or _new(before.publisher, found.publisher_hint)
        or (before.title is None and found.title_hint is not None)
        or (before.time is None and found.time_hint is not None)
        or (before.updated is None and found.updated_hint is not None),
    )


def _other(before: str | None, now: str | None) -> bool:
    return before is not None and now is not None and before != now


def _new(before: str | None, now: str | None) -> bool:
    return now is not None and before != now


def _headline(title: str | None) -> str | None:
    """The title without an age that is printed before or behind it."""
    return None if title is None else _AT_AN_END.sub("", title).strip() or None


def other_time(
    before: datetime | None, raw_before: str | None, now: datetime | None, raw_now: str | None
) -> bool:
    """Whether two times are absolute, written alike, and not the same.

    >>> other_time(None, "2026.11.20 09:00", None, "2026.11.20 10:30")
    True
    >>> other_time(None, "22분 전", None, "2026.11.20 10:30") or other_time(None, "09:00", None, "10:30")
    False
    """
    if before is not None and now is not None:
        return before != now
    if raw_before == raw_now:  # as almost always
        return False
    shape = _shape(raw_before)
    return shape is not None and shape == _shape(raw_now) and _tidy(raw_before) != _tidy(raw_now)


def _shape(raw: str | None) -> str | None:
    """How an absolute time is written: another shape is another spelling. None: it is no such time."""
    text = _tidy(raw)
    if _IS_RELATIVE.search(text) or _CLOCK_ONLY.fullmatch(text):
        return None
    if len(re.findall(r"\d+", text)) < 3 and not (_MONTH.search(text) and re.search(r"\d", text)):
        return None
    return re.sub(r"[^\W\d_]+", "A", re.sub(r"\d+", "0", text))


def _tidy(raw: str | None) -> str:
    return " ".join((raw or "").split())
