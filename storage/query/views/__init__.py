"""The archive's views: their SQL, written here once. An upgrade drops them first and makes them anew.

They are the public face of the archive: columns and values are kept compatible (docs/data-dictionary.md).
Migrations change tables only; the SQL of views in 0001 to 0003 is history.

DuckDB reads a view's SQL by a grammar of its own and hands it back to SQLite: ``count(*)``, ``IS NOT``
between columns and words that are its own (``before``, ``now``) do not survive that.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, inspect, text

from storage.query.collation import sort_by_code_point
from storage.query.kept import create_triggers, drop_triggers
from storage.query.korean import create_function, drop_function
from storage.query.kst import create_indexes, create_kst
from storage.query.views.articles import article_views
from storage.query.views.changes import change_views
from storage.query.views.estimates import count_flags
from storage.query.views.imports import import_views
from storage.query.views.links import link_views
from storage.query.views.operations import operation_views
from storage.query.views.operators import refuse_over
from storage.query.views.people import people_views
from storage.query.views.reporters import reporter_views
from storage.query.views.runs import run_views
from storage.search import spans


def create_views(connection: Connection) -> None:
    """Make every view, and the indexes and statistics of what they show; none of the views may exist."""
    sort_by_code_point(connection)
    create_kst(connection)
    for name, select in views(connection.dialect.name).items():
        connection.execute(text(f"CREATE VIEW {name} AS {select}".replace(":", r"\:")))
    create_function(connection)
    create_indexes(connection)
    spans.create_indexes(connection)
    count_flags(connection)
    create_triggers(connection)


def drop_views(connection: Connection) -> None:
    """Drop the archive's views, those of earlier versions too.

    Raises DatabaseRefused where views of the operator's own stand on them; others of theirs are kept.
    """
    ours = views(connection.dialect.name)
    refuse_over(connection, ours)
    drop_function(connection)
    drop_triggers(connection)
    there = set(inspect(connection).get_view_names())
    for name in reversed(list(ours)):
        if name in there:
            connection.execute(text(f"DROP VIEW {name}"))


def views(backend: str) -> Mapping[str, str]:
    """Name -> SELECT of every view.

    Args:
        backend: ``sqlite`` or ``postgresql``.
    """
    return (
        article_views(backend)
        | people_views(backend)
        | run_views(backend)
        | link_views(backend)
        | change_views(backend)
        | reporter_views(backend)
        | operation_views(backend)
        | import_views(backend)
    )
