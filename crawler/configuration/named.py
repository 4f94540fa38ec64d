"""The bytes of a file that an operator names: a setting, a statement, a page. It may be no file at all."""

from __future__ import annotations

import errno
import os
import select
import stat
from pathlib import Path

MOST = 64 * 1024 * 1024
"""Bytes, as of a page in a crawl: what is larger, or has no end (/dev/zero), was named by mistake."""
PATIENCE_S = 5.0
"""How long a named pipe waits for who writes to it (our choice); a shell's <(...) has one."""


def bytes_of(path: Path) -> bytes:
    """All of it. Raises OSError: it cannot be read, has no end, or is a pipe that nobody writes to."""
    number = os.open(path, os.O_RDONLY | os.O_NONBLOCK)  # a pipe without a writer would hold the opening
    with os.fdopen(number, "rb") as file:
        if stat.S_ISFIFO(os.fstat(number).st_mode) and not select.select([file], [], [], PATIENCE_S)[0]:
            raise OSError(errno.ETIMEDOUT, "it is a pipe, and nobody writes to it", str(path))
        os.set_blocking(number, True)
        data = file.read(MOST + 1)
    if len(data) > MOST:
        raise OSError(errno.EFBIG, f"it is larger than {MOST:,} bytes, or has no end", str(path))
    return data


def text_of(path: Path) -> str:
    """The same as text, without the mark that Windows' Notepad puts first. Raises UnicodeDecodeError, too."""
    return as_text(bytes_of(path))


def as_text(content: bytes) -> str:
    """Raises UnicodeDecodeError."""
    return content.decode("utf-8-sig").replace("\r\n", "\n")
