"""The lists of the reading room: a reporter's articles, changes, runs, what is in quarantine."""

# ruff: noqa: S608 (the statements are put together from constants; values are bound)

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine

from storage.query.room.rows import Row, row, rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """So many rows from some place on, one more than is shown to tell whether there are more."""

    size: int
    start: int = 0


# The view reporters leaves out who has no byline left, and names the publishers of one number alone.
_ASKED = "coalesce((SELECT same_as_id FROM reporter_alias WHERE reporter_id = :number), :number)"
_SAME = f"(SELECT {_ASKED} UNION SELECT reporter_id FROM reporter_alias WHERE same_as_id = {_ASKED})"
_CREDITED = f"""SELECT DISTINCT appearance.article_id FROM byline
JOIN appearance ON appearance.id = byline.appearance_id WHERE byline.reporter_id IN {_SAME}"""


def reporter(engine: Engine, number: int) -> Row | None:
    """The reporter of this number, or who is the same, with ``publishers`` and ``articles``; None: none."""
    who = row(
        engine,
        f"""
SELECT reporter.id AS reporter_id, reporter.name, reporter.email,
  (SELECT count(article_id) FROM ({_CREDITED}) AS credited) AS articles
FROM reporter WHERE reporter.id = {_ASKED}""",
        number=number,
    )
    if who is None:
        return None
    papers = rows(
        engine,
        f"""
SELECT DISTINCT publisher.name FROM byline JOIN appearance ON appearance.id = byline.appearance_id
JOIN publisher ON publisher.id = appearance.publisher_id WHERE byline.reporter_id IN {_SAME}
ORDER BY publisher.name""",
        number=number,
    )
    return {**who, "publishers": ", ".join(paper["name"] for paper in papers)}


def reporter_articles(engine: Engine, number: int, page: Page) -> list[Row]:
    """The newest first; those without a time at the end."""
    return rows(
        engine,
        f"""
SELECT article_id, url, publisher, title, published_at, published_precision
FROM reporter_articles WHERE reporter_id = {_ASKED}
ORDER BY published_at DESC NULLS LAST, article_id DESC LIMIT :size OFFSET :start""",
        number=number,
        size=page.size + 1,
        start=page.start,
    )


def changes(engine: Engine, page: Page) -> list[Row]:
    """Of the view ``changes``, the newest first."""
    return rows(
        engine,
        "SELECT * FROM changes ORDER BY changed_at DESC, revision_id DESC LIMIT :size OFFSET :start",
        size=page.size + 1,
        start=page.start,
    )


def run(engine: Engine, number: int) -> Row | None:
    """Of the view ``runs``."""
    return row(engine, "SELECT * FROM runs WHERE run_id = :number", number=number)


def run_ends(engine: Engine, number: int) -> list[Row]:
    """What became of a run's addresses, and why: how many of each."""
    return rows(
        engine,
        """
SELECT outcome, reason, count(outcome_id) AS addresses, min(url) AS example FROM outcomes
WHERE run_id = :number GROUP BY outcome, reason ORDER BY outcome, addresses DESC, reason LIMIT 200""",
        number=number,
    )


def run_seeds(engine: Engine, number: int) -> list[Row]:
    """Of the view ``seeds``."""
    return rows(
        engine, "SELECT * FROM seeds WHERE run_id = :number ORDER BY visit_id LIMIT 500", number=number
    )


def quarantined(engine: Engine, page: Page) -> list[Row]:
    """Of the view ``quarantine``, the newest first."""
    return rows(
        engine,
        "SELECT * FROM quarantine ORDER BY at DESC, url LIMIT :size OFFSET :start",
        size=page.size + 1,
        start=page.start,
    )
