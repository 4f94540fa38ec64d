"""What a takedown takes, what stays, and what was begun before: told before anything is touched."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from storage.archive.articles import Decide
from storage.archive.standing import lacking, refuse
from storage.copies import known
from storage.database.reaching import place_of
from storage.forget import answers
from storage.forget.elsewhere import elsewhere, shown
from storage.forget.inventory import Inventory, said_by, shown_by, take_stock, trace_of, with_addresses
from storage.forget.mentions import mentions
from storage.forget.taken import Named, Taken, beside_it, imported_from, lists_among, of_numbers
from storage.forget.trace import Trace
from storage.likeness import Likenesses
from storage.models import TakedownRow
from storage.operations.rowless_files import older_than, rowless_files
from storage.tombstones import Tombstones
from storage.warc.at_hand import closed_files


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The archive that a takedown works on, and the pure decisions that it needs."""

    engine: Engine
    folder: Path
    """The archive's folder: tombstones, copies, ``warc/``."""
    decide: Decide
    likenesses: Likenesses
    files: tuple[Path, ...] = ()
    """Text files of ours that may mention an article: the alarms' JSON lines."""
    named: Named = field(default_factory=Named)

    @property
    def warc(self) -> Path:
        return self.folder / "warc"


@dataclass(slots=True, kw_only=True)
class Plan:
    """What a takedown takes, and what it cannot."""

    found: Inventory
    trace: Trace
    lists: list[Taken] = field(default_factory=list)
    """Lists and feeds that carry its lead or headline."""
    away: list[Taken] = field(default_factory=list)
    """Lists that may carry it, in files that are not there: they are cut, unseen, when those are back."""
    pages: list[Taken] = field(default_factory=list)
    """Captures of other articles' pages that show some of its words beside their own."""
    cut_pages: bool = False
    """These go too."""
    asides: list[Path] = field(default_factory=list)
    copies: list[str] = field(default_factory=list)
    """Backups and exports that may hold it, each with what to do."""
    left: list[str] = field(default_factory=list)
    """What stays, each in a sentence."""
    before: TakedownRow | None = None
    """An earlier takedown of the page."""
    unburied: list[TakedownRow] = field(default_factory=list)
    """Earlier ones whose tombstones are not in this folder: it is to be put up here."""

    def touches(self, later: Plan) -> bool:
        """Whether the later one takes a page of this one, tells of it or finds its words there: it is made
        anew when this one is carried out."""
        found = later.found
        told = {*found.addresses.values(), *found.stay, *found.near, *(one.url for one in later.pages)}
        return not told.isdisjoint(self.found.addresses.values())

    @property
    def nothing(self) -> bool:
        """Whether there is nothing to do any more."""
        begun = self.before is not None and self.before.finished_at is None
        owed = self.lists or self.unburied or (self.cut_pages and self.pages)
        return self.found.empty and not owed and not begun


def expect(place: Place, urls: Sequence[str]) -> None:
    """Read once what is captured of all these addresses, of which plans are to be made."""
    with Session(place.engine) as session:
        place.named.of(session, urls)


def plan(
    place: Place,
    urls: Sequence[str],
    *,
    all_appearances: bool,
    cut_pages: bool = False,
    going: Sequence[int] = (),
) -> Plan | None:
    """What a takedown of the page takes; nothing is changed. None: the archive knows no such address.

    Args:
        going: articles that are taken down with it: what they say too is not theirs to keep.
        cut_pages: captures of other articles' pages that show its words go too.

    Raises:
        TombstonesUnreadable: the tombstones of other pages are not here; with one more they would never be.
    """
    with Session(place.engine) as session:
        found = take_stock(session, urls, place.named, all_appearances=all_appearances)
        if found is None:
            return None
        made = Plan(found=found, trace=trace_of(session, found, going), cut_pages=cut_pages)
        stones = Tombstones(place.folder)
        before = _before(session, stones, (*urls, *found.addresses.values()))
        gone = lacking(session.connection(), stones)
        of_it, missing = {row.id for row in before}, {one.id for one in gone}
        refuse([one for one in gone if one.id not in of_it], stones)
        made.unburied = [row for row in before if row.id in missing]
        made.before = before[0] if before else None
        made.found = found = with_addresses(session, found, _noted(before, "addresses"), place.named)
        article = shown(session, found.articles)
        find_carriers(session, place, made)
        owed = of_numbers(session, _noted(before, "away"))
        if not made.trace:  # its words went with its rows: the takedown noted where they still stood
            made.pages = list(of_numbers(session, _noted(before, "pages")))
        made.left += [
            f"it was imported from {name}, which is yours to cut"
            for name in imported_from(session, found.addresses)
        ]
    there = {file.name for file in closed_files(place.warc)} if owed else set()
    made.lists += [one for one in owed if one.place.file in there and one not in made.lists]
    urls_of_it = tuple(found.addresses.values())
    made.asides = answers.asides(place.warc, made.trace, urls_of_it) if place.warc.is_dir() else []
    copies, spoilt = known(place.folder)
    if found.first_seen is not None:
        since, own = found.first_seen, place_of(place.engine.url)
        made.copies = list(elsewhere(copies, since, article, own=own, until=_gone_since(made)))
    if spoilt:
        made.left.append(f"{spoilt} lines of copies.jsonl cannot be read: other copies may hold it")
    made.left += _staying(made)
    return made


