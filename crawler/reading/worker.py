"""What runs in a reading process: take a question, read, answer, until the pipe closes.

It ends when its parent ends, however that ends: an idle process sees its pipe close, a busy one is ended by
the kernel, which sends it a signal when the lifeline closes.
"""

from __future__ import annotations

import fcntl
import gc
import logging
import os
import pickle
import signal
import socket
import struct
import traceback
from collections.abc import Iterator
from multiprocessing.connection import Connection

from lxml import etree

from crawler.reading.limits import Limits, limit_memory, limit_processor
from crawler.reading.question import Broke, Question

HEAD = struct.Struct("<Q")
"""Before every message, either way: its length in bytes."""
PROTOCOL = 5
READY = b"ready"
OUT_OF_MEMORY = 77
"""Exit code of a process that ran into its memory limit: nothing needs to be allocated to say it."""
MAX_ANSWER = 64 * 1024 * 1024
"""Bytes. Eight times the largest page that is read: an answer above it has grown without end."""


def serve(pipe: socket.socket, lifeline: Connection, limits: Limits) -> None:
    """Answer questions until the pipe closes."""
    _end_with(lifeline)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # a stop is the parent's to order: pages in hand are read
    logging.getLogger().addHandler(logging.NullHandler())  # every page's end is told by its outcome
    gc.freeze()  # the rules stay: collections need not walk them, and their pages stay shared
    limit_memory(limits.memory_mb)
    _send(pipe, READY)
    for message in _messages(pipe):
        limit_processor(limits.seconds_for(len(message)))
        _send(pipe, _answer(message))


def _end_with(lifeline: Connection) -> None:
    """SIGIO, whose default is to end the process, when the other end of the lifeline closes."""
    signal.signal(signal.SIGIO, signal.SIG_DFL)
    fcntl.fcntl(lifeline.fileno(), fcntl.F_SETOWN, os.getpid())
    flags = fcntl.fcntl(lifeline.fileno(), fcntl.F_GETFL)
    fcntl.fcntl(lifeline.fileno(), fcntl.F_SETFL, flags | os.O_ASYNC)
    if lifeline.poll():  # it closed before the kernel was asked
        os._exit(0)


def _answer(message: bytes) -> bytes:
    """The pickled answer; ``Broke`` where the rules raised."""
    try:
        question: Question = pickle.loads(message)  # noqa: S301  from our own parent
        answer = pickle.dumps(question.answer(), protocol=PROTOCOL)
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    except Exception as error:  # noqa: BLE001  the boundary of the process: the parent records it
        if _wanted_memory(error):
            os._exit(OUT_OF_MEMORY)
        return pickle.dumps(broke(error), protocol=PROTOCOL)
    if len(answer) > MAX_ANSWER:
        grown = Broke(reason=f"what was read of it has {len(answer)} bytes; {MAX_ANSWER} are taken", trace="")
        return pickle.dumps(grown, protocol=PROTOCOL)
    return answer


def _wanted_memory(error: Exception) -> bool:
    """libxml2 that gets no memory gives lxml no reason (lxml 6.1, seen with limits of 8 to 128 MB)."""
    return isinstance(error, etree.LxmlError) and str(error).startswith("unknown error")


def broke(error: Exception) -> Broke:
    """An exception in one line that every database takes, and its trace."""
    words = " ".join(traceback.format_exception_only(error)[-1].split())
    return Broke(reason=_storable(words), trace=_storable("".join(traceback.format_exception(error))))


def _storable(text: str) -> str:
    """Without NUL, which PostgreSQL refuses, and lone surrogates, which no database takes."""
    return text.replace("\0", "\\0").encode("utf-8", "backslashreplace").decode("utf-8")


def _messages(pipe: socket.socket) -> Iterator[bytes]:
    """Whole messages until the pipe closes."""
    while len(head := _received(pipe, HEAD.size)) == HEAD.size:
        (length,) = HEAD.unpack(head)
        if len(message := _received(pipe, length)) < length:
            return
        yield message


def _received(pipe: socket.socket, length: int) -> bytes:
    """So many bytes; fewer when the pipe closes, also with an answer in it that nobody has read."""
    whole = bytearray(length)
    view, filled = memoryview(whole), 0
    try:
        while filled < length and (got := pipe.recv_into(view[filled:])):
            filled += got
    except ConnectionResetError:  # whoever asked was killed
        filled = 0
    return bytes(view[:filled])


def _send(pipe: socket.socket, message: bytes) -> None:
    try:
        pipe.sendall(HEAD.pack(len(message)) + message)
    except (BrokenPipeError, ConnectionResetError):
        os._exit(0)  # nobody waits for it any more
