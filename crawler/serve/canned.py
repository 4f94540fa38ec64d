"""Questions that stand ready on Datasette's pages: some with a field to fill in, then the recipes' page."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

_HERE = Path(__file__).resolve()
_PAGES = (_HERE.with_name("recipes.txt"), _HERE.parents[2] / "docs" / "recipes.md")
"""In an installed package, in a checkout."""
_RECIPE = re.compile(
    r"^## (?P<number>\d+)\. (?P<title>[^\n]+)\n(?P<said>(?:(?!## |```)[^\n]*\n)*)```sql\n(?P<sql>.*?)\n```",
    re.MULTILINE | re.DOTALL,
)


@cache
def queries() -> dict[str, dict[str, str]]:
    """Name in the address -> what Datasette wants to know of a canned query."""
    return {**_WITH_FIELDS, **_recipes()}


def _recipes() -> dict[str, dict[str, str]]:
    page = next(path for path in _PAGES if path.exists()).read_text(encoding="utf-8")
    return {
        f"recipe-{int(found['number']):02d}": {
            "title": f"{found['number']}. {found['title']}",
            "description": " ".join(found["said"].split()),
            "sql": found["sql"].rstrip(";"),
        }
        for found in _RECIPE.finditer(page)
    }


_WITH_FIELDS = {
    "words": {
        "title": "낱말이 든 기사 · articles that hold words",
        "sql": """SELECT article_id, published_at, publisher, title, url FROM articles
WHERE article_id IN (SELECT korean_match(:words)) ORDER BY published_at DESC LIMIT 100""",
    },
    "of_a_reporter": {
        "title": "기자 한 사람의 기사 · one reporter's articles",
        "sql": """SELECT article_id, published_at, publisher, title, url FROM articles
WHERE article_id IN (SELECT article_id FROM bylines WHERE email = :email) ORDER BY published_at DESC""",
    },
    "of_a_page": {
        "title": "한 주소의 수정본 · revisions of one address",
        "sql": """SELECT valid_from, valid_to, title, modified_at, revision_id FROM revisions
WHERE url = :url ORDER BY valid_from""",
    },
    "missing": {
        "title": "어느 날부터 아직 없는 것 · what is not there, since a day",
        "sql": """SELECT day, source, sum(failed) AS failed, sum(blocked) AS blocked,
  sum(quarantined) AS quarantined, sum(pending) AS pending FROM coverage
WHERE day >= :since GROUP BY day, source HAVING failed + blocked + quarantined + pending > 0
ORDER BY day DESC, source LIMIT 200""",
    },
}
