"""Content-Encoding: decoded where it is true; what cannot be decoded goes on, to be captured as it came."""

from __future__ import annotations

import re
import zlib
from enum import StrEnum

from scrapy import Request
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

_ENDS = re.compile(rb"(?:</(?:html|rss|feed|rdf:rdf|urlset|sitemapindex)\s*>|[}\])])\s*$", re.IGNORECASE)
"""How a page, a feed or a JSON answer ends that is there to its end."""
_WINDOWS = {"gzip": (31,), "x-gzip": (31,), "deflate": (15, -15)}
"""zlib's names for what servers send under each coding; deflate comes with its frame and without."""


class Undecodable(IgnoreRequest):
    """The body is not what its Content-Encoding says. It is captured as it came off the wire."""


class DecodingMiddleware(HttpCompressionMiddleware):
    """Scrapy's decoding, of which no failure loses the bytes."""

    def process_response(self, request: Request, response: Response) -> Response:  # type: ignore[override]
        """Scrapy's hook. Says what is wrong in ``request.meta["undecodable"]``."""
        request.meta.pop("undecodable", None)  # of an earlier try
        coding = b", ".join(response.headers.getlist("Content-Encoding")).decode("latin-1")
        if not coding or not response.body:
            return response
        try:
            decoded = super().process_response(request, response)
        except Exception as error:  # noqa: BLE001  the decoders share no base class; the reason is recorded
            said = " ".join(str(error).split()) or type(error).__name__
            request.meta["undecodable"] = f"its Content-Encoding is {coding[:100]}, its body is not: {said}"
            return response
        assert isinstance(decoded, Response)
        fault = fault_of(response.body, coding)
        if fault is Fault.CUT and _ENDS.search(decoded.body[-1000:]):
            fault = None  # only the frame's own end is missing
        return decoded if fault is None else decoded.replace(flags=[*decoded.flags, fault.value])


class Fault(StrEnum):
    """What is wrong with a coded body that was decoded all the same: a flag of the response."""

    CUT = "dataloss"
    """It breaks off before its end; Scrapy's own word."""
    CHECKSUM = "checksum"
    """Its checksum does not fit: a byte was changed on the way, or the server writes wrong ones."""


def fault_of(body: bytes, coding: str) -> Fault | None:
    """What is wrong with a body in one of the codings that we ask for; None: nothing, or another coding."""
    windows = _WINDOWS.get(coding.strip().lower(), ())
    for window in windows:
        stream = zlib.decompressobj(wbits=window)
        try:
            rest, size = body, 1 << 20
            while rest and not stream.eof:
                stream.decompress(rest, size)
                rest = stream.unconsumed_tail
        except zlib.error as error:
            if "check" in str(error) and "header" not in str(error):
                return Fault.CHECKSUM
            continue  # not with this frame
        return None if stream.eof else Fault.CUT
    return Fault.CUT if windows else None
