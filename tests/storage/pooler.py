"""A pooler in front of a PostgreSQL server, as far as a client sees it at the beginning of a session."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from sqlalchemy import URL


@contextmanager
def dropping_options(server: URL) -> Iterator[URL]:
    """The same server where the options of a session do not come through (``ignore_startup_parameters``)."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=_serve, args=(listening, server), daemon=True).start()
        plain = {"sslmode": "disable", "gssencmode": "disable"}
        yield server.set(host="127.0.0.1", port=listening.getsockname()[1], query=plain)


def _serve(listening: socket.socket, server: URL) -> None:
    with suppress(OSError):  # the test has ended
        while True:
            client, _ = listening.accept()
            behind = _connected(server)
            behind.sendall(_without_options(client))
            threading.Thread(target=_join, args=(client, behind), daemon=True).start()


def _join(client: socket.socket, behind: socket.socket) -> None:
    """Pass on what both say; who leaves one open has a later test blamed for it."""
    with client, behind:
        answers = threading.Thread(target=_pass_on, args=(behind, client), daemon=True)
        answers.start()
        _pass_on(client, behind)
        answers.join()


def _connected(server: URL) -> socket.socket:
    if server.host is not None:
        return socket.create_connection((server.host, server.port or 5432))
    behind = socket.socket(socket.AF_UNIX)
    behind.connect(f"{server.query['host']}/.s.PGSQL.{server.query.get('port', 5432)}")
    return behind


def _without_options(client: socket.socket) -> bytes:
    """The first message: its length, the protocol's number, names and values."""
    size = int.from_bytes(client.recv(4, socket.MSG_WAITALL))
    first = client.recv(size - 4, socket.MSG_WAITALL)
    said = first[4:].split(b"\0")
    pairs = [pair for pair in zip(said[::2], said[1::2], strict=False) if pair[0] not in (b"options", b"")]
    kept = first[:4] + b"".join(name + b"\0" + value + b"\0" for name, value in pairs) + b"\0"
    return (len(kept) + 4).to_bytes(4) + kept


def _pass_on(one: socket.socket, other: socket.socket) -> None:
    with suppress(OSError):
        while said := one.recv(65536):
            other.sendall(said)
        other.shutdown(socket.SHUT_WR)
