"""Stored articles that a new appearance may belong to. It finds; the crawler's ``decide`` judges."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, union
from sqlalchemy.orm import Session

from storage.frontier.addresses import names_of
from storage.models import (
    AddressRow,
    AppearanceRow,
    DeclaredAddressRow,
    PublisherRow,
    RevisionRow,
    TextRow,
)
from storage.records import Candidate, Sibling

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
    # One part for each index: a condition with OR over them would read the whole table.
    parts = [_by_address(trait), *(select(AppearanceRow.id).where(part) for part in _conditions(trait))]
    parts += _by_declaration(trait) + _by_minute(trait) + _by_text(trait)
    found = set(session.scalars(union(*parts)))
    return describe(session, found - {trait.appearance_id})


def _by_address(trait: Trait) -> Select[int]:
    """Appearances at the page's original address, or at an address of its own that is another's."""
    urls = trait.urls | trait.declared | ({trait.original_url} if trait.original_url else set())
    canonical = func.coalesce(AddressRow.alias_of_id, AddressRow.id)
    at_address = select(AppearanceRow.id).join(AddressRow, AppearanceRow.address_id == canonical)
    return at_address.where(AddressRow.url.in_(sorted(urls)))


def _by_declaration(trait: Trait) -> list[Select[int]]:
    """Appearances whose pages name one of the page's addresses, or the same original as it.

    The newest ones: one address in every page of a site is named by as many as it has.
    """
    urls = sorted(trait.urls)
    named = [
        select(AppearanceRow.id).where(AppearanceRow.original_url.in_(urls)).order_by(AppearanceRow.id.desc())
    ]
    if trait.original_url is not None:
        same = AppearanceRow.original_url == trait.original_url
        named.append(select(AppearanceRow.id).where(same).order_by(AppearanceRow.id.desc()))
    claimed = select(DeclaredAddressRow.appearance_id.label("id")).where(DeclaredAddressRow.url.in_(urls))
    named.append(claimed.order_by(DeclaredAddressRow.id.desc()))
    return [select(part.limit(NEAREST).subquery().c.id) for part in named]


def _conditions(trait: Trait) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if trait.text_digest is not None and trait.publisher_id is not None:
        same_text = AppearanceRow.text_digest == trait.text_digest
        conditions.append(and_(same_text, AppearanceRow.publisher_id == trait.publisher_id))
    if trait.publisher_id is not None and trait.title_key is not None:
        same_title = and_(
            AppearanceRow.publisher_id == trait.publisher_id, AppearanceRow.title_key == trait.title_key
        )
        conditions.append(and_(same_title, _near(trait.published_at)))
    return conditions


def _near(at: datetime | None) -> ColumnElement[bool]:
    unknown = AppearanceRow.published_at.is_(None)
    if at is None:
        return unknown
    return or_(unknown, AppearanceRow.published_at.between(at - SAME_TITLE_WITHIN, at + SAME_TITLE_WITHIN))


def _by_minute(trait: Trait) -> list[Select[int]]:
    """The publisher's stories of the same minutes on other sources, under whatever title.

    On the same source equal stories have equal titles or texts, and are found by these.
    """
    at = trait.published_at
    if at is None or trait.publisher_id is None or trait.source is None:
        return []
    elsewhere = select(AppearanceRow.id).where(
        AppearanceRow.publisher_id == trait.publisher_id,
        or_(AppearanceRow.source.is_(None), AppearanceRow.source != trait.source),
    )
    later = elsewhere.where(AppearanceRow.published_at.between(at, at + SAME_MINUTES))
    earlier = elsewhere.where(AppearanceRow.published_at.between(at - SAME_MINUTES, at))
    nearest = (
        later.order_by(AppearanceRow.published_at, AppearanceRow.id),
        earlier.order_by(AppearanceRow.published_at.desc(), AppearanceRow.id),
    )
    return [select(part.limit(NEAREST // 2).subquery().c.id) for part in nearest]


def _by_text(trait: Trait) -> list[Select[int]]:
    """The publisher's appearances that have or had nearly the same text, whatever their titles."""
    if not trait.alike or trait.publisher_id is None:
        return []
    query = (
        select(AppearanceRow.id)
        .join(RevisionRow, RevisionRow.appearance_id == AppearanceRow.id)
        .where(
            RevisionRow.text_digest.in_(sorted(trait.alike)),
            AppearanceRow.publisher_id == trait.publisher_id,
            _near(trait.published_at),
        )
    )
    return [query]


def describe(session: Session, appearance_ids: Iterable[int]) -> list[Candidate]:
    """These appearances as candidates, one for each content of each; in a fixed order."""
    wanted = sorted(appearance_ids)
    if not wanted:
        return []
    contents = session.execute(
        select(AppearanceRow, RevisionRow.title, TextRow.body, PublisherRow.name)
        .join(RevisionRow, RevisionRow.appearance_id == AppearanceRow.id)
        .outerjoin(TextRow, TextRow.digest == RevisionRow.text_digest)
        .outerjoin(PublisherRow, PublisherRow.id == AppearanceRow.publisher_id)
        .where(AppearanceRow.id.in_(wanted))
        .order_by(AppearanceRow.id, RevisionRow.valid_from)
    ).all()
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
    rows = session.execute(
        select(DeclaredAddressRow.appearance_id, DeclaredAddressRow.url)
        .where(DeclaredAddressRow.appearance_id.in_(appearance_ids))
        .order_by(DeclaredAddressRow.id)
    )
    found: dict[int, tuple[str, ...]] = {}
    for number, url in rows:
        found[number] = (*found.get(number, ()), url)
    return found


def _siblings(session: Session, article_ids: Sequence[int]) -> dict[int, tuple[Sibling, ...]]:
    """Article -> its pages."""
    rows = session.execute(
        select(AppearanceRow, AddressRow.url)
        .join(AddressRow, AddressRow.id == AppearanceRow.address_id)
        .where(AppearanceRow.article_id.in_(article_ids))
        .order_by(AppearanceRow.id)
    )
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
