"""What every reader of settings shares, without the library that reads the environment (60 ms of a start)."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlsplit

DEFAULT_DELAY_S = 1.0
"""DESIGN promise: at least one second between two requests to a host."""
MAX_DELAY_S = 86400.0
"""Our choice: a crawl that asks less than once a day is a schedule's work."""
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)
"""What can be a day of a news archive, with room to count in: the calendar of the databases ends later."""


class WrongSetting(ValueError):
    """A setting that cannot be used; the message is one sentence for the person who set it."""


def parse_origin(pair: str) -> tuple[str, str]:
    """``daum=http://127.0.0.1:8000`` -> (source, base URL without a trailing slash).

    Raises:
        WrongSetting: not of that form.
    """
    source, _, url = pair.strip().partition("=")
    if "@" in url:  # whatever stands before it may be a password, also where the rest is no URL
        raise WrongSetting(
            f"the origin of {source!r} holds a user name or password: it would be stored with every run, "
            "and is refused"
        )
    if not source or not _is_server(url):
        raise WrongSetting(
            f"an origin is SOURCE=URL, for instance daum=http://127.0.0.1:8000; got {pair[:80]!r}"
        )
    return source, url.rstrip("/")


def _is_server(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # no port, a host in a lone bracket
        return False
