"""Capture: an answer's bytes to the WARC file, its facts to a Capture record. Nothing is judged."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.http import Response

from crawler.capture.tdmrep import Reservation
from storage.clock import utc_now
from storage.records import Capture, FetchSignals
from storage.records.runs import LeasedAddress
from storage.warc.facts import Facts
from storage.warc.store import WarcWriter, payload_digest


def capture_exchange(warc: WarcWriter, request: Request, response: Response) -> Capture:
    """Write the request and its answer to the WARC file; the place comes back in the capture.

    Raises:
        OSError: the disk refused; nothing of this answer was kept.
    """
    fetched_at = utc_now()
    truncated = "disconnect" if "dataloss" in response.flags else None
    signals, digest = signals_of(request, response), payload_digest(response.body)
    exchange: dict[str, Any] = {
        "url": request.url,
        "fetched_at": fetched_at,
        "request": request_head(request),
        "http_status": response.status,
        "reason": reason_phrase(response.status),
        "response_headers": headers_of(response),
        "facts": facts_of(request, signals),
    }
    if response.status == HTTPStatus.NOT_MODIFIED:  # a revisit, since it has no body of its own
        place = warc.write_revisit(**exchange, **_still_valid(request))
    else:
        place = warc.write_exchange(**exchange, body=response.body, truncated=truncated, digest=digest)
    return Capture(
        url=request.url,
        fetched_at=fetched_at,
        http_status=response.status,
        content_type=header(response, "Content-Type"),
        etag=header(response, "ETag"),
        last_modified=header(response, "Last-Modified"),
        payload_digest=digest,
        payload_length=len(response.body),
        warc=place,
        final_url=header(response, "Location"),
        truncated=truncated,
        signals=signals,
    )


def _still_valid(request: Request) -> dict[str, Any]:
    """What a 304 refers to, where it answers a condition that was sent."""
    address: LeasedAddress | None = request.meta.get("address")
    if address is None or (held := address.held) is None:
        return {}
    return {
        "refers_to_url": held.url,
        "refers_to_digest": held.payload_digest,
        "refers_to_date": held.fetched_at,
    }


def facts_of(request: Request, signals: FetchSignals) -> Facts:
    """What the records must say of this one answer so that its row could be made from them alone."""
    address: LeasedAddress | None = request.meta.get("address")
    listed = address.listed if address else None
    visit = request.meta.get("visit")
    return {
        "address": address.url if address else None,
        "seed": visit.seed.url if visit else listed.seed if listed else None,
        "title_hint": listed.title_hint if listed else None,
        "time_hint": listed.time_raw if listed else None,
        "section_hint": listed.section_hint if listed else None,
        "publisher_hint": listed.publisher_hint if listed else None,
        "robots_allowed": signals.robots_allowed,
        "robots_rule": signals.robots_rule,
        "tdm_reservation": signals.tdm_reservation,
        "tdm_policy": signals.tdm_policy,
    }


def headers_of(response: Response) -> list[tuple[str, str]]:
    """Every header as received, in order, repeated ones repeated."""
    return [
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in response.headers.items()
        for value in values
    ]


def reason_phrase(status: int) -> str:
    """Scrapy drops the server's words; the standard's stand in for them."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def request_head(request: Request) -> bytes:
    parts = urlsplit(request.url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    head = f"{request.method} {target} HTTP/1.1\r\nHost: {parts.netloc}\r\n".encode(
        "ascii", "backslashreplace"
    )
    return head + request.headers.to_string() + b"\r\n\r\n"


def signals_of(request: Request, response: Response) -> FetchSignals:
    """The machine-readable rights signals of one answer."""
    allowed, rule = request.meta.get("robots", (None, None))
    # The header speaks for this one answer, the file for the site: the nearer one wins.
    declared: Reservation | None = request.meta.get("tdm")
    return FetchSignals(
        robots_allowed=allowed,
        robots_rule=rule,
        x_robots_tag=header(response, "X-Robots-Tag"),
        tdm_reservation=header(response, "tdm-reservation") or (declared.reservation if declared else None),
        tdm_policy=header(response, "tdm-policy") or (declared.policy if declared else None),
    )


def as_sent(value: str) -> bytes:
    """A header that `header` gave, as its server sent it: each of its letters stands for a byte."""
    return value.encode("latin-1", "replace")


def header(response: Response, name: str) -> str | None:
    """All values of a header, joined as RFC 9110 section 5.3 allows; None when absent."""
    values = response.headers.getlist(name)
    return ", ".join(value.decode("latin-1") for value in values) or None
