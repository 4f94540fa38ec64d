"""A run's lists: what they name goes into the frontier, what became of each is kept."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from crawler.normalise.instants import believed
from crawler.run.end import schedule_file
from crawler.run.opening import OpenRun
from storage.clock import utc_now
from storage.frontier import runs
from storage.frontier.listed import Entered, pieces
from storage.ledger.channels import choose, keep_channels
from storage.records import RunMode
from storage.records.discovery import Channel, Discovery, Listing
from storage.records.runs import SeedVisit

log = logging.getLogger("newsarchive")


class RunLists:
    """The lists of one open run."""

    def __init__(self, run: OpenRun) -> None:
        self._run = run
        self._source = run.plan.source
        self.proven_ways: set[str] = set()
        """The unproven ways in of which a real answer was read in earlier runs."""

    async def discover(self, seed: str, discoveries: Iterable[Discovery], *, ask: bool = False) -> Entered:
        """Put a listing's addresses into the frontier; what became of them.

        Args:
            ask: they are named to be asked, known or not.
        """
        named = list(discoveries)
        gone = self._run.tombstones.among(one.url for one in named)
        seen_at, listed = utc_now(), Entered()
        kept = (_without_hints(one) if one.url in gone else believable(one, seen_at) for one in named)
        found = [(one, self.site_id(one.url)) for one in kept]
        for piece in pieces(found):  # between two pieces others write, this run's settled pages among them
            listed += await self._run.database.do(
                partial(self._run.frontier.discover, ask=ask),
                self._run.id,
                self._source.name,
                seed,
                piece,
                seen_at,
            )
        self._run.tally.known += listed.known
        for sentence in listed.left_out:
            log.warning("%s %s: %s", self._source.name, seed, sentence)
        return listed

    def site_id(self, url: str) -> str | None:
        address = self._source.address(url)
        return address.site_id if address else None

    async def chosen_channels(self) -> tuple[Channel, ...] | None:
        """The channels whose lists are read; None where the source has none, or the run reads no list."""
        source = self._source
        if source.channels is None or self._run.plan.mode in (RunMode.FETCH, RunMode.RECHECK):
            return None
        wanted = schedule_file(self._run.configuration.config).publishers(source.name)
        known, also = source.default_channels, source.default_names
        chosen, missing = await self._run.database.do(
            choose, self._run.engine, source.name, wanted, known, also, utc_now()
        )
        for name in missing:
            log.warning("%s: no channel of %r is known: it is not read", source.name, name)
        return tuple(chosen)

    async def keep_channels(self, found: Sequence[Channel]) -> None:
        """Keep which channels a list of publishers names."""
        await self._run.database.do(keep_channels, self._run.engine, self._source.name, found, utc_now())

    async def record(self, visit: SeedVisit, *, ended: bool = True) -> None:
        """Keep what became of a seed; nothing in a run that stood still.

        Args:
            ended: False while further pages of it are read.
        """
        if self._run.boundary.ended:
            return
        with self._run.boundary.stage("record", visit.seed):
            await self._run.database.do(runs.record_seed, self._run.engine, visit)
        if ended:
            unproven = visit.way is not None and visit.way not in self.proven_ways
            self._run.tally.seed(
                visit.outcome, visit.reason, seed=visit.seed, listed=visit.listed, unproven=unproven
            )

    async def forget(self, listing: Listing, capture_id: int | None) -> None:
        """Cut the captured list that names a page which was taken down: it shows its headline, its lead."""
        named = self._run.tombstones.among(one.url for one in listing.discoveries)
        if named and capture_id is not None:
            from storage.forget.answers import forget_answers  # no other list need wait for it

            await self._run.database.do(
                forget_answers, self._run.engine, self._run.configuration.warc_folder, None, (capture_id,)
            )


def believable(found: Discovery, seen_at: datetime) -> Discovery:
    """What a list says, without times of days to come or from before the web: as printed they are kept."""
    time, updated = believed(found.time_hint, seen_at), believed(found.updated_hint, seen_at)
    if time is found.time_hint and updated is found.updated_hint:
        return found
    return replace(found, time_hint=time, updated_hint=updated)


def _without_hints(found: Discovery) -> Discovery:
    """What a list says of a page that was taken down is not kept; that it was listed is."""
    return Discovery(url=found.url, position=found.position)
