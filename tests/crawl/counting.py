"""A server on loopback that answers raw bytes and counts what it was asked."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import BinaryIO, Self


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it came."""

    host: str
    target: str


Handle = Callable[[Asked, int], bytes]
"""What to answer to a request, and how many like it came before: the whole answer, head included."""


class CountingServer:
    """One answer for each connection. One that does not say ``Connection: close`` keeps it until the next
    request, which is counted and gets none."""

    def __init__(self, handle: Handle, *, ipv6: bool = False, tls: ssl.SSLContext | None = None) -> None:
        self._handle = handle
        self._tls = tls
        self.broken_off = 0
        """Handshakes of TLS that came to nothing."""
        self.asked: list[Asked] = []
        self._lock = threading.Lock()
        family = socket.AF_INET6 if ipv6 else socket.AF_INET
        self._host = "::1" if ipv6 else "127.0.0.1"
        self._socket = socket.create_server((self._host, 0), family=family, backlog=64)

    @property
    def url(self) -> str:
        host = f"[{self._host}]" if ":" in self._host else self._host
        scheme = "http" if self._tls is None else "https"
        return f"{scheme}://{host}:{self._socket.getsockname()[1]}"

    @property
    def targets(self) -> list[str]:
        return [one.target for one in self.asked]

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:  # closed: the test is over
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        if self._tls is not None:
            try:
                connection = self._tls.wrap_socket(connection, server_side=True)
            except OSError:
                self.broken_off += 1
                return
        with connection, connection.makefile("rb") as incoming:
            if (told := self._read(incoming)) is None:
                return
            said = self._handle(*told)
            connection.sendall(said)
            if b"Connection: close" not in said:
                self._read(incoming)

    def _read(self, incoming: BinaryIO) -> tuple[Asked, int] | None:
        """The next request, and how many like it came before; None where none comes."""
        line = incoming.readline().decode("latin-1").split(" ")
        if len(line) < 2:
            return None
        headers = {}
        while (header := incoming.readline().decode("latin-1").strip()) != "":
            name, _, value = header.partition(":")
            headers[name.lower()] = value.strip()
        asked = Asked(headers.get("host", ""), line[1])
        with self._lock:
            before = self.asked.count(asked)
            self.asked.append(asked)
        return asked, before


def answer(
    body: bytes | str = b"",
    status: str = "200 OK",
    kind: str | None = "text/html; charset=utf-8",
    length: int | None = None,
    **headers: str,
) -> bytes:
    """A whole answer. ``length``: a Content-Length that is not the body's."""
    raw = body.encode() if isinstance(body, str) else body
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(raw) if length is None else length}"]
    lines += [f"Content-Type: {kind}"] if kind else []
    lines += ["Connection: close", *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items())]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + raw


ALLOWED = answer("User-agent: *\nAllow: /\n", kind="text/plain")
NONE = answer("none", "404 Not Found", "text/plain")


def page(title: str, identity: str) -> str:
    """An article of fnnews with invented text."""
    return _PAGE.replace("TITLE", title).replace("IDENTITY", identity)


_PAGE = """<!doctype html><html lang="ko"><head><meta charset="utf-8"><title>TITLE - 파이낸셜뉴스</title>
<meta property="og:title" content="TITLE"><meta property="og:type" content="article">
<meta property="og:url" content="https://www.fnnews.com/news/IDENTITY"></head>
<body><article class="article-view"><h1 class="article-view__title">TITLE</h1>
<div class="article-view__info"><span class="article-view__date">입력 2026.11.20 09:00</span></div>
<div class="article-view__reporter">나정우 기자</div><div class="article-view__body">
<p>[파이낸셜뉴스] 가상시는 20일 낡은 다리 세 곳을 내년 봄까지 새로 놓겠다고 밝혔다. 예산은 추경에 담았다.</p>
<p>시 담당자는 "비가 오면 미끄럽다는 민원이 늘었다"고 말했다. 설명회는 다음 달 두 차례 열린다.</p>
<p class="article-view_copyright">※ 저작권자 ⓒ 파이낸셜뉴스, 무단전재-재배포 금지</p>
</div></article></body></html>"""
