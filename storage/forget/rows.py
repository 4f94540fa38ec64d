"""The rows of a takedown: all of them go in one transaction, and what is left is made right again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, literal, or_, select, text, update
from sqlalchemy.orm import Session

from storage.archive.articles import Decide, recompute
from storage.archive.fingerprints import forget
from storage.archive.groups import link_anew, regroup
from storage.database.bodies import drop_body, number_of_text
from storage.database.upsert import BATCH
from storage.forget.inventory import HINTS, Inventory
from storage.likeness import Likenesses
from storage.models import (
    AddressRow,
    AppearanceRow,
    ArticleLinkRow,
    ArticleRow,
    BylineRow,
    CaptureRow,
    DeclaredAddressRow,
    DiscoveryRow,
    GroupMemberRow,
    ImageRow,
    ImportEntryRow,
    PublisherRow,
    ReporterAliasRow,
    ReporterRow,
    RereadingRow,
    RevisionRow,
    RightsRow,
    SearchEntryRow,
)
from storage.records import Outcome
from storage.search.index import unindex
from storage.tombstones import TOMBSTONE


def remove(
    session: Session, found: Inventory, decide: Decide, likenesses: Likenesses, at: datetime
) -> list[str]:
    """Take the pages out of the archive; digests of texts that others still show are given back."""
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text("PRAGMA secure_delete = ON"))
    reporters = set(
        session.scalars(
            select(BylineRow.reporter_id).where(
                BylineRow.appearance_id.in_(found.appearances), BylineRow.reporter_id.is_not(None)
            )
        )
    )
    publishers = set(
        session.scalars(select(AppearanceRow.publisher_id).where(AppearanceRow.id.in_(found.appearances)))
    )
    neighbours = _neighbours(session, found.articles)
    _remove_appearances(session, found)
    left = [number for number in found.articles if _is_shown(session, number)]
    _remove_articles(session, sorted(set(found.articles) - set(left)))
    for number in left:
        recompute(session, number, decide)
    session.flush()
    kept = _remove_texts(session, found.texts, likenesses)
    for number in left:
        link_anew(session, number, at, likenesses)
    for number in sorted(neighbours):
        regroup(session, number, likenesses)
    _remove_people(session, {one for one in reporters if one is not None})
    _remove_publishers(session, {one for one in publishers if one is not None})
    _clear_ledger(session, found.addresses)
    return kept


def _neighbours(session: Session, articles: Sequence[int]) -> set[int]:
    touching = or_(ArticleLinkRow.article_id.in_(articles), ArticleLinkRow.other_id.in_(articles))
    links = session.scalars(select(ArticleLinkRow).where(touching)).all()
    return {number for row in links for number in (row.article_id, row.other_id)} - set(articles)


def _remove_appearances(session: Session, found: Inventory) -> None:
    own = found.appearances
    _clear_imported_images(session, own)
    session.execute(
        update(ArticleRow)
        .where(ArticleRow.id.in_(found.articles))
        .values(preferred_appearance_id=None, byline_appearance_id=None)
    )
    for table in (RereadingRow, DeclaredAddressRow, BylineRow, RightsRow, ImageRow, RevisionRow):
        session.execute(delete(table).where(table.appearance_id.in_(own)))
    session.execute(delete(AppearanceRow).where(AppearanceRow.id.in_(own)))
    session.expire_all()


def _clear_imported_images(session: Session, own: Sequence[int]) -> None:
    """The ledger of imports names each record of a file, pictures too; what other pages show stays."""
    mine = set(session.scalars(select(ImageRow.url).where(ImageRow.appearance_id.in_(own))))
    shown = select(ImageRow.url).where(ImageRow.url.in_(mine), ImageRow.appearance_id.not_in(own))
    urls = mine.difference(session.scalars(shown))
    spelled = {f"{scheme}://{url.partition('://')[2]}" for url in urls for scheme in ("http", "https")}
    session.execute(update(ImportEntryRow).where(ImportEntryRow.url.in_(spelled | urls)).values(url=None))


def _is_shown(session: Session, article_id: int) -> bool:
    shown = select(AppearanceRow.id).where(AppearanceRow.article_id == article_id).limit(1)
    return session.scalar(shown) is not None


def _remove_articles(session: Session, articles: Sequence[int]) -> None:
    unindex(session, articles)
    touching = or_(ArticleLinkRow.article_id.in_(articles), ArticleLinkRow.other_id.in_(articles))
    session.execute(delete(ArticleLinkRow).where(touching))
    session.execute(delete(GroupMemberRow).where(GroupMemberRow.article_id.in_(articles)))
    session.execute(delete(ArticleRow).where(ArticleRow.id.in_(articles)))
    session.flush()


def _remove_texts(session: Session, texts: dict[str, str], likenesses: Likenesses) -> list[str]:
    kept = []
    for digest, body in sorted(texts.items()):
        number = number_of_text(session, digest)
        if number is None:
            continue
        if _is_named(session, number, digest):
            kept.append(digest)
            continue
        forget(session, number, likenesses.fingerprint(body))
        drop_body(session, number)
    return kept


def _is_named(session: Session, number: int, digest: str) -> bool:
    columns: tuple[Any, ...] = (
        RevisionRow.text_id,
        AppearanceRow.text_id,
        ArticleRow.text_id,
        SearchEntryRow.text_id,
    )
    if any(session.execute(select(one).where(one == number).limit(1)).first() for one in columns):
        return True
    told = or_(RereadingRow.changed.contains(digest), RereadingRow.span.contains(digest))
    return session.scalar(select(RereadingRow.id).where(told).limit(1)) is not None


def _remove_people(session: Session, reporters: Iterable[int]) -> None:
    """Reporters whom no page credits any more."""
    for number in sorted(reporters):
        named = select(BylineRow.id).where(BylineRow.reporter_id == number).limit(1)
        if session.scalar(named) is None:
            either = or_(ReporterAliasRow.reporter_id == number, ReporterAliasRow.same_as_id == number)
            session.execute(delete(ReporterAliasRow).where(either))
            session.execute(delete(ReporterRow).where(ReporterRow.id == number))


def _remove_publishers(session: Session, publishers: Iterable[int]) -> None:
    """Names that only these pages gave."""
    for number in sorted(publishers):
        tables = (AppearanceRow, ArticleRow, ReporterRow)
        named = (select(one.id).where(one.publisher_id == number).limit(1) for one in tables)
        if all(session.scalar(one) is None for one in named):
            session.execute(delete(PublisherRow).where(PublisherRow.id == number))


def _clear_ledger(session: Session, addresses: dict[int, str]) -> None:
    """What was asked and what became of it stays; what lists and answers said of the page does not."""
    clear_hints(session, addresses)
    session.execute(
        update(AddressRow)
        .where(AddressRow.id.in_(addresses))
        .values(
            etag=None,
            last_modified=None,
            last_outcome=Outcome.BLOCKED.value,
            last_error=TOMBSTONE,
            next_fetch_at=None,
        )
    )


def clear_hints(session: Session, addresses: Iterable[int]) -> None:
    """Let no list have said anything of these addresses, but that they were there."""
    session.execute(
        update(DiscoveryRow).where(DiscoveryRow.address_id.in_(list(addresses))).values(dict.fromkeys(HINTS))
    )


def mark_cut(session: Session, captures: Iterable[int], why: str, at: datetime) -> None:
    """Say of captures that their bytes were removed; they are judged as far as they ever will be."""
    judged = func.coalesce(CaptureRow.processed_at, literal(at, CaptureRow.processed_at.type))
    removed = {"cut_at": at, "cut_why": why, "processed_at": judged}
    numbers = list(captures)
    for start in range(0, len(numbers), BATCH):
        some = CaptureRow.id.in_(numbers[start : start + BATCH])
        session.execute(update(CaptureRow).where(some).values(removed))
