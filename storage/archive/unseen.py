"""A page of which the archive knows nothing: told in one question, of the ordinary page of a crawl.

Nothing is stored at its address, no other address stands for that one, and no row has any of the page's other
addresses. Whoever is known by any of these goes the general way.
"""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import bindparam, insert, select
from sqlalchemy.orm import Session

from storage.archive.observed import Observed, Place
from storage.archive.rules import rules_digest, rules_of
from storage.database.places import placed, places, several
from storage.database.prepared import Prepared
from storage.frontier.addresses import fits
from storage.frontier.runs import ensure_source
from storage.frontier.settlement import BEFORE, CAPTURED, Before
from storage.models import AddressRow, AddressState, AppearanceRow, CaptureRow, PublisherRow, RuleSetRow
from storage.models.base import cleaned, table_of
from storage.records import Article, FetchSignals

_TABLE, _CAPTURES = table_of(AddressRow), table_of(CaptureRow)
_ADDRESS = _TABLE.c
_SHOWN, _PUBLISHER = table_of(AppearanceRow).c, table_of(PublisherRow).c
_RULES = table_of(RuleSetRow).c
_OTHER = _TABLE.alias("other").c

_SIGNALS = tuple(field.name for field in fields(FetchSignals))


@cache
def _unseen(others: int) -> Prepared:
    """The address, if nothing is known of it, with the capture, the publisher's number and the rules'.

    Made once for each number of other addresses: building it costs more than the answer.
    """
    nothing_shown = ~select(_SHOWN.id).where(_SHOWN.address_id == _ADDRESS.id).exists()
    no_other_name = ~select(_OTHER.id).where(_OTHER.alias_of_id == _ADDRESS.id).exists()
    none_known = [~select(_OTHER.id).where(_OTHER.url.in_(several("other", others))).exists()]
    publisher = select(_PUBLISHER.id).where(_PUBLISHER.name == bindparam("publisher")).scalar_subquery()
    rules = select(_RULES.id).where(_RULES.digest == bindparam("rules")).scalar_subquery()
    return Prepared(
        select(
            *BEFORE,
            _ADDRESS.url,
            _ADDRESS.site_id,
            _ADDRESS.source,
            _CAPTURES.c.id.label("capture"),
            *(_CAPTURES.c[name] for name in _SIGNALS),
            publisher.label("publisher"),
            rules.label("rules"),
        )
        .select_from(_TABLE.outerjoin(_CAPTURES, CAPTURED))
        .where(
            _ADDRESS.id == bindparam("address"),
            _ADDRESS.alias_of_id.is_(None),
            nothing_shown,
            no_other_name,
            *(none_known if others else ()),
        )
    )


_NEW_ADDRESS = Prepared(insert(_TABLE))


class Unseen(NamedTuple):
    """What a page of which nothing is known is stored with."""

    page: Observed
    before: Before
    """Of its address and its capture."""
    publisher: int | None
    """The number of its publisher; None: nobody knows that either, or the page names none."""
    rules: int | None
    """The number of the rules that read it; None: no page was read by these."""


def unseen(
    session: Session,
    article: Article,
    address_id: int,
    capture_id: int | None,
    seen_at: datetime,
    signals: FetchSignals | None,
) -> Unseen | None:
    """A page of which nothing is known, with its other addresses made its aliases; None: something is."""
    others = [url for url in dict.fromkeys(article.aliases) if fits(url) and url != article.url]
    asked = {
        "address": address_id,
        "capture": capture_id,
        "publisher": cleaned(article.publisher),
        "rules": rules_digest(rules_of(article)),
        **placed("other", others),
    }
    row = _unseen(places(others)).run(session.connection(), asked).first()
    if row is None or row.url != article.url or row.capture != capture_id:
        return None
    before = Before(*row[: len(BEFORE)])
    page = _page(row, article, address_id, before.fetched_at or seen_at, signals, others)
    _name(session, page, row.source, others)
    return Unseen(page, before, row.publisher, row.rules)


def _page(
    row: Any,
    article: Article,
    address_id: int,
    seen_at: datetime,
    signals: FetchSignals | None,
    others: list[str],
) -> Observed:
    if signals is None:
        seen = {} if row.capture is None else {name: getattr(row, name) for name in _SIGNALS}
        signals = FetchSignals(**seen)
    return Observed(
        article=article if article.site_id else replace(article, site_id=row.site_id),
        address=Place(address_id, article.url, row.site_id),
        is_alias=False,
        seen_at=seen_at,
        capture_id=row.capture,
        signals=signals,
        names=(article.url, *others),
    )


def _name(session: Session, page: Observed, source: str, others: list[str]) -> None:
    """Make the page's other addresses aliases of its own."""
    if others:
        new = {
            "source": source,
            "site_id": None,
            "alias_of_id": page.address.id,
            "state": AddressState.SETTLED.value,
            "first_seen_at": page.seen_at,
            "attempts": 0,
        }
        _NEW_ADDRESS.run_all(session.connection(), [{**new, "url": url} for url in others])
    if page.article.source is not None and page.article.source != source:
        ensure_source(session, page.article.source)
