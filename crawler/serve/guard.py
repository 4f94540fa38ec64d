"""What stands before every page, Datasette's too: who may ask what, and the headers of every answer."""

from __future__ import annotations

import asyncio
import base64
import binascii
import hmac
import logging
import re
import secrets
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from dataclasses import dataclass
from typing import Any

from crawler.serve.render import Answer, refused
from crawler.serve.request import Request, WrongRequest, language_of, values_of
from crawler.serve.unchanged import Unchanged
from crawler.serve.words import word

log = logging.getLogger("newsarchive.serve")

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

LONGEST_ADDRESS = 16_384
"""Bytes of path and query (our choice): long SQL has room."""
WRONG_PASSWORD_SECONDS = 1.0
"""Until a wrong password is answered: guessing is slow."""
NONCE = "newsarchive.nonce"
_LOOPBACK = re.compile(r"(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?", re.IGNORECASE)
_HOST = re.compile(r"[A-Za-z0-9.\-_]{1,253}(:\d{1,5})?|\[[0-9A-Fa-f:.]{2,45}\](:\d{1,5})?")


@dataclass(frozen=True, slots=True)
class Guard:
    """An ASGI application around another."""

    app: App
    password: str | None
    known: Callable[[str], bool]
    """Whether a path is one of ours or of Datasette's that is shown."""
    unknown: str
    """The word for what is not."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        nonce = secrets.token_urlsafe(16)
        held = Unchanged(send, _header(scope, b"if-none-match") or None, nonce)
        guarded = _with_headers(held, nonce, scope)
        answer = self._refusal(scope)
        if answer is None:
            await self._answered(_bare(scope, nonce), receive, guarded)
            return
        if answer.status == 401 and _header(scope, b"authorization"):
            await asyncio.sleep(WRONG_PASSWORD_SECONDS)
        await give(answer, guarded)

    async def _answered(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The application's answer; where it breaks before it has begun one, a page that says so."""
        begun = False

        async def noted(message: MutableMapping[str, Any]) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, noted)
        except Exception:  # the boundary: it is written down, and the reader is told
            log.exception("serve: %s failed", path_of(scope))
            if not begun:
                await give(_refused(scope, "broken", 500), send)

    def _refusal(self, scope: Scope) -> Answer | None:
        """Why this is not answered; None: it is."""
        if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > LONGEST_ADDRESS:
            return _refused(scope, "address_too_long", 414)
        if self.password is None and not _LOOPBACK.fullmatch(_header(scope, b"host")):
            # A page of elsewhere whose name was made to lead here (DNS rebinding) shows its own name.
            return _refused(scope, "wrong_host", 421)
        if self.password is not None and not _knows(_header(scope, b"authorization"), self.password):
            realm = {"WWW-Authenticate": 'Basic realm="newsarchive", charset="UTF-8"'}
            return _refused(scope, "password_needed", 401, realm)
        if scope["method"] not in ("GET", "HEAD"):
            return _refused(scope, "only_get", 405, {"Allow": "GET, HEAD"})
        if not self.known(path_of(scope)):
            return _refused(scope, self.unknown, 404)
        return None


def path_of(scope: Scope) -> str:
    """The path as it was sent, without what stands behind ``?``."""
    raw = scope.get("raw_path") or scope["path"].encode()
    return str(raw.decode("latin-1").partition("?")[0])


def request_of(scope: Scope, variables: dict[str, str] | None = None) -> Request:
    """What a browser asks.

    Raises:
        WrongRequest: the address cannot be read.
    """
    values = values_of(scope["query_string"])
    host = _header(scope, b"host")
    return Request(
        path=path_of(scope),
        host=host if _HOST.fullmatch(host) else "",
        scheme="https" if scope.get("scheme") == "https" else "http",
        language=language_of(values, _header(scope, b"cookie")),
        values=values,
        vars=variables or {},
    )


def plain_request(scope: Scope) -> Request:
    """A request without its values: what an error page is made for, whatever was asked."""
    language = language_of({}, _header(scope, b"cookie"))
    return Request(path="/", host="", scheme="http", language=language, values={}, vars={})


async def give(answer: Answer, send: Send) -> None:
    """Send an answer."""
    body = answer.body.encode()
    headers = {
        **answer.headers,
        "Content-Type": answer.content_type,
        "Content-Length": str(len(body)),
    }
    listed = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": answer.status, "headers": listed})
    await send({"type": "http.response.body", "body": body})


def _refused(scope: Scope, reason: str, status: int, headers: dict[str, str] | None = None) -> Answer:
    request = plain_request(scope)
    answer = refused(request, word(reason, request.language), status)
    return Answer(body=answer.body, status=status, headers=headers or {})


def _header(scope: Scope, name: bytes) -> str:
    return next((str(value.decode("latin-1")) for key, value in scope["headers"] if key.lower() == name), "")


def _knows(authorization: str, password: str) -> bool:
    """Whether the header holds the password, with any user name."""
    kind, _, said = authorization.partition(" ")
    try:
        given = base64.b64decode(said.strip(), validate=True).partition(b":")[2]
    except (binascii.Error, ValueError):
        return False
    return kind.lower() == "basic" and hmac.compare_digest(given, password.encode())


def _bare(scope: Scope, nonce: str) -> Scope:
    """Nothing behind the guard sees the password, so what it prints of an error cannot hold it; and of the
    cookies, which may be any bytes, only the language."""
    kept = [
        (name, value) for name, value in scope["headers"] if name.lower() not in (b"authorization", b"cookie")
    ]
    language = language_of({}, _header(scope, b"cookie"))
    headers = [*kept, (b"cookie", f"lang={language}".encode())]
    # HEAD is answered as GET, the server leaves the body out: Datasette's own HEAD has no page to compare.
    return {**scope, "method": "GET", "headers": headers, NONCE: nonce}


def _with_headers(send: Send, nonce: str, scope: Scope) -> Send:
    """Every answer says what a browser may do with it."""
    ours = {**_HEADERS, b"content-security-policy": _policy(nonce)}
    remembered = _language_cookie(scope)

    async def guarded(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            message = dict(message, headers=_headers(message.get("headers", ()), ours, remembered))
        await send(message)

    return guarded


def _headers(
    given: Iterable[tuple[bytes, bytes]], ours: dict[bytes, bytes], remembered: bytes | None
) -> list[tuple[bytes, bytes]]:
    kept = [(name, value) for name, value in given if name.lower() not in ours]
    if not any(name.lower() == b"cache-control" and b"max-age" in value for name, value in kept):
        kept = [(name, value) for name, value in kept if name.lower() != b"cache-control"]
        kept.append((b"cache-control", b"private, no-cache"))
    if remembered is not None:
        kept.append((b"set-cookie", remembered))
    return [*kept, *ours.items()]


def _language_cookie(scope: Scope) -> bytes | None:
    try:
        asked = values_of(scope["query_string"]).get("lang")
    except WrongRequest:
        return None
    if asked not in ("ko", "en"):
        return None
    return f"lang={asked}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax".encode()


def _policy(nonce: str) -> bytes:
    ours = f"'self' 'nonce-{nonce}'"
    return (
        f"default-src 'none'; script-src {ours}; style-src {ours}; img-src 'self'; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ).encode()


_HEADERS = {
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"DENY",
    b"referrer-policy": b"no-referrer",
    b"cross-origin-opener-policy": b"same-origin",
    b"cross-origin-resource-policy": b"same-origin",
    b"permissions-policy": b"camera=(), geolocation=(), microphone=()",
    b"x-robots-tag": b"noindex, nofollow",
}
