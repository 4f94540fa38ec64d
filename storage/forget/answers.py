"""The bytes of a takedown: which answers carry an article's words, and files of damaged bytes that may."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from storage.clock import utc_now
from storage.database.opening import writing
from storage.forget.rows import clear_hints, mark_cut
from storage.forget.taken import Named, Taken, of_numbers, own_captures
from storage.forget.trace import Trace, members_in
from storage.models import AddressRow
from storage.records import WarcPlace
from storage.warc.cutting import CannotCut, Cutter, cutting
from storage.warc.reading import CaptureDamaged, CaptureMissing, read_payload, read_record
from storage.warc.removed import is_cut

log = logging.getLogger("newsarchive")

TAKEDOWN = "takedown"
"""Why such a capture has no bytes."""
_ASIDE = "*.damaged-*"
"""How damaged bytes are kept beside a WARC file (storage.warc.recovery)."""


def carrying(folder: Path, captures: Iterable[Taken], trace: Trace) -> tuple[list[Taken], list[Taken]]:
    """Those whose answer says something of the article; and those of which nobody can say it now."""
    found, away = [], []
    for one in captures:
        try:
            if _carries(folder, one.place, trace):
                found.append(one)
        except CaptureMissing:
            away.append(one)
    return found, away


def _carries(folder: Path, place: WarcPlace, trace: Trace) -> bool:
    record = read_record(folder, place)
    if is_cut(record):
        return True  # by a takedown that was killed before it could say so
    if any(trace.in_bytes(found) for found in members_in(record)):
        return True
    try:
        _, _, body = read_payload(folder, place)
    except CaptureDamaged:
        return False  # what of it can be unpacked was looked at
    return trace.in_bytes(body)  # it may be packed itself


def cut_all(
    cutter: Cutter, captures: Sequence[Taken], why: str, left: Callable[[str], None], *, beside: bool = True
) -> Iterator[Taken]:
    """Overwrite them, and what was noted ``beside`` each; those whose bytes are gone afterwards are given.

    ``left``: told of one that cannot be overwritten. Raises OSError when the disk refuses.
    """
    cutter.expect(one.place.file for one in captures)
    for one in captures:
        try:
            cutter.cut(one.place, why)
            if beside:
                cutter.cut_beside(one.place, why)
        except CannotCut as error:
            left(f"the capture of {one.url} of {one.fetched_at:%Y-%m-%d} is as it was: {error}")
        else:
            yield one


def cut_notes(cutter: Cutter, captures: Iterable[Taken], why: str) -> None:
    """Overwrite what was noted beside answers that have no bytes themselves (304)."""
    for one in captures:
        try:
            cutter.cut_beside(one.place, why)
        except CannotCut:
            continue  # a file that is not there: what it held of the page is told with the answers


def forget_answers(engine: Engine, folder: Path, address_id: int | None, captures: Sequence[int]) -> None:
    """Overwrite, in a living crawl, what a page answered that is not to be stored; and lists that name it.

    What lists said of the address goes too. Raises OSError when the disk refuses.
    """
    with Session(engine) as session:
        addresses = {} if address_id is None else {address_id: session.get_one(AddressRow, address_id).url}
        found = [*own_captures(session, addresses, Named()), *of_numbers(session, captures)]
    with cutting(folder) as cutter:
        cut = [one.capture_id for one in cut_all(cutter, found, TAKEDOWN, log.warning)]
    with writing(engine) as session:
        clear_hints(session, addresses)
        mark_cut(session, cut, TAKEDOWN, utc_now())


def asides(folder: Path, trace: Trace, urls: Iterable[str]) -> list[Path]:
    """Files of damaged bytes from which something of the article, or of its answers, can still be read."""
    names = [url.encode() for url in urls]
    found = []
    for path in sorted(folder.glob(_ASIDE)):
        data = path.read_bytes()
        pieces = [data, *members_in(data)]
        if any(trace.in_bytes(one) or any(name in one for name in names) for one in pieces):
            found.append(path)
    return found
