"""Alembic's entry: on a connection that storage.database hands over, or on NEWSARCHIVE_DATABASE_URL."""

from __future__ import annotations

import os
from typing import Any, Literal

from alembic import context
from alembic.util import CommandError
from sqlalchemy import Connection

from migrations.lacking import make_search
from storage.database.opening import CHANGE_LOCKS, open_database
from storage.database.revisions import REVISIONS
from storage.database.tables import refuse_lacking
from storage.database.waiting import change_tables
from storage.models import ARRAYS_IN_POSTGRESQL
from storage.models.base import whole_metadata
from storage.query.views import create_views, drop_views

OWN_VIEWS = (None, "0001", "0002", "0003")
"""Revisions that make their views themselves; None: an empty database."""


def _render(kind: str, thing: Any, _context: Any) -> str | Literal[False]:
    """Write plain SQLAlchemy types into new migrations: they outlive the classes of today."""
    name = type(thing).__name__
    if kind == "type" and name == "UtcDateTime":
        return "sa.DateTime(timezone=True)"
    if kind == "type" and name == "StorableText":
        return "sa.Text()"
    return False


def _is_ours(name: str | None, kind: str, _parents: Any) -> bool:
    """Leave out what the indexes of words and keys are made of: it is no model."""
    return kind != "table" or not (name or "").startswith(("search_index", *ARRAYS_IN_POSTGRESQL.values()))


def _migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=whole_metadata(),
        render_item=_render,
        include_name=_is_ours,
        # SQLite's DDL is transactional once the driver leaves transactions to us.
        transactional_ddl=True,
    )
    with context.begin_transaction():
        if _revision() not in OWN_VIEWS:
            drop_views(connection)
        context.run_migrations()
        if _revision() == REVISIONS[-1]:  # the views name columns that earlier tables do not have
            refuse_lacking(connection)
            make_search(connection, context.config.attributes.get("say", print))
            create_views(connection)


def _revision() -> str | None:
    return context.get_context().get_current_revision()


def _url() -> str:
    url = context.get_x_argument(as_dictionary=True).get("url") or os.environ.get("NEWSARCHIVE_DATABASE_URL")
    if not isinstance(url, str) or not url:
        raise CommandError("say which database: set NEWSARCHIVE_DATABASE_URL, or use -x url=...")
    return url


def _run() -> None:
    if context.is_offline_mode():
        raise CommandError("the migrations look at the database and cannot be written as a script")
    given: Connection | None = context.config.attributes.get("connection")
    if given is not None:
        _migrate(given)
        return
    engine = open_database(_url())
    change_tables(engine, _migrate, CHANGE_LOCKS, print)
    engine.dispose()


_run()
