"""The boundary of a run's stages: whatever one throws leaves it as one kind of failure, with its reason.

It also knows what the run is doing, what it waits for, and when a stage last ended, so that a run in which
nothing moves any more can be told from one that waits for its turn (standstill.py).
"""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import TypeVar

from scrapy.exceptions import CloseSpider, IgnoreRequest
from sqlalchemy.exc import DBAPIError

from storage.database.opening import DatabaseRefused
from storage.database.shortage import shortage

T = TypeVar("T")

log = logging.getLogger("newsarchive")

MAX_WORDS = 500
"""Characters of an error's own words that a reason keeps; our choice. Some put a whole page in theirs."""

_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]+")
"""What no database keeps, or would break the line."""

_MEANT = (DatabaseRefused, IgnoreRequest, CloseSpider)
"""Ends that any stage may declare: they pass as they are."""

Declared = tuple[type[BaseException], ...]


class StageBroke(Exception):
    """A stage threw what it does not declare; the message is the reason: stage, type and words."""

    def __init__(self, stage: str, reason: str) -> None:
        super().__init__(f"{stage} broke: {reason}")
        self.stage = stage


class Stage:
    """A stage at work, as a context. A dozen a page are entered: generators took twice as long."""

    __slots__ = ("_boundary", "_declared", "_moves", "name", "subject", "task")

    def __init__(
        self, boundary: Boundary, name: str, subject: str, declared: Declared, *, moves: bool
    ) -> None:
        self._boundary, self._declared, self._moves = boundary, declared, moves
        self.name = name
        self.subject = subject
        """The address or list that it works on."""
        self.task: asyncio.Task[object] | None = None
        """None on a thread."""

    def __enter__(self) -> None:
        self.task = _this_task()
        self._boundary.begins(self)

    def __exit__(
        self, _: type[BaseException] | None, error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        try:
            if error is not None:
                self._boundary.judge(self, error, self._declared)
        finally:
            self._boundary.ends(self, moves=self._moves)


class Boundary:
    """The stages of one run.

    Args:
        note: told the reason of every stage that broke, once.
    """

    def __init__(self, note: Callable[[str], None]) -> None:
        self._note = note
        self.short: Callable[[str], DatabaseRefused] = DatabaseRefused
        """Told what this process ran short of while a stage worked; gives what to raise."""
        self._running: dict[Stage, None] = {}
        self._waits: dict[object, float] = {}
        """Declared waits -> when they end, by time.monotonic()."""
        self._moved_at = time.monotonic()
        self.stood_still: str | None = None
        """Why the run ends itself, once nothing moved in it any more."""

    def stage(self, name: str, subject: str = "", *, declared: Declared = (), moves: bool = True) -> Stage:
        """A stage: what is thrown within, of whatever kind, leaves it as StageBroke.

        As they are pass an interrupt from the keyboard, the cancellation of the task itself, and the ends
        that a stage declares (a refusal, a request that is not sent). What says that this process ran short
        of memory, threads or files leaves as a refusal, whoever declares it.

        Args:
            subject: the address or list that it works on.
            declared: more ends of this stage, such as the network's failures.
            moves: whether its end shows that the run goes on. A heart-beat's does not.

        Raises:
            DatabaseRefused: this process ran short of something.
            StageBroke: always instead of another exception.
        """
        return Stage(self, name, subject, declared, moves=moves)

    def begins(self, stage: Stage) -> None:
        """Told by a stage."""
        self._running[stage] = None

    def ends(self, stage: Stage, *, moves: bool) -> None:
        """Told by a stage, whatever it ended with."""
        del self._running[stage]
        if moves:
            self._moved_at = time.monotonic()

    def judge(self, stage: Stage, error: BaseException, declared: Declared) -> None:
        """Raise what leaves a stage instead of an error; nothing where the error itself does."""
        if not isinstance(error, (StageBroke, *_MEANT)) and (said := shortage(error)) is not None:
            raise self.short(said) from error
        if not self._passes(error, stage, declared):
            raise self._broken(stage, error) from error

    async def whole(self, name: str, subject: str, work: Awaitable[T]) -> T:
        """A stage that is a task of its own: a SystemExit that leaves a task ends the event loop."""
        with self.stage(name, subject):
            return await work

    async def attempt(self, name: str, work: Awaitable[T], otherwise: T, *, moves: bool = True) -> T:
        """What a stage gives; ``otherwise`` where it broke, which the run's verdict will name."""
        try:
            with self.stage(name, moves=moves):
                return await work
        except StageBroke:
            return otherwise

    @contextmanager
    def waits(self, seconds: float) -> Iterator[None]:
        """A declared wait: nothing need move while it lasts, for at most so long."""
        wait = object()
        self._waits[wait] = time.monotonic() + seconds
        try:
            yield
        finally:
            del self._waits[wait]
            self._moved_at = time.monotonic()

    @property
    def ended(self) -> bool:
        """Whether it does: what comes now is not written any more."""
        return self.stood_still is not None

    # --- asked by the watch, from its own thread ---------------------------------------------------

    def quiet_s(self) -> float:
        """Seconds since a stage or a declared wait last ended; below zero while one is still to end."""
        return time.monotonic() - max([self._moved_at, *self._waits.values()])

    def at_work(self) -> str:
        """The stages at work and what they work on, for the reason of a run's end."""
        inner = {stage.subject: stage for stage in list(self._running)}
        said = sorted(f"{one.name} {one.subject}".strip() for one in inner.values())
        return ", ".join([*said[:3], *([f"{len(said) - 3} more"] if len(said) > 3 else [])]) or "no stage"

    def cut_short(self, why: str) -> None:
        """End the stages at work: each breaks with this reason. On the event loop's thread."""
        self.stood_still = why
        for task in {stage.task for stage in self._running if stage.task is not None}:
            task.cancel(why)

    # ------------------------------------------------------------------------------------------------

    def _passes(self, error: BaseException, stage: Stage, declared: Declared) -> bool:
        if isinstance(error, (StageBroke, KeyboardInterrupt, GeneratorExit, *_MEANT, *declared)):
            return True
        if isinstance(error, asyncio.CancelledError):
            # Cancelled from outside, or a cancelled future's exception that a stage let through?
            ours = stage.task is not None and stage.task.cancelling() > 0
            return ours and self.stood_still is None
        return False

    def _broken(self, stage: Stage, error: BaseException) -> StageBroke:
        if self.stood_still is not None and isinstance(error, asyncio.CancelledError):
            return StageBroke(stage.name, self.stood_still)
        broke = StageBroke(stage.name, reason_of(error))
        log.error("%s (%s)", broke, stage.subject or "the run", exc_info=error)
        self._note(str(broke))
        return broke


def _this_task() -> asyncio.Task[object] | None:
    try:
        return asyncio.current_task()
    except RuntimeError:  # on a thread without an event loop
        return None


def caught(work: Callable[[], T]) -> tuple[T | None, BaseException | None]:
    """What the work gave, or what it threw, as a value that crosses from thread to thread.

    A StopIteration never leaves an executor's future: who waits for it waits for ever (CPython 3.11).
    """
    try:
        return work(), None
    except BaseException as error:  # noqa: BLE001  raised again by ``given``
        return None, error


def given(result: T | None, error: BaseException | None) -> T:
    """The other side of ``caught``."""
    if error is not None:
        raise error
    return result  # type: ignore[return-value]


def reason_of(error: BaseException) -> str:
    """An error in one line that any database keeps: its type and its words, the driver's for a database."""
    said = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    words = words_of(said)
    name = type(said).__name__
    return f"{name}: {words}" if words else name


def words_of(error: BaseException) -> str:
    """An error's own words in one line; a long line is cut, and says so."""
    try:
        # PostgreSQL's DETAIL quotes the row: a text that may be taken down one day, and a reason outlives it.
        words = getattr(getattr(error, "diag", None), "message_primary", None) or str(error)
    except Exception as broken:  # noqa: BLE001  an error that cannot even be told is told so
        return f"its words cannot be had ({type(broken).__name__})"
    words = " ".join(_UNPRINTABLE.sub(" ", words).split())
    if len(words) <= MAX_WORDS:
        return words
    return f"{words[:MAX_WORDS]} ... ({len(words):,} characters in all)"
