"""The article: which appearances it has, which of them speaks for it, and why each belongs to it.

All of it is computed from the appearances, so that it does not matter in which order they came.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from storage.archive.described import Known, declared_by, describe, known_of
from storage.database.bodies import body_of_text
from storage.database.prepared import Prepared
from storage.frontier.addresses import names_of
from storage.models import AddressRow, AppearanceRow, ArticleRow, BylineRow, PublisherRow
from storage.models.base import table_of
from storage.records import Article, Instant, PageKind
from storage.records.matching import Candidate, Match
from storage.search.index import index_as, unindex, wanted_of

Decide = Callable[[Article, Sequence[Candidate]], Match | None]
"""Whether a page belongs to one of these articles. Pure; the crawler gives it."""

COPIED = (
    "publisher_id",
    "title",
    "subtitle",
    "text_id",
    "section",
    "language",
    "dateline_place",
    "dateline_agency",
    "dateline_raw",
    "published_at",
    "modified_at",
)
_ADDRESSES, _APPEARANCES = table_of(AddressRow), table_of(AppearanceRow)
_ARTICLES, _BYLINES = table_of(ArticleRow), table_of(BylineRow)
_PUBLISHERS = table_of(PublisherRow)
# Made once: building a statement costs SQLAlchemy more than SQLite needs to answer it.
_CREDITS = select(_BYLINES.c.id).where(
    _BYLINES.c.appearance_id == _APPEARANCES.c.id, _BYLINES.c.name.is_not(None)
)
_SHOWN = Prepared(
    select(
        *_APPEARANCES.c,
        _ADDRESSES.c.url,
        _PUBLISHERS.c.name.label("publisher"),
        _CREDITS.exists().label("names_someone"),
    )
    .join(_ADDRESSES, _ADDRESSES.c.id == _APPEARANCES.c.address_id)
    .outerjoin(_PUBLISHERS, _PUBLISHERS.c.id == _APPEARANCES.c.publisher_id)
    .where(_APPEARANCES.c.article_id == bindparam("article"))
)
_ARTICLE = Prepared(select(*_ARTICLES.c).where(_ARTICLES.c.id == bindparam("number")))
_SAYS = Prepared(
    update(_ARTICLES)
    .where(_ARTICLES.c.id == bindparam("number"))
    .values(
        {
            name: bindparam(f"new_{name}")
            for name in (*COPIED, "preferred_appearance_id", "byline_appearance_id")
        }
    )
)
_EXPLAINED = Prepared(
    update(_APPEARANCES)
    .where(_APPEARANCES.c.id == bindparam("number"))
    .values(match_rule=bindparam("rule"), match_score=bindparam("score"))
)
_NEVER = datetime.max.replace(tzinfo=UTC)


def matches(decide: Decide, article: Article, candidates: Sequence[Candidate]) -> list[Match]:
    """Every stored article that the page belongs to: they are then one, as it shows.

    Addresses prove that; a text is only the most alike one's: two editions of a story resemble a
    copy of either, and must not become one over it.
    """
    found: list[Match] = []
    left = list(candidates)
    while (match := decide(article, left)) is not None:
        found.append(match)
        if match.rule == "text":
            break
        left = [candidate for candidate in left if candidate.article_id != match.article_id]
    return found


def merge(session: Session, article_ids: set[int]) -> int:
    """Make these articles the one of the lowest number, and give that number."""
    target, *others = sorted(article_ids)
    if others:
        unindex(session, others)
        session.execute(
            update(AppearanceRow).where(AppearanceRow.article_id.in_(others)).values(article_id=target)
        )
        for other in session.scalars(select(ArticleRow).where(ArticleRow.id.in_(others))).all():
            session.delete(other)
        session.flush()
    return target


def recompute(session: Session, article_id: int, decide: Decide) -> None:
    """Set the article to what its appearances say now."""
    shown = _in_order(session, article_id)
    preferred, *others = shown
    article = _ARTICLE.run(session.connection(), {"number": article_id}).one()
    said = {name: getattr(preferred, name) for name in COPIED}
    said["preferred_appearance_id"] = preferred.id
    # The first whose byline names someone.
    said["byline_appearance_id"] = next((row.id for row in shown if row.names_someone), preferred.id)
    if any(getattr(article, name) != value for name, value in said.items()):
        new = {f"new_{name}": value for name, value in said.items()}
        _SAYS.run(session.connection(), {"number": article_id, **new})
    _explain_by(session, preferred, None)
    index_as(session, article_id, wanted_of(preferred, article.created_at))
    if others:
        _explain(session, shown, decide)


def _in_order(session: Session, article_id: int) -> list[Any]:
    """The publisher's own page first, then the earliest; the lowest URL where that says nothing."""
    session.flush()  # a question to tables, not to objects, is asked of what is written
    rows = _SHOWN.run(session.connection(), {"article": article_id})
    return sorted(rows, key=lambda row: speaks(row.syndicated, row.published_at, row.url))


