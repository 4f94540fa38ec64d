"""The words of the command line, read once: days, moments, numbers, addresses. A wrong one is a sentence."""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path
from typing import Any

from crawler.configuration.words import FIRST_DAY, LAST_DAY, MAX_DELAY_S, WrongSetting, parse_origin
from storage.seoul import SEOUL

MOST = 10**9
"""What a count may be: more than any archive has rows of, less than a database's number."""

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WEEK = re.compile(r"([0-9]{4})-?[Ww]([0-9]{2})")
_WHOLE = re.compile(r"[0-9]{1,30}")
_MOMENT = re.compile(r"[0-9T:.+\- Z]+")


class WrongWord(Exception):
    """A word that cannot be read. No ValueError: typer would put its own words around it."""


class _Word:
    """Reads one option's words. ``read`` raises ValueError for a wrong one, ``takes`` says what is right."""

    takes: str

    def __init__(self, option: str) -> None:
        self.option = option
        self.__name__ = type(self).__name__  # what typer calls the type

    def __call__(self, text: Any) -> Any:
        """Text to value. A default is a value already."""
        if not isinstance(text, str):
            return text
        try:
            return self.read(text)
        except WrongSetting as error:
            raise WrongWord(str(error)) from error
        except (ValueError, OverflowError) as error:
            raise WrongWord(f"{self.option} takes {self.takes}, got {shown(text)}") from error

    def read(self, text: str) -> Any:
        raise NotImplementedError


def shown(text: str) -> str:
    """A wrong word as it is repeated to whoever typed it: short, and in characters that print."""
    return repr(text[:80]) if text.isprintable() else ascii(text[:80])


class Place(_Word):
    """A path. An empty word is an unset variable of a shell, and would name the working directory."""

    takes = "a path"

    def read(self, text: str) -> Path:
        if not text.strip():
            raise ValueError(text)
        return Path(text)


class Day(_Word):
    """A day in Korea."""

    takes = f"a day as YYYY-MM-DD between {FIRST_DAY} and {LAST_DAY}"

    def read(self, text: str) -> date:
        if not _DAY.fullmatch(text):
            raise ValueError(text)
        day = date.fromisoformat(text)
        if not FIRST_DAY <= day <= LAST_DAY:
            raise ValueError(text)
        return day


class IsoWeek(_Word):
    """A week in Korea by its ISO name or a day in it, as a day of it; ``last`` stays as it is."""

    takes = f"a week as 2026-W47, or a day in it, between {FIRST_DAY} and {LAST_DAY}"

    def read(self, text: str) -> Any:
        if text == "last":
            return text
        named = _WEEK.fullmatch(text)
        day = date.fromisocalendar(int(named[1]), int(named[2]), 1) if named else Day(self.option).read(text)
        if not FIRST_DAY <= day <= LAST_DAY:
            raise ValueError(text)
        return day


class Moment(_Word):
    """An instant; without a zone it is Asia/Seoul."""

    takes = f"a moment as 2026-11-20T18:00+09:00 between {FIRST_DAY} and {LAST_DAY}"

    def read(self, text: str) -> datetime:
        if not _MOMENT.fullmatch(text):
            raise ValueError(text)
        at = datetime.fromisoformat(text)
        if not FIRST_DAY <= at.date() <= LAST_DAY:
            raise ValueError(text)
        return at if at.tzinfo is not None else at.replace(tzinfo=SEOUL)


class SlotMoment(Moment):
    """The due moment of a slot, or ``now``; kept as it was written."""

    takes = "a moment as 2026-11-22T06:00+09:00, or now"

    def read(self, text: str) -> Any:
        if text != "now":
            super().read(text)
        return text


class SinceMoment(Moment):
    """A moment, the beginning of a day, or ``last``: the last time that somebody asked."""

    takes = "a moment as 2026-11-22T06:00+09:00, a day as 2026-11-22, or last"

    def read(self, text: str) -> Any:
        return text if text == "last" else super().read(text)


class WholeNumber(_Word):
    """A count."""

    def __init__(self, option: str, low: int = 1, high: int = MOST) -> None:
        super().__init__(option)
        self.low, self.high = low, high
        self.takes = f"a whole number from {low} to {high}"

    def read(self, text: str) -> int:
        if not _WHOLE.fullmatch(text) or not self.low <= int(text) <= self.high:
            raise ValueError(text)
        return int(text)


class Seconds(_Word):
    """A time to wait."""

    takes = f"seconds from 0 to {MAX_DELAY_S:g}"

    def read(self, text: str) -> float:
        if not text.isascii() or not 0 <= (seconds := float(text)) <= MAX_DELAY_S:  # NaN is not either
            raise ValueError(text)
        return seconds


class WebAddress(_Word):
    """The address of a page."""

    takes = "a web address"

    def read(self, text: str) -> str:
        from crawler.normalise.url import canonical_url

        if canonical_url(text) is None:
            raise WrongSetting(f"not a web address: {shown(text)}")
        return text


class Origin(_Word):
    """``SOURCE=URL``; the URL is never repeated: it may hold a password."""

    def read(self, text: str) -> str:
        if "," in text:
            raise WrongSetting("an --origin is one SOURCE=URL: give the option again for another source")
        parse_origin(text)
        return text


class OneOf(_Word):
    """One of a few words."""

    def __init__(self, option: str, *words: str) -> None:
        super().__init__(option)
        self.words = words

    def read(self, text: str) -> str:
        if text not in self.words:
            raise WrongSetting(f"{self.option} is one of {', '.join(self.words)}; got {shown(text)}")
        return text
