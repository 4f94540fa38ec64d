"""A run's captures: each answer's WARC record and its row, and how often each page was tried."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from crawler.capture.unjudged import Unjudged, take_over
from crawler.configuration.environment import Configuration
from crawler.run.boundary import reason_of
from crawler.run.database_thread import DatabaseThread, begun_again
from storage.database.durable import make_durable
from storage.frontier import captures, turns
from storage.frontier.answered import record_answer
from storage.frontier.frontier import Frontier
from storage.frontier.rests import Rest
from storage.frontier.turns import TurnEnd
from storage.records import PAGE_STATUSES, Capture, WarcPlace
from storage.warc.facts import Facts
from storage.warc.record import ROBOTS
from storage.warc.store import WarcWriter

log = logging.getLogger("newsarchive")


class RunCaptures:
    """The WARC file that a run writes, and the rows of its records."""

    def __init__(
        self,
        database: DatabaseThread,
        engine: Engine,
        configuration: Configuration,
        run_id: int,
        source: str,
        facts: Facts,
    ) -> None:
        """``facts``: what each record says of the run, beside its number and source."""
        self._database, self._engine = database, engine
        self._run_id, self._source = run_id, source
        self._folder: Path = configuration.warc_folder
        self._rowless: set[WarcPlace] = set()
        """Records whose rows were not kept."""
        self._written: Counter[str] = Counter()
        """WARC file -> records of answers in it."""
        self.warc = WarcWriter(
            self._folder,
            software=configuration.user_agent(),
            contact=configuration.contact,
            facts={"run": run_id, "source": source, **facts},
            about={"robots": ROBOTS, "isPartOf": f"{source} {facts.get('mode')}"},
            rows_are_safe=self._rows_are_safe,
        )

    async def record(
        self, written: Callable[[], Capture], address_id: int | None, turn: TurnEnd
    ) -> tuple[tuple[int, Capture], Rest | None]:
        """Write an answer's record and its row and give its host back, in one visit to the thread.

        Gives the row's number, the capture, and the rest that the host has now. The host is given back too
        where the record or the row cannot be written.

        Args:
            written: writes the record.
        """
        return await self._database.do_once(self._recorded, written, address_id, turn)

    def _recorded(
        self, written: Callable[[], Capture], address_id: int | None, turn: TurnEnd
    ) -> tuple[tuple[int, Capture], Rest | None]:
        try:
            capture = written()
            self._rowless.add(capture.warc)
            self._written[capture.warc.file] += 1
            at_once = address_id is not None and capture.http_status in PAGE_STATUSES
            row = partial(record_answer, self._engine, capture, self._run_id, address_id, int(at_once), turn)
            number, rest = begun_again(row, self._engine.url)
        except DBAPIError:
            raise  # the turn cannot be ended either, and the run is at its end
        except BaseException as error:
            self._end_alone(turn, error)
            raise
        self._rowless.discard(capture.warc)
        return (number, capture), rest

    def _end_alone(self, turn: TurnEnd, error: BaseException) -> None:
        try:
            begun_again(partial(turns.end_turn, self._engine, turn), self._engine.url)
        except DBAPIError as also:
            error.add_note(f"nor could its turn at {turn.host} be ended: {reason_of(also)}")

    def _rows_are_safe(self, file: str) -> bool:
        """Whether every record of a WARC file has its row, and every row is on the disk.

        Rows that were committed are counted again: a standby that is promoted may lack the last ones. A
        database that refused is not asked: nothing of it is known.
        """
        make_durable(self._engine)
        if self._database.database_refused or any(place.file == file for place in self._rowless):
            return False
        try:
            return captures.rows_of(self._engine, file) >= self._written[file]
        except DBAPIError as error:
            log.warning("%s stays open for the next run: its rows cannot be counted: %s", file, error.orig)
            return False

    async def count_reading(self, capture_id: int) -> int:
        """Count that a page is handed to a reading process; gives how often it was by now."""
        return await self._database.do_once(captures.count_reading, self._engine, capture_id)

    async def give_up(self, capture_id: int, reason: str) -> None:
        """Keep that a page ended its reading process as often as it may."""
        await self._database.do(captures.give_up, self._engine, capture_id, reason)

    async def given_up(self, capture_id: int) -> str | None:
        """Why the same bytes were given up before; None: they were not."""
        return await self._database.do(captures.given_up, self._engine, capture_id)

    async def unjudged(self, frontier: Frontier) -> list[Unjudged]:
        """What a killed run captured and never judged; each is now this run's to settle."""
        return await self._database.do(
            take_over, frontier, self._engine, self._folder, self._source, self._run_id
        )

    def close(self) -> None:
        """Give the file its final name, even after a refusal; a file that cannot have it is a loss.

        Blocking.
        """
        if self._database.forsaken:
            return  # its thread may be in the middle of a record: the next run recovers the file
        try:
            self.warc.close()
        except OSError as error:
            self._save()
            self._database.refuse(f"The WARC file could not be closed: {error}")

    def _save(self) -> None:
        try:
            saved = self.warc.write_anew()
        except OSError as error:
            log.error("what the deleted WARC file held could not be written anew: %s", error)
            return
        if saved is not None:
            log.warning("what the deleted WARC file held was written anew as %s", saved)
