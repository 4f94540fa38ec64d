"""Which fields each run's articles had: gathered from the rows, kept with the run."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Connection, Engine, Select, bindparam, insert, select, update

from storage.database.opening import writing_rows
from storage.database.prepared import Prepared
from storage.models import (
    AddressRow,
    AppearanceRow,
    BylineRow,
    FieldStatisticRow,
    ImageRow,
    OutcomeRow,
    PublisherRow,
    RightsRow,
    RuleSetRow,
    RunRow,
    SeedVisitRow,
    TextRow,
)
from storage.models.base import table_of
from storage.records import Outcome

READ_ANEW = (Outcome.STORED.value, Outcome.REVISED.value, Outcome.DUPLICATE.value)
"""Outcomes after which the appearance is what today's extractor made of today's page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenArticle:
    """One article of a run: field -> value as text, None when missing; field -> rule that gave it."""

    url: str
    extractor: str
    values: Mapping[str, str | None]
    rules: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredStatistic:
    """One template's counts in one run, as they were stored."""

    run_id: int
    extractor: str
    articles: int
    fields: str


def seen_articles(engine: Engine, run_id: int) -> Iterator[SeenArticle]:
    """The articles that a run read anew, in the order of their outcomes; a batch at a time is held.

    The connection is held until the last one was taken.
    """
    with engine.connect() as connection:
        outcomes = connection.scalars(_ANEW, {"run": run_id}).all()
        for start in range(0, len(outcomes), BATCH):
            batch = connection.execute(_SEEN, {"outcomes": outcomes[start : start + BATCH]}).all()
            ids = [row.id for row in batch]
            names, images = _together(connection, _NAMES, ids), _together(connection, _IMAGES, ids)
            for row in batch:
                parts = {
                    "bylines": ", ".join(names.get(row.id, ())) or None,
                    "images": "\n".join(images.get(row.id, ())) or None,
                }
                yield SeenArticle(
                    url=row.url,
                    extractor=row.extractor,
                    values=_values(row) | parts,
                    rules=json.loads(row.rules),
                )


BATCH = 200
"""Articles with their bodies that are held at once: a megabyte or two (bodies are 3 kB in the mean)."""

_OUTCOME, _ADDRESS, _RUN = (table_of(row).c for row in (OutcomeRow, AddressRow, RunRow))
_VISITS, _STATISTICS = table_of(SeedVisitRow), table_of(FieldStatisticRow)
_STATISTIC = _STATISTICS.c
_ANEW = (
    select(_OUTCOME.id)
    .where(_OUTCOME.run_id == bindparam("run"), _OUTCOME.outcome.in_(READ_ANEW))
    .order_by(_OUTCOME.at, _OUTCOME.id)
)
_OUTCOMES: BindParameter[int] = bindparam("outcomes", expanding=True)
_APPEARANCES, _PUBLISHERS, _TEXTS = (table_of(row) for row in (AppearanceRow, PublisherRow, TextRow))
_RULES, _RIGHTS = table_of(RuleSetRow), table_of(RightsRow)
_SHOWN = _APPEARANCES.c
_VALUES = {
    "title": _SHOWN.title,
    "subtitle": _SHOWN.subtitle,
    "section": _SHOWN.section,
    "published": _SHOWN.published_raw,
    "modified": _SHOWN.modified_raw,
    "dateline": _SHOWN.dateline_raw,
    "original_url": _SHOWN.original_url,
    "publisher": _PUBLISHERS.c.name,
    "body": _TEXTS.c.body,
    "notice": _RIGHTS.c.notice,
}
_SEEN = (
    select(_SHOWN.id, _SHOWN.extractor, _ADDRESS.url, _RULES.c.rules)
    .add_columns(*(column.label(f"of_{name}") for name, column in _VALUES.items()))
    .select_from(_APPEARANCES)
    .join(table_of(OutcomeRow), _OUTCOME.address_id == _SHOWN.address_id)
    .join(table_of(AddressRow), _ADDRESS.id == _SHOWN.address_id)
    .outerjoin(_PUBLISHERS, _PUBLISHERS.c.id == _SHOWN.publisher_id)
    .join(_RULES, _RULES.c.id == _SHOWN.rules_id)
    .outerjoin(_TEXTS, _TEXTS.c.id == _SHOWN.text_id)
    .outerjoin(_RIGHTS, _RIGHTS.c.appearance_id == _SHOWN.id)
    .where(_OUTCOME.id.in_(_OUTCOMES))
    .order_by(_OUTCOME.at, _OUTCOME.id)
)
_PARTS: BindParameter[int] = bindparam("appearances", expanding=True)
_BYLINE, _IMAGE = table_of(BylineRow).c, table_of(ImageRow).c
_NAMES, _IMAGES = (
    select(of.appearance_id, part).where(of.appearance_id.in_(_PARTS)).order_by(of.appearance_id, of.position)
    for of, part in ((_BYLINE, _BYLINE.raw), (_IMAGE, _IMAGE.url))
)


