"""What deduplicate asks of the archive and answers, and what the writer did."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from storage.records import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Sibling:
    """A page of the article that a candidate belongs to, the candidate included."""

    appearance_id: int
    url: str
    site_id: str | None
    published_at: datetime | None
    by_text: bool
    """Nothing but a text may hold it in the article."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An article already stored that a new appearance may belong to."""

    article_id: int
    publisher: str | None
    title: str | None
    body: str | None
    published_at: datetime | None
    urls: tuple[str, ...] = ()
    """Addresses of its appearances and their aliases."""
    original_urls: tuple[str, ...] = ()
    declared: tuple[str, ...] = ()
    """Addresses that its page names as its own."""
    site_id: str | None = None
    siblings: tuple[Sibling, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Why a new appearance belongs to a stored article."""

    article_id: int
    rule: str
    """``original_url``, ``alias``, ``site_id``, ``text``."""
    score: float
    displaces: tuple[int, ...] = ()
    """Appearances of the article that give way: another page of the new one's site, less near in time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What the writer did with one article."""

    outcome: Outcome
    reason: str
    article_id: int | None
    appearance_id: int | None = None
