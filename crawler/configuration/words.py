"""What every reader of settings shares, without the library that reads the environment (60 ms of a start)."""

from __future__ import annotations

import os
import re
import unicodedata
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

DEFAULT_FILE = "newsarchive.toml"
"""The schedule file, where nobody names another."""
DEFAULT_DELAY_S = 1.0
"""DESIGN promise: at least one second between two requests to a host."""
MAX_DELAY_S = 86400.0
"""Our choice: a crawl that asks less than once a day is a schedule's work."""
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)
"""What can be a day of a news archive, with room to count in: the calendar of the databases ends later."""


class WrongSetting(ValueError):
    """A setting that cannot be used; the message is one sentence for the person who set it."""


_PYDANTIC = {
    "missing": "is lacking",
    "dict_type": "must be a table",
    "model_type": "must be a table",
    "tuple_type": "must be a list",
    "string_type": "must be text",
    "string_too_short": "is empty",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
}


def wrong(kind: str, said: str) -> str:
    """What is wrong with a setting, in words of an operator and not of pydantic's types.

    Args:
        kind: pydantic's name of the error.
        said: its message, which is kept where it is ours or tells a limit.
    """
    told = said.removeprefix("Value error, ").replace("Input should be", "must be")
    return _PYDANTIC.get(kind, told)


def parse_origin(pair: str) -> tuple[str, str]:
    """``daum=http://127.0.0.1:8000`` -> (source, base URL without a trailing slash).

    Raises:
        WrongSetting: not of that form.
    """
    source, _, url = pair.strip().partition("=")
    if "@" in url:  # whatever stands before it may be a password, also where the rest is no URL
        raise WrongSetting(
            f"the origin of {source!r} holds a user name or password: it would be stored with every run, "
            "and is refused"
        )
    if not source or not _is_server(url):
        raise WrongSetting(
            f"an origin is SOURCE=URL, for instance daum=http://127.0.0.1:8000; got {pair[:80]!r}"
        )
    return source, url.rstrip("/")


_HOST = re.compile(r"(?!.*\.\.)(?=.{1,253}$)[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")


def parse_host(text: str) -> str:
    """A host's name or IPv4 address, in small letters.

    Raises:
        ValueError: it is none.
    """
    if not _HOST.fullmatch(text.strip()):
        raise ValueError("is a host as an address has it, for instance www.example.com")
    return text.strip().lower()


def check_line(text: str) -> None:
    """Text of one line that every database and header takes.

    The environment holds bytes; what is no UTF-8 comes as lone surrogates, which nothing can store.

    Raises:
        ValueError: it is none.
    """
    if not text.isascii() and any("\ud800" <= letter <= "\udfff" for letter in text):
        raise ValueError("must be text in UTF-8")
    if any(ord(letter) < 32 or ord(letter) == 127 for letter in text):
        raise ValueError("must be one line without control characters")


def check_place(text: str) -> None:
    """The path of a file or folder, as far as it can be told without looking.

    Raises:
        ValueError: it is none.
    """
    check_line(text)
    if not text.strip():
        raise ValueError("is empty: name a path, or do not set it")
    longest = max(len(part.encode()) for part in text.split("/"))
    if longest > NAME_BYTES or len(text.encode()) >= PATH_BYTES:
        raise ValueError(
            f"is no path: a name has at most {NAME_BYTES} bytes, a path fewer than {PATH_BYTES:,}"
        )
    if text.count("/") > FOLDERS:
        raise ValueError(f"is no path: it lies more than {FOLDERS} folders deep")


def as_it_lies(text: str) -> str:
    """A path whose names are spelled as the disk has them, where they are the same to a reader.

    A Mac, or an archive packed on one, writes Hangul in its parts (NFD), a keyboard writes it whole (NFC). To
    Linux these are two names: a second, empty archive would come to be beside the first.
    """
    if text.isascii() or os.path.lexists(text):
        return text
    lies = Path()
    for name in Path(text).parts:
        lies /= name if name.isascii() else _spelled(lies, name)
    return str(lies)


def _spelled(folder: Path, name: str) -> str:
    if os.path.lexists(folder / name):
        return name
    whole = unicodedata.normalize("NFC", name)
    try:
        there = (one.name for one in folder.iterdir())
        return next((one for one in there if unicodedata.normalize("NFC", one) == whole), name)
    except OSError:  # told when the place is used
        return name


def at_home(text: str) -> str:
    """A path as it lies, its ``~`` expanded. No shell does that in a crontab, a unit's environment or a TOML
    file, and a folder called ``~`` would come to be.

    Raises:
        ValueError: there is no such user, or it holds what only a shell takes away.
    """
    if left := _FOR_A_SHELL.search(text):
        raise ValueError(
            f"holds {left[0].strip('/')!r} as it stands (cron, systemd and Docker's files of variables are "
            "no shells): write the whole path, and nothing else"
        )
    try:
        return as_it_lies(str(Path(text).expanduser()) if text.startswith("~") else text)
    except RuntimeError as error:
        raise ValueError("begins with ~ and names no user's home: write the whole path") from error


_FOR_A_SHELL = re.compile(
    r"(?:^|/)\$(?:[A-Z_][A-Z0-9_]*|\{\w+\}|\(.+\))(?=/|$)|^([\"']).*\1$|\s#\s.*|^\s|\s$"
)
"""A variable that is a whole name of a path, quotes or blanks around it, a remark behind it: a second archive
would begin there."""
FOLDERS = 256
"""Python makes a folder in the call for the one below it; of such calls there may be 1,000 (CPython)."""
NAME_BYTES, PATH_BYTES = 255, 4096
"""NAME_MAX and PATH_MAX of Linux (limits.h): beyond these every question about a path is an error."""


def _is_server(url: str) -> bool:
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        whole = not (parts.query or parts.fragment or any(letter.isspace() for letter in url))
        return parts.scheme in ("http", "https") and bool(host) and parts.port != 0 and whole
    except ValueError:  # no port, a host in a lone bracket
        return False