def without_rows(place: Place) -> list[str]:
    """Files that may hold a page though no row says so, in a sentence: a dump was put back beside them, or a
    copy of a database, made while a crawl wrote it."""
    try:
        names = rowless_files(place.engine, place.warc) if place.warc.is_dir() else []
    except OSError as error:
        return [f"whether files hold answers that the database has no row of is not known: {error}"]
    to_do = "newsarchive verify --all --repair makes them; then give the same command again"
    return [f"{older_than(names)}, and it may be in them; {to_do}"] if names else []


def find_carriers(session: Session, place: Place, made: Plan) -> None:
    """Set what of the runs that saw it listed carries its words: lists, pages of others, what is away."""
    around = beside_it(session, made.found.addresses) if made.trace else []
    carriers, away = answers.carrying(place.warc, around, made.trace)
    lists = lists_among(session, (one.capture_id for one in (*carriers, *away)))
    made.lists = [one for one in carriers if one.capture_id in lists]
    made.away = [one for one in away if one.capture_id in lists and not one.url.endswith(_ROBOTS)]
    made.pages = [
        one
        for one in carriers
        if one.capture_id not in lists and _shows_beside_its_own(session, place, made.trace, one)
    ]


def _shows_beside_its_own(session: Session, place: Place, trace: Trace, page: Taken) -> bool:
    """Whether a page shows words that are not in what the archive has of it: a headline in a box, a quote."""
    own = said_by(session, shown_by(session, page.capture_id))
    carriers, _ = answers.carrying(place.warc, [page], trace.without(own))
    return bool(carriers)


def _staying(made: Plan) -> list[str]:
    said = [
        f"{url} shows the article too, and stays: --all-appearances takes it down" for url in made.found.stay
    ]
    said += [f"{url} is another article with nearly the same text, and stays" for url in made.found.near]
    if made.away:
        files = ", ".join(sorted({one.place.file for one in made.away}))
        said.append(
            f"{len(made.away)} lists that may carry it lie in files that are not there ({files}): put them "
            "back and give the same command again"
        )
    return said + ([] if made.cut_pages else _pages_that_stay(made.pages))


def _pages_that_stay(pages: Sequence[Taken]) -> list[str]:
    if not pages:
        return []
    number, addresses = len(pages), len({one.url for one in pages})
    return [
        f"captures of other articles' pages that show some of its words beside their own: {number}, of "
        f"{addresses} pages; --cut-pages removes their bytes"
        + (f"; the first {NAMED}:" if number > NAMED else ""),
        *(
            f"the page {one.url}, fetched {one.fetched_at:%Y-%m-%d %H:%M} UTC "
            f"({one.place.file}:{one.place.offset})"
            for one in pages[:NAMED]
        ),
    ]


NAMED = 20
"""Of such captures that are named each; the log of the takedown has the numbers of all."""
_ROBOTS = "/robots.txt"


def _noted(before: Sequence[TakedownRow], name: str) -> list[int]:
    """Numbers that earlier takedowns of the page noted: its rows do not tell them any more."""
    return sorted({number for row in before for number in json.loads(row.done).get(name, ())})


def _before(session: Session, stones: Tombstones, urls: Sequence[str]) -> list[TakedownRow]:
    """Takedowns of one of these addresses, the newest first; one that is not finished before all."""
    numbers = {stone.id for url in urls if (stone := stones.at(url)) is not None}
    named = TakedownRow.tombstone.in_(numbers) | TakedownRow.url.in_(urls)
    rows = session.scalars(select(TakedownRow).where(named).order_by(TakedownRow.id.desc())).all()
    return sorted(rows, key=lambda row: row.finished_at is not None)


def _gone_since(made: Plan) -> datetime | None:
    """When the last takedown of the page ended; None: it is there again, or that takedown is in hand."""
    return made.before.finished_at if made.before is not None and made.found.empty else None


def count_mentions(place: Place, plans: Sequence[Plan]) -> list[int]:
    """Values beside each page's own content that say something of it: every row of the tables is read."""
    traces = [made.trace if made.found.whole else Trace(()) for made in plans]
    return mentions(place.engine, traces) if any(traces) else [0] * len(plans)
