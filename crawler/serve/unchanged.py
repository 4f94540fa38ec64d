"""Answers that a browser has already: an ETag of what was made, and 304 without a body where it is that.

Each page is made whole and compared, so that none is ever older than the archive: what is spared is the way
to the browser. There is no Last-Modified: a page shows links, permissions and near-duplicates, and no one row
knows when the last of them changed.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]

MOST_HELD = 2**20
"""Bytes of an answer that comes in pieces (our choice): a longer one is a stream, which has no ETag."""
_TOOK = re.compile(rb'"query_ms": ?[-+0-9.e]+|Queries took [-+0-9.e]+ms')
"""How long a question of Datasette's took: it differs each time, and the page is the same all the same."""
_OF_THE_BODY = (b"content-type", b"content-length", b"content-security-policy", b"content-encoding")
"""Not sent with 304: what the browser has came with its own, a policy's nonce too."""


class Unchanged:
    """Stands before ``send`` for one answer."""

    def __init__(self, send: Send, asked: str | None, nonce: str) -> None:
        """
        Args:
            asked: the header If-None-Match; None: there is none.
            nonce: what is made anew for each answer, and means nothing.
        """
        self._send, self._asked, self._nonce = send, asked, nonce.encode()
        self._start: Message | None = None
        self._held: list[bytes] = []

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] == 200:
            self._start = message
        elif self._start is None or message["type"] != "http.response.body":
            await self._send(message)
        else:
            self._held.append(message.get("body", b""))
            if not message.get("more_body", False):
                await self._whole(self._start)
            elif sum(map(len, self._held)) > MOST_HELD:
                await self._piece(self._start)

    async def _piece(self, start: Message) -> None:
        await self._send(start)
        await self._send({"type": "http.response.body", "body": b"".join(self._held), "more_body": True})
        self._start = None

    async def _whole(self, start: Message) -> None:
        body, self._start = b"".join(self._held), None
        etag = etag_of(body, self._nonce)
        headers = [(name, value) for name, value in start["headers"] if name.lower() != b"etag"]
        headers.append((b"etag", etag))
        if names(self._asked, etag):
            headers = [(name, value) for name, value in headers if name.lower() not in _OF_THE_BODY]
            start, body = {**start, "status": 304}, b""
        await self._send({**start, "headers": headers})
        await self._send({"type": "http.response.body", "body": body})


def etag_of(body: bytes, nonce: bytes) -> bytes:
    """Weak where something was passed over: the bytes differ then, and what they say does not."""
    plain = _TOOK.sub(b"", body.replace(nonce, b""))
    digest = hashlib.blake2b(plain, digest_size=16).hexdigest()
    return (f'"{digest}"' if plain == body else f'W/"{digest}"').encode()


def names(asked: str | None, etag: bytes) -> bool:
    """Whether If-None-Match names the ETag; weakly compared, as RFC 9110 13.1.2 says."""
    if asked is None:
        return False
    given = {one.strip().removeprefix("W/") for one in asked.split(",")}
    return "*" in given or etag.decode().removeprefix("W/") in given
