"""Where the lists of a run begin: those that are due, and those that an interrupted backfill had begun."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crawler.run.crawl_run import CrawlRun
from crawler.run.plan import RunPlan
from crawler.sources.base import CHANNEL, CHANNEL_SIZE, Seed
from storage.clock import utc_now
from storage.ledger.channels import not_due
from storage.ledger.resting_ways import FailingWay, resting_ways
from storage.ledger.ways import Left, left_by_interrupted, proven
from storage.records import RunMode


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """A seed and where it begins."""

    seed: Seed
    url: str
    listed: int = 0
    """Addresses that an interrupted backfill has read of it."""
    read_by: int | None = None
    """The interrupted run that has read all of it."""
    rests: FailingWay | None = None
    """The unproven way that it is part of, where that is left alone now."""


async def starts(run: CrawlRun, plan: RunPlan, seeds: Sequence[Seed]) -> list[Start]:
    """The seeds to be read, each with its first page."""
    ways = {seed.way for seed in seeds if seed.way}
    run.lists.proven_ways = await run.database.do(proven, run.engine, plan.source.name, ways)
    resting: set[str] = set()
    left: Mapping[str, Left] = {}
    alone: Mapping[str, FailingWay] = {}
    if plan.mode is RunMode.LATEST:
        alone = await _left_alone(run, plan.source.name, seeds)
        channels = [seed.url for seed in seeds if seed.kind == CHANNEL]
        if channels:
            resting = await run.database.do(
                not_due, run.engine, plan.source.name, channels, CHANNEL_SIZE, utc_now()
            )
            run.tally.resting_lists = len(resting)
    elif plan.mode is RunMode.BACKFILL:
        left = await run.database.do(left_by_interrupted, run.engine, run.id)
    return [
        _start(seed, left.get(seed.url), alone.get(seed.way or ""))
        for seed in seeds
        if seed.url not in resting
    ]


async def _left_alone(run: CrawlRun, source: str, seeds: Sequence[Seed]) -> Mapping[str, FailingWay]:
    """The unproven ways, by name, that have failed too often lately to be asked now."""
    if not any(seed.way for seed in seeds):
        return {}
    resting = await run.database.do(resting_ways, run.engine, source, run.origin, utc_now())
    run.tally.resting_ways = tuple(map(str, resting))
    return {way.name: way for way in resting}


def _start(seed: Seed, left: Left | None, rests: FailingWay | None) -> Start:
    if rests is not None:
        return Start(seed=seed, url=seed.url, rests=rests)
    if left is None or left.next_url == seed.url:  # the second: the pages that it names are begun anew
        return Start(seed=seed, url=seed.url)
    if left.next_url is None:
        return Start(seed=seed, url=seed.url, listed=left.listed, read_by=left.run_id)
    return Start(seed=seed, url=left.next_url, listed=left.listed)
