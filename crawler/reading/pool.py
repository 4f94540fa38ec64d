"""All reading processes of one program: started when needed, given one question at a time, renewed, ended.

The pool counts nothing and judges nothing: that a page killed its process is told to the caller, who knows
how often it may be tried; `ReadingPool.ask_twice` is for who does not count.
"""

from __future__ import annotations

import asyncio
import atexit
import logging
import multiprocessing
from typing import Any, TypeVar

from crawler.reading.limits import Limits
from crawler.reading.process import ReadingDied, ReadingProcess, ReadingUnavailable, fork_server
from crawler.reading.question import Broke, Lost, Question

T = TypeVar("T")

log = logging.getLogger("newsarchive")

STARTS = 3
"""A start that fails is tried again after one second and after two: a machine may be short for a moment."""


class RulesBroke(Exception):
    """The rules raised on a page or list. The message is one line; ``trace`` says where."""

    def __init__(self, broke: Broke) -> None:
        super().__init__(broke.reason)
        self.trace = broke.trace


def there(answer: T) -> T:
    """The answer. Raises ReadingUnavailable where it says that who read ran short: that is no answer."""
    if isinstance(answer, Lost) and answer.here:
        raise ReadingUnavailable(answer.reason)
    return answer


class ReadingPool:
    """Reading processes, as many as the limits say at most. Belongs to one event loop."""

    ahead = 2
    """Blocks that are asked for at once: with one alone the processes have nothing to do while its last pages
    are read (340 pages a second read again against 365, 2026-11)."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.started = 0
        """Processes started so far."""
        self._given_up: str | None = None
        """Why no process could be started, at the last of all tries: whoever waits is told at once."""
        self._room = asyncio.Semaphore(limits.processes)
        self._idle: list[ReadingProcess] = []
        self._busy: set[ReadingProcess] = set()
        self._ends: set[asyncio.Task[None]] = set()
        self._context = fork_server()
        # The processes hold one end, this pool the other: when it closes, however it does, they are gone.
        self._lifeline, self._held = multiprocessing.Pipe(duplex=False)
        # multiprocessing waits at the program's exit for processes that were never told to end.
        atexit.register(self._held.close)

    async def warm(self) -> None:
        """Have one process ready before the first page comes.

        Raises:
            ReadingUnavailable: none can be started here.
        """
        async with self._room:
            if not self._idle:
                self._idle.append(await self._new())

    async def ask(self, question: Question, *, fresh: bool = False) -> Any:
        """The answer to a question: an article or a listing.

        Args:
            fresh: ask a process that has read nothing yet.

        Raises:
            ReadingDied: the process ended over it; the next question gets another one.
            RulesBroke: the rules raised.
            ReadingUnavailable: no process can be started, or it ran short of something itself.
        """
        async with self._room:
            process = await self._process(fresh=fresh)
            self._busy.add(process)
            try:
                answer = await process.ask(question)
            finally:
                self._busy.discard(process)
            self._keep(process)
        if isinstance(answer, Broke):
            raise RulesBroke(answer)
        return there(answer)

    async def ask_twice(self, question: Question, what: str) -> Any:
        """As `ask`; what ends its process is given to one more, which has read nothing yet.

        Args:
            what: is asked about, for the log.
        """
        try:
            return await self.ask(question)
        except ReadingDied as death:
            log.warning("%s is tried again: %s", what, death)
        try:
            return await self.ask(question, fresh=True)
        except ReadingDied as death:
            raise ReadingDied(f"{death}; tried twice") from death

    def try_again(self) -> None:
        """Start processes again where none could be started: for who lives longer than what ran short."""
        self._given_up = None

    async def _process(self, *, fresh: bool) -> ReadingProcess:
        """An idle process that lives; a new one where there is none, or none will do."""
        while self._idle:
            process = self._idle.pop()
            if process.lives and not fresh:
                return process
            self._let_end(process)
            if fresh:
                break
        if self._given_up is not None:
            raise ReadingUnavailable(self._given_up)
        try:
            return await self._new()
        except ReadingUnavailable as error:
            self._given_up = str(error)
            raise

    async def _new(self) -> ReadingProcess:
        for again in range(1, STARTS):
            try:
                return await self._start()
            except ReadingUnavailable as error:
                log.warning("%s; trying again", error)
                await asyncio.sleep(again)
        return await self._start()

    async def _start(self) -> ReadingProcess:
        process = await ReadingProcess.start(self._context, self._lifeline, self.limits)
        self.started += 1
        return process

    def _keep(self, process: ReadingProcess) -> None:
        if process.asked < self.limits.pages:
            self._idle.append(process)
        else:
            self._let_end(process)

    def _let_end(self, process: ReadingProcess) -> None:
        """End it beside what goes on."""
        task = asyncio.ensure_future(process.end())
        self._ends.add(task)
        task.add_done_callback(self._ends.discard)

    async def close(self) -> None:
        """End every process; none is left when this returns."""
        for process in self._idle:
            self._let_end(process)
        self._idle.clear()
        for process in list(self._busy):
            await process.kill()
        await asyncio.gather(*self._ends, return_exceptions=True)
        atexit.unregister(self._held.close)
        self._held.close()
        self._lifeline.close()
