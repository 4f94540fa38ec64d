"""What the twin answers: status, headers, body, and how it is sent."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer. ``promised`` is a Content-Length larger than what is sent; ``wait`` is in seconds.

    ``repeat`` sends ``body`` that many times, for pages too large to hold.
    """

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    promised: int | None = None
    wait: float = 0.0
    repeat: int = 1
    story_id: str | None = None

    @property
    def length(self) -> int:
        return self.promised if self.promised is not None else len(self.body) * self.repeat


def html_reply(
    text: str, *, status: int = 200, charset: str | None = "utf-8", headers: Mapping[str, str] | None = None
) -> Reply:
    """A page in UTF-8."""
    kind = "text/html" if charset is None else f"text/html; charset={charset}"
    return Reply(status, text.encode(), {"Content-Type": kind, **(headers or {})})


def text_reply(text: str, *, status: int = 200, kind: str = "text/plain; charset=utf-8") -> Reply:
    """Plain text, JSON or XML in UTF-8."""
    return Reply(status, text.encode(), {"Content-Type": kind})


def redirect(location: str, status: int = 302) -> Reply:
    """A redirect with an empty body."""
    return Reply(status, b"", {"Location": location, "Content-Type": "text/html; charset=utf-8"})


def conditional(reply: Reply, request: Mapping[str, str], touched: datetime | None) -> Reply:
    """Add ETag and Last-Modified; 304 where the request's validators still hold (RFC 9110, 13.2.2)."""
    tag = f'"{hashlib.sha256(reply.body).hexdigest()[:20]}"'
    headers = {**reply.headers, "ETag": tag}
    if touched is not None:
        headers["Last-Modified"] = http_date(touched)
    fresh = False
    if "if-none-match" in request:
        fresh = tag in request["if-none-match"] or request["if-none-match"].strip() == "*"
    elif touched is not None and "if-modified-since" in request:
        since = _http_instant(request["if-modified-since"])
        fresh = since is not None and touched.replace(microsecond=0) <= since
    if not fresh:
        return replace(reply, headers=headers)
    return Reply(
        304,
        b"",
        {name: value for name, value in headers.items() if name != "Content-Type"},
        story_id=reply.story_id,
    )


def _http_instant(text: str) -> datetime | None:
    """The instant of an HTTP date; None for a malformed one, which RFC 9110 (13.1.3) says to ignore."""
    try:
        parsed = parsedate_to_datetime(text)
    except ValueError:
        return None
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)


def http_date(when: datetime) -> str:
    """``Fri, 20 Nov 2026 09:00:00 GMT``."""
    return format_datetime(when.astimezone(UTC), usegmt=True)
