"""What a stretch of time brought, of each source and publisher (what it did not: unread.py).

A run's addresses are counted by the moment of their outcome, so that one that goes on for days is told in
each report; the runs themselves, their requests and bytes, by the moment at which they began.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Engine, Select, and_, case, distinct, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from storage.models import (
    AddressRow,
    AppearanceRow,
    ArticleRow,
    CaptureRow,
    OutcomeRow,
    PublisherRow,
    RunRow,
    SourceRow,
)
from storage.records import LOOKS, Outcome

_LOOKS = tuple(one.value for one in LOOKS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """``[since, until)``."""

    since: datetime
    until: datetime

    def holds(self, instant: InstrumentedAttribute[datetime]) -> ColumnElement[bool]:
        return and_(instant >= self.since, instant < self.until)

    def runs_at_work(self) -> Select[int]:
        """Numbers of the runs of which a part lies in it: begun before its end, not over by its beginning."""
        not_over = or_(RunRow.finished_at.is_(None), RunRow.finished_at >= self.since)
        return select(RunRow.id).where(RunRow.started_at < self.until, not_over)


@dataclass(slots=True, kw_only=True)
class SourceWeek:
    """One source."""

    source: str
    runs: Counter[str] = field(default_factory=Counter)
    """Verdict, ``running``, or ``ended`` (an import) -> runs that began."""
    listed: int = 0
    known: int = 0
    requests: int = 0
    bytes: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    """Outcome -> addresses; one that ended in several runs counts in each."""


@dataclass(slots=True, kw_only=True)
class PublisherWeek:
    """One publisher at one source."""

    source: str
    publisher: str | None
    """None: the pages do not say."""
    articles: int = 0
    """That the archive had not had in any form."""
    pages: int = 0
    """Addresses at which an article was stored: its first, and further ones."""
    revisions: int = 0
    gone: int = 0
    """Pages of stored articles that were there at the look before."""


def sources_of(engine: Engine, span: Span) -> list[SourceWeek]:
    """Every source with a run or an outcome in the span, by name."""
    found: dict[str, SourceWeek] = {}
    captured = select(func.count()).select_from(CaptureRow).where(CaptureRow.run_id == RunRow.id)
    size = select(func.coalesce(func.sum(CaptureRow.payload_length), 0)).where(CaptureRow.run_id == RunRow.id)
    begun = select(
        RunRow.source,
        RunRow.verdict,
        RunRow.finished_at.is_(None),
        RunRow.listed,
        RunRow.known,
        func.coalesce(RunRow.requests, captured.correlate(RunRow).scalar_subquery()),
        func.coalesce(RunRow.bytes, size.correlate(RunRow).scalar_subquery()),
    ).where(RunRow.source.in_(select(SourceRow.name)), span.holds(RunRow.started_at))
    ended = (
        select(RunRow.source, OutcomeRow.outcome, func.count())
        .join(RunRow, RunRow.id == OutcomeRow.run_id)
        .where(OutcomeRow.run_id.in_(span.runs_at_work()), span.holds(OutcomeRow.at))
        .group_by(RunRow.source, OutcomeRow.outcome)
    )
    with Session(engine) as session:
        for source, verdict, open_, listed, known, requests, received in session.execute(begun):
            one = found.setdefault(source, SourceWeek(source=source))
            one.runs[verdict or ("running" if open_ else "ended")] += 1
            one.listed += listed
            one.known += known
            one.requests += requests
            one.bytes += int(received)
        for source, outcome, count in session.execute(ended):
            found.setdefault(source, SourceWeek(source=source)).outcomes[outcome] = count
    return [found[source] for source in sorted(found)]


def publishers_of(engine: Engine, span: Span) -> list[PublisherWeek]:
    """Every source and publisher of which something came or went, the most articles first."""
    new = case((span.holds(ArticleRow.created_at), ArticleRow.id))
    came = _with_publisher(span, OutcomeRow.outcome, func.count(), func.count(distinct(new))).where(
        OutcomeRow.outcome.in_((Outcome.STORED.value, Outcome.REVISED.value))
    )
    went = _with_publisher(span, func.count(distinct(OutcomeRow.address_id))).where(
        OutcomeRow.outcome == Outcome.GONE.value, AppearanceRow.id.is_not(None), _was_there()
    )
    found: dict[tuple[str, str | None], PublisherWeek] = {}

    def of(source: str, publisher: str | None) -> PublisherWeek:
        return found.setdefault((source, publisher), PublisherWeek(source=source, publisher=publisher))

    by = (RunRow.source, PublisherRow.name)
    with Session(engine) as session:
        for source, publisher, outcome, count, articles in session.execute(
            came.group_by(*by, OutcomeRow.outcome)
        ):
            one = of(source, publisher)
            if outcome == Outcome.REVISED:
                one.revisions = count
            else:
                one.pages, one.articles = count, articles
        for source, publisher, count in session.execute(went.group_by(*by)):
            of(source, publisher).gone = count
    return sorted(
        found.values(), key=lambda one: (one.source, -one.articles, -one.pages, one.publisher or "")
    )


def _with_publisher(span: Span, *columns: Any) -> Select[*tuple[Any, ...]]:
    """Outcomes of the span with what is stored at their addresses; an alias has its other name's page."""
    page = func.coalesce(AddressRow.alias_of_id, AddressRow.id)
    return (
        select(RunRow.source, PublisherRow.name, *columns)
        .select_from(OutcomeRow)
        .join(RunRow, RunRow.id == OutcomeRow.run_id)
        .join(AddressRow, AddressRow.id == OutcomeRow.address_id)
        .outerjoin(AppearanceRow, AppearanceRow.address_id == page)
        .outerjoin(ArticleRow, ArticleRow.id == AppearanceRow.article_id)
        .outerjoin(PublisherRow, PublisherRow.id == AppearanceRow.publisher_id)
        .where(OutcomeRow.run_id.in_(span.runs_at_work()), span.holds(OutcomeRow.at))
    )


def _was_there() -> ColumnElement[bool]:
    """The look before this one found the page, or was none."""
    past = aliased(OutcomeRow)
    earlier = or_(past.at < OutcomeRow.at, and_(past.at == OutcomeRow.at, past.id < OutcomeRow.id))
    before = (
        select(past.outcome)
        .where(past.address_id == OutcomeRow.address_id, past.outcome.in_(_LOOKS), earlier)
        .order_by(past.at.desc(), past.id.desc())
        .limit(1)
        .correlate(OutcomeRow)
        .scalar_subquery()
    )
    return func.coalesce(before, "") != Outcome.GONE.value
