"""The rows of the archive against each other: what refers to nothing, what is twice, what does not agree."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from functools import cache
from itertools import groupby
from typing import Any

from sqlalchemy import Engine, FromClause, Table, delete, func, or_, select
from sqlalchemy.orm import Session

from storage.archive.articles import COPIED, Decide, recompute, speaks
from storage.database.opening import writing
from storage.database.pieces import Pieces
from storage.ledger.unshown import Spellings, ask_again, unshown
from storage.models import (
    AddressRow,
    AppearanceRow,
    ArticleRow,
    Base,
    FingerprintKeyRow,
    FingerprintRow,
    OutcomeRow,
    RevisionRow,
    RunRow,
    TextRow,
    UnendedRow,
)
from storage.operations.problems import Problem
from storage.records import Verdict
from storage.search.index import misfiled, refile
from storage.tombstones import Tombstones

SHOWN = 5
"""Numbers of rows that one finding names."""
PIECE = 500
_PARTS = frozenset(
    {
        *("byline", "image", "appearance_rights", "declared_address", "fingerprint", "article_link"),
        *("group_member", "reporter_alias"),
    }
)
"""Rows that say nothing without the row they belong to: those that refer to nothing are taken away."""
_BACKUP = "restore the database from a backup; newsarchive crawl stores what the site still shows"


def orphans(engine: Engine, *, repair: bool) -> Iterator[Problem]:
    """Rows that refer to a row which is not there, by every reference that the tables have."""
    for table in Base.metadata.sorted_tables:
        for reference in sorted(table.foreign_keys, key=lambda one: one.parent.name):
            yield from _orphans_of(engine, table, reference, repair=repair)
    yield from _orphan_keys(engine, repair=repair)


def _orphans_of(engine: Engine, table: Table, reference: Any, *, repair: bool) -> Iterator[Problem]:
    column, parent = reference.parent, _as_parent(reference.column.table)
    key = next(iter(table.primary_key))
    lost = (
        column.is_not(None)
        & ~select(parent.c[reference.column.name])
        .where(parent.c[reference.column.name] == column)
        .correlate(table)
        .exists()
    )
    with Session(engine) as session:
        number = session.scalar(select(func.count()).select_from(table).where(lost)) or 0
        shown = list(session.scalars(select(key).where(lost).order_by(key).limit(SHOWN))) if number else []
    if not number:
        return
    mends = repair and table.name in _PARTS
    if mends:
        with writing(engine) as session:
            session.execute(delete(table).where(lost))
    yield Problem(
        check="orphan rows",
        what=f"{number} of {table.name} ({_named(key.name, shown, number)}): {column.name} names no "
        f"{reference.column.table.name}",
        to_do="--repair takes them away" if table.name in _PARTS else _BACKUP,
        mended=mends,
    )


@cache  # to make one takes 2 ms, and most references are to a few tables
def _as_parent(table: Table) -> FromClause:
    return table.alias("parent")


def _orphan_keys(engine: Engine, *, repair: bool) -> Iterator[Problem]:
    """On SQLite, where keys do not refer to their fingerprint; PostgreSQL's go with it."""
    if engine.dialect.name != "sqlite":
        return
    known = select(FingerprintRow.id).where(FingerprintRow.id == FingerprintKeyRow.fingerprint_id)
    lost = ~known.correlate(FingerprintKeyRow).exists()
    with Session(engine) as session:
        number = session.scalar(select(func.count()).select_from(FingerprintKeyRow).where(lost)) or 0
    if number:
        if repair:
            with writing(engine) as session:
                session.execute(delete(FingerprintKeyRow).where(lost))
        what = f"{number} of fingerprint_key: fingerprint_id names no fingerprint"
        yield Problem(check="orphan rows", what=what, to_do="--repair takes them away", mended=repair)


def _named(key: str, shown: list[Any], number: int) -> str:
    return f"{key} {', '.join(map(str, shown))}{' ...' if number > len(shown) else ''}"


def _numbers(check: str, what: str, found: list[int], to_do: str) -> Iterator[Problem]:
    if found:
        yield Problem(
            check=check, what=f"{len(found)} {what} ({_named('id', found[:SHOWN], len(found))})", to_do=to_do
        )


def parts(engine: Engine) -> Iterator[Problem]:
    """Articles that no page shows, pages without a content."""
    shown = select(AppearanceRow.id).where(AppearanceRow.article_id == ArticleRow.id)
    revised = select(RevisionRow.id).where(RevisionRow.appearance_id == AppearanceRow.id)
    with Session(engine) as session:
        bare = list(session.scalars(select(ArticleRow.id).where(~shown.exists()).order_by(ArticleRow.id)))
        blank = list(session.scalars(select(AppearanceRow.id).where(~revised.exists())))
    yield from _numbers("orphan rows", "articles that no appearance shows", bare, _BACKUP)
    yield from _numbers("revisions", "appearances without a revision", blank, _BACKUP)


