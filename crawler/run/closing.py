"""Closing a run: its verdict, its row, who is told. Whatever breaks on the way, it is closed and says so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import Engine

from crawler.run.boundary import Boundary, StageBroke
from crawler.run.database_thread import begun_again
from crawler.run.end import RunFacts, conclude, tell_of_run
from crawler.run.plan import RunPlan
from crawler.verdict.expectation import Ending, Tally, with_faults
from crawler.verdict.hindsight import SecondOpinion
from storage.clock import utc_now
from storage.database.opening import refusals
from storage.frontier import runs
from storage.records import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """What is needed to close one run. Blocking; raises DatabaseRefused, and StageBroke for the row alone."""

    engine: Engine
    plan: RunPlan
    tally: Tally
    boundary: Boundary
    config: Path
    """The schedule file: who is told."""

    def judged(self, facts: RunFacts, stood_still: str | None) -> SecondOpinion:
        """The run's verdict; where it stood still or its judgement broke, that is the verdict."""
        if stood_still is not None:
            return SecondOpinion(ending=self.interrupted(stood_still))
        try:
            with self.boundary.stage("verdict"), refusals(self.engine.url):
                opinion = begun_again(lambda: conclude(self.engine, self.plan, self.tally, facts))
        except StageBroke:
            opinion = SecondOpinion(ending=Ending(verdict=Verdict.DEGRADED, reason="not judged"))
        return replace(opinion, ending=with_faults(opinion.ending, self.tally))

    def interrupted(self, why: str) -> Ending:
        """The ending of a run that ended itself."""
        return with_faults(Ending(verdict=Verdict.INTERRUPTED, reason=why), self.tally)

    def written(
        self, run_id: int, ending: Ending, counts: Mapping[str, int], stats: Mapping[str, int]
    ) -> None:
        """Write the run's end into its row; again is the same as once."""
        now, verdict, reason = utc_now(), ending.verdict, ending.reason
        begun_again(
            lambda: runs.close_run(self.engine, run_id, now, verdict, reason, counts, stats), self.engine.url
        )

    def told(self, facts: RunFacts, opinion: SecondOpinion) -> Ending:
        """Alarms and metrics; gives the ending, which a fault of theirs is part of."""
        if not self.plan.exclusive:
            return opinion.ending
        try:
            with self.boundary.stage("alarms"), refusals(self.engine.url):
                tell_of_run(self.engine, self.plan, facts, opinion, self.config, utc_now())
        except StageBroke as broke:
            return with_faults(opinion.ending, Tally(broken=Counter([str(broke)])))
        return opinion.ending
