"""Stored articles that a new appearance may belong to. It finds; the crawler's ``decide`` judges."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Integer,
    Select,
    bindparam,
    func,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from storage.archive.described import describe
from storage.database.places import placed, places, several
from storage.database.prepared import Prepared
from storage.database.rarely import rarely
from storage.models import (
    AddressRow,
    AppearanceRow,
    DeclaredAddressRow,
    RevisionRow,
    UtcDateTime,
)
from storage.models.base import table_of
from storage.records.matching import Candidate

SAME_TITLE_WITHIN = timedelta(days=3)
"""As long as crawler.deduplicate.match takes two texts for one story."""
SAME_MINUTES = timedelta(minutes=10)
"""A portal shows a partner's story within minutes (docs/sites/daum.md 1, ids of 2018-2022)."""
NEAREST = 50
"""Articles of one publisher in twenty minutes: the busiest agency writes about forty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trait:
    """What a page is looked up by."""

    appearance_id: int | None
    source: str | None
    urls: frozenset[str]
    """Its address and that address's aliases."""
    original_url: str | None
    declared: frozenset[str]
    """Addresses that the page names as its own."""
    publisher_id: int | None
    title_key: str | None
    published_at: datetime | None
    text_id: int | None
    alike: frozenset[int] = frozenset()
    """Numbers of stored texts that are nearly its own."""


TOLD = ("source", "original_url", "publisher_id", "title_key", "published_at", "text_id")
"""Of an appearance's columns, those that are traits."""


def find(session: Session, trait: Trait) -> list[Candidate]:
    """Candidates for a page, one for each content that a possible appearance has or had.

    Former contents count too: a copy made before an edit must find its article after it.
    """
    session.flush()  # a question to tables, not to objects, is asked of what is written
    lists = _lists(trait)
    found = _question(_shape(trait, lists)).run(session.connection(), _values(trait, lists))
    return describe(session, {row[0] for row in found} - {trait.appearance_id})


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """Which of its traits a page has: what it can be looked up by."""

    original: bool
    publisher: bool
    title: bool
    time: bool
    text: bool
    source: bool
    urls: int
    """Places for so many: see storage.database.places."""
    named: int
    alike: int


def _shape(trait: Trait, lists: Mapping[str, Sequence[Any]]) -> Shape:
    return Shape(
        original=trait.original_url is not None,
        publisher=trait.publisher_id is not None,
        title=trait.title_key is not None,
        time=trait.published_at is not None,
        text=trait.text_id is not None,
        source=trait.source is not None,
        **{name: places(values) for name, values in lists.items()},
    )


def _lists(trait: Trait) -> dict[str, Sequence[Any]]:
    original = {trait.original_url} if trait.original_url else set()
    return {
        "urls": sorted(trait.urls),
        "named": sorted(trait.urls | trait.declared | original),
        "alike": sorted(trait.alike),
    }


def _values(trait: Trait, lists: Mapping[str, Sequence[Any]]) -> dict[str, Any]:
    at = trait.published_at
    values: dict[str, Any] = {
        "original": trait.original_url,
        "publisher": trait.publisher_id,
        "title": trait.title_key,
        "text": trait.text_id,
        "source": trait.source,
        "at": at,
    }
    for name, several_values in lists.items():
        values |= placed(name, several_values)
    if at is not None:
        values |= {
            "days_before": at - SAME_TITLE_WITHIN,
            "days_after": at + SAME_TITLE_WITHIN,
            "minutes_before": at - SAME_MINUTES,
            "minutes_after": at + SAME_MINUTES,
        }
    return values


_APPEARANCES, _ADDRESSES, _REVISIONS = table_of(AppearanceRow), table_of(AddressRow), table_of(RevisionRow)
_APPEARANCE, _ADDRESS, _REVISION = _APPEARANCES.c, _ADDRESSES.c, _REVISIONS.c
_CLAIM = table_of(DeclaredAddressRow).c


