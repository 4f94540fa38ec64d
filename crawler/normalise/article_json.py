"""An article as one JSON object: what ``newsarchive extract`` prints, key for key."""

from __future__ import annotations

from typing import Any

from storage.records import Article, Instant, PageKind
from storage.seoul import SEOUL

Json = dict[str, Any]


def as_json(article: Article) -> Json:
    """The object of ``newsarchive extract``: plain JSON types, unknown values as null.

    Times are ISO 8601 with +09:00, as exact as the page was: seconds only where it gave seconds, the
    date alone where it gave no more. ``outcome`` is ``article`` or why there is none; the latter comes with a
    ``reason``. A page that is no article has no invented fields: all but the address are null or empty.
    """
    found: Json = {
        "url": article.url,
        "source": article.source,
        "publisher": article.publisher,
        "title": article.title,
        "subtitle": article.subtitle,
        "body": article.body,
        "section": article.section,
        "tags": list(article.tags),
        "language": article.language,
        "extractor": article.extractor,
        "published_at": time_text(article.published),
        "modified_at": time_text(article.modified),
        "dateline": _dateline(article),
        "bylines": _bylines(article),
        "copyright_notice": article.rights.notice,
        "rights": _rights(article),
        "images": [{"url": i.url, "caption": i.caption, "credit": i.credit} for i in article.images],
        "original_url": article.original_url,
        "summary": article.summary,
        "outcome": article.kind.value,
    }
    if article.kind is not PageKind.ARTICLE:
        found["reason"] = article.reason
    return found


def explained(article: Article) -> Json:
    """``as_json`` with ``rules`` (field -> rule that gave it) and ``removed`` (rule, text) added."""
    return {
        **as_json(article),
        "rules": dict(article.rules),
        "removed": [{"rule": r.rule, "text": r.text} for r in article.removed],
    }


def time_text(instant: Instant | None) -> str | None:
    """``2020-05-22T09:39:02+09:00``, ``2020-05-22T09:39+09:00`` or ``2020-05-22``, by the precision."""
    if instant is None:
        return None
    local = instant.at.astimezone(SEOUL)
    if instant.precision == "day":
        return local.date().isoformat()
    return local.isoformat(timespec="seconds" if instant.precision == "second" else "minutes")


def _dateline(article: Article) -> Json | None:
    line = article.dateline
    return {"place": line.place, "agency": line.agency, "raw": line.raw} if line else None


def _bylines(article: Article) -> list[Json]:
    return [
        {
            "name": p.name,
            "role": p.role,
            "email": p.email,
            "organisation": p.organisation,
            "place": p.place,
            "raw": p.raw,
        }
        for p in article.bylines
    ]


def _rights(article: Article) -> Json:
    rights = article.rights
    return {
        "holder": rights.holder,
        "year": rights.year,
        "no_reproduction": rights.no_reproduction,
        "no_redistribution": rights.no_redistribution,
        "no_ai_training": rights.no_ai_training,
        "no_collection": rights.no_collection,
    }
