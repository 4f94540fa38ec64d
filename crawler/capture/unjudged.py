"""After a kill: pages that were captured but never judged are judged from the WARC file, not refetched."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from storage.clock import utc_now
from storage.frontier.captures import StoredCapture, mark_processed
from storage.frontier.frontier import Frontier
from storage.records import PAGE_STATUSES, Capture, CapturedPage
from storage.records.runs import LeasedAddress
from storage.warc.reading import CaptureDamaged, CaptureMissing, read_payload

log = logging.getLogger("newsarchive")


@dataclass(frozen=True, slots=True, kw_only=True)
class Unjudged:
    """A captured page without an outcome, and the address it belongs to."""

    address: LeasedAddress
    page: CapturedPage
    capture_id: int
    read_attempts: int
    """How often it was handed to a reading process by runs that have died since."""


def take_over(frontier: Frontier, engine: Engine, folder: Path, source: str, run_id: int) -> list[Unjudged]:
    """The last whole page of each address that a dead run captured and did not settle.

    Earlier answers of the same address (a 503 before the page, a redirect) are marked as done, and so
    is one whose record cannot be read back: its address is simply asked again.
    """
    last: dict[int, StoredCapture] = {}
    for stored in frontier.unprocessed_captures(source, run_id):
        assert stored.address_id is not None
        if (earlier := last.get(stored.address_id)) is not None:
            mark_processed(engine, earlier.id, utc_now())
        last[stored.address_id] = stored
    return list(_readable(frontier, engine, folder, run_id, last))


def _readable(
    frontier: Frontier, engine: Engine, folder: Path, run_id: int, last: dict[int, StoredCapture]
) -> Iterator[Unjudged]:
    for address_id, stored in last.items():
        page = None if stored.superseded else _page(folder, stored)
        if page is None:
            mark_processed(engine, stored.id, utc_now())
            continue
        yield Unjudged(
            address=frontier.adopt(run_id, address_id, utc_now()),
            page=page,
            capture_id=stored.id,
            read_attempts=stored.read_attempts,
        )


def _page(folder: Path, stored: StoredCapture) -> CapturedPage | None:
    """The captured page; None when the answer was no whole page or cannot be read back."""
    capture = stored.capture
    if capture.http_status not in PAGE_STATUSES or capture.truncated is not None:
        return None
    try:
        _, _, body = read_payload(folder, capture.warc)
    except (CaptureMissing, CaptureDamaged) as error:
        log.warning("a capture of a killed run is asked again: %s", error)
        return None
    return page_of(capture, capture.url, body)


def page_of(capture: Capture, url: str, body: bytes) -> CapturedPage:
    """What the extractor is given of a capture."""
    return CapturedPage(
        url=url,
        body=body,
        content_type=capture.content_type,
        captured_at=capture.fetched_at,
        truncated=capture.truncated is not None,
        x_robots_tag=capture.signals.x_robots_tag,
        tdm_reservation=capture.signals.tdm_reservation,
        tdm_policy=capture.signals.tdm_policy,
    )
