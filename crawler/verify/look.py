"""All checks in their order: files, rows, texts, what follows from them."""

from __future__ import annotations

import signal
import threading
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import Engine

from crawler.deduplicate.match import decide
from crawler.sources import spellings
from crawler.verify.texts import Texts, count_appearances, next_appearances, of_captures
from storage.database.soundness import DEEP, QUICK, TO_DO, damage
from storage.forget.returned import returned
from storage.operations import rows
from storage.operations.files import Files
from storage.operations.health import sample_captures
from storage.operations.problems import Findings, Problem
from storage.tombstones import Tombstones, TombstonesUnreadable


@dataclass(slots=True)
class Look:
    """One look at the archive."""

    engine: Engine
    files: Files
    texts: Texts
    tombstones: Tombstones
    sample: int | None
    """Captures that are read; None: all of them."""
    say: Callable[[str], None]
    """Told what is looked at."""
    turn: int = 0
    """Shifts the sample from one look to the next."""
    found: Findings = field(default_factory=Findings)

    async def problems(self) -> AsyncIterator[Problem]:
        """Everything that is found, as it is found.

        Raises:
            ReadingUnavailable: no process can be started to read pages.
        """
        numbers = None
        if self.sample is not None:
            numbers = [one.id for one in sample_captures(self.engine, self.sample, self.turn)]
        for one in at_once(self._stored(numbers)):
            yield one
        self.say("the texts and their captures")
        async for one in self._texts(numbers):
            yield one
        self.say("the articles and the search index")  # last: what was mended before is seen here
        for one in at_once(self._following()):
            yield one

    def _stored(self, numbers: list[int] | None) -> Iterable[Problem]:
        if (said := damage(self.engine, DEEP if self.sample is None else QUICK)) is not None:
            yield Problem(check="database", what=f"the database is damaged: {said}", to_do=TO_DO)
        self.say("the WARC files and their rows")
        yield from self.files.all() if numbers is None else self.files.sample(numbers)
        self.say("the rows among themselves")
        yield from self._rows()

    def _rows(self) -> Iterable[Problem]:
        repair = self.files.repair
        yield from rows.orphans(self.engine, repair=repair)
        yield from rows.parts(self.engine)
        yield from rows.outcomes(self.engine)
        try:
            yield from returned(self.engine, self.tombstones)
            yield from rows.vanished(self.engine, self.tombstones, spellings, repair=repair)
        except TombstonesUnreadable as error:
            yield Problem(check="tombstones", what=str(error), to_do="until then no crawl stores anything")

    def _following(self) -> Iterable[Problem]:
        yield from rows.preferred(self.engine, decide, repair=self.files.repair)
        yield from rows.index(self.engine, repair=self.files.repair, told=self.files.told)

    async def _texts(self, numbers: list[int] | None) -> AsyncIterator[Problem]:
        async for one in self.texts.bodies():
            yield one
        for block in self._blocks(numbers):
            async for one in self.texts.pages(block):
                yield one
        for one in self.texts.lost():
            yield one

    def _blocks(self, numbers: list[int] | None) -> Iterable[list[int]]:
        size = self.texts.block
        if numbers is not None:
            ids = of_captures(self.engine, numbers)
            yield from (ids[start : start + size] for start in range(0, len(ids), size))
            return
        after, done, total = 0, 0, count_appearances(self.engine)
        while ids := next_appearances(self.engine, after, size):
            yield ids
            after, done = ids[-1], done + len(ids)
            self.files.told(done, total, "pages compared")


def at_once(problems: Iterable[Problem]) -> Iterator[Problem]:
    """Problems that are looked for without a pause for the event loop, which Ctrl-C ends all the same.

    asyncio's own first Ctrl-C cancels a task at its next pause: a look at 12,000 files went on for ten
    minutes (2026-11-28).
    """
    rest = iter(problems)
    while True:
        with _interrupted_by_its_signal():
            one = next(rest, None)
        if one is None:
            return
        yield one


@contextmanager
def _interrupted_by_its_signal() -> Iterator[None]:
    before = signal.getsignal(signal.SIGINT)
    is_main = threading.current_thread() is threading.main_thread()
    if not is_main or not callable(before):  # ignored, as behind nohup
        yield
        return
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
