"""The lists of the reading room: a reporter's articles, changes, runs, what is in quarantine."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine

from storage.query.room.rows import Row, row, rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """So many rows from some place on, one more than is shown to tell whether there are more."""

    size: int
    start: int = 0


def reporter(engine: Engine, number: int) -> Row | None:
    """The reporter of this number, or who is the same; None: there is none."""
    return row(
        engine,
        """
SELECT * FROM reporters WHERE reporter_id = coalesce(
  (SELECT same_as_id FROM reporter_alias WHERE reporter_id = :number), :number)""",
        number=number,
    )


def reporter_articles(engine: Engine, number: int, page: Page) -> list[Row]:
    """The newest first; those without a time at the end."""
    return rows(
        engine,
        """
SELECT article_id, url, publisher, title, published_at FROM reporter_articles WHERE reporter_id = :number
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
