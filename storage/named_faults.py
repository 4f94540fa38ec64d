"""What the system refuses of a file that is open, which by itself names none."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from os import PathLike, fspath


@contextmanager
def naming(path: str | PathLike[str]) -> Iterator[None]:
    """Have an OSError of a descriptor say which file it is of. Raises that error, with its path."""
    try:
        yield
    except OSError as error:
        raise OSError(error.errno, error.strerror, fspath(path)) from error
