"""Links between different articles with nearly the same text, and the groups that they make."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import BindParameter, Engine, bindparam, delete, func, or_, select, update
from sqlalchemy.orm import Session

from storage.archive.fingerprints import Found, ensure
from storage.archive.same_reporter import join_reporters
from storage.archive.sides import articles_with, bodies_of, sides_of
from storage.database.bodies import body_of_text, is_new
from storage.database.pieces import Pieces
from storage.database.prepared import Prepared
from storage.database.upsert import insert_missing
from storage.likeness import (
    Kind,
    Likeness,
    Likenesses,
    Pair,
)
from storage.models import (
    ArticleLinkRow,
    ArticleRow,
    GroupMemberRow,
)
from storage.models.base import table_of

BATCH = 200
"""Articles in one transaction of a rebuild at most."""


def link_article(
    session: Session,
    article_id: int,
    at: datetime,
    judge: Likenesses,
    looked_up: Mapping[int, Sequence[Found]] | None = None,
    *,
    joined: bool = False,
) -> int:
    """Index an article's texts and link it with those nearly the same; how many links are new.

    ``looked_up``: text -> what ``ensure`` found for it in this very transaction. ``joined``: nothing
    but a new page has changed the article's people, and they are joined, or nothing has.

    Runs inside the caller's writing transaction. Doing it again changes nothing; in which order the
    articles come does not matter: a pair is judged when the later one does.
    """
    bodies = bodies_of(session, [article_id])[article_id]
    alike = {
        other
        for text_id, body in bodies.items()
        for other in _alike(session, text_id, body, judge, looked_up)
    }
    others = articles_with(session, alike | bodies.keys()) - {article_id}
    if not joined:
        join_reporters(session, article_id)
    if not others and not _is_linked(session, article_id):
        return 0
    return _link_with(session, article_id, others, at, judge)


def link_new(
    session: Session,
    article_id: int,
    at: datetime,
    judge: Likenesses,
    looked_up: Mapping[int, Sequence[Found]],
    text_id: int | None,
) -> int:
    """As ``link_article``, of an article that was made in this transaction and has this one text.

    Its people are joined.
    """
    body = None if text_id is None else body_of_text(session, text_id)
    if text_id is None or body is None:
        return 0
    alike = _alike(session, text_id, body, judge, looked_up)
    if not alike and is_new(session, text_id):
        return 0
    others = articles_with(session, alike | {text_id}) - {article_id}
    return _link_with(session, article_id, others, at, judge) if others else 0


def _alike(
    session: Session,
    text_id: int,
    body: str,
    judge: Likenesses,
    looked_up: Mapping[int, Sequence[Found]] | None,
) -> set[int]:
    """Numbers of the stored texts that are nearly this one."""
    found = (looked_up or {}).get(text_id)
    if found is None:
        _, found = ensure(session, text_id, judge.fingerprint(body), judge.resembles)
    return {row.text_id for row in found}


def _link_with(session: Session, article_id: int, others: set[int], at: datetime, judge: Likenesses) -> int:
    new = _compare(session, article_id, others, at, judge)
    regroup(session, article_id, judge)
    return new


def link_anew(
    session: Session,
    article_id: int,
    at: datetime,
    judge: Likenesses,
    looked_up: Mapping[int, Sequence[Found]] | None = None,
) -> int:
    """As ``link_article``, and links that the article's texts do not bear out any more go."""
    links = _links(session, [article_id])
    former = {number for row in links for number in (row.article_id, row.other_id)} - {article_id}
    sides = sides_of(session, [article_id, *sorted(former)], texts=True)
    for row in links:
        likeness = judge.compare(sides[row.article_id], sides[row.other_id])
        if likeness is None:
            session.delete(row)
        else:
            row.score, row.evidence = likeness.rank
    session.flush()
    new = link_article(session, article_id, at, judge, looked_up)
    for number in sorted({article_id, *former}):
        regroup(session, number, judge)
    return new


# Made once: building a statement costs SQLAlchemy more than SQLite needs to answer it.
_ARTICLES: BindParameter[int] = bindparam("articles", expanding=True)
_LINKS = table_of(ArticleLinkRow)
_TOUCHING = select(ArticleLinkRow).where(
    or_(ArticleLinkRow.article_id.in_(_ARTICLES), ArticleLinkRow.other_id.in_(_ARTICLES))
)
_LINKED = Prepared(
    select(_LINKS.c.id)
    .where(or_(_LINKS.c.article_id == bindparam("article"), _LINKS.c.other_id == bindparam("article")))
    .limit(1)
)


