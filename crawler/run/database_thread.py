"""One thread for all storage work of a run: off the event loop, in order; a refusal is told once."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

from scrapy.exceptions import CloseSpider
from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError

from crawler.run.boundary import caught, given, reason_of
from storage.database.opening import DatabaseRefused, refusals
from storage.database.reconnect import lost_against_another, was_undone
from storage.database.refusal import busy_seconds

P = ParamSpec("P")
T = TypeVar("T")

log = logging.getLogger("newsarchive")


class RunRefused(DatabaseRefused, CloseSpider):
    """The database or disk said no in mid-run: nothing more can be kept, so nothing more is asked."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.args = (sentence,)
        self.reason = "refused"


class DatabaseThread:
    """Runs blocking work of one run.

    Args:
        name: the run's source, for the log.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.url: URL | None = None
        """The database, for the sentence of a refusal."""
        self.on_refused: Callable[[], None] = lambda: None
        """Called once, when the database or disk first says no."""
        self.guard: Callable[[], None] = lambda: None
        """Asked before each work: raises DatabaseRefused where what was stored is not there any more."""
        self.refusal: RunRefused | None = None
        """Why the database or disk said no, once it has."""
        self._said_no: DatabaseRefused | None = None
        """The same, as the thread itself knows it."""
        self._executor = _one_thread()
        self.at_work = False
        """A piece of work has been begun and has not come back."""
        self.forsaken = False

    async def do(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Work that is one transaction, or harmless when begun a second time.

        Raises:
            RunRefused: the database or disk said no, now or earlier in this run. Scrapy ends the crawl
                on it without a traceback.
        """
        return await self._run(partial(work, *args, **kwargs), again=True)

    async def do_once(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Work of several transactions, never begun again. Raises as ``do``."""
        return await self._run(partial(work, *args, **kwargs), again=False)

    async def do_last(self, work: Callable[[], None]) -> None:
        """Work that must be done even after a refusal."""
        await self._thrown_across(partial(self._working, work))

    def refuse(self, sentence: str) -> RunRefused:
        """Say no to all further work: something that the run stored is lost, or cannot be kept."""
        if self.refusal is None:
            self.refusal = RunRefused(sentence)
            self._said_no = self._said_no or self.refusal
            log.error("%s stopped: %s", self.name, sentence)  # now: the end may be cut short
        return self.refusal

    def stop(self, sentence: str) -> RunRefused:
        """Refuse, and end the run; on the event loop. Gives what to raise."""
        told = self.refusal is not None
        refusal = self.refuse(sentence)
        if not told:
            self.on_refused()
        return refusal

    def short(self, sentence: str) -> DatabaseRefused:
        """This process ran short of something: on the event loop the run ends; a thread's caller ends it."""
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            return DatabaseRefused(sentence)
        return self.stop(sentence)

    @property
    def database_refused(self) -> bool:
        """Whether it was the database, not the WARC file's disk, that said no."""
        return self._said_no is not None and isinstance(self._said_no.__cause__, DBAPIError)

    def forsake(self) -> None:
        """Leave a thread whose work does not come back; what is to do still is done on another."""
        self.forsaken = True
        self._executor.shutdown(wait=False, cancel_futures=True)
        self._executor = _one_thread()

    def shutdown(self) -> None:
        """End the thread when its work is done."""
        self._executor.shutdown()

    async def _run(self, work: Callable[[], T], *, again: bool) -> T:
        if self.refusal is not None:
            raise self.refusal
        try:
            with refusals(self.url):  # the thread itself may not be had
                return await self._thrown_across(partial(self._refusing, work, again))
        except DatabaseRefused as error:
            refusal = self.stop(str(error))
            raise refusal from (error if error is not refusal else None)

    async def _thrown_across(self, work: Callable[[], T]) -> T:
        loop = asyncio.get_running_loop()
        return given(*await loop.run_in_executor(self._executor, caught, work))

    def _working(self, work: Callable[[], T]) -> T:
        self.at_work = True
        try:
            return work()
        finally:
            self.at_work = False

    def _refusing(self, work: Callable[[], T], again: bool) -> T:
        """What is queued behind a refusal does not wait for another one."""
        if self._said_no is not None:
            raise self._said_no
        try:
            with refusals(self.url):
                self._working(self.guard)
                return self._working(partial(begun_again, work, self.url) if again else work)
        except DatabaseRefused as error:
            self._said_no = error
            raise


def _one_thread() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="database")


PAUSES_S = (0.05, 0.1, 0.2, 0.4, 0.8)
"""Before each further try of a transaction that lost against another; our choice. Ours take milliseconds."""


def begun_again(work: Callable[[], T], url: URL | None = None) -> T:
    """Do it; again, a bounded number of times, when the database undid it for no fault of its own.

    A deadlock, a serialisation failure, a busy SQLite file; a server that went away before anything of it
    was kept, also where it goes again: it restarts twice, or an administrator ends all sessions again.
    """
    for pause in PAUSES_S:
        began = time.monotonic()
        try:
            return work()
        except DBAPIError as error:
            if was_undone(error):
                log.warning("the database was away; its last transaction is begun again")
            elif lost_against_another(error) and time.monotonic() - began < busy_seconds(url):
                log.warning("the database undid a transaction (%s); it is begun again", reason_of(error))
            else:
                raise
            time.sleep(pause)
    return work()
