"""Content-Encoding: decoded where it is whole; what cannot be decoded goes on, to be captured as it came."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response, TextResponse
from scrapy.responsetypes import responsetypes

from crawler.coding import CutOff, Damaged, TooLarge, names_in, without


class Undecodable(IgnoreRequest):
    """The body is not what its Content-Encoding says. It is captured as it came off the wire."""


class Fault(StrEnum):
    """What is wrong with a coded body: a flag of the response, which is asked for again."""

    CUT = "dataloss"
    """It breaks off before its end; Scrapy's own word. The body is what came until then."""
    DAMAGED = "damaged"
    """A byte was changed on the way (its checksum does not fit), or the server writes wrong ones."""


def decoded(request: Request, response: Response, limit: int) -> Response:
    """In place of Scrapy's decoding, which takes what is damaged for whole and loses what it cannot read.

    Says in ``request.meta["undecodable"]`` what is wrong; a cut body has a flag.

    Args:
        limit: bytes of the decoded body at most.
    """
    request.meta.pop("undecodable", None)  # of an earlier try
    coding = response.headers.getlist("Content-Encoding")
    if not coding or not response.body:
        return response
    codings = names_in(b",".join(coding).decode("latin-1"))
    if not codings:
        return response
    try:
        return _decoded(response, without(response.body, codings, limit))
    except CutOff as error:
        cut = _decoded(response, error.before) if error.before else response
        return cut.replace(flags=[*cut.flags, Fault.CUT.value])
    except TooLarge as error:
        request.meta["undecodable"] = str(error)
        return response
    except Damaged as error:
        request.meta["undecodable"] = str(error)
        return response.replace(flags=[*response.flags, Fault.DAMAGED.value])


def _decoded(response: Response, body: bytes) -> Response:
    headers = response.headers.copy()
    del headers["Content-Encoding"]
    kind = responsetypes.from_args(headers=headers, url=response.url, body=body)
    again: dict[str, Any] = {"encoding": None} if issubclass(kind, TextResponse) else {}
    return response.replace(cls=kind, body=body, headers=headers, **again)
