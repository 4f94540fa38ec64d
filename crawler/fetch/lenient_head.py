"""Answers that only a strict reader refuses: a header whose name is none costs itself, not the page.

Scrapy passes over a line without a colon; Twisted refuses the whole answer for ``X-Cache : HIT``, for
``"X-XSS-Protection: 0"``, for a line of more than 16 kB, for a first one that is indented, for an empty line
before the status or two blanks in it, for ``Transfer-Encoding: identity`` and for a blank beside the size of
a chunk. Browsers do not: a misconfigured or old server sends it with every page.
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
from twisted.web._newclient import STATUS, HTTP11ClientProtocol, Request
from twisted.web.http import _ChunkedTransferDecoder
from twisted.web.http_headers import InvalidHeaderName
from twisted.web.iweb import IResponse

log = logging.getLogger("newsarchive")

_NO_CODING = (b"", b"identity")
"""RFC 2616 section 3.6 had ``identity`` for "none"; RFC 7230 took it out."""


class _Chunks(_ChunkedTransferDecoder):
    def _dataReceived_CHUNK_LENGTH(self) -> bool:  # noqa: N802  Twisted's name
        end = self._buffer.find(b"\r\n", self._start)
        if end != -1:
            size, sign, more = bytes(self._buffer[:end]).partition(b";")
            self._buffer[:end] = size.strip(b" \t") + sign + more
            self._start = 0
        return super()._dataReceived_CHUNK_LENGTH()


class _Parser(_LenientHTTPClientParser):
    MAX_LENGTH = 256 * 1024
    """Bytes of one line: what Chrome takes of a whole head."""
    _transferDecoders: dict[bytes, type[_ChunkedTransferDecoder]] = {  # noqa: N815, RUF012  Twisted's own
        b"chunked": _Chunks
    }

    def lineReceived(self, line: bytes) -> None:  # noqa: N802  Twisted's name
        if self.state != STATUS:
            if self._partialHeader is not None or not line.startswith((b" ", b"\t")):
                super().lineReceived(line)
            # Else it continues no header (RFC 9112 section 2.2: passed over); Twisted raised AttributeError.
        elif line.strip():  # RFC 9112 section 2.2 lets servers pass over empty lines before a request
            super().lineReceived(b" ".join(line.split(None, 2)))

    def headerReceived(self, name: bytes, value: bytes) -> None:  # noqa: N802  Twisted's name
        if name.strip().lower() == b"transfer-encoding" and value.strip().lower() in _NO_CODING:
            return
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
