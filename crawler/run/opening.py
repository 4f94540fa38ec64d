"""Opening a run: its lease, its row, what a killed run left made good. All of it blocking."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from urllib.parse import urlsplit

from sqlalchemy import Engine

from crawler import reader
from crawler.configuration.environment import Configuration
from crawler.configuration.file import PermissionTable
from crawler.deduplicate.likenesses import LIKENESSES
from crawler.deduplicate.match import decide
from crawler.run.beginning import prepare_archive
from crawler.run.boundary import Boundary
from crawler.run.captures import RunCaptures
from crawler.run.database_thread import DatabaseThread, begun_again
from crawler.run.end import schedule_file
from crawler.run.lease import CrawlLease
from crawler.run.next_look import longest_look
from crawler.run.own_room import Room, ready_room
from crawler.run.plan import RunPlan
from crawler.verdict.run_verdict import Tally
from storage.archive.standing import Standing
from storage.archive.writer import Writer
from storage.clock import utc_now
from storage.database.durable import make_durable
from storage.database.opening import open_database, refusals
from storage.database.presence import DatabasePresence
from storage.database.present import clock_ahead_s
from storage.frontier import runs
from storage.frontier.ahead import due_again
from storage.frontier.frontier import Frontier
from storage.frontier.refused import set_right
from storage.frontier.rowless import restore_rows
from storage.records.runs import RunSettings
from storage.tombstones import Tombstones
from storage.warc.facts import Facts
from storage.warc.recovery import DeadFile, recover

log = logging.getLogger("newsarchive")


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRun:
    """What a run holds of the archive from its opening to its release."""

    id: int
    plan: RunPlan
    configuration: Configuration
    database: DatabaseThread
    boundary: Boundary
    tally: Tally
    owner: str
    started_at: datetime
    engine: Engine
    frontier: Frontier
    tombstones: Tombstones
    writer: Writer
    captures: RunCaptures
    lease: CrawlLease | None
    """None where named addresses are fetched, beside a crawl perhaps."""
    permissions: Mapping[str, PermissionTable]
    """Host -> what its owner permitted the operator past its robots.txt."""
    ahead_s: float
    """Seconds that this machine's clock is ahead of the archive's."""

    def release(self) -> None:
        """Give back every address and the source. Blocking."""
        self.frontier.release(self.owner)
        if self.lease is not None:
            self.lease.release()
        self.let_go()

    def let_go(self) -> None:
        """Close the database: everything was given back."""
        self.engine.dispose()


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What is needed to open one run."""

    plan: RunPlan
    configuration: Configuration
    owner: str
    database: DatabaseThread
    boundary: Boundary
    tally: Tally
    prepared: bool
    """Whoever started the run has made or checked the database already."""

    def open_run(self) -> OpenRun:
        """Take the lease and write the run row.

        Raises:
            LeaseHeld: another run crawls this source.
            DatabaseRefused: the database or disk said no.
        """
        ready_room()
        started_at = utc_now()
        if not self.prepared:  # ``scrapy crawl`` starts here
            prepare_archive(self.configuration)
        engine = open_database(self.configuration.url)
        self.database.url = engine.url
        lease = self._lease(engine)
        tombstones = Tombstones(self.configuration.dir)
        standing = Standing(engine, tombstones)
        self.database.guard = partial(_guard, Room(), DatabasePresence(engine), standing, lease)
        try:
            with refusals(engine.url):  # whoever asked for this did not know the database yet
                begun_again(standing.need, engine.url)  # what is not known is told before anything is asked
                return self._opened(engine, tombstones, lease, started_at)
        except BaseException:
            if lease is not None:
                lease.release()
            engine.dispose()
            raise

    def _lease(self, engine: Engine) -> CrawlLease | None:
        if not self.plan.exclusive:
            return None
        lease = CrawlLease(engine=engine, source=self.plan.source.name, owner=self.owner)
        begun_again(lease.take, engine.url)
        return lease

    def _opened(
        self, engine: Engine, tombstones: Tombstones, lease: CrawlLease | None, started_at: datetime
    ) -> OpenRun:
        source, permissions = self.plan.source, self._permissions()
        settings = self._settings(permissions)
        begun_again(
            lambda: runs.register_source(engine, source.name, source.title, source.homepage), engine.url
        )
        set_right(engine, self.configuration.dir)
        run_id = begun_again(lambda: self._row(engine, started_at, settings), engine.url)
        begun_again(lambda: self._mend_looks(engine), engine.url)
        return OpenRun(
            id=run_id,
            plan=self.plan,
            configuration=self.configuration,
            database=self.database,
            boundary=self.boundary,
            tally=self.tally,
            owner=self.owner,
            started_at=started_at,
            engine=engine,
            frontier=Frontier(engine),
            tombstones=tombstones,
            writer=Writer(engine, decide, LIKENESSES, reader.READER, tombstones),
            captures=RunCaptures(
                self.database, engine, self.configuration, run_id, source.name, self._facts(started_at)
            ),
            lease=lease,
            permissions=permissions,
            ahead_s=begun_again(lambda: clock_ahead_s(engine), engine.url),
        )

    def _mend_looks(self, engine: Engine) -> None:
        pages = due_again(engine, self.plan.source.name, longest_look(self.configuration.recheck_ages))
        if pages:
            log.warning(
                "%d pages of %s are due now: a clock that was ahead had put off their next look",
                pages,
                self.plan.source.name,
            )

    def _facts(self, started_at: datetime) -> Facts:
        """What each record says of its run: without the row that this is read from, its run is made of it."""
        return {
            "mode": self.plan.mode.value,
            "run_started": started_at.isoformat(),
            "reader": reader.READER,
            "unverified": self.configuration.unverified,
        }

    def _permissions(self) -> dict[str, PermissionTable]:
        given = schedule_file(self.configuration.config).permissions
        asked = {urlsplit(f"//{host}").hostname for host in self.plan.source.fetch_hosts}
        return {host: given[host] for host in given if host in asked}

    def _row(self, engine: Engine, started_at: datetime, settings: RunSettings) -> int:
        plan = self.plan
        return runs.open_run(
            engine,
            plan.source.name,
            plan.mode,
            self.owner,
            started_at,
            settings,
            slot=plan.slot,
            alone=plan.exclusive,
        )

    def _settings(self, permissions: Mapping[str, PermissionTable]) -> RunSettings:
        """What the politeness report and the ledger need to know of this run later."""
        window = self.plan.window
        return RunSettings(
            user_agent=self.configuration.user_agent(),
            delay_s=self.configuration.delay,
            origin=self.configuration.origins.get(self.plan.source.name),
            limit=self.plan.limit,
            permission="; ".join(one.words(host) for host, one in sorted(permissions.items())) or None,
            unverified=self.configuration.unverified,
            since=window.since if window else None,
            until=window.until if window else None,
        )

    def recover(self, run: OpenRun) -> None:
        """Close the WARC files of dead runs, and keep a row for every record of theirs.

        Raises:
            DatabaseRefused, OSError: the database or disk said no.
            StageBroke: another error.
        """
        folder = self.configuration.warc_folder
        folder.mkdir(parents=True, exist_ok=True)
        for one in recover(folder, lambda dead: self._adopt(run, dead)):
            log.log(logging.WARNING if one.damaged or one.left else logging.INFO, "%s", one)

    def _adopt(self, run: OpenRun, dead: DeadFile) -> None:
        with self.boundary.stage("recover", dead.file), refusals(run.engine.url):
            if made := restore_rows(run.engine, dead, run.id):
                log.info("%d records of %s had no row: it is made now", made, dead.file)
                make_durable(run.engine)


def _guard(room: Room, presence: DatabasePresence, standing: Standing, lease: CrawlLease | None) -> None:
    """Asked before each work of the database: a failure of ours is no end of the site's."""
    room.need()
    presence.check()
    if lease is not None:
        lease.need()
    standing.need()
