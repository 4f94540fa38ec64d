"""A run's verdict with hindsight: its source's history, its lists' overlap, its fields' drift.

expectation.py judges by what the source declares; this adds what the archive remembers, and never
makes a verdict milder.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from crawler.counted import counted
from crawler.verdict.drift import LOOK_BACK as DRIFT_LOOK_BACK
from crawler.verdict.drift import QUARANTINE, Drift, TemplateCount, drifts, sentences, summed
from crawler.verdict.run_verdict import Ending, falls_short, worsened
from crawler.verdict.usual import LOOK_BACK, odd_counts, still_since, usual
from storage.ledger.barren import pages_in_vain
from storage.ledger.field_statistics import (
    keep_statistic,
    quarantined_in,
    read_lists,
    seen_articles,
    statistics_between,
)
from storage.ledger.overlaps import ListOverlap, record_overlaps
from storage.ledger.readings import closed_lists, empty_list
from storage.ledger.run_history import past_runs, run_counts
from storage.records import RunMode, Verdict
from storage.seoul import shown

CORE_FIELDS = ("title", "body", "published")
"""Fields that every article of every source has: a page that gave none of them counts as lacking these."""

LISTS = "list/"
"""Before the kind of a seed, where lists are counted as templates are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondOpinion:
    """The verdict with hindsight, and what it rests on."""

    ending: Ending
    drifts: tuple[Drift, ...] = ()
    missed_lists: tuple[str, ...] = ()
    """Lists that shared nothing with their last reading: articles were missed between the polls."""
    odd: tuple[str, ...] = ()
    lists_compared: int = 0
    articles: int = 0
    """Articles that the run read anew, the evidence for its fields."""


def second_opinion(
    engine: Engine,
    source: str,
    run_id: int,
    started_at: datetime,
    ending: Ending,
    *,
    whole: bool,
    empty: Sequence[str] = (),
    articles_share: float = 0.0,
) -> SecondOpinion:
    """Judge a run again, by the archive; keeps its overlaps and field statistics (twice is once).

    Args:
        engine: opened for writing.
        whole: the run did all of what a scheduled run does, so its counts can be compared.
        empty: lists of the newest that were understood and named nothing.
        articles_share: what the source declares of its pages; 0: nothing.
    """
    overlaps = record_overlaps(engine, run_id)
    missed = tuple(missed_lists(overlaps))
    now = field_counts(engine, run_id)
    drifted = tuple(field_drifts(engine, source, run_id, started_at, now))
    odd = tuple(_odd(engine, source, run_id, started_at)) if whole else ()
    complaints = [*odd, *_silent(engine, source, run_id, empty)]
    complaints += _closed(engine, source, run_id) if whole else ()
    if ending.verdict is Verdict.HEALTHY:
        complaints += _in_vain(engine, source, run_id, articles_share)
    if missed:
        lists = counted(len(missed), "list")
        complaints.append(f"articles were missed between polls: {lists} moved on wholly")
    if drifted:
        complaints.append(f"fields drifted: {sentences(drifted)}")
    return SecondOpinion(
        ending=worsened(ending, complaints),
        drifts=drifted,
        missed_lists=missed,
        odd=odd,
        lists_compared=len(overlaps),
        articles=sum(count.articles for count in now.values()),
    )


def _silent(engine: Engine, source: str, run_id: int, empty: Sequence[str]) -> Iterator[str]:
    """The lists that are empty and used not to be, as one clause."""
    looked = [empty_list(engine, source, run_id, seed) for seed in empty]
    silent = [str(one) for one in looked if not one.seldom]
    if silent:
        yield _named(silent, "list is", "lists are", "empty")


def _in_vain(engine: Engine, source: str, run_id: int, share: float) -> Iterator[str]:
    """That no page has given an article for longer than chance explains, as one clause.

    One poll asks for few pages once the others are known, and what turns all of them away to a page that is
    no article is no failure of any one.
    """
    pages = pages_in_vain(engine, source, run_id)
    if falls_short(0, pages, share):
        yield f"0 articles in the last {pages} pages that were asked, {share:.0%} expected"


