"""The article: which appearances it has, which of them speaks for it, and why each belongs to it.

All of it is computed from the appearances, so that it does not matter in which order they came.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from storage.archive.candidates import declared_by, describe
from storage.database.bodies import body_under
from storage.frontier.addresses import names_of
from storage.models import AddressRow, AppearanceRow, ArticleRow, BylineRow, PublisherRow
from storage.records import Article, Instant, PageKind
from storage.records.matching import Candidate, Match
from storage.search.index import index_article, unindex

Decide = Callable[[Article, Sequence[Candidate]], Match | None]
"""Whether a page belongs to one of these articles. Pure; the crawler gives it."""

COPIED = (
    "publisher_id",
    "title",
    "subtitle",
    "text_digest",
    "section",
    "language",
    "dateline_place",
    "dateline_agency",
    "dateline_raw",
    "published_at",
    "modified_at",
    "title_key",
)
# Made once: building a statement costs SQLAlchemy more than SQLite needs to answer it.
_SHOWN = (
    select(AppearanceRow, AddressRow.url)
    .join(AddressRow, AddressRow.id == AppearanceRow.address_id)
    .where(AppearanceRow.article_id == bindparam("article"))
)
_NAMING = select(BylineRow.appearance_id).where(
    BylineRow.appearance_id.in_(bindparam("appearances", expanding=True)), BylineRow.name.is_not(None)
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
    preferred = shown[0]
    article = session.get_one(ArticleRow, article_id)
    for name in COPIED:
        setattr(article, name, getattr(preferred, name))
    article.preferred_appearance_id = preferred.id
    article.byline_appearance_id = _with_names(session, shown)
    if preferred.match_rule is not None:
        preferred.match_rule = preferred.match_score = None
    index_article(session, article)
    for appearance in shown[1:]:
        _explain(session, appearance, shown, decide)


def _in_order(session: Session, article_id: int) -> list[AppearanceRow]:
    """The publisher's own page first, then the earliest; the lowest URL where that says nothing."""
    rows = session.execute(_SHOWN, {"article": article_id}).all()
    ordered = sorted(rows, key=lambda row: speaks(row[0].syndicated, row[0].published_at, row[1]))
    return [row[0] for row in ordered]


def speaks(syndicated: bool, published_at: datetime | None, url: str) -> tuple[bool, datetime, str]:
    """What the appearances of an article are ordered by: the first speaks for it."""
    return syndicated, published_at or _NEVER, url


def _with_names(session: Session, shown: Sequence[AppearanceRow]) -> int:
    """The first appearance whose byline names someone, else the preferred one."""
    if len(shown) == 1:
        return shown[0].id
    ids = [appearance.id for appearance in shown]
    named = set(session.scalars(_NAMING, {"appearances": ids}))
    return next((appearance_id for appearance_id in ids if appearance_id in named), ids[0])


def _explain(
    session: Session, appearance: AppearanceRow, shown: Sequence[AppearanceRow], decide: Decide
) -> None:
    """Why it belongs here: judged against the preferred appearance first, then against the others."""
    others = [other for other in shown if other.id != appearance.id]
    ours = record_of(session, appearance)
    for other in others:
        match = decide(ours, describe(session, [other.id])) or decide(
            record_of(session, other), describe(session, [appearance.id])
        )
        if match is not None:
            appearance.match_rule, appearance.match_score = match.rule, match.score
            return


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
    body = None if row.text_digest is None else body_under(session, row.text_digest)
    publisher = None if row.publisher_id is None else session.get_one(PublisherRow, row.publisher_id)
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
        publisher=None if publisher is None else publisher.name,
        title=row.title,
        subtitle=row.subtitle,
        body=body,
        published=published,
        declared=declared_by(session, [row.id]).get(row.id, ()),
        original_url=row.original_url,
        syndicated=row.syndicated,
    )
