"""Where the pages ask the archive: opened for each page, for reading only, and only for so long."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from storage.database.opening import open_readonly, refusals
from storage.database.tables import require_current
from storage.database.unwritable import asked
from storage.query.limits import TooLong, limit, was_stopped

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Desk:
    """The archive at a URL. It may be missing, newer or moved from one page to the next: each is told."""

    url: str
    seconds: float
    """How long one page may ask."""

    def answer(self, work: Callable[[Engine], T]) -> T:
        """What ``work`` reads.

        Raises:
            DatabaseRefused: there is no archive, it cannot be read, or it is of another version.
            TooLong: the time was over.
        """

        def limited(engine: Engine) -> T:
            require_current(engine)
            limit(engine, self.seconds)
            try:
                return work(engine)
            except DBAPIError as error:
                if was_stopped(error):
                    raise TooLong from error
                raise

        with refusals():
            return asked(partial(open_readonly, self.url), limited)

    def check(self) -> None:
        """Raises DatabaseRefused unless the archive can be asked now."""
        with refusals():
            asked(partial(open_readonly, self.url), require_current)
