"""What the system refuses of a file: which file, where it names none, and whether its disk is to blame."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from os import PathLike, fspath

UNREADABLE = frozenset({errno.EIO, errno.ESTALE})
"""A disk that is faulty, a share that went away: no other word of a command would mend it."""
UNWRITABLE = UNREADABLE | {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
"""Nor one that is full, or a file that may grow no more."""


def raise_the_disks(error: OSError, path: str | PathLike[str], which: frozenset[int]) -> None:
    """Raise an error of the disk (``which``) again, with the file's path; any other is left to the caller."""
    if error.errno in which:
        raise OSError(error.errno, error.strerror, fspath(path)) from error


@contextmanager
def naming(path: str | PathLike[str]) -> Iterator[None]:
    """Have an OSError of a descriptor say which file it is of. Raises that error, with its path."""
    try:
        yield
    except OSError as error:
        raise OSError(error.errno, error.strerror, fspath(path)) from error
