"""What is stored of pages against their captures, read again by the reader that read them."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import replace

from sqlalchemy import Engine, func, select, update
from sqlalchemy.orm import Session

from crawler import reader
from crawler.counted import counted
from crawler.reading.question import Lost
from crawler.rereading.captures import REMOVED, CaptureReader
from crawler.rereading.report import pair
from storage.archive.rereader import Applied, Read, Rereader
from storage.archive.texts import body_of, text_digest
from storage.archive.to_reread import Wanted, load
from storage.clock import utc_now
from storage.database.opening import writing
from storage.database.pieces import size_after
from storage.database.waiting import let_others_write
from storage.frontier.captures import stored_capture
from storage.models import AddressRow, AppearanceRow, CaptureRow, RevisionRow, TextRow
from storage.operations.problems import Problem
from storage.operations.rows import texts

BLOCK = 32
TRIED = 5
"""Captures that are read to find a damaged text again."""
SHOWN_FIELDS = 4


def of_captures(engine: Engine, captures: Iterable[int]) -> list[int]:
    """The appearances that these captures gave."""
    numbers = sorted(captures)
    with Session(engine) as session:
        shown = session.scalars(select(AppearanceRow.id).where(AppearanceRow.capture_id.in_(numbers)))
        revised = session.scalars(
            select(RevisionRow.appearance_id).where(RevisionRow.capture_id.in_(numbers))
        )
        return sorted({*shown, *revised})


def count_appearances(engine: Engine) -> int:
    """All of them."""
    with Session(engine) as session:
        return session.scalar(select(func.count()).select_from(AppearanceRow)) or 0


def next_appearances(engine: Engine, after: int, most: int) -> list[int]:
    """The next block, whoever read them."""
    with Session(engine) as session:
        ours = select(AppearanceRow.id).where(AppearanceRow.id > after)
        return list(session.scalars(ours.order_by(AppearanceRow.id).limit(most)))


class Texts:
    """Compares pages with their captures; what today's reader did not read cannot be compared."""

    def __init__(
        self, engine: Engine, captures: CaptureReader, rereader: Rereader, batch: str, *, repair: bool
    ) -> None:
        self._engine, self._captures, self._rereader = engine, captures, rereader
        self._batch, self._repair = batch, repair
        self._size = BLOCK // 4
        """Pages of the next piece; the first is small, as nobody knows yet how long it takes."""
        self._lost: Counter[str] = Counter()
        self.removed: Counter[str] = Counter()
        """Why -> pages that cannot be compared, as the bytes of their capture were removed on purpose."""
        self.compared = 0
        self.waiting = 0
        """Pages that another reader has read: what today's makes of them says nothing of their rows."""

    @property
    def block(self) -> int:
        """Pages that are asked for at once."""
        return BLOCK * self._captures.ahead

    async def pages(self, ids: Sequence[int]) -> AsyncIterator[Problem]:
        """Every page of the block that does not say what its capture says."""
        wanted = Wanted(reader=reader.READER)
        pages, captures = load(self._engine, wanted, ids, quarantined=False, anew=True)
        self.waiting += sum(not page.captures for page in pages)
        block = []
        for read in await asyncio.gather(*(self._captures.page(page, captures) for page in pages)):
            reasons = set(read.lost.values())
            self._lost.update(one for one in reasons if not one.startswith(REMOVED))
            self.removed.update(one for one in reasons if one.startswith(REMOVED))
            block.append(replace(read, lost={}))  # told once for each reason, not page by page
        self.compared += sum(bool(one.readings) for one in block)
        for read, one in zip(block, self.differing(block), strict=True):
            if one.differences or one.left:
                yield self._problem(one, mended=self._mended(read, one))

    def differing(self, block: Sequence[Read]) -> list[Applied]:
        """What each page says otherwise than its captures; in pieces, between which others may write.

        All that is read at once was one transaction: 64 pages held the writer for 2.4 s of a busy machine
        (2026-11-28), and a cluster reads many times as many.
        """
        told: list[Applied] = []
        while len(told) < len(block):
            if told:
                let_others_write(self._engine)
            piece, began = block[len(told) : len(told) + self._size], time.monotonic()
            told += self._rereader.apply(piece, self._batch, utc_now(), dry=True, anew=True)
            self._size = size_after(self._size, time.monotonic() - began, len(block))
        return told

    def _mended(self, read: Read, told: Applied) -> bool:
        if not self._repair or not told.differences:
            return False
        (done,) = self._rereader.apply([read], self._batch, utc_now(), dry=False, anew=True)
        return not done.left

    def _problem(self, told: Applied, *, mended: bool) -> Problem:
        shown = [f"{one.field} {pair(one)}" for one in told.differences[:SHOWN_FIELDS]]
        more = len(told.differences) - SHOWN_FIELDS
        words = "; ".join((*shown, *((f"{more} fields more",) if more > 0 else ()), *told.left))
        return Problem(
            check="text against capture",
            what=f"{told.page.url} says what its capture does not (stored -> read): {words}",
            to_do="--repair stores what is read; if rules of the repository were changed, raise "
            "their reader first",
            mended=mended,
        )

    def lost(self) -> list[Problem]:
        """Captures that could not be read to compare, once for each reason."""
        return [
            Problem(
                check="text against capture",
                what=f"{counted(number, 'page')} cannot be compared: {why}",
                to_do="see what is found of the captures themselves",
            )
            for why, number in self._lost.most_common()
        ]

    async def bodies(self) -> AsyncIterator[Problem]:
        """Texts that are not what they are stored under; found again in the captures that show them."""
        for digest, _ in texts(self._engine):
            mended = self._repair and await self._body_again(digest)
            yield Problem(
                check="texts",
                what=f"the text {digest} of {self._shown_at(digest)} is another: its digest is not this",
                to_do="--repair reads it again from its captures; else restore the database from a backup",
                mended=mended,
            )

    def _shown_at(self, digest: str) -> str:
        with Session(self._engine) as session:
            shown = (
                select(AddressRow.url)
                .join(AppearanceRow, AppearanceRow.address_id == AddressRow.id)
                .join(RevisionRow, RevisionRow.appearance_id == AppearanceRow.id)
                .join(TextRow, TextRow.id == RevisionRow.text_id)
                .where(TextRow.digest == digest)
            )
            return session.scalar(shown.limit(1)) or "no page"

    async def _body_again(self, digest: str) -> bool:
        with Session(self._engine) as session:
            showing = (
                select(CaptureRow, AddressRow.source)
                .join(RevisionRow, RevisionRow.capture_id == CaptureRow.id)
                .join(AppearanceRow, AppearanceRow.id == RevisionRow.appearance_id)
                .join(AddressRow, AddressRow.id == AppearanceRow.address_id)
                .join(TextRow, TextRow.id == RevisionRow.text_id)
                .where(TextRow.digest == digest)
            )
            found = [(stored_capture(row), source) for row, source in session.execute(showing.limit(TRIED))]
        for stored, source in found:
            article = await self._captures.read(stored, source)
            body = None if isinstance(article, Lost) else body_of(article)
            if text_digest(body) == digest:
                with writing(self._engine) as session:
                    session.execute(update(TextRow).where(TextRow.digest == digest).values(body=body))
                return True
        return False
