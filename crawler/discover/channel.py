"""The JSON list of one publisher's channel on Daum (the "charon" endpoint, docs/sites/daum.md 1.3)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from crawler.charset import decode_anyway
from crawler.discover.links import AddressOf, Hints, Links, query_of, unrecognised, with_query
from crawler.discover.markup import clean
from storage.records.discovery import Listing
from storage.seoul import day_of, day_start

# createDt is in milliseconds since 1970; seen 1778973158466 (2026-05-17). Anything outside these years
# is another unit or damage: no hint rather than a wrong one.
_YEARS = range(1990, 2100)
_DIGITS = re.compile("[0-9]{10,16}")
_CURSOR_MARK = "^|,#-@"
_CURSOR_TAIL = "AAAAAAAA"
"""Eight letters that one caller of 2025-06 draws by lot."""


def cursor_before(instant: datetime) -> str:
    """The cursor behind which a channel's list goes on with what is older than the instant.

    >>> bytes.fromhex(cursor_before(datetime(2026, 5, 17, tzinfo=UTC))).decode()
    '1778976000000^|,#-@AAAAAAAA'
    """
    return f"{int(instant.timestamp() * 1000)}{_CURSOR_MARK}{_CURSOR_TAIL}".encode().hex()


def instant_of(cursor: str) -> datetime | None:
    """The instant of a cursor; None for one that is written otherwise."""
    try:
        number, mark, _ = bytes.fromhex(cursor).decode().partition(_CURSOR_MARK)
        return _instant(int(number)) if mark and number.isascii() and number.isdigit() else None
    except ValueError:  # no hexadecimal digits, not UTF-8, a number of thousands of digits
        return None


def parse_channel(
    body: bytes,
    base_url: str,
    seen_at: datetime,
    *,
    address: AddressOf,
    publisher: str | None = None,
    day: date | None = None,
) -> Listing:
    """A channel's articles, newest first as sent, from either form of the answer.

    ``{"items": [{"createDt", "title", "pcLink", "mobileLink"}]}``, or the graphql form, in which the same
    stands inside ``data`` under a name of the caller's, ``createDt`` inside ``meta``, and beside the items
    ``hasNext`` and ``searchId``, the cursor of what follows. ``next_url`` is this address with that cursor.

    Args:
        publisher: the channel's own, known from its id.
        day: the list was asked to go on from the end of this day (Asia/Seoul): what is older is left, and
            an answer that begins with something newer did not honour the cursor.
    """
    try:
        answer = _json(decode_anyway(body))
    except (ValueError, RecursionError):
        return unrecognised("The answer is not JSON.")
    page = _page(answer)
    if page is None:
        return unrecognised('The answer is JSON without a list "items".')
    items = page["items"]
    if day is not None and (problem := _of_another_day(items, day)):
        return unrecognised(problem)
    links = Links(address, base_url)
    past = _keep(items, links, publisher, day)
    if items and not len(links) and not past:
        return links.listing(problem=f"None of the {len(items)} items is an article of this source.")
    return links.listing(next_url=None if past or not items else _next(page, base_url))


_JSON = json.JSONDecoder(strict=False)
"""A line break inside a text is read as one."""


def _json(text: str) -> object:
    """The answer; what a server prints before its object or behind it is left out: ``callback(``."""
    try:
        return _JSON.decode(text)
    except ValueError:
        return _JSON.raw_decode(text, text.index("{"))[0]


def _page(answer: object) -> Mapping[str, Any] | None:
    """Where the items stand: at the top, or in one of the answers inside ``data``."""
    if not isinstance(answer, dict):
        return None
    data = answer.get("data")
    within: Iterable[object] = data.values() if isinstance(data, dict) else ()
    found = [one for one in (answer, data, *within) if isinstance(one, dict)]
    return next((one for one in found if isinstance(one.get("items"), list)), None)


def _keep(items: list[Any], links: Links, publisher: str | None, day: date | None) -> bool:
    """Keep the items, those of the day where one is asked for; whether they end with older ones.

    An older one above others (a story that an editor keeps on top) ends nothing.
    """
    past = False
    for item in items:
        hints = _hints(item, publisher) if isinstance(item, dict) else Hints()
        past = day is not None and hints.time is not None and hints.time < day_start(day)
        if past:
            continue
        url = _article(item, links) if isinstance(item, dict) else None
        if url is None:
            links.reject()
        else:
            links.add(url, hints)
    return past


def _of_another_day(items: list[Any], day: date) -> str | None:
    times = [at for item in items if isinstance(item, dict) and (at := _instant(_created(item))) is not None]
    if times and day_of(times[0]) > day:
        return (
            f"The list was asked for what is older than the end of {day}, and begins with {day_of(times[0])}."
        )
    if items and not times:
        return f"The list of {day} says of none of its items when it was made."
    return None


def _article(item: dict[str, Any], links: Links) -> str | None:
    printed = (item.get(name) for name in ("pcLink", "mobileLink"))
    return next(filter(None, (links.canonical(link) for link in printed if isinstance(link, str))), None)


def _hints(item: dict[str, Any], publisher: str | None) -> Hints:
    title, created = item.get("title"), _created(item)
    return Hints(
        title=clean(title) if isinstance(title, str) else None,
        time=_instant(created),
        time_raw=None if created is None else clean(str(created)),
        publisher=publisher,
    )


def _created(item: dict[str, Any]) -> object:
    meta = item.get("meta")
    if isinstance(meta, str):  # a JSON scalar may come as text
        try:
            meta = json.loads(meta)
        except (ValueError, RecursionError):
            meta = None
    within = meta.get("createDt") if isinstance(meta, dict) else None
    created = item.get("createDt", within)
    return within if created is None else created


def _instant(milliseconds: object) -> datetime | None:
    if isinstance(milliseconds, str) and _DIGITS.fullmatch(milliseconds):  # a number in a text
        milliseconds = int(milliseconds)
    if isinstance(milliseconds, bool) or not isinstance(milliseconds, int | float):
        return None
    try:
        instant = datetime.fromtimestamp(milliseconds / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return instant if instant.year in _YEARS else None


def _next(page: Mapping[str, Any], base_url: str) -> str | None:
    """The list from its cursor on; None where the answer gives none, or says that nothing follows."""
    cursor = page.get("searchId")
    if not isinstance(cursor, str) or not cursor or page.get("hasNext") is False:
        return None
    query = query_of(base_url)
    if query.get("searchId") == cursor:
        return None  # it stands still
    return with_query(base_url, query | {"searchId": cursor})
