"""Stored articles that a new appearance may belong to. It finds; the crawler's ``decide`` judges."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Integer,
    Select,
    bindparam,
    func,
    or_,
    select,
    union,
)
from sqlalchemy.orm import Session

from storage.frontier.addresses import names_of
from storage.models import (
    AddressRow,
    AppearanceRow,
    DeclaredAddressRow,
    PublisherRow,
    RevisionRow,
    TextRow,
    UtcDateTime,
)
from storage.records.matching import Candidate, Sibling

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
    text_digest: str | None
    alike: frozenset[str] = frozenset()
    """Digests of stored texts that are nearly its own."""


def find(session: Session, trait: Trait) -> list[Candidate]:
    """Candidates for a page, one for each content that a possible appearance has or had.

    Former contents count too: a copy made before an edit must find its article after it.
    """
    found = set(session.scalars(_question(_shape(trait)), _values(trait)))
    return describe(session, found - {trait.appearance_id})


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """Which of its traits a page has: what it can be looked up by."""

    original: bool
    publisher: bool
    title: bool
    time: bool
    text: bool
    source: bool
    alike: bool


def _shape(trait: Trait) -> Shape:
    return Shape(
        original=trait.original_url is not None,
        publisher=trait.publisher_id is not None,
        title=trait.title_key is not None,
        time=trait.published_at is not None,
        text=trait.text_digest is not None,
        source=trait.source is not None,
        alike=bool(trait.alike),
    )


def _values(trait: Trait) -> dict[str, Any]:
    at = trait.published_at
    values: dict[str, Any] = {
        "urls": sorted(trait.urls),
        "named": sorted(
            trait.urls | trait.declared | ({trait.original_url} if trait.original_url else set())
        ),
        "original": trait.original_url,
        "publisher": trait.publisher_id,
        "title": trait.title_key,
        "text": trait.text_digest,
        "source": trait.source,
        "alike": sorted(trait.alike),
        "at": at,
    }
    if at is not None:
        values |= {
            "days_before": at - SAME_TITLE_WITHIN,
            "days_after": at + SAME_TITLE_WITHIN,
            "minutes_before": at - SAME_MINUTES,
            "minutes_after": at + SAME_MINUTES,
        }
    return values


@cache
def _question(shape: Shape) -> CompoundSelect[int]:
    """Appearances that a page of this shape may belong to.

    One part for each index: a condition with OR over them would read the whole table. Made once for each
    shape: building it costs SQLAlchemy more than the database needs to answer it.
    """
    parts = [_by_address(), *_by_declaration(shape), *_by_text_or_title(shape), *_by_minute(shape)]
    return union(*parts, *_by_alike_text(shape))


def _by_address() -> Select[int]:
    """Appearances at the page's original address, or at an address of its own that is another's."""
    canonical = func.coalesce(AddressRow.alias_of_id, AddressRow.id)
    at_address = select(AppearanceRow.id).join(AddressRow, AppearanceRow.address_id == canonical)
    return at_address.where(AddressRow.url.in_(_several("named")))


def _by_declaration(shape: Shape) -> list[Select[int]]:
    """Appearances whose pages name one of the page's addresses, or the same original as it.

    The newest ones: one address in every page of a site is named by as many as it has.
    """
    by_number = AppearanceRow.id.desc()
    named = [
        select(AppearanceRow.id).where(AppearanceRow.original_url.in_(_several("urls"))).order_by(by_number)
    ]
    if shape.original:
        same = AppearanceRow.original_url == bindparam("original")
        named.append(select(AppearanceRow.id).where(same).order_by(by_number))
    claimed = select(DeclaredAddressRow.appearance_id.label("id"))
    claimed = claimed.where(DeclaredAddressRow.url.in_(_several("urls")))
    named.append(claimed.order_by(DeclaredAddressRow.id.desc()))
    return [select(part.limit(NEAREST).subquery().c.id) for part in named]


def _by_text_or_title(shape: Shape) -> list[Select[int]]:
    """The publisher's appearances with the same text, or with the same title at about the same time."""
    if not shape.publisher:
        return []
    of_publisher = select(AppearanceRow.id).where(_PUBLISHER)
    parts = []
    if shape.text:
        parts.append(of_publisher.where(AppearanceRow.text_digest == bindparam("text")))
    if shape.title:
        parts.append(of_publisher.where(AppearanceRow.title_key == bindparam("title"), _near(shape)))
    return parts


_PUBLISHER = AppearanceRow.publisher_id == bindparam("publisher", type_=Integer)


def _several(name: str) -> BindParameter[str]:
    return bindparam(name, expanding=True)


def _time(name: str) -> BindParameter[datetime]:
    return bindparam(name, type_=UtcDateTime())