def _closed(engine: Engine, source: str, run_id: int) -> Iterator[str]:
    """The lists that were read before and are refused, as one clause."""
    if closed := closed_lists(engine, source, run_id):
        yield _named(closed, "list that was read before is", "lists that were read before are", "refused")


def _named(lists: Sequence[str], one: str, many: str, what: str) -> str:
    more = f" and {len(lists) - MOST_NAMED} more" if len(lists) > MOST_NAMED else ""
    return f"{counted(len(lists), one, many)} {what}: {', '.join(lists[:MOST_NAMED])}{more}"


MOST_NAMED = 3
"""Lists in one reason: our choice, all are in the table ``seed_visit``."""


def missed_lists(overlaps: list[ListOverlap]) -> list[str]:
    """Lists of which the newest reading shares nothing with the one before."""
    return [overlap.seed for overlap in overlaps if overlap.moved_on]


def _odd(engine: Engine, source: str, run_id: int, started_at: datetime) -> list[str]:
    history = past_runs(engine, source, RunMode.LATEST, started_at - LOOK_BACK, started_at)
    listed, new = run_counts(engine, run_id)
    earlier = [run for run in history if run.id != run_id]
    odd = list(odd_counts(usual(earlier, started_at), listed=listed, new=new))
    if listed and (since := still_since(earlier, started_at, new)) is not None:
        odd.append(f"no list has named a new article since {shown(since)}")
    return odd


def field_counts(engine: Engine, run_id: int) -> dict[str, TemplateCount]:
    """The fields of the articles that a run read anew, by template."""
    now: dict[str, TemplateCount] = {}
    for article in seen_articles(engine, run_id):
        now.setdefault(article.extractor, TemplateCount()).add(article.url, article.values, article.rules)
    for url in quarantined_in(engine, run_id):
        now.setdefault(QUARANTINE, TemplateCount()).add(url, dict.fromkeys(CORE_FIELDS), {})
    return now


def list_counts(engine: Engine, run_id: int) -> dict[str, TemplateCount]:
    """The lists that a run read, by kind: each has the one field ``list`` when it was understood.

    A redesign often changes lists first, and then no article is read that could lack a field.
    """
    now: dict[str, TemplateCount] = {}
    for seed in read_lists(engine, run_id):
        value = seed.url if seed.understood else None
        now.setdefault(f"{LISTS}{seed.kind}", TemplateCount()).add(seed.url, {"list": value}, {})
    return now


def field_drifts(
    engine: Engine, source: str, run_id: int, started_at: datetime, now: dict[str, TemplateCount]
) -> list[Drift]:
    """Keep a run's field counts and hold them against the last 30 days."""
    lists = list_counts(engine, run_id)
    for extractor, count in (*now.items(), *lists.items()):
        keep_statistic(engine, run_id, extractor, count.articles, count.as_json())
    before = summed(
        (stored.extractor, TemplateCount.from_json(stored.articles, stored.fields))
        for stored in statistics_between(engine, source, started_at - DRIFT_LOOK_BACK, started_at, run_id)
        if stored.extractor != QUARANTINE
    )
    of_lists = {name: count for name, count in before.items() if name.startswith(LISTS)}
    of_pages = {name: count for name, count in before.items() if name not in of_lists}
    found = [*drifts(lists, of_lists), *drifts(now, of_pages)]
    # Lists' addresses differ in length between sources' seeds; only their going missing says anything.
    return [one for one in found if _is_known(one) and (one.field != "list" or one.kind == "missing")]


def _is_known(drift: Drift) -> bool:
    """Of a page that nothing understood, only the fields that it surely had are missing."""
    return drift.extractor != QUARANTINE or drift.field in CORE_FIELDS
