"""Which answers may be a page, told by what they say of themselves. Pure."""

from __future__ import annotations

from collections.abc import Sequence

Headers = Sequence[tuple[str, str]]

_MAYBE = frozenset({"text/plain", "application/xml", "text/xml", "application/octet-stream"})
"""Types that servers give pages, too."""
_IN_FRONT = b"\xef\xbb\xbf\xfe\xff \t\r\n"


def header(headers: Headers, name: str) -> str | None:
    """The values of a header, whatever the case of its name."""
    return ", ".join(value for key, value in headers if key.strip().lower() == name) or None


def other_kind(headers: Headers) -> str | None:
    """Why what is of this type is no page; None: it may be one, or does not say."""
    kind = _content_type(headers)
    if not kind or "html" in kind or kind in _MAYBE:
        return None
    return f"no page: {kind[:60]}"


def no_page(headers: Headers, body: bytes) -> str | None:
    """Why an answer is no page; None: it may be one."""
    if not _content_type(headers):
        begin = body[:1024].lstrip(_IN_FRONT).replace(b"\0", b"")
        return None if begin.startswith(b"<") else "no page"
    return other_kind(headers) or (None if body.strip() else "no page: it is empty")


def _content_type(headers: Headers) -> str:
    return (header(headers, "content-type") or "").partition(",")[0].partition(";")[0].strip().lower()
