"""The views ``reporters`` and ``reporter_articles``.

A reporter has the bylines of its own number and those of the numbers that are beyond doubt the same person
(``reporter_alias``). Both are looked up by index, from the reporter that is asked for: a GROUP BY or DISTINCT
over all bylines would be made whole before the first row is given.
"""

# ruff: noqa: S608 (the statements are put together from constants)

from __future__ import annotations

from storage.query.kst import shown
from storage.query.views.spelling import joined, whole, worded

_SAME = "SELECT alias.reporter_id FROM reporter_alias AS alias WHERE alias.same_as_id = reporter.id"
_OWN = "SELECT alias.reporter_id FROM reporter_alias AS alias WHERE alias.reporter_id = reporter.id"


def _credits(columns: str, whose: str) -> str:
    return f"""SELECT {columns} FROM byline AS credit
    JOIN appearance AS page ON page.id = credit.appearance_id
    WHERE {whose}"""


_ITS_OWN = "credit.reporter_id = reporter.id"
_OF_OTHERS = f"credit.reporter_id IN ({_SAME})"


def reporter_views(backend: str) -> dict[str, str]:
    """Name -> SELECT."""
    return {
        "reporter_numbers": _NUMBERS,
        "reporters": _reporters(backend),
        "reporter_articles": _reporter_articles(backend),
    }


_NUMBERS = """
SELECT id AS reporter_id, id AS number FROM reporter
UNION ALL
SELECT same_as_id, reporter_id FROM reporter_alias"""
"""A view of its own: DuckDB does not hand a UNION within another view back to SQLite as it was."""


def _reporters(backend: str) -> str:
    both = " UNION ".join(_credits("page.article_id AS article_id", one) for one in (_ITS_OWN, _OF_OTHERS))
    articles = whole(f"(SELECT count(credited.article_id) FROM ({both}) AS credited)", backend)
    names = f"""SELECT DISTINCT outlet.name AS publisher FROM byline AS credit
    JOIN appearance AS page ON page.id = credit.appearance_id
    JOIN publisher AS outlet ON outlet.id = page.publisher_id WHERE {_ITS_OWN}"""
    publishers = f"coalesce(publisher.name, {joined(names, 'publisher', backend)})"
    return f"""
SELECT reporter.id AS reporter_id, reporter.name, reporter.email,
  {worded(publishers, backend)} AS publishers, {articles} AS articles
FROM reporter
LEFT JOIN publisher ON publisher.id = reporter.publisher_id
WHERE NOT EXISTS ({_OWN})
  AND (EXISTS (SELECT 1 FROM byline AS credit WHERE {_ITS_OWN})
    OR EXISTS (SELECT 1 FROM byline AS credit WHERE {_OF_OTHERS}))"""


def _reporter_articles(backend: str) -> str:
    """An article once for each reporter, however many of its pages name the reporter, by whichever number."""
    # + 0: an earlier byline is looked for among those of the article, not of the reporter.
    return f"""
SELECT reporter.id AS reporter_id, reporter.name AS reporter, reporter.email, article.id AS article_id,
  address.url, publisher.name AS publisher, article.title,
  {shown("article.published_at", backend)} AS published_at, appearance.published_precision
FROM reporter
JOIN reporter_numbers AS known ON known.reporter_id = reporter.id
JOIN byline AS credit ON credit.reporter_id = known.number
JOIN appearance AS page ON page.id = credit.appearance_id
JOIN article ON article.id = page.article_id
JOIN appearance ON appearance.id = article.preferred_appearance_id
JOIN address ON address.id = appearance.address_id
LEFT JOIN publisher ON publisher.id = article.publisher_id
WHERE NOT EXISTS ({_OWN}) AND NOT EXISTS (
  SELECT 1 FROM appearance AS other
  JOIN byline AS earlier ON earlier.appearance_id = other.id
  JOIN reporter_numbers AS same ON same.number = earlier.reporter_id + 0
  WHERE other.article_id = page.article_id AND earlier.id < credit.id AND same.reporter_id = reporter.id
)"""
