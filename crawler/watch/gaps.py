"""Gaps in the ledger: which days lack something, why, and whether they can still be filled. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from statistics import median

from crawler.counted import counted
from storage.ledger.days import AS_ALL, UNFINISHED, CoverageRow, DayFacts, Reading
from storage.ledger.memory import Memory
from storage.ledger.resting_ways import LEFT_ALONE
from storage.seoul import days_between
from storage.tombstones import TOMBSTONE

FLOOR_SHARE = 0.25
"""Of the usual for the weekday: holidays halve the news, they do not quarter them (our choice)."""
LEAST_WEEKS = 4
WEEKS = 8
"""Same weekdays before, that a day is held against."""
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

MENDED_BY_PERSON = (
    "fetched but not understood: mend the extractor, then newsarchive reextract --outcome quarantined"
)
REFUSED = "the site or its robots.txt says no"
TAKEN_DOWN = "it was taken down here"
LEADS_AWAY = "it leads to a host that is not its source's"
NOT_THE_SITE = {TOMBSTONE: TAKEN_DOWN, "outside the source": LEADS_AWAY}
"""How reasons of ``blocked`` begin that are no refusal of the site's."""
PASSED_OVER = "its lists are not kept by day: what they passed over is named no more"
PASSING = ("robots.txt unreachable", "refused (429)", "host rests until", "the run ends: ", LEFT_ALONE)
"""How reasons of ``blocked`` begin that pass by themselves: wait (RFC 9309), too many requests, a rest."""


class Needs(StrEnum):
    """What would fill a lack."""

    LISTS = "lists"
    """The day's lists are to be read again."""
    ADDRESSES = "addresses"
    """Known addresses are to be asked again."""


@dataclass(slots=True)
class LedgerDay:
    """One source's day: all sections together."""

    source: str
    day: date
    listed: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    expected: bool = True
    """False for days before the source's first run: that little is known of them is no gap."""

    def add(self, row: CoverageRow) -> None:
        self.listed += row.listed
        for name, count in row.counts.items():
            self.counts[name] = self.counts.get(name, 0) + count


@dataclass(frozen=True, slots=True, kw_only=True)
class Lists:
    """What is known of a source's ways into past days."""

    dated: bool = True
    """False: it has only lists of the newest, which past days leave by and by."""
    refused: str | None = None
    """Why its lists by day may not be read, with the run that was told so."""
    reread: Mapping[date, Reading] = field(default_factory=dict)
    """Day -> the run that read all lists of that day again, after it was over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lack:
    """One thing that a day lacks."""

    words: str
    needs: Needs
    why_not: str | None = None
    """Why crawling cannot give it, None when it can."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A day that lacks something."""

    source: str
    day: date
    lacks: tuple[Lack, ...]

    @property
    def reasons(self) -> tuple[str, ...]:
        return tuple(lack.words for lack in self.lacks)

    @property
    def fillable(self) -> bool:
        """Crawling can still give some of it."""
        return any(lack.why_not is None for lack in self.lacks)

    @property
    def why_not(self) -> str | None:
        """Why crawling cannot fill the day, None when it can fill some of it."""
        if self.fillable:
            return None
        return "; ".join(dict.fromkeys(lack.why_not for lack in self.lacks if lack.why_not))

    @property
    def beyond(self) -> tuple[Lack, ...]:
        """What crawling cannot give."""
        return tuple(lack for lack in self.lacks if lack.why_not is not None)

    def can_get(self, needs: Needs) -> bool:
        return any(lack.needs is needs and lack.why_not is None for lack in self.lacks)


def ledger_days(
    rows: Iterable[CoverageRow], first: Mapping[str, date], since: date, until: date
) -> list[LedgerDay]:
    """A day for each source and date from its first run on, and each earlier day that has a row."""
    days = {
        (source, day): LedgerDay(source=source, day=day)
        for source, begun in sorted(first.items())
        for day in days_between(max(begun, since), until)
    }
    for row in rows:
        early = LedgerDay(source=row.source, day=row.day, expected=False)
        if since <= row.day <= until:
            days.setdefault((row.source, row.day), early).add(row)
    return sorted(days.values(), key=lambda one: (one.source, one.day))


def find_gaps(
    days: Sequence[LedgerDay],
    facts: Mapping[tuple[str, date], DayFacts],
    memory: Mapping[str, Memory],
    today: date,
    lists: Mapping[str, Lists] | None = None,
) -> list[Gap]:
    """The days that lack something, newest first; today is not over and is left out.

    Args:
        memory: source -> how far back its lists go, as far as a backfill has seen.
        lists: source -> what is known of its ways into past days.
    """
    listed = {(one.source, one.day): one.listed for one in days}
    gaps = []
    for one in days:
        if one.day >= today:
            continue
        known = facts.get((one.source, one.day), DayFacts())
        ways = (lists or {}).get(one.source, Lists())
        beyond = _beyond_memory(one, memory.get(one.source), today)
        lacks = (*_lists_lack(one, known, listed, ways, beyond), *_unfinished(one, known))
        if lacks:
            gaps.append(Gap(source=one.source, day=one.day, lacks=lacks))
    return sorted(gaps, key=lambda gap: (gap.day, gap.source), reverse=True)


