"""One article, one transaction: its appearance, revision, people, rights, and the end of its address."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from storage.archive.appearances import add_parts, assign, columns_of, content_digest, write_parts
from storage.archive.articles import Decide
from storage.archive.first_sight import NewAppearance, add_appearance, add_article
from storage.archive.observed import Observed, observed, shown_at
from storage.archive.other_page import check_is_this_page
from storage.archive.past import is_read_by, quarantined_captures
from storage.archive.placing import Placing
from storage.archive.refusing import refuse_taken_down
from storage.archive.rereading import Readings, Reread, read_again, record_first_reading
from storage.archive.revisions import add_revision, content_of_columns, revisions_of, write_revisions
from storage.archive.same_reporter import leave_publisher
from storage.archive.storing import (
    NotThisPage,
    as_before,
    check_storable,
    show_earliest,
    stored_as,
    told_cause,
    unchanged,
)
from storage.archive.unseen import Unseen, unseen
from storage.database.opening import writing
from storage.frontier.captures import signals_of
from storage.frontier.settlement import settle
from storage.likeness import Likenesses
from storage.models import AddressRow, AppearanceRow, CaptureRow
from storage.records import Article, FetchSignals, Outcome
from storage.records.matching import Stored
from storage.records.runs import Settled
from storage.tombstones import Tombstones

_OF_CONTENT = frozenset({"content_digest", "title_key", "text_id"})
"""Columns of an appearance that follow its content."""
_SAID = {"rules_id": "rules"}
"""How columns are told that are named otherwise."""
_PEOPLE = frozenset({"bylines", "publisher_id"})
"""What of a page says who is who."""
_AGAIN = "quarantined before, and read again from its capture"


class Writer:
    """Stores articles. Storing the same twice is the same as storing it once."""

    def __init__(
        self,
        engine: Engine,
        decide: Decide,
        likenesses: Likenesses | None = None,
        reader: int | None = None,
        tombstones: Tombstones | None = None,
    ) -> None:
        """``likenesses``: how texts are fingerprinted and compared; None: no near-duplicates are linked,
        and an article whose copy has another title and time is not found. ``reader``: the number of the rules
        that read the pages; None: not known, and nothing is read again. ``tombstones``: what must not be
        stored again."""
        self._engine = engine
        self._decide = decide
        self._reader = reader
        self._tombstones = tombstones
        self._likenesses = likenesses
        self._placing = Placing(decide, likenesses)

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
        readings: Readings | None = None,
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
            readings: what today's reader made of the page's ``past_captures``, those that it could read.

        Raises:
            NotStorable: the record is no article, or a name or address in it cannot be one.
            NotThisPage: the answer shows another article, or none where one is stored; nothing was stored.
            TakenDown: a tombstone speaks against it; nothing was stored.
        """
        check_storable(article)
        self._placing.begin()
        before, readings = None, readings or {}
        with writing(self._engine) as session:
            new = None
            if readings.keys() <= {capture_id}:
                new = unseen(session, article, address_id, capture_id, seen_at, signals)
            if new is not None:
                stored, before = self._store_new(session, new), new.before
            else:
                fetched = session.get_one(AddressRow, address_id)
                page = observed(session, article, fetched, capture_id, seen_at, signals, self._decide)
                stored = self._store_page(session, page, fetched, readings)
                stored = as_before(session, stored, run_id, address_id, capture_id, seen_at)
            session.flush()  # tables are asked of what is written, not of what objects hold
            settle(
                session.connection(),
                Settled(
                    address_id=address_id,
                    run_id=run_id,
                    outcome=stored.outcome,
                    reason=stored.reason,
                    at=seen_at,
                    capture_id=capture_id,
                    next_fetch_at=next_fetch_at,
                ),
                before,
            )
            return stored

    def _store_new(self, session: Session, new: Unseen) -> Stored:
        """A page of which nothing is known."""
        page = new.page
        self._refuse(session, page, page.address.url)
        check_is_this_page(session, self._decide, page, None)
        stored = self._add(session, page, new.publisher, new.rules)
        self._placing.place_displaced(session, page.seen_at)
        return stored

    def _store_page(
        self, session: Session, page: Observed, fetched: AddressRow, readings: Readings
    ) -> Stored:
        """What is known of the page by its earlier captures, then the page itself."""
        self._refuse(session, page, fetched.url)
        own = {} if page.capture_id is None else {page.capture_id: page.article}
        readings = {**readings, **own}
        shown = shown_at(session, page.address.id)
        from_quarantine = self._first_readings(session, page, fetched, shown, readings)
        if from_quarantine:
            shown = shown_at(session, page.address.id)
        stored = self._write(session, page, shown, readings)
        self._placing.place_displaced(session, page.seen_at)
        if from_quarantine:
            stored = replace(stored, outcome=Outcome.STORED, reason=f"{_AGAIN}; {stored.reason}")
        session.flush()
        return stored

    def _write(
        self, session: Session, page: Observed, appearance: AppearanceRow | None, readings: Readings
    ) -> Stored:
        if appearance is None:
            check_is_this_page(session, self._decide, page, None)
            return self._add(session, page)
        if appearance.pinned_at is not None:
            return self._observe_pinned(session, page, appearance, readings)
        reread = self._read_again(session, page, appearance, readings)
        check_is_this_page(session, self._decide, page, appearance)
        return self._observe(session, page, appearance, reread)

    def _read_again(
        self, session: Session, page: Observed, appearance: AppearanceRow, readings: Readings
    ) -> Reread:
        """Where today's reader has read all of the page, what stands is read anew by unnumbered rules."""
        stands = revisions_of(session, appearance.id)[-1]
        known = None if stands.capture_id is None else readings.get(stands.capture_id)
        anew = is_read_by(self._reader, appearance, stands) and stands.capture_id != page.capture_id
        if anew and (known is None or content_digest(known) == stands.content_digest):
            return Reread()  # they read the same of it today: it is the site that changed
        return read_again(session, appearance, readings, self._reader, page.seen_at, anew=anew)

    def _observe_pinned(
        self, session: Session, page: Observed, appearance: AppearanceRow, readings: Readings
    ) -> Stored:
        """A page whose re-reading was taken back: the site's changes count, ours do not."""
        newest = revisions_of(session, appearance.id)[-1]
        known = None if newest.capture_id is None else readings.get(newest.capture_id)
        read = {newest.content_digest, None if known is None else content_digest(known)}
        if content_digest(page.article) in read and page.seen_at >= newest.valid_from:
            newest.last_seen_at = max(newest.last_seen_at, page.seen_at)
            reason = "same content; as a former reader read it: its re-reading was taken back"
            return stored_as(Outcome.UNCHANGED, reason, appearance)
        check_is_this_page(session, self._decide, page, appearance)
        appearance.pinned_at = None
        return self._observe(session, page, appearance, Reread())

    def store_reading(
        self, session: Session, article: Article, capture_id: int, address_id: int, at: datetime, batch: str
    ) -> Stored:
        """Store what today's reader made of a capture that had ended in quarantine.

        Runs inside the caller's writing transaction. The address is understood from then on; no run's
        outcome is touched: it was what it was.

        Raises:
            NotStorable, NotThisPage, TakenDown: as ``store``.
        """
        check_storable(article)
        fetched = session.get_one(AddressRow, address_id)
        page = observed(session, article, fetched, capture_id, at, None, self._decide)
        self._refuse(session, page, fetched.url)
        stored = self._write(session, page, shown_at(session, page.address.id), {capture_id: page.article})
        self._placing.place_displaced(session, at)
        assert stored.appearance_id is not None
        record_first_reading(session, stored.appearance_id, capture_id, self._reader, at, batch)
        fetched.last_outcome, fetched.last_error, fetched.attempts = stored.outcome.value, None, 0
        session.flush()
        return stored

    def _refuse(self, session: Session, page: Observed, fetched_url: str) -> None:
        refuse_taken_down(session, self._tombstones, self._likenesses, page, fetched_url)

    def _first_readings(
        self,
        session: Session,
        page: Observed,
        fetched: AddressRow,
        appearance: AppearanceRow | None,
        readings: Readings,
    ) -> bool:
        """Store what earlier captures show that ended in quarantine; True where the page is new by them."""
        if self._reader is None or readings.keys() <= {page.capture_id}:
            return False  # nothing but this page was read
        if appearance is not None and (appearance.reader == self._reader or appearance.pinned_at is not None):
            return False
        there = quarantined_captures(session, {fetched.id, page.address.id}) & readings.keys()
        read = [self._read_first(session, page, readings, number) for number in sorted(there)]
        return appearance is None and any(read)

    def _read_first(self, session: Session, page: Observed, readings: Readings, number: int) -> bool:
        article, capture = readings[number], session.get_one(CaptureRow, number)
        if number == page.capture_id or article.url != page.article.url:
            return False
        earlier = replace(
            page,
            article=replace(article, site_id=article.site_id or page.address.site_id),
            seen_at=capture.fetched_at,
            capture_id=number,
            signals=signals_of(capture),
        )
        try:
            stored = self._write(session, earlier, shown_at(session, earlier.address.id), readings)
        except NotThisPage:
            return False  # as it was found to be at its look
        assert stored.appearance_id is not None
        record_first_reading(session, stored.appearance_id, number, self._reader, page.seen_at)
        return True

    def _add(
        self, session: Session, page: Observed, publisher: int | None = None, rules: int | None = None
    ) -> Stored:
        """A page at whose address nothing is stored. ``publisher``, ``rules``: their numbers, where known."""
        columns = columns_of(session, page.article, publisher, rules) | {
            "address_id": page.address.id,
            "first_seen_at": page.seen_at,
            "capture_id": page.capture_id,
            "reader": self._reader,
        }
        found, reason = self._placing.place(session, page, columns, None)
        article_id = add_article(session, columns, page.seen_at) if found is None else found
        number = add_appearance(session, columns, article_id)
        credited = add_parts(session, number, page.article, page.signals, columns["publisher_id"])
        content = content_of_columns(page.article, columns)
        add_revision(session, number, content, page.seen_at, page.capture_id, self._reader)
        new = NewAppearance(id=number, article_id=article_id, columns=columns, credited=credited)
        self._placing.settle_new(session, page, new, reason)
        return Stored(outcome=Outcome.STORED, reason=reason, article_id=article_id, appearance_id=number)

    def _observe(self, session: Session, page: Observed, appearance: AppearanceRow, reread: Reread) -> Stored:
        """An appearance seen again: unchanged, revised, or seen under another address."""
        columns = columns_of(session, page.article)
        same = columns["content_digest"] == appearance.content_digest
        duplicate = same and page.is_alias and not reread.fields
        earliest = page.seen_at < appearance.first_seen_at
        if duplicate and not earliest:
            return stored_as(Outcome.DUPLICATE, f"another address of {page.address.url}", appearance)
        revisions = revisions_of(session, appearance.id)
        late = bool(revisions) and page.seen_at < revisions[-1].last_seen_at
        revised = write_revisions(
            session, appearance.id, revisions, page.article, page.seen_at, page.capture_id, self._reader
        )
        if earliest:
            show_earliest(page, appearance, columns, revisions)
        changed = [] if late else self._update(session, page, appearance, columns)
        reason = ""
        if revised or changed or reread.fields:
            reason = self._placing.decide_anew(
                session,
                page,
                appearance,
                reread=bool(reread.fields),
                same_people=_PEOPLE.isdisjoint(changed) and not reread.fields,
            )
        told = told_cause(revisions_of(session, appearance.id))
        if revised:
            how = "an earlier content, captured before the newest" if late else told
            return stored_as(Outcome.REVISED, "; ".join(filter(None, (how, reason))), appearance)
        if duplicate and not changed:
            return stored_as(Outcome.DUPLICATE, f"another address of {page.address.url}", appearance)
        beside = ", ".join(_SAID.get(name, name) for name in changed if name not in _OF_CONTENT)
        return stored_as(Outcome.UNCHANGED, unchanged(beside, reread), appearance)

    def _update(
        self, session: Session, page: Observed, appearance: AppearanceRow, columns: dict[str, object]
    ) -> list[str]:
        if columns["publisher_id"] != appearance.publisher_id:
            leave_publisher(session, appearance.id)
        changed = assign(appearance, columns)
        session.flush()
        changed += write_parts(session, appearance, page.article, page.signals)
        if changed:
            appearance.capture_id = page.capture_id
        appearance.reader = self._reader or appearance.reader
        session.flush()
        return changed
