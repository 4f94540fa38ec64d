"""What was wrong with an answer is said in words."""

from __future__ import annotations

import pytest
from OpenSSL import SSL
from scrapy.exceptions import DownloadFailedError
from twisted.internet.error import ConnectionDone, ConnectionLost
from twisted.python.failure import Failure
from twisted.web._newclient import BadResponseVersion, ParseError
from twisted.web.client import ResponseFailed, ResponseNeverReceived

from crawler.fetch.ends import describe, end_of_failure
from storage.records import Outcome


def failed(*inner: BaseException, kind: type[ResponseFailed] = ResponseFailed) -> DownloadFailedError:
    """As Scrapy raises it (scrapy.utils._download_handlers, 2.19)."""
    outer = kind([Failure(one) for one in inner])
    error = DownloadFailedError(str(outer))
    error.__cause__ = outer
    return error


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (
            failed(ParseError("non-integer status code", b"<!DOCTYPE html>")),
            "what came is no answer of HTTP: it begins with '<!DOCTYPE html>'",
        ),
        (
            failed(ParseError("wrong number of parts", b"SSH-2.0-x\x00\xff")),
            r"what came is no answer of HTTP: it begins with 'SSH-2.0-x\x00\xff'",
        ),
        (
            failed(BadResponseVersion("not enough values", b"ICY")),
            "what came is no answer of HTTP: it begins with 'ICY'",
        ),
        (
            failed(ValueError("Value contains non-decimal digits: b'-5'")),
            "its Content-Length is no number: -5",
        ),
        (
            failed(ValueError("Invalid response: conflicting Content-Length headers: b'5,7'")),
            "it has Content-Lengths that differ: 5,7",
        ),
        (failed(KeyError(b"foo")), "its Transfer-Encoding is none that is read: foo"),
        (
            failed(ConnectionLost(), kind=ResponseNeverReceived),
            "the connection was reset before a byte of an answer had come",
        ),
        (
            failed(ConnectionDone(), kind=ResponseNeverReceived),
            "the connection was closed before a byte of an answer had come",
        ),
        (
            failed(ConnectionDone()),
            "the connection was closed within the head of the answer: it breaks off, or is no HTTP",
        ),
        (
            failed(SSL.Error([("SSL routines", "", "wrong version number")]), kind=ResponseNeverReceived),
            "TLS failed: wrong version number (what answers there speaks no TLS)",
        ),
        (failed(SSL.Error()), "TLS failed: it was ended"),
        (failed(OSError("the line is gone"), OSError("the line is gone")), "OSError: the line is gone"),
        (
            failed(ParseError("x", b"y" * 99)),
            f"what came is no answer of HTTP: it begins with '{'y' * 60}...'",
        ),
    ],
)
def test_the_inner_error_is_the_reason(error: DownloadFailedError, said: str) -> None:
    assert end_of_failure(error) == (Outcome.FAILED, said)
    assert describe(error) == said


def test_an_error_without_an_inner_one_says_its_own_words() -> None:
    assert end_of_failure(DownloadFailedError("it went")) == (Outcome.FAILED, "DownloadFailedError: it went")
