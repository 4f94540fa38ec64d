"""Addresses: found by URL, made when new, and led from an alias to the address that it stands for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from storage.database.places import placed, places, several
from storage.database.prepared import Prepared
from storage.database.upsert import BATCH, insert_missing
from storage.models import AddressRow, AddressState, AppearanceRow
from storage.models.base import table_of
from storage.records import Article

MAX_URL_BYTES = 2600
"""PostgreSQL's unique index takes 2,704 bytes; browsers and Scrapy stop at about 2,080 characters."""


def fits(url: str) -> bool:
    """Whether the URL is short enough to be an address."""
    return len(url.encode("utf-8", "replace")) <= MAX_URL_BYTES


# Made once: building a statement costs SQLAlchemy more than SQLite needs to answer it.
_OF_URLS = select(AddressRow).where(AddressRow.url.in_(bindparam("urls", expanding=True)))
_ALIASES = select(AddressRow).where(AddressRow.alias_of_id == bindparam("address"))
_APPEARANCES = table_of(AppearanceRow)
_SHOWS = select(_APPEARANCES.c.id).where(_APPEARANCES.c.address_id == bindparam("address"))


def ensure_addresses(
    session: Session, source: str, site_ids: Mapping[str, str | None], seen_at: datetime, state: AddressState
) -> dict[str, AddressRow]:
    """The rows of these URLs, made in ``state`` where there are none. Raises ValueError on a URL too long."""
    for url in site_ids:
        if not fits(url):
            raise ValueError(f"an address of {len(url)} characters is too long to store: {url[:80]}...")
    found = _by_url(session, site_ids)
    new = [
        {
            "source": source,
            "url": url,
            "site_id": site_id,
            "state": state.value,
            "first_seen_at": seen_at,
            "attempts": 0,
        }
        for url, site_id in site_ids.items()
        if url not in found
    ]
    if new:
        insert_missing(session, AddressRow, new)
        found |= _by_url(session, [str(row["url"]) for row in new])
    for url, site_id in site_ids.items():
        found[url].site_id = found[url].site_id or site_id
    return found


def _by_url(session: Session, urls: Iterable[str]) -> dict[str, AddressRow]:
    wanted = list(urls)
    rows: dict[str, AddressRow] = {}
    for start in range(0, len(wanted), BATCH):
        batch = wanted[start : start + BATCH]
        for row in session.scalars(_OF_URLS, {"urls": batch}):
            rows[row.url] = row
    return rows


def canonical(session: Session, address: AddressRow) -> AddressRow:
    """The address that this one is an alias of, or itself. Aliases are one step long by construction."""
    return address if address.alias_of_id is None else session.get_one(AddressRow, address.alias_of_id)


def make_alias(session: Session, alias: AddressRow, of: AddressRow) -> bool:
    """Say that ``alias`` is another address of ``of``; what pointed at ``alias`` now points at ``of``.

    False, and nothing is changed, where ``alias`` shows an appearance of its own: what is stored
    stays reachable under the address it was stored under.
    """
    if alias.id == of.id or of.alias_of_id is not None:
        return False
    if alias.site_id is not None and of.site_id is not None and alias.site_id != of.site_id:
        return False  # the site's own numbers are two pages
    session.flush()
    if session.connection().execute(_SHOWS, {"address": alias.id}).first() is not None:
        return False
    alias.alias_of_id = of.id
    # Loaded, so that none in hand keeps what it said before: there are hardly ever any.
    for former in session.scalars(_ALIASES, {"address": alias.id}):
        former.alias_of_id = of.id
    return True


_TABLE = table_of(AddressRow)


@cache
def _names(count: int) -> Prepared:
    these = several("address", count)
    names = select(_TABLE.c.id, _TABLE.c.alias_of_id, _TABLE.c.url)
    return Prepared(names.where(_TABLE.c.id.in_(these) | _TABLE.c.alias_of_id.in_(these)))


def names_of(session: Session, address_ids: Sequence[int]) -> dict[int, list[str]]:
    """Address -> its own URL and those of its aliases, in order."""
    session.flush()  # a question to tables, not to objects, is asked of what is written
    if not address_ids:
        return {}
    rows = _names(places(address_ids)).run(session.connection(), placed("address", address_ids))
    names: dict[int, list[str]] = {address_id: [] for address_id in address_ids}
    for address_id, alias_of, url in rows:
        for owner in (address_id, alias_of):
            if owner in names:
                names[owner].append(url)
    return {address_id: sorted(urls) for address_id, urls in names.items()}


def address_shown(
    session: Session,
    article: Article,
    fetched: AddressRow,
    seen: datetime,
    speaks_against: Callable[[AddressRow], bool] = lambda _address: False,
) -> AddressRow:
    """The canonical address of a fetched page; what else the page is known by becomes its alias.

    ``speaks_against``: whether what is stored at an address is another story than the page: then the page
    stands at the address that was fetched, whatever it declares and whatever was declared of it.
    """
    address = canonical(session, fetched)
    if address.id != fetched.id and article.url == fetched.url and speaks_against(address):
        fetched.alias_of_id = None  # an alias by an earlier declaration, which this page does not bear out
        address = fetched
    if article.url not in {fetched.url, address.url}:
        named = {article.url: article.site_id}
        rows = ensure_addresses(session, fetched.source, named, seen, AddressState.SETTLED)
        target = canonical(session, rows[article.url])
        if speaks_against(target):
            return address
        make_alias(session, address, target)
        address = target
    others = {url: None for url in article.aliases if fits(url) and url != address.url}
    known = ensure_addresses(session, fetched.source, others, seen, AddressState.SETTLED)
    for alias in known.values():
        if alias.alias_of_id is None:
            make_alias(session, alias, address)
    session.flush()
    return address
