"""What an answer says of how its host takes our requests: refusals, Retry-After, Crawl-delay. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from scrapy.http import Response

from storage.frontier.rests import LONGEST_REST_S, LONGEST_WAIT_S, REFUSALS, Answered, Heard

_SECONDS = re.compile(r"[0-9]+(?:\.[0-9]*)?\s*(?:s|sec|secs|seconds?)?", re.IGNORECASE)
"""Seconds as RFC 9110 has them, and as servers write them (``1.5``, ``120s``)."""


def heard_in(response: Response, now: datetime, crawl_delay_s: float, *, about_the_host: bool) -> Heard:
    """What is heard of a host in one answer.

    Args:
        crawl_delay_s: what its robots.txt asks for between two requests.
        about_the_host: the answer is a file about the host (robots.txt, TDMRep): that it comes does not mean
            that pages do, and no Crawl-delay that is a rest begins with it, or no page would ever follow.
    """
    asked = retry_after(response, now) if response.status >= HTTPStatus.BAD_REQUEST else None
    rest, reason = asked, f"Retry-After of {asked:.0f} s, with {response.status}" if asked is not None else ""
    if not about_the_host and crawl_delay_s > max(LONGEST_WAIT_S, rest or 0.0):
        rest, reason = crawl_delay_s, f"its robots.txt asks for a Crawl-delay of {crawl_delay_s:.0f} s"
    return Heard(
        answered=_answered(response.status, asked is not None, about_the_host=about_the_host),
        words=f"{response.status}",
        rest_s=rest,
        rest_reason=reason,
    )


def _answered(status: int, asks_for_rest: bool, *, about_the_host: bool) -> Answered:
    """A 503 that names a time is a refusal; without one it is an outage, which is looked at again soon."""
    if status in REFUSALS or (status == HTTPStatus.SERVICE_UNAVAILABLE and asks_for_rest):
        return Answered.REFUSED
    came = 200 <= status < 300 or status == HTTPStatus.NOT_MODIFIED
    return Answered.WELL if came and not about_the_host else Answered.NEITHER


def retry_after(response: Response, now: datetime) -> float | None:
    """Seconds that the server asks us to wait (RFC 9110 section 10.2.3), None when it does not say.

    A value that is neither seconds nor a date says nothing. Of several the longest counts. A date is held
    against the server's own (``Date``): its clock may be wrong, and it meant a time from its own now.
    """
    told = list(_waits(response, _date(_header(response, "Date")) or now))
    return min(max(0.0, *told), LONGEST_REST_S) if told else None


def _waits(response: Response, now: datetime) -> Iterator[float]:
    for raw in response.headers.getlist("Retry-After"):
        value = raw.decode("latin-1").strip()
        if (at := _date(value)) is not None:
            yield (at - now).total_seconds()
            continue
        for one in value.split(","):
            if _SECONDS.fullmatch(one.strip()):
                yield float(re.split(r"[^0-9.]", one.strip())[0])  # infinite at the worst


def _header(response: Response, name: str) -> str:
    return (response.headers.get(name) or b"").decode("latin-1").strip()


def _date(raw: str) -> datetime | None:
    """An HTTP date in any of its three forms; those without a zone are in GMT (RFC 9110 section 5.6.7)."""
    if not re.search(r"[A-Za-z]{3}", raw):  # bare numbers are seconds
        return None
    try:
        at = parsedate_to_datetime(raw)
    except (TypeError, ValueError, OverflowError):  # no date, or a zone beyond the clock
        return None
    return at if at.tzinfo is not None else at.replace(tzinfo=UTC)
