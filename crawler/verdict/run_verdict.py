"""A run's verdict: what happened, held against what the source declares as healthy."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from crawler.counted import counted
from crawler.sources.base import Expectation
from crawler.verdict.chance import tail
from storage.ledger.run_ends import Unended
from storage.records import ARTICLES, REFUSES, Outcome, Verdict

MEANT_SO = ("forbidden by robots.txt", "needs a permission in so many words")
"""How the reason ends of a list that its owner does not let us read: no loss, unless it was read before."""
READ = (Outcome.STORED, Outcome.UNCHANGED)
"""Ends of a list that was read."""
FEW = 5
"""Of fewer known pages it says nothing that most are gone (our choice); of listed and named ones it does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    verdict: Verdict
    reason: str


_TOLD = (Outcome.BLOCKED, Outcome.FAILED, Outcome.QUARANTINED, Outcome.DUPLICATE, Outcome.NOT_ARTICLE)
"""Ends of which a verdict says why."""


@dataclass(slots=True)
class Tally:
    """What a run counts while it goes: ends of addresses and seeds, fields found in articles."""

    addresses: Counter[Outcome] = field(default_factory=Counter)
    seeds: Counter[Outcome] = field(default_factory=Counter)
    causes: Counter[tuple[Outcome, str]] = field(default_factory=Counter)
    """Why addresses gave no article of their own, or what page they are another name of."""
    seed_causes: Counter[tuple[Outcome, str]] = field(default_factory=Counter)
    """Why seeds gave nothing."""
    unproven: Counter[Outcome] = field(default_factory=Counter)
    """Ends of those of them that are part of an unproven way in."""
    unproven_causes: Counter[tuple[Outcome, str]] = field(default_factory=Counter)
    """Why those gave nothing: what was never proven is not missed."""
    resting_ways: tuple[str, ...] = ()
    """Unproven ways that failed too often to be asked in this run, each in words."""
    resting_lists: int = 0
    """Lists that were not read, since each is read by the rate at which it names new addresses."""
    cut_lists: int = 0
    """Lists that broke off behind pages that were read: some articles they named."""
    listed_by: Counter[str] = field(default_factory=Counter)
    """Seed that was read -> addresses that it named, 0 included."""
    fields: Counter[str] = field(default_factory=Counter)
    known: int = 0
    """Listed, and not asked."""
    articles: int = 0
    broken: Counter[str] = field(default_factory=Counter)
    """Why stages broke: faults of ours, whatever the addresses came to."""

    def address(self, outcome: Outcome, reason: str = "") -> None:
        self.addresses[outcome] += 1
        if outcome in _TOLD:
            self.causes[outcome, _cause(reason)] += 1

    def seed(
        self,
        outcome: Outcome,
        reason: str = "",
        *,
        seed: str = "",
        listed: int = 0,
        unproven: bool = False,
    ) -> None:
        self.seeds[outcome] += 1
        self.unproven[outcome] += unproven
        broke_off = outcome not in READ and outcome is not Outcome.BLOCKED and not unproven
        self.cut_lists += bool(listed) and broke_off
        if outcome in READ and (listed or not unproven):
            self.listed_by[seed] += listed
        elif outcome not in READ and reason:
            causes = self.unproven_causes if unproven else self.seed_causes
            causes[outcome, _cause(reason)] += 1

    def article(self, present: Iterable[str]) -> None:
        """One extracted article and the names of the fields it has."""
        self.articles += 1
        self.fields.update(present)

    def broke(self, reason: str) -> None:
        """A stage threw what it should not."""
        self.broken[reason] += 1

    @property
    def empty_lists(self) -> list[str]:
        """Seeds that were read and named nothing."""
        return sorted(seed for seed, listed in self.listed_by.items() if seed and not listed)


def _cause(reason: str) -> str:
    """A reason without what differs from one address to the next."""
    return reason.partition(", host rests until")[0]


def judge(
    expectation: Expectation,
    tally: Tally,
    *,
    counts: Mapping[str, int],
    listed: int,
    whole: bool,
    unended: Unended | None = None,
    rechecking: bool = False,
) -> Ending:
    """The verdict of a run.

    Args:
        counts: outcome -> addresses, as the archive has them. What is known was not asked: it counts as
            listed, and nothing is judged by it.
        listed: addresses that the run's seeds listed, or that it took on from earlier runs.
        whole: the run did all of what a scheduled run does (no limit, no named addresses), so the
            declared number of listed addresses applies.
        unended: what was listed and has no outcome; None where a limit left the rest on purpose.
        rechecking: known pages only were asked, to see which of them changed or went.
    """
    known = counts.get(Outcome.KNOWN, 0)
    counts = {outcome: count for outcome, count in counts.items() if outcome != Outcome.KNOWN}
    fetched = sum(counts.values())
    if (worst := _no_list(tally)) is not None:
        more = [f"{fetched} addresses ended all the same"] if fetched else []
        return Ending(verdict=worst.verdict, reason="; ".join([worst.reason, *more, *_unended(unended)]))
    if said := _refused(tally, counts, known):
        return Ending(verdict=Verdict.BLOCKED, reason="; ".join([said, *_unended(unended)]))
    if not listed:
        return _nothing_listed(tally)
    complaints = [
        *_unended(unended),
        *_below_expectation(expectation, counts, listed, whole, first=not known and not rechecking),
        *_gone(counts, known, rechecking),
        *_one_page(tally),
        *_seeds_lost(tally),
        *_failures(expectation, tally, counts, known),
        *_thin_fields(expectation, tally),
    ]
    if complaints:
        return Ending(verdict=Verdict.DEGRADED, reason="; ".join(complaints))
    return Ending(verdict=Verdict.HEALTHY, reason=_as_expected(fetched, known))


