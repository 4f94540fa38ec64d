"""The truth about one saved page, from either kind of file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from crawler.quality.hashing import line_hash, squeeze, title_hash, token_hashes

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """One credited person as a reader of the page would name it."""

    name: str | None
    role: str | None
    email: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What a page says. Times are ISO 8601 with offset, cut to the minute (``2023-11-01T08:01``)."""

    outcome: str
    title: str | None
    """``title_hash`` of the title."""
    publisher: str | None
    publisher_printed: bool
    """False: the saved page does not name it, so that an empty field is right too, a wrong one is not."""
    published: str | None
    modified: str | None
    notice: str | None
    bylines: tuple[Credit, ...]
    tokens: Counter[str] | None
    """Token hashes of the body; None when the page has none."""
    lines: frozenset[str]
    """``line_hash`` of each line of the body."""
    text: str | None
    """The squeezed body where it may be kept (own pages), None elsewhere."""


def from_own(record: Record) -> Expected:
    """Of an ``expected.json`` (the JSON of ``newsarchive extract``)."""
    body = record["body"]
    return Expected(
        outcome=record["outcome"],
        title=title_hash(record["title"]),
        publisher=record["publisher"],
        publisher_printed=True,
        published=minute(record["published_at"]),
        modified=minute(record["modified_at"]),
        notice=record["copyright_notice"],
        bylines=_credits(record),
        tokens=token_hashes(body) if body else None,
        lines=frozenset(line_hash(line) for line in (body or "").split("\n")),
        text=squeeze(body) if body else None,
    )


def from_shared(record: Record) -> Expected:
    """Of a file of ``tests/quality/shared``: facts and hashes."""
    counted = [word.partition("*") for word in record["tokens"]]
    return Expected(
        outcome=record["outcome"],
        title=record["title"],
        publisher=record["publisher"],
        publisher_printed=record["publisher_printed"],
        published=record["published"],
        modified=record["modified"],
        notice=record["notice"],
        bylines=_credits(record),
        tokens=Counter({word: int(times or 1) for word, _, times in counted}) if counted else None,
        lines=frozenset(record["lines"]),
        text=None,
    )


def minute(time: str | None) -> str | None:
    """``2020-05-22T09:39:02+09:00`` -> ``2020-05-22T09:39``; a day stays a day."""
    return time[:16] if time else None


def _credits(record: Record) -> tuple[Credit, ...]:
    return tuple(Credit(name=p["name"], role=p["role"], email=p["email"]) for p in record["bylines"])
