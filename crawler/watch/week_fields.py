"""How often each field was there in a week, against the weeks before: by source and page class.

The alarm of a run (crawler/verdict/drift.py) tells what breaks at once; a week tells what moves slowly, in
either direction.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import Engine

from crawler.verdict.chance import tail
from crawler.verdict.drift import LEAST_BASELINE, QUARANTINE, FieldCount, TemplateCount, drifts, summed
from crawler.watch.weeks import Week
from storage.ledger.field_statistics import statistics_between
from storage.ledger.week import Span

WEEKS_BEFORE = 4
"""About the 30 days of the alarm, in whole weeks: desks write otherwise at weekends."""
LEAST_CHANGE = 0.05
CHANCE = 1e-4
"""At which a field that is as ever is told: 60 fields of both sites in 52 weeks, so one in three years."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldRate:
    """One field of one page class (a kind of list has the one field ``list``: it was understood)."""

    source: str
    page_class: str
    field: str
    articles: int
    filled: int
    articles_before: int
    filled_before: int

    @property
    def share(self) -> float | None:
        return self.filled / self.articles if self.articles else None

    @property
    def share_before(self) -> float | None:
        return self.filled_before / self.articles_before if self.articles_before else None

    @property
    def moved(self) -> bool:
        """Whether it fell or rose by more than chance explains; False where too little is there to say."""
        if self.share is None or self.share_before is None or self.articles_before < LEAST_BASELINE:
            return False
        if abs(self.share - self.share_before) < LEAST_CHANGE:
            return False
        rate = (self.filled_before + 0.5) / (self.articles_before + 1)  # as in drift.is_fall
        if self.share < self.share_before:
            return tail(self.filled, self.articles, rate) < CHANCE
        return tail(self.articles - self.filled, self.articles, 1 - rate) < CHANCE


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedLook:
    """Values of a field that do not look as they did."""

    source: str
    page_class: str
    field: str
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekOfFields:
    """All fields of the sources."""

    rates: tuple[FieldRate, ...]
    looks: tuple[ChangedLook, ...]

    @property
    def moved(self) -> list[FieldRate]:
        return [one for one in self.rates if one.moved]


def week_of_fields(engine: Engine, sources: Iterable[str], week: Week) -> WeekOfFields:
    """The field counts that the runs of the week and of the weeks before kept."""
    rates: list[FieldRate] = []
    looks: list[ChangedLook] = []
    for source in sources:
        now = _counts(engine, source, week.span)
        before = _counts(engine, source, week.weeks_before(WEEKS_BEFORE))
        rates += _rates(source, now, before)
        looks += [
            ChangedLook(source=source, page_class=one.extractor, field=one.field, said=one.said)
            for one in drifts(now, before)
            if one.kind == "shape" and one.field != "list"  # a list's value is its address
        ]
    return WeekOfFields(rates=tuple(rates), looks=tuple(looks))


def _counts(engine: Engine, source: str, span: Span) -> dict[str, TemplateCount]:
    return summed(
        (one.extractor, TemplateCount.from_json(one.articles, one.fields))
        for one in statistics_between(engine, source, span.since, span.until)
        if one.extractor != QUARANTINE  # those pages are told by their outcome
    )


def _rates(
    source: str, now: dict[str, TemplateCount], before: dict[str, TemplateCount]
) -> Iterator[FieldRate]:
    for page_class in sorted({*now, *before}):
        ours, theirs = now.get(page_class, TemplateCount()), before.get(page_class, TemplateCount())
        for name in sorted({*ours.fields, *theirs.fields}):
            yield FieldRate(
                source=source,
                page_class=page_class,
                field=name,
                articles=ours.articles,
                filled=ours.fields.get(name, FieldCount()).filled,
                articles_before=theirs.articles,
                filled_before=theirs.fields.get(name, FieldCount()).filled,
            )
