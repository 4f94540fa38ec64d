"""Whether a list came to its end: one that breaks off names fewer pages than it has, and looks well."""

from __future__ import annotations

import re

from crawler.discover.json_feed import is_json

_ROOT = re.compile(rb"<(rss|feed|rdf:rdf|urlset|sitemapindex|html)(?:\s[^<>]*?)?(/?)>", re.IGNORECASE)
_HEAD = 64 * 1024
"""Bytes in which a document's first tag stands, behind declarations, a DTD and comments."""


def broken_off(body: bytes) -> str | None:
    """Why a list's bytes are not all of it, in a sentence; None where nothing says so.

    A feed or a page that opens its root element and never closes it ended on the way, or its server broke in
    the middle of it. JSON that breaks off is none, which its parser says.
    """
    if is_json(body) or body.lstrip()[:1] == b"[":
        return None
    root = _ROOT.search(_plain(body[:_HEAD]))
    if root is None or root.group(2):
        return None
    name = root.group(1)
    if re.search(rb"</" + re.escape(name) + rb"\s*>", _plain(body), re.IGNORECASE):
        return None
    return f"The list breaks off: it opens <{name.decode()}> and never closes it."


def _plain(body: bytes) -> bytes:
    """The bytes as ASCII has them: UTF-16 has a NUL beside each."""
    return body.replace(b"\0", b"") if b"\0" in body else body