@cache
def _question(shape: Shape) -> Prepared:
    """Appearances that a page of this shape may belong to.

    One part for each index: a condition with OR over them would read the whole table. Made once for each
    shape: building it costs SQLAlchemy more than the database needs to answer it.
    """
    parts = [_by_address(shape), *_by_declaration(shape), *_by_text_or_title(shape), *_by_minute(shape)]
    return Prepared(union_all(*parts, *_by_alike_text(shape)))  # which are told twice, the caller sees


def _by_address(shape: Shape) -> Select[int]:
    """Appearances at the page's original address, or at an address of its own that is another's."""
    canonical = func.coalesce(_ADDRESS.alias_of_id, _ADDRESS.id)
    at_address = select(_APPEARANCE.id).join(_ADDRESSES, _APPEARANCE.address_id == canonical)
    return at_address.where(_ADDRESS.url.in_(several("named", shape.named)))


def _by_declaration(shape: Shape) -> list[Select[int]]:
    """Appearances whose pages name one of the page's addresses, or the same original as it.

    The newest ones: one address in every page of a site is named by as many as it has.
    """
    by_number = _APPEARANCE.id.desc()
    named = [
        select(_APPEARANCE.id)
        .where(rarely(_APPEARANCE.original_url.in_(several("urls", shape.urls))))
        .order_by(by_number)
    ]
    if shape.original:
        same = rarely(_APPEARANCE.original_url == bindparam("original"))
        named.append(select(_APPEARANCE.id).where(same).order_by(by_number))
    claimed = select(_CLAIM.appearance_id.label("id"))
    claimed = claimed.where(_CLAIM.url.in_(several("urls", shape.urls)))
    named.append(claimed.order_by(_CLAIM.id.desc()))
    return [select(part.limit(NEAREST).subquery().c.id) for part in named]


def _by_text_or_title(shape: Shape) -> list[Select[int]]:
    """The publisher's appearances with the same text, or with the same title at about the same time."""
    if not shape.publisher:
        return []
    of_publisher = select(_APPEARANCE.id).where(_PUBLISHER)
    parts = []
    if shape.text:
        parts.append(of_publisher.where(_APPEARANCE.text_id == bindparam("text")))
    if shape.title:
        parts.append(of_publisher.where(_APPEARANCE.title_key == bindparam("title"), _near(shape)))
    return parts


_PUBLISHER = _APPEARANCE.publisher_id == bindparam("publisher", type_=Integer)


def _time(name: str) -> BindParameter[datetime]:
    return bindparam(name, type_=UtcDateTime())


def _near(shape: Shape) -> ColumnElement[bool]:
    unknown = _APPEARANCE.published_at.is_(None)
    if not shape.time:
        return unknown
    return or_(unknown, _APPEARANCE.published_at.between(_time("days_before"), _time("days_after")))


def _by_minute(shape: Shape) -> list[Select[int]]:
    """The publisher's stories of the same minutes on other sources, under whatever title.

    On the same source equal stories have equal titles or texts, and are found by these.
    """
    if not (shape.time and shape.publisher and shape.source):
        return []
    elsewhere = select(_APPEARANCE.id).where(
        _PUBLISHER, or_(_APPEARANCE.source.is_(None), _APPEARANCE.source != bindparam("source"))
    )
    later = elsewhere.where(_APPEARANCE.published_at.between(_time("at"), _time("minutes_after")))
    earlier = elsewhere.where(_APPEARANCE.published_at.between(_time("minutes_before"), _time("at")))
    nearest = (
        later.order_by(_APPEARANCE.published_at, _APPEARANCE.id),
        earlier.order_by(_APPEARANCE.published_at.desc(), _APPEARANCE.id),
    )
    return [select(part.limit(NEAREST // 2).subquery().c.id) for part in nearest]


def _by_alike_text(shape: Shape) -> list[Select[int]]:
    """The publisher's appearances that have or had nearly the same text, whatever their titles."""
    if not (shape.alike and shape.publisher):
        return []
    having = select(_APPEARANCE.id).join(_REVISIONS, _REVISION.appearance_id == _APPEARANCE.id)
    return [having.where(_REVISION.text_id.in_(several("alike", shape.alike)), _PUBLISHER, _near(shape))]
