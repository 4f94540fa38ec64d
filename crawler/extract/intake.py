"""What is judged before parsing: empty, too big, not HTML, cut off."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from crawler.packing import damage
from storage.records import CapturedPage, PageKind

MAX_BYTES = 8 * 1024 * 1024
"""The largest page that is parsed. Real Korean article pages are 11 to 380 kB (66 pages, 2026-11)."""

_MAGIC = (
    (b"%PDF", "a PDF"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"\x89PNG", "a PNG image"),
    (b"GIF8", "a GIF image"),
    (b"RIFF", "a RIFF file"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"\x1f\x8b", "gzip data"),
    (b"\x00\x00\x00\x18ftyp", "a video"),
    (b"\x00\x00\x00\x20ftyp", "a video"),
    (b"\xd0\xcf\x11\xe0", "an Office or HWP document"),
)
_OTHERS = frozenset({"image", "audio", "video", "font", "model"})
"""Kinds of content that no article is written in. Text and unknown kinds may be a page that went wrong."""
_NOTHING = re.compile(rb"(?>(?:[\xef\xbb\xbf\xfe\xff \t\r\n\f\v\0]++|<!--.*?-->)*)", re.DOTALL)
"""Byte order marks, white space, NUL and comments: a page of nothing else is empty. It ends at the first byte
of a page."""
_HTML = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|meta|div|section|article|p|h[1-6]|table|span|main|script)[\s>/]",
    re.IGNORECASE,
)
_FEED = re.compile(rb"<(?:rss|feed|rdf:RDF|urlset|sitemapindex)[\s>]", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why a page is not read any further, in one sentence."""

    kind: PageKind
    reason: str


def refuse_bytes(page: CapturedPage) -> Refusal | None:
    """A refusal from the bytes and the headers alone, None when they may be a page."""
    body = page.body
    if page.truncated:
        return Refusal(kind=PageKind.INCOMPLETE, reason="The page is cut off: the fetch ended early.")
    if _NOTHING.fullmatch(body):
        return Refusal(kind=PageKind.INCOMPLETE, reason="The page is empty.")
    if (said := damage(body)) is not None:
        return Refusal(kind=PageKind.INCOMPLETE, reason=f"The page is gzip that cannot be unpacked: {said}.")
    if len(body) > MAX_BYTES:
        return Refusal(
            kind=PageKind.QUARANTINED,
            reason=f"The page has {len(body)} bytes; more than {MAX_BYTES} are not parsed.",
        )
    what = _not_html(body, page.content_type)
    if what is not None:
        return Refusal(kind=PageKind.NOT_ARTICLE, reason=f"The page is {what}, not HTML.")
    if not _has_markup(body):
        return Refusal(kind=PageKind.QUARANTINED, reason="The page is text without any markup, not HTML.")
    return None


def _not_html(body: bytes, content_type: str | None) -> str | None:
    for magic, name in _MAGIC:
        if body.startswith(magic):
            return name
    head = body.lstrip(b"\xef\xbb\xbf \t\r\n")[:4096]
    if head[:1] in (b"{", b"[") and _is_json(body):
        return "JSON"
    if _FEED.search(head):
        return "a feed or a sitemap"
    kind = (content_type or "").partition(";")[0].strip().lower()
    return kind if kind.partition("/")[0] in _OTHERS and not _has_markup(body) else None


def _has_markup(body: bytes) -> bool:
    return _HTML.search(body[:65536]) is not None or _is_utf16(body)


def _is_json(body: bytes) -> bool:
    try:
        json.loads(body)
    except (ValueError, RecursionError):
        return False
    return True


def _is_utf16(body: bytes) -> bool:
    return body[:2] in (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")