def _refused(tally: Tally, counts: Mapping[str, int], known: int) -> str | None:
    """What is told of a run of which more than half was refused; None of any other."""
    fetched, refused = sum(counts.values()), counts.get(Outcome.BLOCKED, 0)
    enough = fetched >= FEW or not known  # of a poll that asks for two pages, one says little of the site
    if not enough or refused * 2 <= fetched:
        return None
    return f"{refused} of {fetched} refused{_because(tally.causes, Outcome.BLOCKED)}"


def _as_expected(fetched: int, known: int) -> str:
    if known and not fetched:
        return f"nothing was due, {known} known"
    return f"{fetched} addresses as expected" + (f", {known} known" if known else "")


def _no_list(tally: Tally) -> Ending | None:
    """The verdict of a run that could read none of its lists, whatever earlier runs left it to do."""
    seeds = sum(tally.seeds.values())
    if not seeds or tally.cut_lists or any(tally.seeds[outcome] for outcome in READ):
        return None
    causes = tally.seed_causes + tally.unproven_causes
    if tally.seeds[Outcome.BLOCKED] == seeds:
        said = f"all {seeds} seeds refused{_because(causes, Outcome.BLOCKED)}"
        return Ending(verdict=Verdict.BLOCKED, reason=said)
    return Ending(verdict=Verdict.EMPTY, reason=f"{seeds} seeds listed no article{_because(causes)}")


def with_faults(ending: Ending, tally: Tally) -> Ending:
    """The ending with what broke in our own code named: such a run is never healthy."""
    if not tally.broken:
        return ending
    said = "; ".join(
        reason if n == 1 else f"{reason} ({n} times)" for reason, n in tally.broken.most_common(3)
    )
    more = len(tally.broken) - 3
    said += f"; and {more} more" if more > 0 else ""
    return worsened(ending, [said])


def worsened(ending: Ending, complaints: Sequence[str]) -> Ending:
    """The ending with what else is wrong: a run of which there is a complaint is never healthy."""
    if not complaints:
        return ending
    healthy = ending.verdict is Verdict.HEALTHY
    reasons = complaints if healthy else [ending.reason, *complaints]
    return Ending(verdict=Verdict.DEGRADED if healthy else ending.verdict, reason="; ".join(reasons))


def _nothing_listed(tally: Tally) -> Ending:
    seeds = sum(tally.seeds.values())
    if not seeds:
        return Ending(verdict=Verdict.HEALTHY, reason="nothing was due")
    return Ending(
        verdict=Verdict.EMPTY, reason=f"{seeds} seeds listed no article{_because(tally.seed_causes)}"
    )


MOST_CAUSES = 3
"""Our choice, a reason is one line; the view ``runs`` and the tables keep each."""


def _because(causes: Mapping[tuple[Outcome, str], int], outcome: Outcome | None = None) -> str:
    """The causes of an end, the most frequent first, each with its count where there are several."""
    of_end: Counter[str] = Counter()
    for (end, cause), count in causes.items():
        if outcome is None or end is outcome:
            of_end[cause] += count
    if len(of_end) > MOST_CAUSES:
        of_end = _wherever(of_end)
    told = of_end.most_common(MOST_CAUSES)
    if len(told) == 1:
        return f": {told[0][0]}"
    rest = len(of_end) - len(told)
    more = [counted(rest, "more cause")] if rest > 0 else []
    said = ", ".join([*(f"{count} {cause}" for cause, count in told), *more])
    return f": {said}" if said else ""


ADDRESS = re.compile(r"https?://[^\s,;]+")
"""An address in a reason."""


def _wherever(causes: Counter[str]) -> Counter[str]:
    """Causes that differ by an address alone as one, with dots in its place; one alone keeps it."""
    alike: dict[str, Counter[str]] = {}
    for cause, count in causes.items():
        alike.setdefault(ADDRESS.sub("...", cause), Counter())[cause] += count
    return Counter({dots if len(of) > 1 else next(iter(of)): of.total() for dots, of in alike.items()})


