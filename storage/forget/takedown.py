"""A takedown, step by step, so that a kill at any of them leaves what the same command ends.

The tombstone comes first: from then on nobody stores the page again. Then the bytes and the mentions go, for
which its words must still be known; then its rows, in one transaction; then what the database's files still
hold.
The row of the takedown says from the beginning that it was begun, and at the end that it is done.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from storage.clock import utc_now
from storage.database.opening import writing
from storage.database.purge import purge
from storage.forget import answers, mentions
from storage.forget.planning import Place, Plan, find_carriers, without_rows
from storage.forget.rows import mark_cut, remove
from storage.forget.taken import bare_captures, own_captures
from storage.forget.trace import Trace
from storage.frontier.rowless import adopt
from storage.models import TakedownRow
from storage.operations.rowless_files import rowless_files
from storage.tombstones import Tombstone, Tombstones
from storage.warc.cutting import cutting
from storage.warc.file import find_file
from storage.warc.recovery import DeadFile, recover, scan_file


@dataclass(slots=True, kw_only=True)
class Done:
    """What became of a takedown."""

    tombstone: str
    cut: int = 0
    lists: int = 0
    pages: int = 0
    mentions: int = 0
    left: list[str] = field(default_factory=list)
    for_a_while: list[str] = field(default_factory=list)
    """What the database's own logs may hold for some time."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A page that is to be taken down. Plans of several name none of each other's pages."""

    made: Plan
    url: str
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class TakenOut:
    """A page whose rows are removed: the database's files still hold what they said."""

    row: TakedownRow
    made: Plan
    done: Done


def take_out(place: Place, asked: Sequence[Asked], say: Callable[[str], None]) -> list[TakenOut]:
    """Take pages down but for the last step: :func:`purge_of`.

    What reads the whole archive (files without rows, words in other tables) is done once for all of them.
    Interrupted, it is called again with new plans, and goes on where it was.

    Raises:
        DBAPIError, OSError: the database or disk refused; the same again goes on.
    """
    taken = [_begun(place, one) for one in asked]
    say("a tombstone stands: no crawl asks for it any more")
    if _adopt_rowless_files(place):
        with Session(place.engine) as session:
            for one in taken:
                find_carriers(session, place, one.made)
    rowless = without_rows(place)
    say("its captured bytes are overwritten")
    for one in taken:
        one.done.left += rowless
    cut = [_cut(place, one.made, one.done) for one in taken]
    _clear_mentions(place, taken)
    say("its rows are removed")
    for one, numbers in zip(taken, cut, strict=True):
        _remove_rows(place, one.made, numbers, one.done)
    return taken


def _begun(place: Place, asked: Asked) -> TakenOut:
    made = asked.made
    row = _begin(place, made, asked.url, asked.reason, asked.by)
    done = Done(tombstone=row.tombstone, left=list(made.left))
    if made.unburied and made.found.empty:
        done.left.append("its tombstone stands here for its addresses alone: nobody knows its texts any more")
    return TakenOut(row, made, done)


def purge_of(place: Place, taken: Sequence[TakenOut], say: Callable[[str], None]) -> None:
    """The last step of takedowns: the database's files, which are written anew, forget what their rows said.

    It takes its time by the archive's size, however many pages it is for. Raises as :func:`take_out`.
    """
    purged = purge(place.engine, say)
    for one in taken:
        one.done.left += purged.left
        one.done.for_a_while += purged.for_a_while
        _finish(place, one.row, one.made, one.done, whole=not purged.again)


def _begin(place: Place, made: Plan, url: str, reason: str, by: str) -> TakedownRow:
    """The row of this takedown, its tombstone up; a former one, where no tombstone would say more.

    That is one that was begun, or has no tombstone here, or left what lay out of its reach.

    Whoever sees the row sees its tombstone: a crawl of this folder would end for want of it.
    """
    former = made.before
    again = made.unburied or ([former] if former and (not former.finished_at or not made.found.texts) else [])
    for one in again:
        _bury(place, made, one)
    if again:
        return again[0]
    now = utc_now()
    row = TakedownRow(
        tombstone=f"{now:%Y%m%d-%H%M%S}-{secrets.token_hex(3)}",
        url=url,
        reason=reason,
        by=by,
        begun_at=now,
        done=json.dumps(
            {
                "addresses": sorted(made.found.addresses),
                "pages": [one.capture_id for one in made.pages],  # with its rows its words are forgotten
            }
        ),
    )
    with writing(place.engine) as session:
        session.add(row)
        session.flush()
        _bury(place, made, row)
    return row


def _bury(place: Place, made: Plan, row: TakedownRow) -> None:
    """The tombstone, once: what is found after its rows have gone would say less."""
    stones, found = Tombstones(place.folder), made.found
    former = next((one for one in stones.all() if one.id == row.tombstone), None)
    texts = (
        ()
        if not found.whole
        else tuple(stones.keyed(body, place.likenesses.fingerprint(body)) for body in found.texts.values())
    )
    addresses = tuple(stones.address(url) for url in found.addresses.values())
    if former is not None:
        addresses = tuple(dict.fromkeys((*former.addresses, *addresses)))
        texts = tuple(dict.fromkeys((*former.texts, *texts)))
    stones.bury(
        Tombstone(
            id=row.tombstone,
            at=row.begun_at.isoformat(timespec="seconds"),
            reason=row.reason,
            by=row.by,
            addresses=addresses,
            texts=texts,
        )
    )


