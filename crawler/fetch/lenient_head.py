"""Heads of answers that only a strict reader refuses: a header whose name is none costs itself, not the page.

Scrapy passes over a line without a colon; Twisted refuses the whole answer for ``X-Cache : HIT``, for
``"X-XSS-Protection: 0"`` and for a line of more than 16 kB, which browsers do not: a misconfigured server
sends it with every page.
"""

from __future__ import annotations

import logging

from scrapy.core.downloader.handlers.http11 import (
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
    _LenientHTTPClientParser,
)
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IAddress
from twisted.web._newclient import HTTP11ClientProtocol, Request
from twisted.web.http_headers import InvalidHeaderName
from twisted.web.iweb import IResponse

log = logging.getLogger("newsarchive")


class _Parser(_LenientHTTPClientParser):
    MAX_LENGTH = 256 * 1024
    """Bytes of one line: what Chrome takes of a whole head."""

    def headerReceived(self, name: bytes, value: bytes) -> None:  # noqa: N802  Twisted's name
        try:
            # RFC 9112 section 5.1: blanks before the colon of an answer are removed.
            super().headerReceived(name.rstrip(), value)  # type: ignore[no-untyped-call]
        except InvalidHeaderName:
            log.debug("a header of an answer is passed over: its name is none: %r", name[:60])


class _Protocol(_LenientHTTP11ClientProtocol):
    def request(self, request: Request) -> Deferred[IResponse]:
        answer = super().request(request)
        assert self._parser is not None
        self._parser.__class__ = _Parser  # as Scrapy's own does: the class of a parser cannot be said
        return answer


class LenientFactory(_LenientHTTP11ClientFactory):
    """Makes the connections of Scrapy's pool."""

    def buildProtocol(self, addr: IAddress | None) -> HTTP11ClientProtocol:  # noqa: N802  Twisted's name
        return _Protocol(self._quiescentCallback)  # type: ignore[no-untyped-call]
