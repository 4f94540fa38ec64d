"""What tells that a host is down rather than one page amiss: no whole answer came to a request. Pure."""

from __future__ import annotations

from http import HTTPStatus

from scrapy.exceptions import DownloadCancelledError
from scrapy.http import Response

from crawler.fetch.decoding import Fault
from crawler.fetch.ends import describe
from crawler.run.boundary import StageBroke
from storage.database.opening import DatabaseRefused


def outage_in(response: Response) -> str | None:
    """What an answer has of an outage, in words; None: the host serves, whatever it says of the page."""
    if Fault.CUT in response.flags:
        return "body cut off"
    return f"answered {response.status}" if response.status >= HTTPStatus.INTERNAL_SERVER_ERROR else None


def outage_behind(error: BaseException) -> str | None:
    """Why no answer came, in words; None where one did (too large for us), or where the fault is ours."""
    ours = (DatabaseRefused, StageBroke, DownloadCancelledError)
    return describe(error) if isinstance(error, Exception) and not isinstance(error, ours) else None
