"""What a file of others holds, one thing after the other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from crawler.configuration.words import FIRST_DAY, LAST_DAY

MAX_BODY = 64 * 1024 * 1024
"""Bytes of a page, as of a crawl (DOWNLOAD_MAXSIZE): what is larger is no page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One answer that may be taken."""

    position: str
    """Where in the file: a byte offset, a line."""
    url: str
    fetched_at: datetime
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    """Content-decoded; empty of a revisit."""
    record: str | None = None
    truncated: str | None = None
    digest: str | None = None
    """Of the payload, as the file says it."""
    revisit: bool = False
    """The body is that of an earlier capture with this digest."""
    made_by: str | None = None
    """The program that fetched it, as its file says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """An address without bytes."""

    position: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """Where an answer should be, and why it cannot be taken."""

    position: str
    reason: str
    url: str | None = None
    record: str | None = None
    fetched_at: datetime | None = None
    whole: bool = False
    """The record is as it was written, and no loss where nobody asked for it."""
    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """A record that is no answer: counted by its kind."""

    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FileProblem:
    """What is wrong with the file as a whole: from here on nothing of it can be read."""

    reason: str


Found = Candidate | Address | Unreadable | Beside | FileProblem


class NotReadable(ValueError):
    """The message says why, in words."""


class Damaged(NotReadable):
    """What is here is not what was written."""


def storable(at: datetime) -> datetime:
    """An instant that both databases and every time zone have.

    Raises:
        NotReadable: it lies beyond what can be a day of an archive.
    """
    if not FIRST_DAY.year <= at.year <= LAST_DAY.year:
        raise NotReadable(f"it says it was captured in the year {at.year}")
    return at
