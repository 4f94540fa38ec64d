"""Stored appearances as candidates: what ``decide`` looks at, each content that one has or had.

One question for each kind of what is known, however many appearances are asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.database.places import placed, places, several
from storage.database.prepared import Prepared
from storage.frontier.addresses import names_of
from storage.models import AddressRow, AppearanceRow, DeclaredAddressRow, PublisherRow, RevisionRow, TextRow
from storage.models.base import table_of
from storage.records.matching import Candidate, Sibling

_APPEARANCE = table_of(AppearanceRow).c
_ADDRESSES, _REVISIONS = table_of(AddressRow), table_of(RevisionRow)
_TEXTS, _PUBLISHERS = table_of(TextRow), table_of(PublisherRow)
_ADDRESS, _REVISION, _CLAIM = _ADDRESSES.c, _REVISIONS.c, table_of(DeclaredAddressRow).c


# Each made once for so many: building a statement costs SQLAlchemy more than SQLite needs to answer it.
@cache
def _contents_of(count: int) -> Prepared:
    return Prepared(
        select(
            _APPEARANCE.id,
            _APPEARANCE.article_id,
            _APPEARANCE.address_id,
            _APPEARANCE.published_at,
            _APPEARANCE.original_url,
            _APPEARANCE.site_id,
            _REVISION.title,
            _TEXTS.c.body,
            _PUBLISHERS.c.name.label("publisher"),
        )
        .join(_REVISIONS, _REVISION.appearance_id == _APPEARANCE.id)
        .outerjoin(_TEXTS, _TEXTS.c.id == _REVISION.text_id)
        .outerjoin(_PUBLISHERS, _PUBLISHERS.c.id == _APPEARANCE.publisher_id)
        .where(_APPEARANCE.id.in_(several("appearance", count)))
        .order_by(_APPEARANCE.id, _REVISION.valid_from)
    )


@cache
def _declared_by(count: int) -> Prepared:
    declared = select(_CLAIM.appearance_id, _CLAIM.url).order_by(_CLAIM.id)
    return Prepared(declared.where(_CLAIM.appearance_id.in_(several("appearance", count))))


@cache
def _of_articles(count: int) -> Prepared:
    return Prepared(
        select(
            _APPEARANCE.id,
            _APPEARANCE.article_id,
            _APPEARANCE.site_id,
            _APPEARANCE.published_at,
            _APPEARANCE.match_rule,
            _ADDRESS.url,
        )
        .join(_ADDRESSES, _ADDRESS.id == _APPEARANCE.address_id)
        .where(_APPEARANCE.article_id.in_(several("article", count)))
        .order_by(_APPEARANCE.id)
    )


@dataclass(frozen=True, slots=True)
class Known:
    """What is stored of some appearances, and around them."""

    names: Mapping[int, list[str]]
    """Address -> its URL and those of its aliases."""
    claims: Mapping[int, tuple[str, ...]]
    """Appearance -> the addresses that its page names as its own; those that name none are not in it."""
    candidates: Mapping[int, list[Candidate]]
    """Appearance -> it as a candidate, once for each content that it has or had."""


def describe(session: Session, appearance_ids: Iterable[int]) -> list[Candidate]:
    """These appearances as candidates, one for each content of each; in a fixed order."""
    wanted = sorted(appearance_ids)
    if not wanted:
        return []
    contents = _contents(session, wanted)
    known = _known(session, contents, {row.id: row.address_id for row in contents})
    return [candidate for ours in known.candidates.values() for candidate in ours]


def known_of(session: Session, appearances: Mapping[int, int]) -> Known:
    """All of these appearances at once. ``appearances``: appearance -> address."""
    return _known(session, _contents(session, sorted(appearances)), appearances)


def _contents(session: Session, appearance_ids: Sequence[int]) -> list[Any]:
    session.flush()  # a question to tables, not to objects, is asked of what is written
    wanted = placed("appearance", appearance_ids)
    return _contents_of(places(appearance_ids)).run(session.connection(), wanted).all()


def _known(session: Session, contents: Sequence[Any], appearances: Mapping[int, int]) -> Known:
    names = names_of(session, sorted(set(appearances.values())))
    claims = declared_by(session, sorted(appearances))
    siblings = _siblings(session, sorted({row.article_id for row in contents}))
    candidates: dict[int, list[Candidate]] = {row.id: [] for row in contents}
    for row in contents:
        candidates[row.id].append(
            Candidate(
                article_id=row.article_id,
                publisher=row.publisher,
                title=row.title,
                body=row.body,
                published_at=row.published_at,
                urls=tuple(names[row.address_id]),
                original_urls=() if row.original_url is None else (row.original_url,),
                declared=claims.get(row.id, ()),
                site_id=row.site_id,
                siblings=siblings[row.article_id],
            )
        )
    return Known(names=names, claims=claims, candidates=candidates)


def declared_by(session: Session, appearance_ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """Appearance -> the addresses that its page names as its own; those that name none are not in it."""
    session.flush()
    if not appearance_ids:
        return {}
    wanted = placed("appearance", appearance_ids)
    rows = _declared_by(places(appearance_ids)).run(session.connection(), wanted)
    found: dict[int, tuple[str, ...]] = {}
    for number, url in rows:
        found[number] = (*found.get(number, ()), url)
    return found


def _siblings(session: Session, article_ids: Sequence[int]) -> dict[int, tuple[Sibling, ...]]:
    """Article -> its pages."""
    if not article_ids:
        return {}
    wanted = placed("article", article_ids)
    rows = _of_articles(places(article_ids)).run(session.connection(), wanted)
    found: dict[int, tuple[Sibling, ...]] = {}
    for row in rows:
        sibling = Sibling(
            appearance_id=row.id,
            url=row.url,
            site_id=row.site_id,
            published_at=row.published_at,
            by_text=row.match_rule in {None, "text"},
        )
        found[row.article_id] = (*found.get(row.article_id, ()), sibling)
    return found
