"""One thread for all storage work of a run: off the event loop, in order; a refusal is told once."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

from scrapy.exceptions import CloseSpider
from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError

from storage.database.opening import DatabaseRefused, refusals
from storage.database.reconnect import was_undone

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
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="database")

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
        await asyncio.get_running_loop().run_in_executor(self._executor, work)

    def refuse(self, sentence: str) -> None:
        """Say no to all further work: something that the run stored is lost."""
        if self.refusal is None:
            self.refusal = self._said_no = RunRefused(sentence)
            log.error("%s stopped: %s", self.name, sentence)

    @property
    def database_refused(self) -> bool:
        """Whether it was the database, not the WARC file's disk, that said no."""
        return self._said_no is not None and isinstance(self._said_no.__cause__, DBAPIError)

    def shutdown(self) -> None:
        """End the thread when its work is done."""
        self._executor.shutdown()

    async def _run(self, work: Callable[[], T], *, again: bool) -> T:
        if self.refusal is not None:
            raise self.refusal
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._executor, self._refusing, work, again)
        except DatabaseRefused as error:
            if self.refusal is None:
                self.refusal = RunRefused(str(error))
                log.error("%s stopped: %s", self.name, error)  # now: the end may be cut short
                self.on_refused()
            raise self.refusal from error

    def _refusing(self, work: Callable[[], T], again: bool) -> T:
        """What is queued behind a refusal does not wait for another one."""
        if self._said_no is not None:
            raise self._said_no
        try:
            with refusals(self.url):
                self.guard()
                return _begun_again(work) if again else work()
        except DatabaseRefused as error:
            self._said_no = error
            raise


def _begun_again(work: Callable[[], T]) -> T:
    """Do it; once more when the server went away before anything of it was kept."""
    try:
        return work()
    except DBAPIError as error:
        if not was_undone(error):
            raise
        log.warning("the database was away; its last transaction is begun again")
    return work()
