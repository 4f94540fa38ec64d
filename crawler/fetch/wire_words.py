"""What was wrong with an answer that could not be read, in words: Scrapy tells Twisted's list of failures."""

from __future__ import annotations

import re
from collections.abc import Sequence

from OpenSSL import SSL
from twisted.internet.error import ConnectionDone, ConnectionLost
from twisted.web.client import ResponseNeverReceived

from crawler.run.boundary import reason_of

_SHOWN = 60
"""Bytes of what came that a reason shows."""
_QUOTED = re.compile(r"b['\"](.*)['\"]")


def wire_words(error: BaseException) -> str | None:
    """The inner errors of a download that failed, in one line; None where it has none."""
    for outer in (error, error.__cause__):
        if inner := _within(outer):
            nothing = isinstance(outer, ResponseNeverReceived)
            return "; ".join(dict.fromkeys(_said(one, nothing=nothing) for one in inner))
    return None


def inner_errors(error: BaseException) -> list[BaseException]:
    """What a failed download failed with."""
    return [*_within(error), *_within(error.__cause__)]


def _within(outer: BaseException | None) -> list[BaseException]:
    reasons: Sequence[object] = getattr(outer, "reasons", ())
    return [one for reason in reasons if isinstance(one := getattr(reason, "value", None), BaseException)]


def _said(error: BaseException, *, nothing: bool) -> str:
    if isinstance(error, (ConnectionDone, ConnectionLost)):
        how = "closed" if isinstance(error, ConnectionDone) else "reset"
        if nothing:
            return f"the connection was {how} before a byte of an answer had come"
        return f"the connection was {how} within the head of the answer: it breaks off, or is no HTTP"
    shown = _bytes_of(error)
    if type(error).__name__ in {"ParseError", "BadResponseVersion"}:  # of a private module of Twisted's
        return f"what came is no answer of HTTP: it begins with '{shown}'"
    words = str(error)
    if "Content-Length" in words:
        return f"it has Content-Lengths that differ: {_quoted(words)}"
    if isinstance(error, ValueError) and "non-decimal" in words:
        return f"its Content-Length is no number: {_quoted(words)}"
    if isinstance(error, KeyError) and shown:
        return f"its Transfer-Encoding is none that is read: {shown}"
    if isinstance(error, SSL.Error):
        return f"TLS failed: {_of_tls(error)}"
    return reason_of(error)


def _bytes_of(error: BaseException) -> str:
    """The bytes that an error of Twisted's holds last, as text that shows what is not."""
    last = error.args[-1] if error.args else b""
    if not isinstance(last, bytes):
        return ""
    cut = "..." if len(last) > _SHOWN else ""
    return last[:_SHOWN].decode("latin-1").encode("unicode_escape").decode("ascii") + cut


def _quoted(words: str) -> str:
    """What stands between the marks of the bytes that an error of Twisted's quotes."""
    found = _QUOTED.search(words)
    return found[1][:_SHOWN] if found else words[:_SHOWN]


_MEANS = {
    "wrong version number": "what answers there speaks no TLS",
    "tlsv1 alert protocol version": "only older TLS than 1.2 is spoken there",
    "unsupported protocol": "only older TLS than 1.2 is spoken there",
    "tls alert handshake failure": "the server wants what this program does not have",
}
"""OpenSSL's words (4.0) -> what they mean, as far as they say it."""


def _of_tls(error: BaseException) -> str:
    told = error.args[0] if error.args and isinstance(error.args[0], list) else []
    return ", ".join(_meaning(str(one[-1])) for one in told if one) or "it was ended"


def _meaning(words: str) -> str:
    return f"{words} ({_MEANS[words]})" if words in _MEANS else words
