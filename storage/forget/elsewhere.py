"""Copies of the archive that may hold a page: by when they were made, and by what their manifests say."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from shlex import quote
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.copies import DATABASE, FILE, Copy
from storage.models import AppearanceRow, PublisherRow
from storage.seoul import SEOUL

UNFINISHED = ".unfinished"
"""How the name of a file ends that is not whole yet."""
_MONTH = re.compile(r"articles-(\d{4}-\d{2}|undated)\.")
"""How ``export --by-month`` names its files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What an export chooses articles by, of the article that is looked for."""

    sources: frozenset[str]
    publishers: frozenset[str]
    days: frozenset[date | None]
    """Of publication in Korea, as each page says; None: it says none."""


def shown(session: Session, articles: Sequence[int]) -> Shown:
    """Of every page of these articles: an export may be older than the last of them."""
    rows = session.execute(
        select(AppearanceRow.source, PublisherRow.name, AppearanceRow.published_at)
        .outerjoin(PublisherRow, PublisherRow.id == AppearanceRow.publisher_id)
        .where(AppearanceRow.article_id.in_(articles))
    ).all()
    return Shown(
        sources=frozenset(source for source, _, _ in rows if source),
        publishers=frozenset(name for _, name, _ in rows if name),
        days=frozenset(None if at is None else at.astimezone(SEOUL).date() for _, _, at in rows),
    )


def elsewhere(
    copies: Sequence[Copy],
    since: datetime,
    article: Shown,
    *,
    own: str | None = None,
    until: datetime | None = None,
) -> Iterator[str]:
    """A line for each copy, or file of an export, that may hold the article.

    Several exports into one folder share a manifest, which names the files of all: each is told once.

    Args:
        since: when the archive first saw it; what was made before does not hold it.
        own: the place of the archive's database, which a copy may have become.
        until: when it was gone from the archive; what was made later does not hold it. None: it is there.
    """
    span = _Span(since, until)
    others = [one for one in copies if one.kind != DATABASE or _is_another(one.place, own)]
    yield from dict.fromkeys(_lines(others, span, article))


@dataclass(frozen=True, slots=True)
class _Span:
    """While the archive held an article."""

    since: datetime
    until: datetime | None

    def __contains__(self, made: datetime) -> bool:
        return self.since <= made and (self.until is None or made <= self.until)


def _is_another(place: str, own: str | None) -> bool:
    """Whether a copied database is not the archive's own, nor a file that its folder has no more."""
    file = Path(place)
    gone = file.is_absolute() and file.parent.is_dir() and not file.exists()
    return place != own and not gone


def _lines(copies: Sequence[Copy], span: _Span, article: Shown) -> Iterator[str]:
    for one in copies:
        if datetime.fromisoformat(one.at) not in span:
            continue
        if one.kind == "backup":
            yield f"backup {one.place} of {one.at}; newsarchive backup {quote(one.place)} takes it out there"
            continue
        if one.kind == DATABASE:
            yield f"database {one.place}, copied on {one.at}; delete it, and its line in {FILE}"
            continue
        files = _files(one)
        if files is None:
            gone = "" if one.manifest is None else f" (its manifest {one.manifest} cannot be read)"
            yield f"{one.kind} {one.place} of {one.at}{gone}; make it anew or delete it"
            continue
        for name, entry in sorted(files.items()):
            if _may_hold(name, entry, span, article):
                where = Path(str(one.manifest)).parent / name
                yield f"{one.kind} {where} of {entry.get('made_at')}; make it anew or delete it"
        for path in _unnamed(Path(one.place), files):
            yield f"{one.kind} {path} of {one.at}, which did not come to its end; make it anew or delete it"


def _unnamed(place: Path, named: Mapping[str, Any]) -> list[Path]:
    """What an export wrote that was ended before its manifest: files, and parts of them that lie beside."""
    by_month = place.is_dir()
    whole, part = ("articles-", ".articles-") if by_month else (place.name, f".{place.name}.")
    try:
        there = sorted((place if by_month else place.parent).iterdir())
    except OSError:
        return []  # not to be had here; what the manifest names is told all the same
    return [
        path
        for path in there
        if path.name not in named
        and (
            (path.name.startswith(part) and path.name.endswith(UNFINISHED))
            or (path.name.startswith(whole) if by_month else path == place)
        )
    ]


def _files(one: Copy) -> Mapping[str, Any] | None:
    """What an export's manifest says of its files; None where there is none that can be read."""
    if one.manifest is None:
        return None
    try:
        files = json.loads(Path(one.manifest).read_text("utf-8"))["files"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    named = isinstance(files, dict) and all(isinstance(entry, dict) for entry in files.values())
    return files if named else None


def _may_hold(name: str, entry: Mapping[str, Any], span: _Span, article: Shown) -> bool:
    """Only what surely does not hold it is passed over."""
    try:
        if datetime.fromisoformat(str(entry.get("made_at"))) not in span:
            return False
    except (ValueError, TypeError):
        return True
    wanted = entry.get("wanted")
    unknown = not (article.sources or article.days)  # its rows are gone: an interrupted takedown goes on
    if unknown or not isinstance(wanted, dict) or "sql" in wanted:
        return True
    if wanted.get("source") and wanted["source"] not in article.sources:
        return False
    if wanted.get("publisher") and wanted["publisher"] not in article.publishers:
        return False
    return any(_in_days(day, wanted, _MONTH.search(name)) for day in article.days)


def _in_days(day: date | None, wanted: Mapping[str, Any], month: re.Match[str] | None) -> bool:
    if month is not None and month[1] != ("undated" if day is None else f"{day:%Y-%m}"):
        return False
    first, last = wanted.get("since"), wanted.get("until")
    if day is None:
        return not first and not last
    return (not first or str(day) >= str(first)) and (not last or str(day) <= str(last))
