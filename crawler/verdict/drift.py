"""Field drift: how often each field is there and what its values look like, against the last 30 days.

A redesign leaves a crawl running and its fields empty. Pure: statistics in, complaints out.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise

from crawler.verdict.chance import tail

LOOK_BACK = timedelta(days=30)
FALSE_ALARM = 1e-6
"""Chance at which a run that is as ever raises an alarm: 15 fields x 150 runs a day, so one in 1.2 years."""
LEAST_DROP = 0.2
"""Fill rates differ by desk and hour; a rule that broke takes more than this."""
LEAST_BASELINE = 50
"""Articles of the last 30 days below which nothing is said."""
RARE = 0.01
"""A shape that less than one in a hundred values had is new."""
LEAST_MOVE = 0.5
"""A length beside one that is known begins one letter further: a day of long texts is no broken rule, and a
rule that broke moves most values. (2026-11-26: 5 of 19 bodies of 1,016 letters and more were an alarm.)"""
QUARANTINE = "quarantine"
"""The template under which pages that nothing understood are counted."""


@dataclass(slots=True)
class FieldCount:
    """One field in a set of articles of one template."""

    filled: int = 0
    shapes: Counter[str] = field(default_factory=Counter)
    rules: Counter[str] = field(default_factory=Counter)
    first_missing: str | None = None
    """Address of the first article that lacks the field."""
    first_of_shape: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class TemplateCount:
    """All fields of one template's articles."""

    articles: int = 0
    fields: dict[str, FieldCount] = field(default_factory=dict)

    def add(self, url: str, values: Mapping[str, str | None], rules: Mapping[str, str]) -> None:
        """Count one article: field -> its value as text, None when it is missing."""
        self.articles += 1
        for name, value in values.items():
            count = self.fields.setdefault(name, FieldCount())
            if value:
                count.filled += 1
                look = shape(name, value)
                count.shapes[look] += 1
                count.first_of_shape.setdefault(look, url)
                if name in rules:
                    count.rules[rules[name]] += 1
            elif count.first_missing is None:
                count.first_missing = url

    def merge(self, other: TemplateCount) -> None:
        """Add another count's numbers."""
        self.articles += other.articles
        for name, theirs in other.fields.items():
            ours = self.fields.setdefault(name, FieldCount())
            ours.filled += theirs.filled
            ours.shapes.update(theirs.shapes)
            ours.rules.update(theirs.rules)

    def as_json(self) -> str:
        """The numbers as they are stored with the run."""
        plain = {
            name: {"filled": count.filled, "shapes": dict(count.shapes), "rules": dict(count.rules)}
            for name, count in sorted(self.fields.items())
        }
        return json.dumps(plain, ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_json(cls, articles: int, text: str) -> TemplateCount:
        """The numbers of a stored run."""
        fields = {
            name: FieldCount(filled=one["filled"], shapes=Counter(one["shapes"]), rules=Counter(one["rules"]))
            for name, one in json.loads(text).items()
        }
        return cls(articles=articles, fields=fields)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """One field of one template that is not what it was."""

    field: str
    extractor: str
    kind: str
    """``missing`` or ``shape``."""
    said: str
    """The numbers, one clause."""
    first_bad: str | None
    """Address of the first article that shows it."""
    rule: str | None
    """The rule that used to give the field."""

    def sentence(self) -> str:
        rule = f"; {self.rule} used to give it" if self.rule else ""
        seen = f"; first seen at {self.first_bad}" if self.first_bad else ""
        return f"{self.field} of {self.where}: {self.said}{rule}{seen}"

    @property
    def where(self) -> str:
        """The template's name for a person."""
        return "quarantined pages" if self.extractor == QUARANTINE else self.extractor


_RUNS = (
    (re.compile(r"[0-9]+"), "9"),
    (re.compile(r"[가-힣]+"), "가"),
    (re.compile(r"[A-Za-z]+"), "a"),
    (re.compile(r"\s+"), " "),
)
_PATTERNED = frozenset({"published", "modified"})
"""Fields whose values keep to a pattern; of the others only the length says anything."""
_LENGTHS = (1, 10, 30, 100, 300, 1000, 3000, 10_000, 100_000)
_LENGTH_LOOKS = (
    *(f"{low}-{high - 1} letters" for low, high in pairwise(_LENGTHS)),
    f"{_LENGTHS[-1]} letters and more",
)
_BESIDE = {
    look: frozenset(_LENGTH_LOOKS[max(0, at - 1) : at + 2]) - {look} for at, look in enumerate(_LENGTH_LOOKS)
}
"""Length -> those next to it; a pattern has none."""
_NONE: frozenset[str] = frozenset()


def shape(name: str, value: str) -> str:
    """What a value looks like.

    >>> shape("published", "2026.08.20. 14:33")
    '9.9.9. 9:9'
    >>> shape("title", "코스피 2,700선 회복")
    '10-29 letters'
    """
    if name in _PATTERNED:
        text = value
        for pattern, sign in _RUNS:
            text = pattern.sub(sign, text)
        return text
    return _LENGTH_LOOKS[bisect_right(_LENGTHS, len(value)) - 1]


def drifts(now: Mapping[str, TemplateCount], before: Mapping[str, TemplateCount]) -> list[Drift]:
    """What a run's fields say, held against the last 30 days, template by template.

    A template without a history of its own (a page class that took over after a redesign, or pages that
    nothing understood) is held against all templates of the source together.
    """
    everything = TemplateCount()
    for count in before.values():
        everything.merge(count)
    found: list[Drift] = []
    for extractor, count in sorted(now.items()):
        own = before.get(extractor)
        enough = own is not None and own.articles >= LEAST_BASELINE
        found += _of_template(extractor, count, own if own is not None and enough else everything)
    return found


def _of_template(extractor: str, now: TemplateCount, before: TemplateCount) -> Iterator[Drift]:
    if before.articles < LEAST_BASELINE:
        return
    for name, base in sorted(before.fields.items()):
        count = now.fields.get(name, FieldCount())
        rule = base.rules.most_common(1)[0][0] if base.rules else None
        if is_fall(count.filled, now.articles, base.filled, before.articles):
            said = (
                f"in {count.filled} of {now.articles} pages, "
                f"{base.filled / before.articles:.0%} of the last 30 days"
            )
            yield Drift(
                field=name,
                extractor=extractor,
                kind="missing",
                said=said,
                first_bad=count.first_missing,
                rule=rule,
            )
        elif (look := _new_shape(count, base)) is not None:
            said = (
                f"{count.shapes[look]} of {count.filled} values look like {look!r}, "
                f"before like {base.shapes.most_common(1)[0][0]!r}"
            )
            first = count.first_of_shape.get(look)
            yield Drift(field=name, extractor=extractor, kind="shape", said=said, first_bad=first, rule=rule)


def is_fall(filled: int, articles: int, base_filled: int, base_articles: int) -> bool:
    """Whether a fill rate fell by more than chance and habit explain (exact binomial tail)."""
    if not articles:
        return False
    # Half a success and half a failure added: a rate of 1 in 50 articles is not certainty.
    rate = (base_filled + 0.5) / (base_articles + 1)
    return rate - filled / articles > LEAST_DROP and tail(filled, articles, rate) < FALSE_ALARM


def _new_shape(now: FieldCount, before: FieldCount) -> str | None:
    """The commonest shape of the run's values when values of new shapes are too many; else None."""
    if before.filled < LEAST_BASELINE or not now.filled:
        return None
    known = {look for look, n in before.shapes.items() if n >= RARE * before.filled}
    fresh = {look: n for look, n in now.shapes.items() if look not in known}
    base_known = sum(before.shapes[look] for look in known)
    new = sum(fresh.values())
    if not fresh or not is_fall(now.filled - new, now.filled, base_known, before.filled):
        return None
    beside = sum(n for look, n in fresh.items() if _BESIDE.get(look, _NONE) & known)
    if beside == new and new < LEAST_MOVE * now.filled:
        return None
    return max(fresh, key=lambda look: fresh[look])


def summed(counts: Iterable[tuple[str, TemplateCount]]) -> dict[str, TemplateCount]:
    """Counts of many runs, template by template."""
    total: dict[str, TemplateCount] = {}
    for extractor, count in counts:
        total.setdefault(extractor, TemplateCount()).merge(count)
    return total


def sentences(found: Sequence[Drift], limit: int = 5) -> str:
    """A few drifts for a run's reason; how many more there are is said."""
    said = "; ".join(f"{one.field} of {one.where} {one.kind}" for one in found[:limit])
    more = len(found) - limit
    return f"{said} and {more} more" if more > 0 else said
