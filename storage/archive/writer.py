"""One article, one transaction: its appearance, revision, people, rights, and the end of its address."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from storage.archive.appearances import assign, columns_of, revisions_of, write_parts, write_revisions
from storage.archive.articles import Decide, matches, merge, recompute
from storage.archive.candidates import Trait, find
from storage.archive.fingerprints import Found, ensure
from storage.archive.groups import link_article
from storage.database.opening import writing
from storage.frontier.addresses import address_shown, fits, names_of
from storage.frontier.runs import ensure_source
from storage.frontier.settlement import settle
from storage.likeness import Likenesses
from storage.models import (
    AddressRow,
    AppearanceRow,
    ArticleRow,
    CaptureRow,
    OutcomeRow,
    TextRow,
)
from storage.records import Article, FetchSignals, Outcome, PageKind, Settled, Stored

MAX_PUBLISHER = 300
"""Characters. The longest name of a Korean outlet has about 20; more than this is no name."""


_NEW = "a new article"


class NotStorable(ValueError):
    """The record is no article that can be stored; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """One observation on its way into the archive."""

    article: Article
    address: AddressRow
    """Where the article is shown: canonical, not always the address that was fetched."""
    is_alias: bool
    """The address fetched is another one."""
    seen_at: datetime
    capture_id: int | None
    signals: FetchSignals


class Writer:
    """Stores articles. Storing the same twice is the same as storing it once."""

    def __init__(self, engine: Engine, decide: Decide, likenesses: Likenesses | None = None) -> None:
        """``likenesses``: how texts are fingerprinted and compared; None: no near-duplicates are linked,
        and an article whose copy has another title and time is not found."""
        self._engine = engine
        self._decide = decide
        self._likenesses = likenesses
        self._looked_up: dict[str, list[Found]] = {}
        """What the transaction at work found for the page's text: it is not looked up twice."""

    def store(
        self,
        article: Article,
        *,
        run_id: int,
        address_id: int,
        seen_at: datetime,
        capture_id: int | None = None,
        signals: FetchSignals | None = None,
        next_fetch_at: datetime | None = None,
    ) -> Stored:
        """Store an article and settle the address it was fetched from, in one transaction.

        Args:
            article: of kind ``article``; other pages are settled by the frontier.
            run_id: the run whose outcome this is.
            address_id: the address that was fetched; ``article.url`` may be another, canonical one.
            seen_at: when the address is settled; also when the page was seen, if there is no
                capture to tell (a capture's ``fetched_at`` is what revisions count by).
            capture_id: the fetch that gave it.
            signals: as seen at the fetch; None: those of the capture.
            next_fetch_at: when to look again; None: when it is listed again.

        Raises:
            NotStorable: the record is no article, or a name or address in it cannot be one.
        """
        _check(article)
        self._looked_up.clear()
        with writing(self._engine) as session:
            fetched = session.get_one(AddressRow, address_id)
            page = _page(session, article, fetched, capture_id, seen_at, signals)
            stored = self._write(session, page)
            session.flush()
            stored = _as_before(session, stored, run_id, address_id, capture_id, seen_at)
            settle(
                session,
                Settled(
                    address_id=address_id,
                    run_id=run_id,
                    outcome=stored.outcome,
                    reason=stored.reason,
                    at=seen_at,
                    capture_id=capture_id,
                    next_fetch_at=next_fetch_at,
                ),
            )
            return stored

    def _write(self, session: Session, page: _Page) -> Stored:
        shown_here = select(AppearanceRow).where(AppearanceRow.address_id == page.address.id)
        appearance = session.scalars(shown_here).one_or_none()
        if appearance is None:
            return self._add(session, page)
        return self._observe(session, page, appearance)

    def _add(self, session: Session, page: _Page) -> Stored:
        columns = columns_of(session, page.article)
        appearance = AppearanceRow(
            address_id=page.address.id, first_seen_at=page.seen_at, capture_id=page.capture_id, **columns
        )
        article_id, reason = self._place(session, page, appearance, None)
        appearance.article_id = article_id
        session.add(appearance)
        session.flush()
        write_parts(session, appearance, page.article, page.signals, new=True)
        write_revisions(session, appearance.id, [], page.article, page.seen_at, page.capture_id)
        session.flush()
        alone = appearance if reason == _NEW else None
        recompute(session, article_id, self._decide, alone)
        self._link(session, article_id, page.seen_at)
        return Stored(
            outcome=Outcome.STORED, reason=reason, article_id=article_id, appearance_id=appearance.id
        )

    def _observe(self, session: Session, page: _Page, appearance: AppearanceRow) -> Stored:
        """An appearance seen again: unchanged, revised, or seen under another address."""
        columns = columns_of(session, page.article)
        same = columns["content_digest"] == appearance.content_digest
        if same and page.is_alias:
            reason = f"another address of {page.address.url}"
            return _stored(Outcome.DUPLICATE, reason, appearance)
        revisions = revisions_of(session, appearance.id)
        late = bool(revisions) and page.seen_at < revisions[-1].last_seen_at
        revised = write_revisions(
            session, appearance.id, revisions, page.article, page.seen_at, page.capture_id
        )
        appearance.first_seen_at = min(appearance.first_seen_at, page.seen_at)
        changed = [] if late else self._update(session, page, appearance, columns)
        reason = ""
        if revised or changed:
            article_id, reason = self._place(session, page, appearance, appearance.article_id)
            appearance.article_id = article_id
            session.flush()
            recompute(session, article_id, self._decide)
            self._link(session, article_id, page.seen_at)
        if revised:
            how = "an earlier content, captured before the newest" if late else "the content has changed"
            return _stored(Outcome.REVISED, "; ".join(filter(None, (how, reason))), appearance)
        beside = ", ".join(name for name in changed if not name.endswith(("_digest", "_key")))
        told = f"same content; changed beside it: {beside}" if changed else "same content"
        return _stored(Outcome.UNCHANGED, told, appearance)

    def _update(
        self, session: Session, page: _Page, appearance: AppearanceRow, columns: dict[str, object]
    ) -> list[str]:
        changed = assign(appearance, columns)
        session.flush()
        changed += write_parts(session, appearance, page.article, page.signals, new=False)
        if changed:
            appearance.capture_id = page.capture_id
        session.flush()
        return changed

    def _place(
        self, session: Session, page: _Page, appearance: AppearanceRow, own: int | None
    ) -> tuple[int, str]:
        """The article that the page belongs to, made when new; and why, in words."""
        names = names_of(session, [page.address.id])[page.address.id]
        alike = self._alike(session, appearance)
        candidates = find(session, _trait(appearance, [*names, *page.article.aliases], alike))
        elsewhere = [candidate for candidate in candidates if candidate.article_id != own]
        found = matches(self._decide, page.article, elsewhere)
        if not found and own is None:
            article = ArticleRow(created_at=page.seen_at)
            session.add(article)
            session.flush()
            return article.id, _NEW
        if not found and own is not None:
            return own, ""
        joined = {match.article_id for match in found}
        target = merge(session, joined | ({own} if own is not None else set()))
        why = ", ".join(f"article {match.article_id} by {match.rule} {match.score:.2f}" for match in found)
        return target, f"joined: {why}"

    def _alike(self, session: Session, appearance: AppearanceRow) -> frozenset[str]:
        """The digests of stored texts that are nearly the page's."""
        text = None if appearance.text_digest is None else session.get(TextRow, appearance.text_digest)
        if self._likenesses is None or text is None:
            return frozenset()
        wanted = self._likenesses.fingerprint(text.body)
        _, found = ensure(session, text.digest, wanted, self._likenesses.resembles)
        self._looked_up[text.digest] = found
        return frozenset(row.text_digest for row in found)

    def _link(self, session: Session, article_id: int, at: datetime) -> None:
        if self._likenesses is not None:
            link_article(session, article_id, at, self._likenesses, self._looked_up)