def speaks(syndicated: bool, published_at: datetime | None, url: str) -> tuple[bool, datetime, str]:
    """What the appearances of an article are ordered by: the first speaks for it."""
    return syndicated, published_at or _NEVER, url


def _explain(session: Session, shown: Sequence[Any], decide: Decide) -> None:
    """Why each belongs here: judged against the preferred appearance first, then against the others."""
    for row in shown[1:]:
        known = known_of(session, {row.id: row.address_id for row in shown})  # what was explained counts
        ours = _said_by(session, row, known)
        for other in shown:
            if other.id == row.id:
                continue
            match = decide(ours, known.candidates.get(other.id, [])) or decide(
                _said_by(session, other, known), known.candidates.get(row.id, [])
            )
            if match is not None:
                _explain_by(session, row, match)
                break


def _explain_by(session: Session, row: Any, match: Match | None) -> None:
    """Say why an appearance belongs to its article; None: it speaks for it."""
    rule, score = (None, None) if match is None else (match.rule, match.score)
    if (row.match_rule, row.match_score) != (rule, score):
        _EXPLAINED.run(session.connection(), {"number": row.id, "rule": rule, "score": score})


def parts(session: Session, appearance: AppearanceRow, decide: Decide) -> bool:
    """Whether nothing joins the appearance to the others of its article by what each page says now.

    Pages of different sites may still be joined by a text that one of them had: a copy outlives an edit. Two
    pages of one source are two numbers of one site, which a text of yesterday does not join.
    """
    ours = select(AppearanceRow).where(AppearanceRow.article_id == appearance.article_id)
    others = [row for row in session.scalars(ours) if row.id != appearance.id]
    if not others:
        return False
    near = [row for row in others if row.source == appearance.source]
    if len(near) < len(others):
        far = [row.id for row in others if row.source != appearance.source]
        if not _apart(session, appearance, far, decide):
            return False
    return all(_apart_now(session, appearance, row, decide) for row in near)


def _apart_now(session: Session, one: AppearanceRow, other: AppearanceRow, decide: Decide) -> bool:
    ours, theirs = record_of(session, one), record_of(session, other)
    there, here = (
        [replace(each, title=said.title, body=said.body) for each in describe(session, [row.id])[-1:]]
        for row, said in ((other, theirs), (one, ours))
    )
    return decide(ours, there) is None and decide(theirs, here) is None


def leaves(session: Session, appearance: AppearanceRow, decide: Decide) -> bool:
    """Whether nothing joins the appearance to the others of its article, in any content of either."""
    ours = select(AppearanceRow.id).where(AppearanceRow.article_id == appearance.article_id)
    others = [number for number in session.scalars(ours) if number != appearance.id]
    return bool(others) and _apart(session, appearance, others, decide)


def _apart(session: Session, appearance: AppearanceRow, others: Sequence[int], decide: Decide) -> bool:
    """Whether nothing joins the appearance to these, in any content of either."""
    mine, theirs = describe(session, [appearance.id]), describe(session, others)
    forth = any(decide(one, theirs) for one in _contents(session, appearance))
    return not forth and not any(
        decide(one, mine)
        for other in others
        for one in _contents(session, session.get_one(AppearanceRow, other))
    )


def _contents(session: Session, row: AppearanceRow) -> list[Article]:
    """The appearance's record with each content that it has or had."""
    newest = record_of(session, row)
    return [replace(newest, title=one.title, body=one.body) for one in describe(session, [row.id])]


def record_of(session: Session, row: AppearanceRow) -> Article:
    """The part of an appearance's record that ``decide`` looks at."""
    names = names_of(session, [row.address_id])[row.address_id]
    url = session.get_one(AddressRow, row.address_id).url
    publisher = None if row.publisher_id is None else session.get_one(PublisherRow, row.publisher_id)
    claims = declared_by(session, [row.id]).get(row.id, ())
    return _record(session, row, url, None if publisher is None else publisher.name, names, claims)


def _said_by(session: Session, row: Any, known: Known) -> Article:
    """The same of a row of _SHOWN."""
    names, claims = known.names[row.address_id], known.claims.get(row.id, ())
    return _record(session, row, row.url, row.publisher, names, claims)


def _record(
    session: Session,
    row: AppearanceRow | Any,
    url: str,
    publisher: str | None,
    names: Sequence[str],
    claims: tuple[str, ...],
) -> Article:
    body = None if row.text_id is None else body_of_text(session, row.text_id)
    published = None
    if row.published_at is not None:
        published = Instant(
            at=row.published_at, precision=row.published_precision or "", raw=row.published_raw or ""
        )
    return Article(
        url=url,
        source=row.source,
        extractor=row.extractor,
        kind=PageKind.ARTICLE,
        site_id=row.site_id,
        aliases=tuple(name for name in names if name != url),
        publisher=publisher,
        title=row.title,
        subtitle=row.subtitle,
        body=body,
        published=published,
        declared=claims,
        original_url=row.original_url,
        syndicated=row.syndicated,
    )
