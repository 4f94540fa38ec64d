"""SIGTERM, SIGINT and SIGHUP in the first seconds of a crawl: there is nothing yet that Scrapy could stop."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class NotBegun(Exception):
    """The process was told to stop before its crawl had begun; nothing was asked, nothing is lost."""


class Told:
    """Whether the process was told to stop, and by which signal."""

    def __init__(self) -> None:
        self.signal: int | None = None

    def note(self, number: int, _frame: FrameType | None) -> None:
        """The signals' handler: nothing is interrupted, a transaction ends as it would."""
        self.signal = number

    def check(self) -> None:
        """Raise NotBegun once the process was told to stop."""
        if self.signal is not None:
            raise NotBegun(f"told to stop ({signal.Signals(self.signal).name}) before the crawl began")

    def pass_on(self) -> None:
        """Tell it again, to whoever handles the signals by now."""
        if self.signal is not None:
            os.kill(os.getpid(), self.signal)


@contextmanager
def hung_up_as_told() -> Iterator[None]:
    """The terminal closed, or the line to it broke: as SIGTERM, to whoever handles that by now."""
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_DFL:  # under nohup it is ignored
        yield
        return
    signal.signal(signal.SIGHUP, lambda _number, _frame: os.kill(os.getpid(), signal.SIGTERM))
    try:
        yield
    finally:
        signal.signal(signal.SIGHUP, signal.SIG_DFL)


@contextmanager
def stop_noted() -> Iterator[Told]:
    """Note SIGTERM and SIGINT inside the block instead of dying of them; SIGHUP is one, unless ignored."""
    told = Told()
    with hung_up_as_told():
        before = {number: signal.signal(number, told.note) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            yield told
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