def _near(shape: Shape) -> ColumnElement[bool]:
    unknown = AppearanceRow.published_at.is_(None)
    if not shape.time:
        return unknown
    return or_(unknown, AppearanceRow.published_at.between(_time("days_before"), _time("days_after")))


def _by_minute(shape: Shape) -> list[Select[int]]:
    """The publisher's stories of the same minutes on other sources, under whatever title.

    On the same source equal stories have equal titles or texts, and are found by these.
    """
    if not (shape.time and shape.publisher and shape.source):
        return []
    elsewhere = select(AppearanceRow.id).where(
        _PUBLISHER, or_(AppearanceRow.source.is_(None), AppearanceRow.source != bindparam("source"))
    )
    later = elsewhere.where(AppearanceRow.published_at.between(_time("at"), _time("minutes_after")))
    earlier = elsewhere.where(AppearanceRow.published_at.between(_time("minutes_before"), _time("at")))
    nearest = (
        later.order_by(AppearanceRow.published_at, AppearanceRow.id),
        earlier.order_by(AppearanceRow.published_at.desc(), AppearanceRow.id),
    )
    return [select(part.limit(NEAREST // 2).subquery().c.id) for part in nearest]


def _by_alike_text(shape: Shape) -> list[Select[int]]:
    """The publisher's appearances that have or had nearly the same text, whatever their titles."""
    if not (shape.alike and shape.publisher):
        return []
    having = select(AppearanceRow.id).join(RevisionRow, RevisionRow.appearance_id == AppearanceRow.id)
    return [having.where(RevisionRow.text_digest.in_(_several("alike")), _PUBLISHER, _near(shape))]


# Made once: building a statement costs SQLAlchemy more than SQLite needs to answer it.
_CONTENTS = (
    select(AppearanceRow, RevisionRow.title, TextRow.body, PublisherRow.name)
    .join(RevisionRow, RevisionRow.appearance_id == AppearanceRow.id)
    .outerjoin(TextRow, TextRow.digest == RevisionRow.text_digest)
    .outerjoin(PublisherRow, PublisherRow.id == AppearanceRow.publisher_id)
    .where(AppearanceRow.id.in_(bindparam("appearances", expanding=True)))
    .order_by(AppearanceRow.id, RevisionRow.valid_from)
)
_DECLARED = (
    select(DeclaredAddressRow.appearance_id, DeclaredAddressRow.url)
    .where(DeclaredAddressRow.appearance_id.in_(bindparam("appearances", expanding=True)))
    .order_by(DeclaredAddressRow.id)
)
_OF_ARTICLES = (
    select(AppearanceRow, AddressRow.url)
    .join(AddressRow, AddressRow.id == AppearanceRow.address_id)
    .where(AppearanceRow.article_id.in_(bindparam("articles", expanding=True)))
    .order_by(AppearanceRow.id)
)


def describe(session: Session, appearance_ids: Iterable[int]) -> list[Candidate]:
    """These appearances as candidates, one for each content of each; in a fixed order."""
    wanted = sorted(appearance_ids)
    if not wanted:
        return []
    contents = session.execute(_CONTENTS, {"appearances": wanted}).all()
    names = names_of(session, sorted({row.address_id for row, *_ in contents}))
    claims = declared_by(session, wanted)
    siblings = _siblings(session, sorted({row.article_id for row, *_ in contents}))
    return [
        Candidate(
            article_id=row.article_id,
            publisher=publisher,
            title=title,
            body=body,
            published_at=row.published_at,
            urls=tuple(names[row.address_id]),
            original_urls=() if row.original_url is None else (row.original_url,),
            declared=claims.get(row.id, ()),
            site_id=row.site_id,
            siblings=siblings[row.article_id],
        )
        for row, title, body, publisher in contents
    ]


def declared_by(session: Session, appearance_ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """Appearance -> the addresses that its page names as its own; those that name none are not in it."""
    rows = session.execute(_DECLARED, {"appearances": list(appearance_ids)})
    found: dict[int, tuple[str, ...]] = {}
    for number, url in rows:
        found[number] = (*found.get(number, ()), url)
    return found


def _siblings(session: Session, article_ids: Sequence[int]) -> dict[int, tuple[Sibling, ...]]:
    """Article -> its pages."""
    rows = session.execute(_OF_ARTICLES, {"articles": list(article_ids)})
    found: dict[int, tuple[Sibling, ...]] = {}
    for row, url in rows:
        sibling = Sibling(
            appearance_id=row.id,
            url=url,
            site_id=row.site_id,
            published_at=row.published_at,
            by_text=row.match_rule in {None, "text"},
        )
        found[row.article_id] = (*found.get(row.article_id, ()), sibling)
    return found
