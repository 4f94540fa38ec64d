"""Bodies that are gzip without saying so: static ``.gz`` copies that a server sends as they lie. Pure."""

from __future__ import annotations

from crawler.coding import GZIP, CodingError, TooLarge, plain

MAX_UNPACKED = 16 * 1024 * 1024
"""Bytes. Twice the largest page that is read: what unpacks to more is left packed."""


MAX_LIST = 50 * 1024 * 1024
"""Bytes of a list, unpacked: what a sitemap may have (sitemaps.org; Korean houses' reach 20 MB, 2026-11). The
 memory and the time of the reading process bound what else comes so large."""


def unpacked(body: bytes, most: int = MAX_UNPACKED) -> bytes:
    """The body without its gzip; as it is where it is none, is damaged, or is too large.

    Packed twice is unpacked twice: a server that packs what already is packed announces one of them.
    """
    for _ in range(2):
        if not body.startswith(GZIP):
            break
        inner = _gunzipped(body, most)
        if inner is None:
            break
        body = inner
    return body


def damage(body: bytes) -> str | None:
    """Why a body that begins as gzip is not whole; None: it is none, is whole, or is too large to be read."""
    try:
        plain(body if body.startswith(GZIP) else b"", "gzip", MAX_UNPACKED)
    except TooLarge:
        return None
    except CodingError as error:
        return str(error)
    return None


def _gunzipped(body: bytes, most: int) -> bytes | None:
    try:
        return plain(body, "gzip", most)
    except CodingError:
        return None
