"""A run's verdict: what happened, held against what the source declares as healthy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from crawler.sources.base import Expectation
from crawler.verdict.chance import tail
from storage.records import Outcome, Verdict

ARTICLES = (Outcome.STORED, Outcome.UNCHANGED, Outcome.REVISED, Outcome.DUPLICATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    verdict: Verdict
    reason: str


@dataclass(slots=True)
class Tally:
    """What a run counts while it goes: ends of addresses and seeds, fields found in articles."""

    addresses: Counter[Outcome] = field(default_factory=Counter)
    seeds: Counter[Outcome] = field(default_factory=Counter)
    seed_reasons: Counter[str] = field(default_factory=Counter)
    """Why seeds gave nothing."""
    fields: Counter[str] = field(default_factory=Counter)
    articles: int = 0

    def address(self, outcome: Outcome) -> None:
        self.addresses[outcome] += 1

    def seed(self, outcome: Outcome, reason: str = "") -> None:
        self.seeds[outcome] += 1
        if reason and outcome is not Outcome.STORED:
            self.seed_reasons[reason] += 1

    def article(self, present: Iterable[str]) -> None:
        """One extracted article and the names of the fields it has."""
        self.articles += 1
        self.fields.update(present)


def judge(
    expectation: Expectation, tally: Tally, *, counts: Mapping[str, int], listed: int, whole: bool
) -> Ending:
    """The verdict of a run.

    Args:
        counts: outcome -> addresses, as the archive has them.
        listed: addresses that the run's seeds listed.
        whole: the run did all of what a scheduled run does (no limit, no named addresses), so the
            declared number of listed addresses applies.
    """
    fetched = sum(counts.values())
    if fetched and counts.get(Outcome.BLOCKED, 0) * 2 > fetched:
        said = f"{counts[Outcome.BLOCKED]} of {fetched} refused{_why(tally)}"
        return Ending(verdict=Verdict.BLOCKED, reason=said)
    if not listed:
        return _nothing_listed(tally)
    complaints = [
        *_below_expectation(expectation, counts, listed, whole),
        *_failures(expectation, tally, counts),
        *_thin_fields(expectation, tally),
    ]
    if complaints:
        return Ending(verdict=Verdict.DEGRADED, reason="; ".join(complaints))
    return Ending(verdict=Verdict.HEALTHY, reason=f"{fetched} addresses as expected")


def _nothing_listed(tally: Tally) -> Ending:
    seeds = sum(tally.seeds.values())
    if not seeds:
        return Ending(verdict=Verdict.HEALTHY, reason="nothing was due")
    if tally.seeds[Outcome.BLOCKED] == seeds:
        return Ending(verdict=Verdict.BLOCKED, reason=f"all {seeds} seeds refused{_why(tally)}")
    return Ending(verdict=Verdict.EMPTY, reason=f"{seeds} seeds listed no article{_why(tally)}")


def _why(tally: Tally) -> str:
    """The commonest reason of the seeds: whether the site refuses or the network fails is one look."""
    return f": {tally.seed_reasons.most_common(1)[0][0]}" if tally.seed_reasons else ""


CHANCE = 1e-3
"""Our choice. 21 bylines in 25 articles where 85 % are declared are chance, none in four are not; declared
shares lie below the usual ones, so a false alarm is rarer still."""


def falls_short(count: int, of: int, share: float) -> bool:
    """Whether a count is below its declared share by more than chance explains (binomial tail).

    >>> falls_short(21, 25, 0.85), falls_short(0, 4, 0.85)
    (False, True)
    """
    if count >= share * of:
        return False
    return share >= 1 or tail(count, of, share) < CHANCE


def _below_expectation(
    expectation: Expectation, counts: Mapping[str, int], listed: int, whole: bool
) -> Iterable[str]:
    if whole and listed < expectation.min_listed:
        yield f"{listed} listed, at least {expectation.min_listed} expected"
    judged = sum(counts.values()) - counts.get(Outcome.GONE, 0)
    articles = sum(counts.get(outcome, 0) for outcome in ARTICLES)
    if falls_short(articles, judged, expectation.min_articles_share):
        yield f"{articles} articles in {judged} pages, {expectation.min_articles_share:.0%} expected"


def _failures(expectation: Expectation, tally: Tally, counts: Mapping[str, int]) -> Iterable[str]:
    if failed := counts.get(Outcome.FAILED, 0):
        yield f"{failed} failed"
    if broken := tally.seeds[Outcome.FAILED] + tally.seeds[Outcome.QUARANTINED]:
        yield f"{broken} seeds failed{_why(tally)}"
    quarantined = counts.get(Outcome.QUARANTINED, 0)
    if quarantined > expectation.max_quarantined_share * sum(counts.values()):
        yield f"{quarantined} quarantined"


def _thin_fields(expectation: Expectation, tally: Tally) -> Iterable[str]:
    for name, share in expectation.min_fill.items():
        if falls_short(tally.fields[name], tally.articles, share):
            yield f"{name} in {tally.fields[name]} of {tally.articles} articles, {share:.0%} expected"
