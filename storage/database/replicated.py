"""A PostgreSQL server whose commits wait for a standby that is not there: for ever, and without a word."""

from __future__ import annotations

import time

from sqlalchemy import Engine, text

from storage.database.reading import BUSY_SECONDS
from storage.database.refusal import DatabaseRefused, describe

_LOOK_S = 0.2
"""Between two looks whether a standby is back: as often as a server that restarts is looked for."""
_WAITS_FOR = text("""
SELECT current_setting('synchronous_standby_names')
WHERE current_setting('synchronous_standby_names') <> ''
  AND current_setting('synchronous_commit') NOT IN ('off', 'local')
  AND NOT EXISTS (SELECT 1 FROM pg_stat_replication)
""")
"""Who they wait for. Whether a standby is one of those that are meant, only its administrator is told."""


def refuse_unfollowed(engine: Engine, patience: float = BUSY_SECONDS) -> None:
    """Raise DatabaseRefused where no commit would end: no standby comes back within ``patience`` seconds."""
    deadline = time.monotonic() + patience
    while (names := _waits_for(engine)) is not None:
        if time.monotonic() > deadline:
            raise DatabaseRefused(
                f"{describe(engine.url)} lets every commit wait for a standby (synchronous_standby_names is "
                f"{names!r}), and none is connected: start it, or let the server do without "
                "(ALTER SYSTEM RESET synchronous_standby_names; SELECT pg_reload_conf())"
            )
        time.sleep(_LOOK_S)


def _waits_for(engine: Engine) -> str | None:
    with engine.connect() as connection:
        found: str | None = connection.scalar(_WAITS_FOR)
        return found
