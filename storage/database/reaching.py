"""How a PostgreSQL server is reached, and how both ends notice that the other is gone."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from sqlalchemy import URL

_NOTICED = {"tcp_keepalives_idle": 10, "tcp_keepalives_interval": 5, "tcp_keepalives_count": 3}
_UNANSWERED_MS = 20_000
"""A cut between a machine and the server sends no word to either. Both ends notice it within 25 seconds (our
choice: under the 60 of a lease), by default after two hours, during which a session that was cut off in its
transaction would keep every other writer waiting."""
IDLE_MS = 60_000
"""Longest pause of a writer within its transaction, which takes milliseconds, before the server ends it: a
process that is stopped there holds up the others for no longer. Our choice."""


_SESSION = {
    "timezone": "UTC",  # what psql shows
    "client_encoding": "UTF8",  # a server in another locale would otherwise choose it
    "DateStyle": "ISO,YMD",  # what the driver reads
    "IntervalStyle": "postgres",
    "extra_float_digits": 1,
    "standard_conforming_strings": "on",
    "transform_null_equals": "off",
    "default_transaction_isolation": "read\\ committed",
    # A policy that hides rows is refused, as pg_dump does: counts, exports and backups would lack them.
    "row_security": "off",
    # Of a transaction that rests, as while captures are read in mid-question; of writers IDLE_MS.
    "idle_in_transaction_session_timeout": "10min",
    # A plan over the views looks dear, and is compiled for a second of the processor to answer with three
    # rows (three exports: 3.1 and 0.8 s, PostgreSQL 15, 2026-11-26).
    "jit": "off",
    # Of nothing but that the rest of this came: who passes sessions around drops all of it, or refuses it.
    "newsarchive.session": "own",
}
"""What a statement of ours means must not depend on what was set for the role, the database or the server."""


OWN_SESSION = """
SELECT session,
  CASE WHEN session = 'own' AND current_setting('transaction_timeout', true) <> '0'
    THEN set_config('transaction_timeout', '0', false) END,
  CASE WHEN session = 'own' AND current_setting('idle_session_timeout', true) <> '0'
    THEN set_config('idle_session_timeout', '0', false) END
FROM (SELECT current_setting('newsarchive.session', true)) AS told (session)
"""
"""Asked of each new connection: ``own``, or the session is another's too. One of ours is also freed of what
a role or a server lets a whole transaction take (PostgreSQL 17; an export is one) or a session rest (14):
earlier servers would refuse either among the options that begin it."""
READ_ONLY = "SET default_transaction_read_only = on"
"""Said to a reader's session once there is one. Among the options that begin it, this would be what the URL's
``target_session_attrs=read-write`` is held against: of a primary and its standby neither would be taken."""


def connect_arguments(url: URL) -> dict[str, Any]:
    """How PostgreSQL is reached, whichever library asks: both ends notice when the other is gone.

    What the URL says itself stays: its options (a ``search_path``) stand before ours.
    """
    ours = {**_SESSION, **_NOTICED, "tcp_user_timeout": _UNANSWERED_MS}
    own = url.query.get("options", "")
    options = [own if isinstance(own, str) else " ".join(own)]
    options += [f"-c {name}={value}" for name, value in ours.items()]
    client = {name.removeprefix("tcp_"): seconds for name, seconds in _NOTICED.items()}
    client |= {"tcp_user_timeout": _UNANSWERED_MS, "connect_timeout": 10}
    said = {name: value for name, value in client.items() if name not in url.query}
    return {**said, "options": " ".join(options).strip()}


def place_of(url: URL) -> str:
    """A database by its place, to be told from another: a file's whole path, or a server's; no password."""
    if url.get_backend_name() == "sqlite":
        return str(Path(str(url.database)).resolve())
    options = url.query.get("options")
    return f"{url.database} {reached_at(url)}" + (f" ({options})" if options else "")


def reached_at(url: URL) -> str:
    """Where a server is, as libpq takes it: by the URL, else by a service, else by the environment."""
    hosts = [url.host] if url.host else _listed(url, "host") or _listed(url, "hostaddr")
    if not hosts and (service := url.query.get("service") or os.environ.get("PGSERVICE")):
        return f"of the service {service}"
    hosts = hosts or os.environ.get("PGHOST", "localhost").split(",")
    port = str(url.port or ",".join(_listed(url, "port")) or os.environ.get("PGPORT", "5432"))
    ports = port.split(",") * (1 if "," in port else len(hosts))
    if any(":" in host for host in hosts[1:]):  # SQLAlchemy's way: host=ONE:5432&host=OTHER:5433
        return f"at {' or '.join(hosts)}"
    return f"at {' or '.join(f'{host}:{own}' for host, own in zip(hosts, ports, strict=False))}"


def _listed(url: URL, name: str) -> list[str]:
    """The values of an option that the URL names once with commas, or again and again."""
    said = url.query.get(name, ())
    return [one for each in ([said] if isinstance(said, str) else said) for one in each.split(",") if one]
