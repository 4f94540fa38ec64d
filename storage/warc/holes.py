"""Zeros in a file that need no room on the disk: holes, where the file system knows them (Linux)."""

from __future__ import annotations

import ctypes
import ctypes.util
import os

_PAGE = 4096
"""What the common file systems give back at least."""
_KEEP_SIZE, _PUNCH_HOLE = 0x01, 0x02
"""linux/falloc.h"""


def punch(fd: int, start: int, length: int) -> None:
    """Give back the whole pages of zeros in a stretch of a file. It reads as before; where it cannot be done
    the zeros stay on the disk, which harms nothing."""
    fallocate = getattr(ctypes.CDLL(None), "fallocate", None)
    if fallocate is None:
        return
    fallocate.argtypes = [ctypes.c_int, ctypes.c_int, ctypes.c_longlong, ctypes.c_longlong]
    first, last = -(-start // _PAGE) * _PAGE, (start + length) // _PAGE * _PAGE
    hole = first
    for at in range(first, last + _PAGE, _PAGE):
        if at < last and not os.pread(fd, _PAGE, at).strip(b"\0"):
            continue
        if at > hole:
            fallocate(fd, _KEEP_SIZE | _PUNCH_HOLE, hole, at - hole)
        hole = at + _PAGE
