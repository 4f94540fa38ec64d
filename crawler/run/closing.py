"""Closing a run: its verdict, its row, who is told. Whatever breaks on the way, it is closed and says so."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy import Engine

from crawler.configuration.environment import Configuration
from crawler.run.boundary import Boundary, StageBroke
from crawler.run.database_thread import begun_again
from crawler.run.end import RunFacts, close_refused, conclude, schedule_file, tell_of_run
from crawler.run.opening import OpenRun
from crawler.run.plan import RunPlan
from crawler.verdict.hindsight import SecondOpinion
from crawler.verdict.run_verdict import Ending, Tally, with_faults, worsened
from crawler.watch.metrics import keep_metrics
from storage.clock import utc_now
from storage.database.refusal import DatabaseRefused, refusals
from storage.frontier import runs
from storage.ledger.run_ends import account, confirm, unended
from storage.records import Outcome, Verdict

log = logging.getLogger("newsarchive")


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkDone:
    """How a run's work came to its end, as the run itself knows it."""

    finished: bool
    """False when the run was stopped before its work was done."""
    limited: bool
    """The run's limit was reached."""
    over: str | None
    """Why no host of the source is asked any more."""
    requests: int
    """Requests sent, robots.txt and retries included."""
    received: int
    """Bytes of all answers' bodies."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """What is needed to close one run. Blocking; raises DatabaseRefused, and StageBroke for the row alone."""

    run: OpenRun
    plan: RunPlan
    tally: Tally
    boundary: Boundary
    configuration: Configuration

    @property
    def engine(self) -> Engine:
        return self.run.engine

    def close(self, work: WorkDone) -> Ending:
        """The verdict, the row, who is told."""
        self.run.frontier.settle_known(self.run.id)
        if (wrong := account(self.engine, self.run.id)) is not None:
            self.tally.broke(wrong)
        facts = self._facts(work)
        self._confirm(facts.counts)
        opinion = self.judged(facts)
        stats = {"requests": work.requests, "bytes": work.received, "listed": facts.listed}
        ending = self.told(facts, opinion)
        begun_again(lambda: self.run.frontier.release(self.run.owner), self.engine.url)
        self.written(ending, facts.counts, stats)  # the last write: no verdict stands over one that failed
        self._confirm(facts.counts)
        self.measured()
        return ending

    def refused(self, sentence: str) -> bool:
        """Say in the run's row, where the database still takes it, why it could not be closed.

        False: it does not take it.
        """
        return close_refused(self.engine, self.plan, self.run.id, sentence, self.configuration.config)

    def forced(self, why: str) -> None:
        """Close a run that could not be ended, from another thread, by a connection of its own."""
        counts = self.run.frontier.outcomes(self.run.id)
        listed = self.run.frontier.listed(self.run.id)
        self.written(self.interrupted(why), counts, {"listed": listed})
        self.run.release()

    def _facts(self, work: WorkDone) -> RunFacts:
        run = self.run
        return RunFacts(
            run_id=run.id,
            started_at=run.started_at,
            counts=run.frontier.outcomes(run.id),
            listed=run.frontier.listed(run.id),
            unended=unended(run.engine, run.id, run.owner),
            finished=work.finished,
            limited=work.limited,
            over=work.over,
        )

    def _confirm(self, counts: Mapping[str, int]) -> None:
        """What was written can be read by others: a verdict over rows that nobody sees would be a lie."""
        rows = sum(count for outcome, count in counts.items() if outcome != Outcome.KNOWN)
        confirm(self.configuration.url, self.run.id, self.run.owner, rows)

    def judged(self, facts: RunFacts) -> SecondOpinion:
        """The run's verdict; where it stood still or its judgement broke, that is the verdict."""
        if self.boundary.stood_still is not None:
            return SecondOpinion(ending=self.interrupted(self.boundary.stood_still))
        try:
            with self.boundary.stage("verdict"), refusals(self.engine.url):
                opinion = begun_again(lambda: conclude(self.engine, self.plan, self.tally, facts))
        except StageBroke:
            opinion = SecondOpinion(ending=Ending(verdict=Verdict.DEGRADED, reason="not judged"))
        return replace(opinion, ending=with_faults(opinion.ending, self.tally))

    def interrupted(self, why: str) -> Ending:
        """The ending of a run that ended itself."""
        return with_faults(Ending(verdict=Verdict.INTERRUPTED, reason=why), self.tally)

    def written(self, ending: Ending, counts: Mapping[str, int], stats: Mapping[str, int]) -> None:
        """Write the run's end into its row; again is the same as once."""
        run_id, now, verdict, reason = self.run.id, utc_now(), ending.verdict, ending.reason
        begun_again(
            lambda: runs.close_run(self.engine, run_id, now, verdict, reason, counts, stats), self.engine.url
        )

    def told(self, facts: RunFacts, opinion: SecondOpinion) -> Ending:
        """Alarms; gives the ending, which a fault of theirs is part of."""
        if not self.plan.exclusive:
            return opinion.ending
        try:
            with self.boundary.stage("alarms"), refusals(self.engine.url):
                tell_of_run(self.engine, self.plan, facts, opinion, self.configuration.config, utc_now())
        except StageBroke as broke:
            return worsened(opinion.ending, [str(broke)])
        return opinion.ending

    def measured(self) -> None:
        """Metrics, of what the row says; one that fails is only told, as the run is closed."""
        if not self.plan.exclusive:
            return
        try:
            with self.boundary.stage("metrics"), refusals(self.engine.url):
                keep_metrics(self.engine, schedule_file(self.configuration.config), utc_now())
        except (StageBroke, DatabaseRefused) as error:
            log.error("the metrics are as they were: %s", error)
