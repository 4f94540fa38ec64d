"""What is asked, held against what it may be, before the archive is asked. Pure."""

from __future__ import annotations

from datetime import date, datetime

from newsarchive.errors import WrongQuestion


def check_days(since: date | None, until: date | None) -> None:
    """Raises WrongQuestion: one is no day, or the first lies after the last.

    A datetime is none, though Python takes it for one: its hours would be passed over in silence.
    """
    for name, day in (("since", since), ("until", until)):
        if day is not None and (isinstance(day, datetime) or not isinstance(day, date)):
            raise WrongQuestion(f"{name} takes a day in Korea (datetime.date), got {day!r}")
    if since is not None and until is not None and since > until:
        raise WrongQuestion(f"since {since} lies after until {until}")


def check_limit(limit: int | None) -> None:
    """Raises WrongQuestion: it is no whole number from 0."""
    if limit is not None and (isinstance(limit, bool) or not isinstance(limit, int) or limit < 0):
        raise WrongQuestion(f"limit takes a whole number from 0, or None for all; got {limit!r}")


def check_words(words: str) -> None:
    """Raises WrongQuestion: they are no text."""
    if not isinstance(words, str):
        raise WrongQuestion(f"words are a text, got {words!r}")


def check_seconds(seconds: float | None) -> None:
    """Raises WrongQuestion: it is no number above 0 (infinity and what is no number say nothing)."""
    if seconds is None:
        return
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 < seconds < 10**9:
        raise WrongQuestion(f"seconds takes a number above 0, or None for no end; got {seconds!r}")