def _unended(left: Unended | None) -> list[str]:
    return [str(left)] if left is not None and left.count else []


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
    expectation: Expectation, counts: Mapping[str, int], listed: int, whole: bool, *, first: bool
) -> Iterable[str]:
    """What is less than declared. Of pages of which none was known one at least is an article."""
    if whole and listed < expectation.min_listed:
        yield f"{listed} listed, at least {expectation.min_listed} expected"
    judged = sum(counts.values()) - counts.get(Outcome.GONE, 0)
    articles = sum(counts.get(outcome, 0) for outcome in ARTICLES)
    if (first and judged and not articles) or falls_short(articles, judged, expectation.min_articles_share):
        yield f"{articles} articles in {judged} pages, {expectation.min_articles_share:.0%} expected"


def _gone(counts: Mapping[str, int], known: int, rechecking: bool) -> Iterator[str]:
    gone, ended = counts.get(Outcome.GONE, 0), sum(counts.values()) + known
    if gone * 2 > ended and (gone >= FEW or not rechecking):
        yield f"{gone} of {ended} gone"


def _one_page(tally: Tally) -> Iterator[str]:
    """That many addresses gave one page: a site may lead there whoever asks for a page that it does not show.

    Few are names of one article indeed (https and http, with and without www.); few that are led to what is
    no article were taken away, most of a run's were not.
    """
    asked = tally.addresses.total() - tally.addresses[Outcome.KNOWN]
    for (outcome, cause), count in sorted(tally.causes.items()):
        led_away = outcome is Outcome.NOT_ARTICLE and cause.startswith(LED_AWAY) and count * 2 > asked
        if count >= FEW and (outcome is Outcome.DUPLICATE or led_away):
            yield f"{count} addresses gave one page: {cause}"


LED_AWAY = "redirected to "
"""How the reason of an address begins that a redirect led to what is no article (crawler.fetch.ends)."""


def _passing(tally: Tally) -> dict[tuple[Outcome, str], int]:
    """Refusals that are no standing rule of the site's: what was not fetched was meant to be."""
    return {
        key: count
        for key, count in tally.causes.items()
        if key[0] is Outcome.BLOCKED and key[1].startswith(_PASSING)
    }


_PASSING = (
    *("refused (", "robots.txt unreachable", "host rests until", "the run ends"),
    *(REFUSES, LED_AWAY),
)
"""How such causes begin (crawler.fetch.ends, .robots, crawler.run.turns, crawler.extract.refused)."""


def _seeds_lost(tally: Tally) -> Iterator[str]:
    """What of the lists could not be read: each is a way by which articles are missed."""
    lost = tally.seeds - tally.unproven
    if broken := lost[Outcome.FAILED] + lost[Outcome.QUARANTINED]:
        causes = {key: n for key, n in tally.seed_causes.items() if key[0] in _BROKEN}
        yield f"{broken} seeds failed{_because(causes)}"
    if gone := lost[Outcome.GONE]:
        yield f"{gone} seeds gone{_because(tally.seed_causes, Outcome.GONE)}"
    meant_so = sum(n for (_, cause), n in tally.seed_causes.items() if cause.endswith(MEANT_SO))
    if (refused := lost[Outcome.BLOCKED] - meant_so) > 0:
        causes = {key: n for key, n in tally.seed_causes.items() if not key[1].endswith(MEANT_SO)}
        yield f"{refused} seeds refused{_because(causes, Outcome.BLOCKED)}"


_BROKEN = (Outcome.FAILED, Outcome.QUARANTINED)


def _failures(expectation: Expectation, tally: Tally, counts: Mapping[str, int], known: int) -> Iterable[str]:
    if failed := counts.get(Outcome.FAILED, 0):
        yield f"{failed} failed{_because(tally.causes, Outcome.FAILED)}"
    if (refused := counts.get(Outcome.BLOCKED, 0)) and (causes := _passing(tally)):
        yield f"{sum(causes.values())} of {refused} refused{_because(causes)}"
    quarantined, fetched = counts.get(Outcome.QUARANTINED, 0), sum(counts.values())
    most = expectation.max_quarantined_share
    # Of a poll that asks for few pages, since the others are known, one odd page is more than its share.
    by_chance = known and not falls_short(fetched - quarantined, fetched, 1 - most)
    if quarantined > most * fetched and not by_chance:
        yield f"{quarantined} quarantined{_because(tally.causes, Outcome.QUARANTINED)}"


def _thin_fields(expectation: Expectation, tally: Tally) -> Iterable[str]:
    for name, share in expectation.min_fill.items():
        if falls_short(tally.fields[name], tally.articles, share):
            yield f"{name} in {tally.fields[name]} of {tally.articles} articles, {share:.0%} expected"