def _check(article: Article) -> None:
    if article.kind is not PageKind.ARTICLE:
        raise NotStorable(f"{article.url} is no article but {article.kind.value}")
    if not fits(article.url):
        raise NotStorable(f"the canonical address has {len(article.url)} characters")
    if article.publisher is not None and len(article.publisher) > MAX_PUBLISHER:
        raise NotStorable(f"the publisher's name has {len(article.publisher)} characters")


def _page(
    session: Session,
    article: Article,
    fetched: AddressRow,
    capture_id: int | None,
    seen_at: datetime,
    signals: FetchSignals | None,
) -> _Page:
    capture = None if capture_id is None else session.get_one(CaptureRow, capture_id)
    seen = seen_at if capture is None else capture.fetched_at
    address = address_shown(session, article, fetched, seen)
    if article.source is not None and article.source != fetched.source:
        ensure_source(session, article.source)
    return _Page(
        article=replace(article, site_id=article.site_id or address.site_id),
        address=address,
        is_alias=address.id != fetched.id,
        seen_at=seen,
        capture_id=capture_id,
        signals=signals or _signals(capture),
    )


def _signals(capture: CaptureRow | None) -> FetchSignals:
    if capture is None:
        return FetchSignals()
    return FetchSignals(
        robots_allowed=capture.robots_allowed,
        robots_rule=capture.robots_rule,
        x_robots_tag=capture.x_robots_tag,
        tdm_reservation=capture.tdm_reservation,
        tdm_policy=capture.tdm_policy,
    )


def _trait(appearance: AppearanceRow, urls: list[str], alike: frozenset[str]) -> Trait:
    return Trait(
        appearance_id=appearance.id,
        source=appearance.source,
        urls=frozenset(urls),
        original_url=appearance.original_url,
        publisher_id=appearance.publisher_id,
        title_key=appearance.title_key,
        published_at=appearance.published_at,
        text_digest=appearance.text_digest,
        alike=alike,
    )


def _stored(outcome: Outcome, reason: str, appearance: AppearanceRow) -> Stored:
    return Stored(
        outcome=outcome, reason=reason, article_id=appearance.article_id, appearance_id=appearance.id
    )


def _as_before(
    session: Session, stored: Stored, run_id: int, address_id: int, capture_id: int | None, at: datetime
) -> Stored:
    """The outcome that this very observation had the first time: a repeated call reports no other."""
    if stored.outcome not in {Outcome.UNCHANGED, Outcome.DUPLICATE}:
        return stored
    key = (OutcomeRow.run_id == run_id, OutcomeRow.address_id == address_id)
    before = session.scalars(select(OutcomeRow).where(*key)).one_or_none()
    if before is None or before.capture_id != capture_id or (capture_id is None and before.at != at):
        return stored
    return replace(stored, outcome=Outcome(before.outcome), reason=before.reason)
