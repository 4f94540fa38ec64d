"""What the archive gives: articles, hits, revisions. Times are aware, in Asia/Seoul; unknown is None."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One of a byline."""

    name: str | None
    role: str | None
    email: str | None
    organisation: str | None
    place: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One story: what its preferred appearance says now. Meanings: docs/exports.md."""

    article_id: int
    url: str
    publisher: str | None
    title: str | None
    subtitle: str | None
    body: str | None
    """Paragraphs separated by a newline."""
    bylines: tuple[Person, ...]
    section: str | None
    tags: tuple[str, ...]
    language: str | None
    dateline_place: str | None
    dateline_agency: str | None
    published_at: datetime | None
    """Midnight where the page gives the day alone."""
    published_precision: str | None
    """``second``, ``minute`` or ``day``."""
    modified_at: datetime | None
    modified_precision: str | None
    sources: tuple[str, ...]
    appearances: int
    copyright_notice: str | None
    rights_holder: str | None
    no_reproduction: bool | None
    """What the notice forbids; None: no notice was read."""
    no_redistribution: bool | None
    no_ai_training: bool | None
    no_collection: bool | None
    reproduction: str | None
    """``allowed``, ``forbidden`` or ``unknown``, by notice and signals: silence is not permission."""
    redistribution: str | None
    ai_training: str | None
    collection: str | None
    duplicate_group: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """An article that a search has found."""

    article_id: int
    url: str
    publisher: str | None
    title: str | None
    subtitle: str | None
    body: str | None
    published_at: datetime | None
    published_precision: str | None
    people: tuple[str, ...]
    """Names and e-mail addresses of the byline."""
    snippet: str | None
    """The text around the first word that was asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One content of a page, from when to when."""

    revision_id: int
    url: str
    title: str | None
    subtitle: str | None
    body: str | None
    byline_line: str | None
    notice: str | None
    valid_from: datetime
    valid_to: datetime | None
    """None: it is the newest."""
    modified_at: datetime | None
    """What the page said of its last change."""


_FLAGS = ("no_reproduction", "no_redistribution", "no_ai_training", "no_collection")


def article_of(row: Mapping[str, Any]) -> Article:
    """The article of a row of an export."""
    made = {
        name: row[name] for name in Article.__slots__ if name not in ("bylines", "tags", "sources", *_FLAGS)
    }
    flags = {name: None if row[name] is None else bool(row[name]) for name in _FLAGS}
    times = {name: moment(row[name]) for name in ("published_at", "modified_at")}
    return Article(
        **made | flags | times,
        bylines=tuple(Person(**one) for one in json.loads(row["bylines"])),
        tags=tuple(json.loads(row["tags"] or "[]")),
        sources=tuple((row["sources"] or "").split(",")) if row["sources"] else (),
    )


def moment(shown: str | None) -> datetime | None:
    """A time as the views show it."""
    return None if shown is None else datetime.fromisoformat(shown)
