"""All checks in their order: files, rows, texts, what follows from them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable
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
from storage.operations.problems import Problem
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
    found: list[Problem] = field(default_factory=list)

    async def problems(self) -> AsyncIterator[Problem]:
        """Everything that is found, as it is found.

        Raises:
            ReadingUnavailable: no process can be started to read pages.
        """
        if (said := damage(self.engine, DEEP if self.sample is None else QUICK)) is not None:
            yield Problem(check="database", what=f"the database is damaged: {said}", to_do=TO_DO)
        numbers = None
        if self.sample is not None:
            numbers = [one.id for one in sample_captures(self.engine, self.sample, self.turn)]
        self.say("the WARC files and their rows")
        for one in self.files.all() if numbers is None else self.files.sample(numbers):
            yield one
        self.say("the rows among themselves")
        for one in self._rows():
            yield one
        self.say("the texts and their captures")
        async for one in self._texts(numbers):
            yield one
        self.say("the articles and the search index")  # last: what was mended before is seen here
        for one in self._following():
            yield one

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
