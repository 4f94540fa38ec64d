"""How a visit ended: statuses and failures put into the archive's outcomes, each with a reason."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
    IgnoreRequest,
)
from twisted.python.failure import Failure

from crawler.fetch.wire_words import wire_words
from crawler.run.boundary import StageBroke, words_of
from crawler.run.turns import Resting
from crawler.sources.base import Source
from crawler.stages import KIND_OUTCOMES
from storage.frontier.rests import REFUSALS
from storage.records import Article, Capture, Outcome, PageKind
from storage.records.runs import LeasedAddress

End = tuple[Outcome, str]


def end_of_status(status: int, meta: Mapping[str, Any]) -> End:
    """The outcome of an answer that is no page."""
    if challenge := meta.get("challenged"):  # a challenge is no page, whatever its status
        return Outcome.BLOCKED, f"refused ({status}, {challenge}){_until(meta)}"
    if status == 304:
        if not _was_conditional(meta):  # nothing is held that could be unmodified
            return Outcome.FAILED, "answered 304, though no condition was sent"
        return Outcome.UNCHANGED, "not modified (304)"
    if status in (404, 410):
        return Outcome.GONE, f"{status}"
    if status in REFUSALS:
        return Outcome.BLOCKED, f"refused ({status}){_until(meta)}"
    if 300 <= status < 400:
        return Outcome.FAILED, f"redirect that leads nowhere ({status})"
    return Outcome.FAILED, f"answered {status}{_until(meta)}"


_TURNED_AWAY = re.compile(
    r"(?:^|[/_.-])(?:(?:log|sign)[_-]?in|auth|sso|captcha|challenge|consent|verify|blocked|denied|forbidden)(?:[/_.-]|$)",
    re.IGNORECASE,
)
"""Paths to which a site sends whom it does not serve; our choice."""


def end_of_answer(asked: str, answered: str, status: int, meta: Mapping[str, Any]) -> End:
    """The outcome of an article's address whose answer is no page.

    That the login to which a site leads whom it does not serve is not there says nothing of the article.
    """
    outcome, reason = end_of_status(status, meta)
    if outcome is Outcome.GONE and answered != asked and _TURNED_AWAY.search(urlsplit(answered).path):
        return Outcome.BLOCKED, f"redirected to {answered} ({status})"
    return outcome, reason


def led_astray(source: Source, asked: str, answered: str) -> bool:
    """Whether an article's address was redirected to what is no article's of its source."""
    return answered != asked and source.address(answered) is None


def end_of_stray(url: str, read: Article | None = None) -> End:
    """The outcome of an article's address that was redirected to what is no article of its source.

    Args:
        read: what the page there is. One that says that the article is gone, that refuses or that is an error
            message says it of the address asked for; whatever else stands there is another page.
    """
    if _TURNED_AWAY.search(urlsplit(url).path):
        return Outcome.BLOCKED, f"redirected to {url}"
    if read is None or read.kind in {PageKind.ARTICLE, PageKind.NOT_ARTICLE}:
        return Outcome.NOT_ARTICLE, f"redirected to {url}"
    outcome = KIND_OUTCOMES[read.kind]
    return outcome, f"{read.reason or outcome.value} (redirected to {url})"


def _was_conditional(meta: Mapping[str, Any]) -> bool:
    """Whether the request said what is held of its address: lists are never asked so."""
    address: LeasedAddress | None = meta.get("address")
    return address is not None and bool(address.etag or address.last_modified)


def _until(meta: Mapping[str, Any]) -> str:
    resting: Resting | None = meta.get("resting")
    return f", {resting}" if resting else ""


def end_of_failure(error: BaseException) -> End:
    """The outcome of a request that got no answer, or was never sent."""
    if isinstance(error, (Refused, Resting)):
        return Outcome.BLOCKED, describe(error)
    if isinstance(error, (IgnoreRequest, StageBroke)):
        return Outcome.FAILED, describe(error)
    if isinstance(error, tuple(FAILURES)) or wire_words(error):
        return Outcome.FAILED, describe(error)
    return Outcome.FAILED, f"{type(error).__name__}: {describe(error)}"


class Refused(IgnoreRequest):
    """The request is not sent; the message is the outcome's reason."""


class OutsideSource(Refused):
    """A page or list pointed outside the source's hosts."""


class RobotsForbid(Refused):
    """robots.txt forbids the address, or could not be read, which means wait."""


FAILURES: Mapping[type[BaseException], str] = {
    DownloadTimeoutError: "no whole answer in time",
    CannotResolveHostError: "DNS does not resolve the host's name",
    DownloadConnectionRefusedError: "connection refused",
    DownloadCancelledError: "larger than the crawler takes",
}
"""Failures of the wire that have words of ours."""


def describe(error: BaseException) -> str:
    """A failure in one line: our words for it, else its own, else its name."""
    for kind, ours in FAILURES.items():
        if isinstance(error, kind):
            return f"{ours}{_deadline(error)}"
    return wire_words(error) or words_of(error) or type(error).__name__


_DEADLINE = re.compile(r"longer than ([0-9.]+) seconds")
"""Scrapy's own words of a time-out (scrapy.core.downloader.handlers.http11, 2.19)."""


def _deadline(error: BaseException) -> str:
    """How long an answer was waited for: a server that drips may be told from one that is away."""
    found = _DEADLINE.search(str(error)) if isinstance(error, DownloadTimeoutError) else None
    return f" ({float(found[1]):g} s)" if found else ""


def cause(failure: Failure) -> BaseException:
    """What Scrapy's failure is made of."""
    return failure.value or RuntimeError("failed without an error")


def capture_id(request: Request | None) -> int | None:
    """The capture of the request's last answer; None when it got none, or was never made."""
    captured: tuple[int, Capture] | None = request.meta.get("capture") if request else None
    return captured[0] if captured else None