def _adopt_rowless_files(place: Place) -> int:
    """What was captured without a row may be the page: it gets its row before rows are asked.

    A crawl died, or the database is older than the files. Gives how many rows were made.
    """
    if not place.warc.is_dir():
        return 0
    made: list[int] = []
    recover(place.warc, lambda dead: made.append(adopt(place.engine, dead)))
    made += (adopt(place.engine, file) for file in _rowless(place))
    return sum(made)


def _rowless(place: Place) -> Iterator[DeadFile]:
    """Those that lie here; of the others `without_rows` tells, and of what cannot be looked at."""
    try:
        names = rowless_files(place.engine, place.warc)
    except OSError:
        return
    for name in names:
        if (path := find_file(place.warc, name)) is not None:
            yield DeadFile(path=path, file=name, scan=scan_file(path))


def _cut(place: Place, made: Plan, done: Done) -> list[int]:
    """Overwrite the answers; numbers of those that have no bytes any more."""
    with Session(place.engine) as session:
        own = own_captures(session, made.found.addresses, place.named)
        bare = bare_captures(session, made.found.addresses)
    left = done.left.append
    if not place.warc.is_dir() and (own or made.lists or made.pages):
        left(f"{place.warc} is not there: {len(own)} captures are as they were")
        return []
    with cutting(place.warc) as cutter:
        cut = [one.capture_id for one in answers.cut_all(cutter, own, answers.TAKEDOWN, left)]
        done.cut = len(cut)
        lists = [one.capture_id for one in answers.cut_all(cutter, made.lists, answers.TAKEDOWN, left)]
        done.lists = len(lists)
        others = made.pages if made.cut_pages else []
        pages = [one.capture_id for one in answers.cut_all(cutter, others, answers.TAKEDOWN, left)]
        done.pages = len(pages)
        answers.cut_notes(cutter, bare, answers.TAKEDOWN)
    done.left += cutter.versions
    for path in made.asides:
        path.unlink(missing_ok=True)
    return cut + lists + pages


def _clear_mentions(place: Place, taken: Sequence[TakenOut]) -> None:
    """Of an article that others still show, the words are theirs too."""
    whole = [one for one in taken if one.made.trace and one.made.found.whole]
    if not whole:
        return
    traces = [one.made.trace for one in whole]
    for path in place.files:
        _clear_lines(path, Trace.of(traces))
    for one, number in zip(whole, mentions.clear(place.engine, traces), strict=True):
        one.done.mentions = number


def _clear_lines(path: Path, trace: Trace) -> None:
    try:
        lines = path.read_text("utf-8", errors="surrogateescape").splitlines(keepends=True)
    except FileNotFoundError:
        return
    if any(trace.in_text(line) for line in lines):
        kept = [f"{mentions.cleared(line, trace)}\n" if trace.in_text(line) else line for line in lines]
        # In place: whoever follows the file keeps following it.
        with path.open("r+", encoding="utf-8", errors="surrogateescape") as file:
            file.write("".join(kept))
            file.truncate()


def _remove_rows(place: Place, made: Plan, cut: Sequence[int], done: Done) -> None:
    """The rows, and what a living crawl has captured of the page meanwhile."""

    def left(said: str) -> None:
        if place.warc.is_dir() and said not in done.left:  # else `_cut` has told it
            done.left.append(said)

    now = utc_now()
    with writing(place.engine) as session, cutting(place.warc) as cutter:
        before = set(cut)
        own = own_captures(session, made.found.addresses, place.named)
        late = [one for one in own if one.capture_id not in before]
        more = [one.capture_id for one in answers.cut_all(cutter, late, answers.TAKEDOWN, left)]
        kept = remove(session, made.found, place.decide, place.likenesses, now)
        mark_cut(session, (*cut, *more), answers.TAKEDOWN, now)
    done.left += (said for said in cutter.versions if said not in done.left)
    done.cut += len(more)
    if kept and made.found.whole:
        done.left.append(f"{len(kept)} of its texts are those of other articles too, and stay")


def _finish(place: Place, row: TakedownRow, made: Plan, done: Done, *, whole: bool) -> None:
    """``whole``: False leaves it begun: the same command again does the rest."""
    former = json.loads(row.done)
    said: dict[str, object] = {
        "addresses": sorted(made.found.addresses),
        "captures": done.cut + former.get("captures", 0),
        "lists": done.lists + former.get("lists", 0),
        "pages cut": done.pages + former.get("pages cut", 0),
        "pages": [] if made.cut_pages else [one.capture_id for one in made.pages],
        "mentions": done.mentions + former.get("mentions", 0),
        "left": done.left,
        "away": [one.capture_id for one in made.away],
    }
    with writing(place.engine) as session:
        kept = session.get_one(TakedownRow, row.id)
        kept.finished_at = utc_now() if whole else None
        kept.done = json.dumps(said, ensure_ascii=False)


def unfinished(engine: Engine) -> list[tuple[str, datetime]]:
    """Address and beginning of takedowns that were begun and not ended, oldest first."""
    begun = select(TakedownRow.url, TakedownRow.begun_at).where(TakedownRow.finished_at.is_(None))
    with Session(engine) as session:
        return [(url, at) for url, at in session.execute(begun.order_by(TakedownRow.id))]
