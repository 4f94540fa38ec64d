"""A source's own history as its expectation: what runs at this hour of the week have found. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

from storage.ledger.run_history import PastRun
from storage.records import Verdict
from storage.seoul import SEOUL

ENOUGH = timedelta(weeks=4)
"""An hour of the week is seen four times in four weeks: less is anecdote."""
LOOK_BACK = timedelta(weeks=12)
"""A season; what a source published a year ago says little of today."""
LEAST_RUNS = 4
SPREADS = 4.0
"""Median absolute deviations below the median; the floor below must be passed too."""
FLOOR_SHARE = 0.25
"""A count above a quarter of the usual is never odd: news have quiet days. A Poisson count of mean 20 is
below a quarter once in 59,000 runs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Usual:
    """What runs at this hour of the week found."""

    runs: int
    listed: float
    """Median."""
    new: float
    """Median."""
    least_listed: int
    least_new: int


def usual(history: Iterable[PastRun], at: datetime) -> Usual | None:
    """The usual of the hour of the week of ``at`` (aware), None while there is too little history.

    Healthy and degraded runs of the last twelve weeks count, those within an hour of the same hour of
    the week; at least four runs, the oldest at least four weeks before ``at``.
    """
    recent = [run for run in history if at - LOOK_BACK <= run.started_at < at and _counts(run)]
    if not recent or min(run.started_at for run in recent) > at - ENOUGH:
        return None
    near = [run for run in recent if _hours_apart(run.started_at, at) <= 1]
    if len(near) < LEAST_RUNS:
        return None
    listed, new = [run.listed for run in near], [run.new for run in near]
    return Usual(
        runs=len(near),
        listed=median(listed),
        new=median(new),
        least_listed=_least(listed),
        least_new=_least(new),
    )


FEWEST_MOMENTS = 10
LONGEST_QUIET = timedelta(days=3)
"""Our choice: a long weekend. What was quiet for longer before may be so again, and twice as long."""
LONGEST_UNKNOWN = timedelta(days=35)
"""Our choice: of a source whose pace is not known yet; a monthly is quiet for less."""


def still_since(history: Iterable[PastRun], at: datetime, new: int) -> datetime | None:
    """Since when a source's lists have named nothing new, where that is longer than they ever did; else None.

    What stands still looks well to each poll: all that it names is known.

    Args:
        history: its runs of the last twelve weeks.
        new: articles that the run of ``at`` stored for the first time.
    """
    runs = sorted((run for run in history if run.started_at < at), key=lambda run: run.started_at)
    if new or not runs:
        return None
    moments = [run.started_at for run in runs if run.new]
    since = moments[-1] if moments else runs[0].started_at
    return since if at - since > patience(moments) else None


def patience(moments: Sequence[datetime]) -> timedelta:
    """For how long something new may stay away that came at these moments, oldest first."""
    longest = max((later - earlier for earlier, later in pairwise(moments)), default=timedelta())
    known = len(moments) >= FEWEST_MOMENTS and moments[-1] - moments[0] >= LONGEST_QUIET
    return min(max(LONGEST_QUIET, 2 * longest) if known else LONGEST_UNKNOWN, LONGEST_UNKNOWN)


def _counts(run: PastRun) -> bool:
    return run.verdict in (Verdict.HEALTHY, Verdict.DEGRADED) and run.listed > 0


def _hours_apart(one: datetime, other: datetime) -> int:
    """Between two hours of the week, round the week's end."""
    hours = [at.astimezone(SEOUL).weekday() * 24 + at.astimezone(SEOUL).hour for at in (one, other)]
    apart = abs(hours[0] - hours[1])
    return min(apart, 168 - apart)


def _least(counts: Sequence[int]) -> int:
    """The least count that is not odd."""
    middle = median(counts)
    spread = median(abs(count - middle) for count in counts)
    return max(0, int(min(middle - SPREADS * spread, middle * FLOOR_SHARE)))


def odd_counts(expected: Usual | None, *, listed: int, new: int) -> Iterator[str]:
    """What is odd about a run, held against its hour of the week; one clause each."""
    if expected is None:
        return
    if listed < expected.least_listed:
        yield f"{listed} listed, usually {expected.listed:g} at this hour of the week"
    if new < expected.least_new or (new == 0 and expected.new >= 10):  # ten: e^-10 of all Poisson runs
        yield f"{new} new articles, usually {expected.new:g} at this hour of the week"