def _lists_lack(
    one: LedgerDay,
    facts: DayFacts,
    listed: Mapping[tuple[str, date], int],
    ways: Lists,
    beyond: str | None,
) -> Iterator[Lack]:
    """What the day's lists would have named, had they been read, or read in time."""
    if not one.expected:
        return
    reread = ways.reread.get(one.day)
    named_no_more = f"its lists named no more when {reread} read them again" if reread else None
    closed = ways.refused or beyond
    if not one.listed:
        words = f"nothing listed: {nothing_because(facts)}"
        yield Lack(words=words, needs=Needs.LISTS, why_not=closed or named_no_more)
    elif (usual := _usual(one, listed)) is not None and one.listed < FLOOR_SHARE * usual:
        words = f"{one.listed} listed, usually {usual:g} on a {WEEKDAYS[one.day.weekday()]}"
        yield Lack(words=words, needs=Needs.LISTS, why_not=closed or named_no_more)
    if facts.missed_lists and not (ways.dated and reread):
        words = f"articles were missed between polls ({counted(facts.missed_lists, 'list')} moved on wholly)"
        passed_over = None if ways.dated else PASSED_OVER
        yield Lack(words=words, needs=Needs.LISTS, why_not=closed or passed_over)


def _unfinished(one: LedgerDay, facts: DayFacts) -> Iterator[Lack]:
    """What is known to the day and has no good end."""
    for ended_as in UNFINISHED:
        reasons = facts.unfinished.get(ended_as, {})
        told = sum(reasons.values())
        for why_not in (None, REFUSED, *NOT_THE_SITE.values(), MENDED_BY_PERSON):
            alike = {
                words: count for words, count in reasons.items() if stays_because(ended_as, words) == why_not
            }
            # what ended between the two readings of a running archive has no reason here
            untold = one.counts.get(ended_as, 0) - told if stays_because(ended_as, None) == why_not else 0
            if (count := sum(alike.values()) + max(0, untold)) > 0:
                words = f"{count} {ended_as}{_because(alike)}"
                yield Lack(words=words, needs=Needs.ADDRESSES, why_not=why_not)


def stays_because(ended_as: str, reason: str | None) -> str | None:
    """Why asking an address again would be in vain, None when it would not."""
    if ended_as == "quarantined":
        return MENDED_BY_PERSON
    if ended_as != "blocked" or (reason or "").startswith(PASSING):
        return None
    told = next((said for begin, said in NOT_THE_SITE.items() if (reason or "").startswith(begin)), REFUSED)
    return None if (reason or "").endswith(AS_ALL) and told is not TAKEN_DOWN else told


def _because(reasons: Mapping[str | None, int]) -> str:
    """The reasons of an end, the most frequent first."""
    told = sorted(((count, words) for words, count in reasons.items() if words), reverse=True)
    if not told:
        return ""
    rest = len(told) - MOST_REASONS
    shown = [words if len(told) == 1 else f"{count} {words}" for count, words in told[:MOST_REASONS]]
    if rest > 0:
        shown.append(counted(rest, "more reason"))
    return f" ({'; '.join(shown)})"


MOST_REASONS = 3
"""Of one end of one day; our choice, all of them are in the view ``runs`` and the table ``address``."""


def nothing_because(facts: DayFacts) -> str:
    """Why a day has no listed article, from its runs and slots."""
    if not facts.verdicts and not facts.slots:
        return "no run on that day"
    runs = ", ".join(
        f"{counted(count, 'run')} {verdict}" for verdict, count in sorted(facts.verdicts.items())
    )
    slots = ", ".join(f"{counted(count, 'slot')} {state}" for state, count in sorted(facts.slots.items()))
    return "; ".join(part for part in (runs or "no run on that day", slots) if part)


def _usual(one: LedgerDay, listed: Mapping[tuple[str, date], int]) -> float | None:
    """Median of the same weekday in the weeks before, None with too few."""
    before = [listed.get((one.source, one.day - timedelta(weeks=n)), 0) for n in range(1, WEEKS + 1)]
    known = [count for count in before if count]
    return median(known) if len(known) >= LEAST_WEEKS else None


def _beyond_memory(one: LedgerDay, memory: Memory | None, today: date) -> str | None:
    """Why the source's lists name nothing of that day any more; None where they may."""
    if memory is None or not memory.ended or today - one.day <= memory.reach:
        return None
    return (
        f"the lists of {one.source} went back to {memory.oldest} only, "
        f"{counted(memory.reach.days, 'day')}, when run {memory.run_id} asked"
    )
