"""The public views of what a rebuild makes anew, ids apart."""

from __future__ import annotations

import json

from tests.crawl.stage import Stage

REBUILT = {
    name: f"SELECT * FROM {name}"
    for name in (
        "articles",
        "appearances",
        "revisions",
        "bylines",
        "rights",
        "near_duplicates",
        "declared_addresses",
        "duplicate_groups",
        "changes",
        "unclear_changes",
        "presence",
        "reporters",
        "reporter_articles",
    )
} | {
    "texts": "SELECT digest, body FROM text",
    "publishers": "SELECT name FROM publisher",
    "images": "SELECT address.url AS page, position, image.url, caption, credit FROM image "
    "JOIN appearance ON appearance.id = appearance_id JOIN address ON address.id = address_id",
}
IDS = frozenset(
    [
        "article_id",
        "other_article_id",
        "appearance_id",
        "revision_id",
        "revision_before",
        "reporter_id",
        "duplicate_group",
        "run_id",
    ]
)


def public(stage: Stage) -> dict[str, list[str]]:
    """Every row of every view, in an order of its own."""
    return {name: sorted(_line(name, row) for row in stage.rows(sql)) for name, sql in REBUILT.items()}


def _line(view: str, row: dict[str, object]) -> str:
    # When a page was seen to be gone is when a crawl settled it; its answer's moment is a little earlier.
    left_out = IDS | {"at"} if view == "presence" else IDS
    kept = {name: value for name, value in row.items() if name not in left_out}
    if view == "near_duplicates":
        kept = _turned(kept)
    return json.dumps(kept, ensure_ascii=False, sort_keys=True, default=str)


def _turned(pair: dict[str, object]) -> dict[str, object]:
    """The side with the lower address first: the view has the lower number so, and numbers are other ones."""
    if str(pair["url"]) <= str(pair["other_url"]):
        return pair
    sides = ("url", "publisher", "title")
    first = {name: pair[f"other_{name}"] for name in sides}
    return pair | first | {f"other_{name}": pair[name] for name in sides}
