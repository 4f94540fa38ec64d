"""Which article a page belongs to, who gives way to it, and what the article is linked with."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from storage.archive.articles import Decide, leaves, matches, merge, parts, recompute, record_of
from storage.archive.candidates import TOLD, Trait, find
from storage.archive.declarations import unbelieved
from storage.archive.fingerprints import Found, ensure
from storage.archive.first_sight import NewAppearance, let_speak
from storage.archive.groups import link_anew, link_article, link_new
from storage.archive.observed import Observed, place_of
from storage.archive.same_reporter import join_credited
from storage.database.bodies import body_of_text
from storage.frontier.addresses import names_of
from storage.likeness import Likenesses
from storage.models import AddressRow, AppearanceRow, ArticleRow
from storage.records import Declared, FetchSignals

log = logging.getLogger("newsarchive")

MOST_DISPLACED = 16
"""Pages that give way after each other, our choice: a story under more numbers of one site is not known."""
NEW = "a new article"


class Placing:
    """Gives appearances their articles, inside the writer's transaction."""

    def __init__(self, decide: Decide, likenesses: Likenesses | None) -> None:
        self._decide = decide
        self._likenesses = likenesses
        self._looked_up: dict[int, list[Found]] = {}
        """What the transaction at work found for the page's text: it is not looked up twice."""
        self._displaced: list[int] = []
        """Appearances that gave way in the transaction at work, and have no place yet."""
        self._told: set[tuple[str | None, Declared]] = set()

    def begin(self) -> None:
        """Forget the transaction before."""
        self._looked_up.clear()
        self._displaced.clear()

    def settle_new(self, session: Session, page: Observed, appearance: NewAppearance, reason: str) -> None:
        """Bring the article of a new appearance up to date."""
        number, at, judge = appearance.article_id, page.seen_at, self._likenesses
        if reason == NEW:
            let_speak(session, appearance, at)
        else:
            recompute(session, number, self._decide)
        if judge is not None:
            join_credited(session, appearance.columns["publisher_id"], appearance.credited)
            if reason == NEW:
                link_new(session, number, at, judge, self._looked_up, appearance.columns["text_id"])
            else:
                link_article(session, number, at, judge, self._looked_up, joined=True)
        self._tell(session, page, number)

    def decide_anew(
        self,
        session: Session,
        page: Observed,
        appearance: AppearanceRow,
        *,
        reread: bool,
        same_people: bool = False,
    ) -> str:
        """Which article the page belongs to now, and what that is linked with; why, in words.

        ``reread``: what the page showed before is read otherwise now, so that it may belong elsewhere.
        ``same_people``: it credits whom it credited before, for the same publisher.
        """
        own: int | None = appearance.article_id
        gone = leaves if reread else parts
        if gone(session, appearance, self._decide):
            own = None
        left = appearance.article_id
        traits = {name: getattr(appearance, name) for name in TOLD}
        found, reason = self.place(session, page, traits, own, appearance.id)
        article_id = self._new_article(session, page.seen_at) if found is None else found
        appearance.article_id = article_id
        session.flush()
        for number in sorted({article_id, left}):
            if session.get(ArticleRow, number) is not None:
                recompute(session, number, self._decide)
                self._link(session, number, page.seen_at, anew=reread, joined=same_people)
        self._tell(session, page, article_id)
        return reason

    def place(
        self,
        session: Session,
        page: Observed,
        columns: Mapping[str, Any],
        own: int | None,
        appearance_id: int | None = None,
    ) -> tuple[int | None, str]:
        """The article that the page belongs to, and why; None: to a new one, which is to be made.

        Args:
            columns: what the page is looked up by; see TOLD.
            own: the article that it is in, and stays in where nothing else joins it.
            appearance_id: None: it is not made yet.
        """
        names = page.names or names_of(session, [page.address.id])[page.address.id]
        trait = Trait(
            appearance_id=appearance_id,
            urls=frozenset((*names, *page.article.aliases)),
            declared=frozenset(page.article.declared),
            alike=self._alike(session, columns["text_id"]),
            **{name: columns[name] for name in TOLD},
        )
        candidates = find(session, trait)
        elsewhere = [candidate for candidate in candidates if candidate.article_id != own]
        found = matches(self._decide, page.article, elsewhere)
        if not found and own is None:
            return None, NEW
        if not found and own is not None:
            return own, ""
        joined = {match.article_id for match in found}
        for number in sorted({number for match in found for number in match.displaces}):
            self._displace(session, number, page.seen_at)
        target = merge(session, joined | ({own} if own is not None else set()))
        why = ", ".join(f"article {match.article_id} by {match.rule} {match.score:.2f}" for match in found)
        return target, f"joined: {why}"

    def _displace(self, session: Session, appearance_id: int, at: datetime) -> None:
        """Give a page an article of its own: another page of its site is nearer to the one it was in."""
        session.get_one(AppearanceRow, appearance_id).article_id = self._new_article(session, at)
        session.flush()
        self._displaced.append(appearance_id)

    def _new_article(self, session: Session, at: datetime) -> int:
        article = ArticleRow(created_at=at)
        session.add(article)
        session.flush()
        return article.id

    def place_displaced(self, session: Session, at: datetime) -> None:
        """Where the pages that gave way belong now; they may make others give way in turn."""
        for _ in range(MOST_DISPLACED):
            if not self._displaced:
                return
            row = session.get_one(AppearanceRow, self._displaced.pop(0))
            self.decide_row(session, row, at, reread=False)
        self._displaced.clear()

    def decide_row(self, session: Session, row: AppearanceRow, at: datetime, *, reread: bool) -> str:
        """As ``decide_anew``, of what is stored of a page."""
        page = Observed(
            article=record_of(session, row),
            address=place_of(session.get_one(AddressRow, row.address_id)),
            is_alias=False,
            seen_at=at,
            capture_id=row.capture_id,
            signals=FetchSignals(),
        )
        return self.decide_anew(session, page, row, reread=reread)

    def _alike(self, session: Session, text_id: int | None) -> frozenset[int]:
        """The numbers of stored texts that are nearly the page's."""
        body = None if text_id is None else body_of_text(session, text_id)
        if self._likenesses is None or text_id is None or body is None:
            return frozenset()
        wanted = self._likenesses.fingerprint(body)
        _, found = ensure(session, text_id, wanted, self._likenesses.resembles)
        self._looked_up[text_id] = found
        return frozenset(row.text_id for row in found)

    def _link(self, session: Session, article_id: int, at: datetime, *, anew: bool, joined: bool) -> None:
        """``anew``: links that only a former reading bore out go. ``joined``: who is who is said already."""
        if self._likenesses is None:
            return
        if anew:
            link_anew(session, article_id, at, self._likenesses, self._looked_up)
        else:
            link_article(session, article_id, at, self._likenesses, self._looked_up, joined=joined)

    def _tell(self, session: Session, page: Observed, article_id: int) -> None:
        """Say once for each source and kind that its pages name addresses which are not theirs."""
        source = page.article.source
        for kind, url in unbelieved(session, article_id, page.article):
            if (source, kind) not in self._told:
                self._told.add((source, kind))
                whose = "its own address" if kind is Declared.CANONICAL else "its original's"
                log.warning(
                    "%s names %s as %s: kept, but neither headline nor text bear it out "
                    "(all of this kind: view declared_addresses)",
                    page.article.url,
                    url,
                    whose,
                )