def _compare(session: Session, article_id: int, others: set[int], at: datetime, judge: Likenesses) -> int:
    """Judge the pairs; a link once found stays, with the better score."""
    sides = sides_of(session, [article_id, *others], texts=True)
    stored = {(row.article_id, row.other_id): row for row in _links(session, [article_id])}
    new = 0
    for other in sorted(others):
        likeness = judge.compare(sides[article_id], sides[other])
        if likeness is None:
            continue
        pair = (min(article_id, other), max(article_id, other))
        if pair in stored:
            _improve(stored[pair], likeness)
        else:
            new += 1
            session.add(_link(pair, likeness, at))
    session.flush()
    return new


def _link(pair: Pair, likeness: Likeness, at: datetime) -> ArticleLinkRow:
    return ArticleLinkRow(
        article_id=pair[0],
        other_id=pair[1],
        kind="near_duplicate",  # named anew with the whole group
        score=likeness.score,
        evidence=likeness.told,
        linked_at=at,
    )


def _improve(row: ArticleLinkRow, likeness: Likeness) -> None:
    if likeness.rank > (row.score, row.evidence):
        row.score, row.evidence = likeness.rank


def _links(session: Session, article_ids: Sequence[int]) -> list[ArticleLinkRow]:
    return list(session.scalars(_TOUCHING, {"articles": list(article_ids)}))


def _is_linked(session: Session, article_id: int) -> bool:
    session.flush()
    return _LINKED.run(session.connection(), {"article": article_id}).first() is not None


def regroup(session: Session, article_id: int, judge: Likenesses) -> None:
    """Name the whole group of the article, and the kinds of its links, anew."""
    members, links = _component(session, article_id)
    if not links:
        session.execute(delete(GroupMemberRow).where(GroupMemberRow.article_id == article_id))
        return
    sides = sides_of(session, sorted(members), texts=False)
    pairs = [(link.article_id, link.other_id) for link in links]
    kinds = judge.name_kinds([sides[number] for number in sorted(members)], pairs)
    for link, pair in zip(links, pairs, strict=True):
        _name(link, kinds[pair])
    session.flush()
    _write_group(session, members)


def _name(link: ArticleLinkRow, kind: Kind) -> None:
    link.kind, link.wire = kind.kind.value, kind.wire


def _component(session: Session, article_id: int) -> tuple[set[int], list[ArticleLinkRow]]:
    """Everything that links lead to, and these links in order."""
    members, edge = {article_id}, {article_id}
    links: dict[int, ArticleLinkRow] = {}
    while edge:
        reached = set()
        for row in _links(session, sorted(edge)):
            links[row.id] = row
            reached |= {row.article_id, row.other_id}
        edge = reached - members
        members |= edge
    return members, sorted(links.values(), key=lambda row: (row.article_id, row.other_id))


def _write_group(session: Session, members: set[int]) -> None:
    group, numbers = min(members), sorted(members)
    insert_missing(session, GroupMemberRow, [{"article_id": number, "group_id": group} for number in numbers])
    stale = update(GroupMemberRow).where(
        GroupMemberRow.article_id.in_(numbers), GroupMemberRow.group_id != group
    )
    session.execute(stale.values(group_id=group).execution_options(synchronize_session=False))


def rebuild(
    engine: Engine,
    at: datetime,
    judge: Likenesses,
    done: Callable[[int, int], None] = lambda done, total: None,
) -> Mapping[str, int]:
    """Index and link every stored article: after an upgrade, or with a new version of the scheme.

    In pieces that let other writers in.

    Args:
        done: told after each piece how many articles are linked, and of how many.
    """
    last, seen, linked = 0, 0, 0
    with Session(engine) as session:
        total = session.scalar(select(func.count()).select_from(ArticleRow)) or 0
    behind = select(ArticleRow.id).order_by(ArticleRow.id)
    pieces = Pieces(engine, BATCH)
    while True:
        with pieces.next() as session:
            batch = list(session.scalars(behind.where(ArticleRow.id > last).limit(pieces.size)))
            linked += sum(link_article(session, article_id, at, judge) for article_id in batch)
        if not batch:
            return {"articles": seen, "links": linked}
        last, seen = batch[-1], seen + len(batch)
        done(seen, total)
