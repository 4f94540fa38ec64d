"""Stored appearances as candidates: what ``decide`` looks at, each content that one has or had.

One question for each kind of what is known, however many appearances are asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Row, Table, bindparam, select
from sqlalchemy.orm import Session

from storage.frontier.addresses import names_of
from storage.models import AddressRow, AppearanceRow, DeclaredAddressRow, PublisherRow, RevisionRow, TextRow
from storage.records.matching import Candidate, Sibling

_APPEARANCE = cast(Table, AppearanceRow.__table__).c
_ADDRESSES, _REVISIONS = cast(Table, AddressRow.__table__), cast(Table, RevisionRow.__table__)
_TEXTS, _PUBLISHERS = cast(Table, TextRow.__table__), cast(Table, PublisherRow.__table__)
_ADDRESS, _REVISION, _CLAIM = _ADDRESSES.c, _REVISIONS.c, cast(Table, DeclaredAddressRow.__table__).c
# Made once: building a statement costs SQLAlchemy more than SQLite needs to answer it.
_CONTENTS = (
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
    .outerjoin(_TEXTS, _TEXTS.c.digest == _REVISION.text_digest)
    .outerjoin(_PUBLISHERS, _PUBLISHERS.c.id == _APPEARANCE.publisher_id)
    .where(_APPEARANCE.id.in_(bindparam("appearances", expanding=True)))
    .order_by(_APPEARANCE.id, _REVISION.valid_from)
)
_DECLARED = (
    select(_CLAIM.appearance_id, _CLAIM.url)
    .where(_CLAIM.appearance_id.in_(bindparam("appearances", expanding=True)))
    .order_by(_CLAIM.id)
)
_OF_ARTICLES = (
    select(
        _APPEARANCE.id,
        _APPEARANCE.article_id,
        _APPEARANCE.site_id,
        _APPEARANCE.published_at,
        _APPEARANCE.match_rule,
        _ADDRESS.url,
    )
    .join(_ADDRESSES, _ADDRESS.id == _APPEARANCE.address_id)
    .where(_APPEARANCE.article_id.in_(bindparam("articles", expanding=True)))
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


def _contents(session: Session, appearance_ids: Sequence[int]) -> list[Row[Any]]:
    session.flush()  # a question to tables, not to objects, is asked of what is written
    return list(session.connection().execute(_CONTENTS, {"appearances": appearance_ids}))


def _known(session: Session, contents: Sequence[Row[Any]], appearances: Mapping[int, int]) -> Known:
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
    rows = session.connection().execute(_DECLARED, {"appearances": list(appearance_ids)})
    found: dict[int, tuple[str, ...]] = {}
    for number, url in rows:
        found[number] = (*found.get(number, ()), url)
    return found


def _siblings(session: Session, article_ids: Sequence[int]) -> dict[int, tuple[Sibling, ...]]:
    """Article -> its pages."""
    rows = session.connection().execute(_OF_ARTICLES, {"articles": list(article_ids)})
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
