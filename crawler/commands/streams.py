"""Standard input, output and error as they may come to a program: closed, full, or of few letters."""

from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO, cast

UNWRITABLE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF}
"""What a standard stream says that takes nothing more. A closed pipe (EPIPE) is a reader's choice instead."""


OUTPUT = "standard output"
"""What its refusals are of, by name: raised in the middle of a question they would pass for the archive's."""


class _Output(io.FileIO):
    """The file under standard output.

    Whoever reads it may go away (``| head``). What only answers stops then (:func:`for_its_reader`). All else
    goes on to its end and its own exit code: of a crawl or a verification whose first line was read, neither
    is known yet.
    """

    stops = False

    def write(self, data: object, /) -> int:
        try:
            return cast("int", super().write(data))  # type: ignore[arg-type]
        except BrokenPipeError:
            if self.stops:
                raise
            forsake_output()
            return cast("int", super().write(data))  # type: ignore[arg-type]
        except OSError as error:
            if error.errno in UNWRITABLE:
                error.filename = OUTPUT
            raise


@contextmanager
def for_its_reader() -> Iterator[None]:
    """What is written here is all that is done: BrokenPipeError once nobody reads it."""
    _Output.stops = True
    try:
        yield
    finally:
        _Output.stops = False


class _Said(io.FileIO):
    """The file under standard error: what takes nothing more is as good as closed."""

    def write(self, data: object, /) -> int:
        try:
            return cast("int", super().write(data))  # type: ignore[arg-type]
        except OSError as error:
            if error.errno not in UNWRITABLE | {errno.EPIPE}:
                raise
            os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
            return cast("int", super().write(data))  # type: ignore[arg-type]


def open_closed() -> None:
    """Give a stream that was closed before the start a place of its own, so that no file comes to lie there.

    Input: nothing to read. Output: every write is refused, as it would be. Error: what is said goes nowhere,
    and the work is done all the same.
    """
    if not _is_open(0):
        os.open(os.devnull, os.O_RDONLY)
        sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115  the program's to its end
    if not _is_open(1):
        os.open(os.devnull, os.O_RDONLY)
        sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stdout = _over(sys.stdout, _Output(1, "w", closefd=False))
    if not _is_open(2):
        os.open(os.devnull, os.O_WRONLY)
        sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = _over(sys.stderr, _Said(2, "w", closefd=False))


def _over(stream: TextIO, file: io.FileIO) -> TextIO:
    """The stream over this file of ours; one that a test has put there stays as it is."""
    if not isinstance(stream, io.TextIOWrapper) or isinstance(stream.buffer, io.BytesIO):
        return stream
    if stream.fileno() != file.fileno():
        return stream
    at_once = stream.write_through
    buffer = cast("io.BufferedWriter", file) if at_once else io.BufferedWriter(file)
    lines = stream.line_buffering
    return io.TextIOWrapper(
        buffer, stream.encoding, stream.errors, line_buffering=lines, write_through=at_once
    )


def _is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True


def flush() -> None:
    """Write what was said now, while it can still be told that it could not be. Raises OSError."""
    sys.stdout.flush()


def is_of_output(error: Exception) -> bool:
    """Whether standard output takes nothing more."""
    return isinstance(error, OSError) and error.errno in UNWRITABLE and error.filename in (None, OUTPUT)


def forsake_output() -> None:
    """Nothing more goes to standard output: what is still held of it would fail again at the exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def sentence(error: OSError) -> str:
    """What the system refused, in words."""
    if is_of_output(error):
        return f"{OUTPUT} cannot be written: {error.strerror}"
    if isinstance(error, FileNotFoundError) and error.filename is None:  # getcwd(2) alone names none
        return (
            "the folder that this command was begun in was deleted: change to another (cd), and begin again"
        )
    name = f"{error.filename}: " if error.filename is not None else ""
    return f"the system refused: {name}{error.strerror or error}"


def letters(error: UnicodeEncodeError) -> str:
    return (
        f"standard output takes only {error.encoding}, and the answer has other letters: "
        "set PYTHONIOENCODING=utf-8, or a UTF-8 locale"
    )