def _together(
    connection: Connection, parts: Select[Any, Any], appearance_ids: list[int]
) -> dict[int, list[str]]:
    """Appearance -> these parts of it, in order."""
    found: dict[int, list[str]] = {}
    for number, part in connection.execute(parts, {"appearances": appearance_ids}):
        found.setdefault(number, []).append(part)
    return found


def _values(row: Any) -> dict[str, str | None]:
    return {name: getattr(row, f"of_{name}") for name in _VALUES}


def quarantined_in(engine: Engine, run_id: int) -> list[str]:
    """Addresses of pages that the run could not understand, first first."""
    rows = (
        select(_ADDRESS.url)
        .where(_OUTCOME.address_id == _ADDRESS.id)
        .where(_OUTCOME.run_id == run_id, _OUTCOME.outcome == Outcome.QUARANTINED.value)
        .order_by(_OUTCOME.at, _OUTCOME.id)
    )
    with engine.connect() as connection:
        return list(connection.scalars(rows))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadList:
    """One list of a run that answered."""

    url: str
    kind: str
    understood: bool


def read_lists(engine: Engine, run_id: int) -> list[ReadList]:
    """The lists of a run that answered, understood or not; refused and failed ones say nothing of markup."""
    answered = [Outcome.STORED.value, Outcome.QUARANTINED.value]
    visit = _VISITS.c
    rows = (
        select(visit.seed, visit.kind, visit.outcome)
        .where(visit.run_id == run_id, visit.outcome.in_(answered))
        .order_by(visit.at, visit.id)
    )
    with engine.connect() as connection:
        return [
            ReadList(url=row.seed, kind=row.kind, understood=row.outcome == Outcome.STORED.value)
            for row in connection.execute(rows)
        ]


_OF_TEMPLATE = (_STATISTIC.run_id == bindparam("of_run"), _STATISTIC.extractor == bindparam("of_template"))
_COUNTED_ANEW = Prepared(
    update(_STATISTICS)
    .where(*_OF_TEMPLATE)
    .values(articles=bindparam("new_articles"), fields=bindparam("new_fields"))
)
_COUNTED = Prepared(insert(_STATISTICS))


def keep_statistic(engine: Engine, run_id: int, extractor: str, articles: int, fields: str) -> None:
    """Keep one template's counts of a run; again replaces them."""
    anew = {"of_run": run_id, "of_template": extractor, "new_articles": articles, "new_fields": fields}
    row = {"run_id": run_id, "extractor": extractor, "articles": articles, "fields": fields}
    with writing_rows(engine) as connection:
        if not _COUNTED_ANEW.run(connection, anew).rowcount:
            _COUNTED.run(connection, row)


def statistics_between(
    engine: Engine, source: str, since: datetime, until: datetime, without_run: int | None = None
) -> list[StoredStatistic]:
    """The counts of a source's runs that started in ``[since, until)``."""
    rows = (
        select(_STATISTICS)
        .where(_RUN.id == _STATISTIC.run_id)
        .where(_RUN.source == source, _RUN.started_at >= since, _RUN.started_at < until)
        .order_by(_STATISTIC.id)
    )
    if without_run is not None:
        rows = rows.where(_STATISTIC.run_id != without_run)
    with engine.connect() as connection:
        return [
            StoredStatistic(
                run_id=row.run_id, extractor=row.extractor, articles=row.articles, fields=row.fields
            )
            for row in connection.execute(rows)
        ]
