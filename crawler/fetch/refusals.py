"""What an answer says of how its host takes our requests: refusals, Retry-After, Crawl-delay. Pure."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus

from scrapy.http import Response

from crawler.fetch.waits import date_in, waits_in
from storage.frontier.rests import LONGEST_REST_S, LONGEST_WAIT_S, REFUSALS, Answered, Heard


def heard_in(
    response: Response, now: datetime, crawl_delay_s: float, challenge: str | None, *, about_the_host: bool
) -> Heard:
    """What is heard of a host in one answer.

    Args:
        crawl_delay_s: what its robots.txt asks for between two requests.
        challenge: what :func:`challenge_in` finds in it.
        about_the_host: the answer is a file about the host (robots.txt, TDMRep): that it comes does not mean
            that pages do, and no Crawl-delay that is a rest begins with it, or no page would ever follow.
    """
    asked = retry_after(response, now) if _may_put_off(response.status) else None
    rest, reason = asked, f"Retry-After of {asked:.0f} s, with {response.status}" if asked is not None else ""
    if not about_the_host and crawl_delay_s > max(LONGEST_WAIT_S, rest or 0.0):
        rest, reason = crawl_delay_s, f"its robots.txt asks for a Crawl-delay of {crawl_delay_s:.0f} s"
    is_challenge = challenge is not None and not about_the_host
    answered = _answered(response.status, bool(asked), about_the_host=about_the_host)
    return Heard(
        answered=Answered.REFUSED if is_challenge else answered,
        words=f"{response.status}",
        rest_s=rest,
        rest_reason=reason,
    )


def _may_put_off(status: int) -> bool:
    """A refusal, an error, a page that is not ready (202), or a redirect, which is then not followed before
    (RFC 9110 section 10.2.3)."""
    late = status == HTTPStatus.ACCEPTED
    return late or (status >= HTTPStatus.MULTIPLE_CHOICES and status != HTTPStatus.NOT_MODIFIED)


_CHALLENGES = ("x-amzn-waf-action", "cf-mitigated")
"""Headers by which firewalls say that they asked for a proof instead of giving the page: AWS WAF with a 202
(``challenge``) or 405 (``captcha``), Cloudflare with any status. As the two document them, 2026-11."""


def challenge_in(response: Response) -> str | None:
    """A firewall's word that it gave a challenge in the page's place; None for none."""
    said = ((name, _header(response, name)) for name in _CHALLENGES)
    return next((f"{name}: {value}" for name, value in said if value), None)


def _answered(status: int, asks_for_rest: bool, *, about_the_host: bool) -> Answered:
    """A 503 that names a time to come is a refusal; else it is an outage, which is looked at again soon.

    A refused file about the host is no refusal of its pages: a robots.txt that is refused is a missing one
    (RFC 9309 section 2.3.1.3), and if it counted, no page would be asked for after a rest.
    """
    if about_the_host and status in REFUSALS and status != HTTPStatus.TOO_MANY_REQUESTS and not asks_for_rest:
        return Answered.NEITHER
    if status in REFUSALS or (status == HTTPStatus.SERVICE_UNAVAILABLE and asks_for_rest):
        return Answered.REFUSED
    came = 200 <= status < 300 or status == HTTPStatus.NOT_MODIFIED
    return Answered.WELL if came and not about_the_host else Answered.NEITHER


def retry_after(response: Response, now: datetime) -> float | None:
    """Seconds that the server asks us to wait (RFC 9110 section 10.2.3), None when it does not say.

    A value that is neither a length of time nor a date says nothing. Of several the longest counts. A date
    is held against the server's own (``Date``): its clock may be wrong, and it meant a time from its own now.
    """
    theirs = date_in(_header(response, "Date")) or now
    values = (_text(raw) for raw in response.headers.getlist("Retry-After"))
    told = [wait for value in values for wait in waits_in(value, theirs)]
    return min(max(0.0, *told), LONGEST_REST_S) if told else None


def _header(response: Response, name: str) -> str:
    return _text(response.headers.get(name) or b"")


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace").strip()
