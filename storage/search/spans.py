"""Stretches of time, as PostgreSQL's index holds them beside the bigrams of each entry.

GIN gives all entries that hold some bigrams, however old: for a common word that is to read the archive. So
each entry also tells in which stretch of time it lies, in five lengths, and a window of the newest entries is
asked for as some of these stretches *and* the bigrams: GIN then passes over what the stretches do not hold.
Twenty newest hits took 234 ms in an archive of a million articles without, 2026-11-26 (with: docs/search.md).
"""

from __future__ import annotations

from sqlalchemy import Connection, text

SHIFTS = (12, 15, 18, 21, 24)
"""Lengths in bits of an entry's number: 64 minutes, 8.5 hours, 2.8 days, 3 weeks, half a year (64 numbers a
minute, storage/search/place.py). Each eight times the one before."""
MOST = 10
"""Stretches that a window is asked in: eight and those at its two edges."""


def stretch(number: int, shift: int) -> int:
    """The stretch of this length that an entry lies in; no two of any length are called the same."""
    return (number >> shift) * 64 + shift


def between(first: int, end: int) -> list[int] | None:
    """The shortest stretches that cover the entries from ``first`` to before ``end``; None: too many.

    >>> between(5 << 12, 7 << 12)
    [332, 396]
    """
    for shift in SHIFTS:
        lowest, highest = max(0, first) >> shift, (end - 1) >> shift
        if highest - lowest < MOST:
            return [stretch(number << shift, shift) for number in range(lowest, highest + 1)]
    return None


def of_entry(number: str) -> str:
    """SQL for an entry's stretches, in the index and in what asks it the same letters."""
    return f"(ARRAY[{', '.join(f'({number} >> {shift}) * 64 + {shift}' for shift in SHIFTS)}])"


OF_WORDS = "ix_search_index_words_stretches"


def create_indexes(connection: Connection) -> None:
    """Make PostgreSQL's index of bigrams and stretches, with the views; nothing on SQLite."""
    if connection.dialect.name == "postgresql":
        indexed = f"search_index USING gin (words, {of_entry('id')})"
        connection.execute(text(f"CREATE INDEX IF NOT EXISTS {OF_WORDS} ON {indexed}"))
