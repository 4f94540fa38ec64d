"""What counts as an outage of a host, and what is a page's own matter."""

from __future__ import annotations

import pytest
from scrapy.exceptions import CannotResolveHostError, DownloadCancelledError, DownloadTimeoutError
from scrapy.http import Response

from crawler.fetch.certificates import CertificateRefused
from crawler.fetch.download import NoStatus
from crawler.fetch.outages import outage_behind, outage_in
from crawler.run.boundary import StageBroke
from crawler.run.database_thread import RunRefused
from tests.fetch.test_wire_words import failed


@pytest.mark.parametrize(
    ("status", "flags", "outage"),
    [
        (200, [], None),
        (404, [], None),
        (403, [], None),
        (304, [], None),
        (500, [], "answered 500"),
        (511, [], "answered 511"),
        (200, ["dataloss"], "body cut off"),
        (200, ["damaged"], None),
    ],
)
def test_what_an_answer_has_of_an_outage(status: int, flags: list[str], outage: str | None) -> None:
    assert outage_in(Response("https://v.daum.net/v/1", status=status, flags=flags)) == outage


@pytest.mark.parametrize(
    ("error", "outage"),
    [
        (CannotResolveHostError(), "DNS does not resolve the host's name"),
        (DownloadTimeoutError(), "no whole answer in time"),
        (failed(OSError("the line is gone")), "OSError: the line is gone"),
        (OSError("No route to host"), "No route to host"),
        (CertificateRefused("v.daum.net shows a certificate for a.kr"),) * 2,
        (NoStatus("its status is 0"), "its status is 0"),
        (DownloadCancelledError("larger"), None),
        (StageBroke("decode", "a fault of ours"), None),
        (RunRefused("the disk is full"), None),
        (KeyboardInterrupt(), None),
    ],
)
def test_why_no_answer_came(error: BaseException, outage: str | None) -> None:
    assert outage_behind(error) == (None if outage is None else str(outage))
