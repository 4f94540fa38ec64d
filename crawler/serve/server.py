"""The server of the reading room."""

from __future__ import annotations

import ipaddress
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass

import uvicorn

from crawler.configuration.environment import WrongSetting
from crawler.serve.desk import Desk
from crawler.serve.plugin import install
from crawler.serve.room import Room
from crawler.serve.tables import NAME, Tables, is_file

LONGEST_HEAD = 2**21
"""Bytes of a request's head that are read at all: the guard, not the parser, says that an address is long."""
CONNECTIONS = 500
"""At once (our choice); the next gets 503."""
SHORTEST_PASSWORD = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """Where and how the room is open."""

    url: str
    host: str
    port: int
    """0: any free one."""
    password: str | None
    seconds: float
    """How long one page or statement may ask."""


def check(serving: Serving) -> None:
    """Raise WrongSetting where others could read without a password, or with one that is guessed."""
    if serving.password is None:
        if not is_loopback(serving.host):
            raise WrongSetting(
                f"{serving.host} can be reached by others: give a password (--password-file, or "
                "NEWSARCHIVE_SERVE_PASSWORD), or leave --host out"
            )
    elif len(serving.password) < SHORTEST_PASSWORD:
        raise WrongSetting(f"the password is shorter than {SHORTEST_PASSWORD} letters")


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches an address; a name counts only as ``localhost``."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def application(serving: Serving) -> Tables:
    """Datasette with our plugin, as an application to serve."""
    check(serving)
    install()
    tables = Tables(serving.url, serving.seconds)
    desk = Desk(serving.url, serving.seconds)
    tables.room = Room(desk, serving.password, NAME if is_file(serving.url) else None)
    return tables


def server(tables: Tables) -> uvicorn.Server:
    """The server of an application; it logs no address, which holds what people look for."""
    return uvicorn.Server(
        uvicorn.Config(
            tables.app(),
            log_config=None,
            access_log=False,
            server_header=False,
            http="h11",
            ws="none",
            loop="asyncio",
            forwarded_allow_ips="127.0.0.1",  # a server with TLS on this machine says https
            h11_max_incomplete_event_size=LONGEST_HEAD,
            limit_concurrency=CONNECTIONS,
            timeout_graceful_shutdown=3,
        )
    )


def serve(serving: Serving, say: Callable[[str], None]) -> None:
    """Serve until Ctrl-C or SIGTERM.

    Args:
        say: told the address once it answers.

    Raises:
        WrongSetting: the address cannot be used, or not without a password.
        DatabaseRefused: there is no archive that could be read.
    """
    tables = application(serving)
    tables.room.desk.check()
    # What uvicorn was told it raises again once it has ended in order.
    with suppress(KeyboardInterrupt), _told_to_end(), listening(serving.host, serving.port) as listener:
        say(f"http://{_shown(serving.host)}:{listener.getsockname()[1]}/")
        server(tables).run(sockets=[listener])


@contextmanager
def _told_to_end() -> Iterator[None]:
    """SIGTERM as Ctrl-C: what lives until it is told to end, has done its work then."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def listening(host: str, port: int) -> socket.socket:
    """A socket at the address. Raises WrongSetting when it cannot be had."""
    try:
        kind, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with ExitStack() as unless_it_listens:
            listener = unless_it_listens.enter_context(socket.socket(kind, socket.SOCK_STREAM))
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
            listener.listen(CONNECTIONS)
            unless_it_listens.pop_all()
    except (OSError, UnicodeError, OverflowError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise WrongSetting(f"{host}:{port} cannot be listened at: {why}") from error
    return listener


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host
