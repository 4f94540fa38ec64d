"""Alarm targets: an address that apprise knows is told something, and named without its secrets."""

from __future__ import annotations

import hashlib
import logging
import re
from concurrent.futures import Future
from threading import Thread
from urllib.parse import unquote


def target_name(target: str) -> str:
    """A target without its secrets: ``mailtos-3fa9c1``."""
    return f"{target.split(':')[0]}-{hashlib.sha256(target.encode()).hexdigest()[:6]}"


LONGEST_S = 60.0
"""For one target, mail included, whose servers take their time to greet (our choice). The library waits four
seconds for a connection and for each next byte: an answer that drips would hold a run for ever."""


def notify(
    target: str, title: str, body: str, *, raised: bool | None = None, within_s: float = LONGEST_S
) -> str | None:
    """Tell one target; None when it was told, else why not, without the target's secrets.

    Args:
        body: plain text; its lines stay lines where a target makes HTML of it.
        raised: something went wrong, or is well again; None: neither, a report.
        within_s: what is not answered whole by then was not told.
    """
    answer: Future[str | None] = Future()

    def tell() -> None:
        try:
            answer.set_result(_answer(target, title, body, raised))
        except BaseException as error:  # noqa: BLE001  raised by who waits for the answer
            answer.set_exception(error)

    Thread(target=tell, daemon=True).start()
    try:
        return answer.result(within_s)
    except TimeoutError:
        return f"it gave no whole answer within {within_s:g} s"


def _answer(target: str, title: str, body: str, raised: bool | None) -> str | None:
    # A tenth of a second that most commands need not wait.
    from apprise import Apprise, AppriseAsset, LogCapture, NotifyFormat, NotifyType

    kinds = {True: NotifyType.FAILURE, False: NotifyType.SUCCESS, None: NotifyType.INFO}
    # Behind 301 and 302 the library asks with GET and without the text: answered 200, nobody was told.
    sender = Apprise(asset=AppriseAsset(http_redirects=False))
    sender.add(target)
    with LogCapture(level=logging.DEBUG, fmt="%(levelname)s %(message)s") as said:  # type: ignore[no-untyped-call]
        if sender.notify(title=title, body=body, notify_type=kinds[raised], body_format=NotifyFormat.TEXT):
            return None
        return _without_secrets(_why_not(said.getvalue()), target)


_NOTED = re.compile(
    r"\[Errno -?\d+\] (?P<errno>[^'\")\n]+)"
    r"|certificate verify failed: (?P<certificate>[^'\")\n]+?) \(_ssl"
    r"|\[SSL: (?!CERTIFICATE)[A-Z0-9_]+\] (?P<tls>[^'\"()\n]+)"
    r"|Tunnel connection failed: (?P<proxy>[^'\")\n]+)"
    r"|\w+Error\(\d+, ['\"](?P<system>[^'\"[\n]+)['\"]\)"
    r"|Socket Exception: .*?\((?P<code>\d{3}), b(?P<quote>['\"])(?P<answer>.*?)(?P=quote)\)"
    r"|(?P<broken>Read timed out|Remote end closed connection without response|Connection broken)"
    r"|Socket Exception: (?P<plain>[^\[({\n]+)$",
    re.MULTILINE,
)
"""What the library notes of an error at its lowest level only: the system's words, what is wrong with a
certificate or with TLS, what a proxy or a mail server answers, how HTTP ended, a whole sentence (apprise
2.2.0, seen 2026-11-28)."""
_REDIRECT = re.compile(r"\berror=30[12378]\b")
_WARNING = re.compile(r"^(?:WARNING|ERROR) (.*\S)", re.MULTILINE)


def _why_not(said: str) -> str:
    """The library's last warning, what it noted beside it, what a redirect asks for."""
    warnings, noted = _WARNING.findall(said), _NOTED.search(said)
    parts = [warnings[-1].rstrip(".") if warnings else "it gave no reason"]
    if noted is not None:
        words = noted[noted.lastgroup or 0].rstrip(". ")
        parts.append(f"{noted['code']} {words}" if noted["code"] else words)
    if _REDIRECT.search(parts[0]):
        parts.append("it leads elsewhere, name that address")
    return ": ".join(parts)


def _without_secrets(said: str, target: str) -> str:
    """What the library says, with every longer part of the target's address hidden."""
    parts = {unquote(part) for part in re.split(r"[/:@?&=]+", target)} | set(re.split(r"[/:@?&=]+", target))
    for part in sorted((part for part in parts if len(part) >= LEAST_SECRET), key=len, reverse=True):
        said = said.replace(part, "***")
    return said


LEAST_SECRET = 5
"""Letters: shorter parts are schemes and ports; the words of a reason would go with them."""