def outcomes(engine: Engine) -> Iterator[Problem]:
    """One outcome for each address in each run: none twice, and none missing in a run that ended healthy."""
    twice = (
        select(func.min(OutcomeRow.id))
        .group_by(OutcomeRow.run_id, OutcomeRow.address_id)
        .having(func.count() > 1)
    )
    ended, owed = (
        select(func.count()).select_from(row).where(row.run_id == RunRow.id).scalar_subquery()
        for row in (OutcomeRow, UnendedRow)  # what a limit left over on purpose is owed, and no loss
    )
    lacking = RunRow.listed - RunRow.known - ended - owed
    missing = select(RunRow.id, lacking).where(RunRow.verdict == Verdict.HEALTHY.value, lacking > 0)
    with Session(engine) as session:
        doubled = list(session.scalars(twice))
        without = [(run, number) for run, number in session.execute(missing.order_by(RunRow.id))]
    yield from _numbers("outcomes", "addresses with two outcomes in one run", doubled, _BACKUP)
    for run, number in without:
        what = f"run {run} ended healthy, and {number} addresses that it listed have no outcome in it"
        yield Problem(check="outcomes", what=what, to_do="newsarchive crawl asks them again; " + _BACKUP)


def vanished(
    engine: Engine, tombstones: Tombstones, spellings: Spellings, *, repair: bool
) -> Iterator[Problem]:
    """Addresses that ended as an article of which nothing is stored; what was taken down is meant.

    Raises:
        TombstonesUnreadable: nobody knows what was taken down.
    """
    lost = [(number, url) for number, url in unshown(engine, spellings) if tombstones.at(url) is None]
    if repair:
        ask_again(engine, [number for number, _ in lost])
    for _, url in lost:
        yield Problem(
            check="vanished articles",
            what=f"{url} ended as an article, and nothing is stored of it",
            to_do="--repair makes the next crawl ask it again",
            mended=repair,
        )


def texts(engine: Engine) -> Iterator[tuple[str, str]]:
    """Digest -> what its text digests to, of every text that is not what it is stored under."""
    last = 0
    while True:
        with Session(engine) as session:
            query = select(TextRow.id, TextRow.digest, TextRow.body).where(TextRow.id > last)
            rows = session.execute(query.order_by(TextRow.id).limit(PIECE)).all()
        if not rows:
            return
        for _, digest, body in rows:
            found = hashlib.sha256(body.encode("utf-8", "surrogatepass")).hexdigest()
            if found != digest:
                yield digest, found
        last = rows[-1][0]


def preferred(engine: Engine, decide: Decide, *, repair: bool) -> Iterator[Problem]:
    """Articles that do not say what the appearance says that should speak for them."""
    for number, why in _wrongly_preferred(engine):
        if repair:
            with writing(engine) as session:
                recompute(session, number, decide)
        yield Problem(
            check="preferred appearances",
            what=f"article {number}: {why}",
            to_do="--repair decides it anew",
            mended=repair,
        )


def _wrongly_preferred(engine: Engine) -> Iterator[tuple[int, str]]:
    differs = or_(
        *(getattr(ArticleRow, name).is_distinct_from(getattr(AppearanceRow, name)) for name in COPIED)
    )
    rows = (
        select(
            ArticleRow.id,
            ArticleRow.preferred_appearance_id,
            AppearanceRow.id,
            AppearanceRow.syndicated,
            AppearanceRow.published_at,
            AddressRow.url,
            differs,
        )
        .join(AppearanceRow, AppearanceRow.article_id == ArticleRow.id)
        .join(AddressRow, AddressRow.id == AppearanceRow.address_id)
        .order_by(ArticleRow.id)
        .execution_options(yield_per=PIECE)
    )
    found = []
    with Session(engine) as session:
        for number, group in groupby(session.execute(rows), key=lambda row: row[0]):
            best = min(group, key=lambda row: speaks(*row[3:6]))
            if best[1] != best[2]:
                found.append((number, f"appearance {best[1]} speaks for it, and should be {best[2]}"))
            elif best[6]:
                found.append((number, f"it does not say what its preferred appearance {best[2]} says"))
    yield from found


def index(
    engine: Engine, *, repair: bool, told: Callable[[int, int, str], None] = lambda _done, _total, _what: None
) -> Iterator[Problem]:
    """Articles that the search index does not find, or finds by what they do not say any more."""
    wrong, after, done = [], 0, 0
    with Session(engine) as session:
        total = session.scalar(select(func.count()).select_from(ArticleRow)) or 0
    while True:
        found, last = misfiled(engine, after, PIECE)
        wrong += found
        if last is None:
            break
        after, done = last, done + PIECE
        told(min(done, total), total, "articles looked up in the index")
    if not wrong:
        return
    if repair:
        pieces, left = Pieces(engine, PIECE), wrong
        while left:
            some, left = left[: pieces.size], left[pieces.size :]
            with pieces.next() as session:
                for number in some:
                    refile(session, number)
    named = _named("article", wrong[:SHOWN], len(wrong))
    yield Problem(
        check="search index",
        what=f"{len(wrong)} articles are not indexed as they are ({named})",
        to_do="--repair, or newsarchive db reindex",
        mended=repair,
    )
