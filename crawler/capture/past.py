"""Old captures read again by today's reader: bytes from the WARC file, through the one door, to articles."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path

from crawler.capture.unjudged import page_of
from crawler.reading.process import ReadingUnavailable
from storage.frontier.captures import StoredCapture
from storage.records import PAGE_STATUSES, Article, CapturedPage, PageKind
from storage.warc.objects import StoreRefused
from storage.warc.reading import CaptureDamaged, CaptureMissing, read_payload

log = logging.getLogger("newsarchive")

Read = Callable[[CapturedPage], Awaitable[Article]]
"""Today's reader: bytes in, article out."""


async def read_past(captures: Iterable[StoredCapture], folder: Path, read: Read) -> dict[int, Article]:
    """Capture -> what today's reader makes of it.

    Left out, and told in the log, is what is gone, damaged, no whole page, no article to today's reader, or
    breaks it: a difference to what was stored of it is then "reader or site".

    Raises:
        ReadingUnavailable: nothing can be read here now, which says nothing of the captures.
    """
    found = {}
    for stored in captures:
        article = await _read_one(stored, folder, read)
        if article is not None:
            found[stored.id] = article
    return found


async def _read_one(stored: StoredCapture, folder: Path, read: Read) -> Article | None:
    capture = stored.capture
    if stored.removed is not None:
        log.info("the capture %d of %s has no bytes any more: %s", stored.id, capture.url, stored.removed)
        return None
    if capture.http_status not in PAGE_STATUSES:
        log.warning("the capture %d of %s is no page: %d", stored.id, capture.url, capture.http_status)
        return None
    try:
        _, _, body = await asyncio.to_thread(read_payload, folder, capture.warc)  # it may come from afar
        article = await read(page_of(capture, capture.url, body))
    except StoreRefused as error:
        raise ReadingUnavailable(str(error)) from error
    except (CaptureMissing, CaptureDamaged, OSError) as error:
        log.warning("the capture %d of %s cannot be read again: %s", stored.id, capture.url, error)
        return None
    except ReadingUnavailable:
        raise
    except Exception:  # the stage boundary: the writer records the difference as "reader or site"
        log.exception("the reader broke on the old capture %d of %s", stored.id, capture.url)
        return None
    if article.kind is not PageKind.ARTICLE:
        why = article.reason or article.kind.value
        log.info("the capture %d of %s shows no article: %s", stored.id, capture.url, why)
        return None
    return article
