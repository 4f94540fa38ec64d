"""The parent's side of one reading process: start it, ask it, end it."""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import os
import pickle
import select
import signal
import socket
import sys
import types
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path
from typing import Any

from crawler.reading.limits import Limits
from crawler.reading.question import Question, source_in
from crawler.reading.worker import HEAD, OUT_OF_MEMORY, PROTOCOL, READY, serve
from storage.database.shortage import shortage

log = logging.getLogger("newsarchive")

START_S = 60.0
"""From the order to the first word: 1.2 s on a quiet machine (2026-11), mostly the fork server's imports."""
END_S = 10.0
"""A process whose pipe closed ends at once; one that does not is killed after this. The fork server tells
that one has ended; it is killed too where it does not say so for as long."""


class ReadingDied(Exception):
    """The process ended over a page or list; the message says why."""


class ReadingUnavailable(RuntimeError):
    """No reading process can be started here; the message says why."""


def fork_server() -> ForkServerContext:
    """The context that forks reading processes from one that has the rules loaded already.

    Raises:
        ReadingUnavailable: the system cannot.
    """
    try:
        context = multiprocessing.get_context("forkserver")
    except ValueError as error:
        raise ReadingUnavailable(
            f"pages are read in processes that are forked, and this system cannot ({sys.platform}: {error})"
        ) from error
    if _server() is None:  # one that was started has been told
        context.set_forkserver_preload(["crawler.reading.preload", *_modules_of_sources()])
    return context


def _server() -> int | None:
    """The number of the fork server's process; None: none was started. multiprocessing has no name for it."""
    number: int | None = getattr(forkserver._forkserver, "_forkserver_pid", None)
    return number


def _modules_of_sources() -> list[str]:
    modules = list(sys.modules.items())
    return sorted(name for name, module in modules if source_in(module) is not None)


@contextmanager
def _without_main() -> Iterator[None]:
    """multiprocessing runs the program's own main module in every child: none of it is needed to read a page,
    and a script that crawls without asking for its ``__name__`` would crawl again there."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = types.ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


@contextmanager
def somewhere() -> Iterator[None]:
    """multiprocessing asks for the working directory, which may have been deleted: nothing of ours lies in it
    then, and a reading process needs none. The program itself stays where it is: a relative path of its own
    must find nothing, not something of the root's."""
    try:
        Path.cwd()
    except FileNotFoundError:
        nowhere = os.open(".", os.O_RDONLY)
        os.chdir("/")
        try:
            yield
        finally:
            os.fchdir(nowhere)
            os.close(nowhere)
    else:
        yield


class ReadingProcess:
    """One process and the pipe to it. Asked one question at a time."""

    def __init__(
        self,
        process: ForkServerProcess,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        limits: Limits,
    ) -> None:
        self._process, self._reader, self._writer, self._limits = process, reader, writer, limits
        self._end = select.poll()
        self._end.register(process.sentinel, select.POLLIN)
        self.asked = 0

    @classmethod
    async def start(cls, context: ForkServerContext, lifeline: Connection, limits: Limits) -> ReadingProcess:
        """A process that has said that it is ready.

        Raises:
            ReadingUnavailable: it did not start.
        """
        ours, theirs = socket.socketpair()
        process = context.Process(target=serve, args=(theirs, lifeline, limits), name="reading", daemon=True)
        try:
            async with asyncio.timeout(START_S):
                await asyncio.to_thread(_start, process, theirs)
            reader, writer = await asyncio.open_connection(sock=ours)
        except (OSError, EOFError, MemoryError, RuntimeError) as error:
            ours.close()
            if isinstance(error, (MemoryError, RuntimeError)) and shortage(error) is None:
                raise
            if isinstance(error, TimeoutError):  # what waits for the server's word is let go by its end
                kill_fork_server()
            why = shortage(error) or f"{error!r}"
            raise ReadingUnavailable(f"no process could be started to read pages: {why}") from error
        except BaseException:  # cancelled: the process finds its pipe closed and ends
            ours.close()
            raise
        started = cls(process, reader, writer, limits)
        await started._ready()
        return started

    async def _ready(self) -> None:
        try:
            async with asyncio.timeout(START_S):
                said = await self._received()
        except (TimeoutError, asyncio.IncompleteReadError, ConnectionError) as error:
            code = await self.kill()
            raise ReadingUnavailable(
                f"a process to read pages did not begin ({type(error).__name__}, {_words_of(code)})"
            ) from error
        except BaseException:
            self._drop()
            raise
        assert said == READY

    @property
    def pid(self) -> int:
        assert self._process.pid is not None
        return self._process.pid

    @property
    def lives(self) -> bool:
        """Asked before each page: ``is_alive`` makes what it asks the system with anew each time."""
        return not self._reader.at_eof() and not self._end.poll(0)

    async def ask(self, question: Question) -> Any:
        """The answer to a question.

        Raises:
            ReadingDied: the process ran into a limit, or was ended by something else. It is gone.
        """
        self.asked += 1
        message = pickle.dumps(question, protocol=PROTOCOL)
        seconds = self._limits.seconds_for(len(message))
        try:
            async with asyncio.timeout(seconds):
                self._writer.writelines((HEAD.pack(len(message)), message))
                await self._writer.drain()
                answer = await self._received()
        except TimeoutError:
            await self.kill()
            raise ReadingDied(f"reading it took longer than {round(seconds, 1):g} s") from None
        except (asyncio.IncompleteReadError, ConnectionError):
            raise ReadingDied(self._why(await self.kill(), seconds)) from None
        except BaseException:  # cancelled: its answer would be taken for the next one's
            self._drop()
            raise
        return pickle.loads(answer)  # noqa: S301  from our own child

    async def _received(self) -> bytes:
        (length,) = HEAD.unpack(await self._reader.readexactly(HEAD.size))
        return await self._reader.readexactly(length)

    def _why(self, code: int | None, seconds: float) -> str:
        if code == OUT_OF_MEMORY:
            return f"reading it needed more than {self._limits.memory_mb} MB"
        if code == -signal.SIGXCPU:
            return f"reading it took longer than {round(seconds, 1):g} s of the processor"
        return f"it killed its reading process ({_words_of(code)})"

    async def end(self) -> None:
        """Let it end: it does when its pipe closes. Killed when it does not."""
        self._writer.close()
        await asyncio.to_thread(self._process.join, END_S)
        await self.kill()

    async def kill(self) -> int | None:
        """End it now; its exit code, negative for a signal. None where nobody can say it any more."""
        self._drop()
        await asyncio.to_thread(self._process.join, END_S)
        if self._process.exitcode is None:
            kill_fork_server()
            await asyncio.to_thread(self._process.join, END_S)
        return self._process.exitcode

    def _drop(self) -> None:
        self._process.kill()
        self._writer.close()


def kill_fork_server() -> None:
    """End the fork server: it is stopped, or hangs, and whoever waits for a word of it waits for ever.

    The next process to be started begins another one.
    """
    if (pid := _server()) is not None:
        log.warning("the fork server %d of the reading processes is ended: it does not answer", pid)
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _start(process: ForkServerProcess, theirs: socket.socket) -> None:
    with theirs, _without_main(), somewhere():
        process.start()


def _words_of(code: int | None) -> str:
    if code is None:
        return "no exit code"
    return f"signal {-code}" if code < 0 else f"exit code {code}"
