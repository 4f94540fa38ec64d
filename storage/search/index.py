"""The index: what of each article can be looked up, kept in the transaction that stores the article.

On SQLite a contentless FTS5 table of the grams that a text has, on PostgreSQL an array of its bigrams'
numbers with a GIN index; both are numbered by the articles' place in time, so that the newest come first
without sorting.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, Select, bindparam, delete, func, insert, select, text
from sqlalchemy.orm import Session

from storage.database.bodies import body_of_text
from storage.database.copying import copy_in
from storage.database.opening import writing
from storage.database.pieces import Pieces
from storage.database.prepared import Prepared
from storage.models import ArticleRow, SearchEntryRow
from storage.models.base import table_of
from storage.search.key import JOINT, TITLE, VERSIONS, bigrams, grams, key_of, numbers
from storage.search.place import PLACES, minute_of

PIECE = 200
"""Articles in one transaction of a rebuild at most."""
SAID = 10_000
"""After so many a whole index says how far it is: 20 s of a quiet core (2026-11-28)."""

LAST_NUMBER = 2**63 - 1
"""No article has it: the largest integer of both databases."""

_ADD_SQLITE = Prepared(text("INSERT INTO search_index_grams (rowid, words) VALUES (:id, :words)"))
_DROP_SQLITE = text(
    "INSERT INTO search_index_grams (search_index_grams, rowid, words) VALUES ('delete', :id, :words)"
)
_EMPTY_SQLITE = (
    text("INSERT INTO search_index_grams (search_index_grams) VALUES ('delete-all')"),
    text("INSERT INTO search_index (search_index) VALUES ('delete-all')"),
)
"""Also what 0015 left to crawls of an earlier version."""
EARLIER = 2
"""The version of SQLite's rules before: bigrams and their places, in ``search_index``."""
_DROP_EARLIER = text(
    "INSERT INTO search_index (search_index, rowid, title, body) VALUES ('delete', :id, :title, :body)"
)
# What stands there without an entry is nobody's: its entry was lost.
_ADD_POSTGRESQL = Prepared(
    text(
        "INSERT INTO search_index (id, words) VALUES (:id, CAST(:words AS integer[])) "
        "ON CONFLICT (id) DO UPDATE SET words = excluded.words"
    )
)
_DROP_POSTGRESQL = text("DELETE FROM search_index WHERE id = :id")
_ENTRIES = table_of(SearchEntryRow)
# Made once: building a statement costs SQLAlchemy more than the database needs to answer it.
_LAST = Prepared(
    select(func.max(_ENTRIES.c.id)).where(
        _ENTRIES.c.id >= bindparam("first"), _ENTRIES.c.id < bindparam("end")
    )
)
_ADD_ENTRY = Prepared(insert(_ENTRIES).inline())
_OF_ARTICLE = Prepared(select(*_ENTRIES.c).where(_ENTRIES.c.article_id == bindparam("article")))
_IN_TIME: Select[*tuple[Any, ...]] = select(
    *(ArticleRow.id, ArticleRow.title, ArticleRow.subtitle, ArticleRow.text_id),
    *(ArticleRow.published_at, ArticleRow.created_at),
).order_by(func.coalesce(ArticleRow.published_at, ArticleRow.created_at), ArticleRow.id)
_DROP_ENTRY = Prepared(delete(_ENTRIES).where(_ENTRIES.c.id == bindparam("number")))


@dataclass(frozen=True, slots=True, kw_only=True)
class Indexed:
    """What of an article is indexed."""

    minute: int
    """Of its publication, or of its first sight where no time is printed; since 1970, UTC."""
    title: str | None
    subtitle: str | None
    text_id: int | None


def index_article(session: Session, article: ArticleRow) -> bool:
    """Make the index say what the article says now; True when it said something else."""
    return index_as(session, article.id, wanted_of(article, article.created_at))


def index_as(session: Session, article_id: int, wanted: Indexed) -> bool:
    """Make the index say this of an article; True when it said something else."""
    session.flush()  # a question to tables, not to objects, is asked of what is written
    entry = _entry_of(session, article_id)
    if entry is not None and _is_current(session, entry) and _said(entry) == wanted:
        return False
    if entry is not None:
        _remove(session, entry)
    index_new(session, article_id, wanted)
    return True


def _entry_of(session: Session, article_id: int) -> Row[Any] | None:
    entry: Row[Any] | None = _OF_ARTICLE.run(session.connection(), {"article": article_id}).first()
    return entry


def rebuild(engine: Engine, done: Callable[[int, int], None] = lambda done, total: None) -> int:
    """Make the whole index anew from the texts, in pieces that let other writers in; how many articles.

    The newest come first, so that the oldest article is the last to have an entry again: until then, and
    where it was interrupted, a search says that it may not find all (`storage.search.outdated`). Interrupted,
    it goes on where it was.

    Args:
        done: told after each piece how many articles are indexed, and of how many.
    """
    with writing(engine) as session:
        if not _is_half_made(session):
            _empty(session)
        total = session.scalar(select(func.count()).select_from(ArticleRow)) or 0
    count, last = 0, LAST_NUMBER
    pieces = Pieces(engine, PIECE)
    while True:
        with pieces.next() as session:
            older = ArticleRow.id < last
            batch = select(ArticleRow).where(older).order_by(ArticleRow.id.desc()).limit(pieces.size)
            articles = session.scalars(batch).all()
            # In time's order: FTS5 writes a segment for each number that is smaller than the one before.
            for article in sorted(articles, key=lambda one: wanted_of(one, one.created_at).minute):
                index_article(session, article)
        if not articles:
            return count
        count, last = count + len(articles), articles[-1].id
        done(count, total)


def _is_half_made(session: Session) -> bool:
    """Whether it was begun anew before: every entry is by today's rules, the oldest article has none yet."""
    oldest = session.scalar(select(func.min(ArticleRow.id)))
    if oldest is None or is_empty(session.connection()) or _entry_of(session, oldest) is not None:
        return False
    older = select(SearchEntryRow.id).where(SearchEntryRow.version != _version(session)).limit(1)
    return session.scalar(older) is None


def _empty(session: Session) -> None:
    for statement in _EMPTY_SQLITE if _on_sqlite(session) else (text("DELETE FROM search_index"),):
        session.execute(statement)
    session.execute(delete(SearchEntryRow))


def is_empty(connection: Connection) -> bool:
    """Whether the index names no article at all."""
    return connection.execute(select(_ENTRIES.c.id).limit(1)).first() is None


def fill(connection: Connection, say: Callable[[str], None]) -> None:
    """Index every article of an archive whose index is empty, in the transaction at work.

    In time's order: no free number has to be looked for, and FTS5 writes no segment for each article.

    Args:
        say: told how far it is.
    """
    number, count = -1, 0
    for piece in connection.execute(_IN_TIME.execution_options(yield_per=PIECE)).partitions(PIECE):
        session = Session(connection)  # which keeps the bodies that it has read
        entries, words = [], []
        for article in piece:
            wanted = wanted_of(article, article.created_at)
            number = max(number + 1, wanted.minute * PLACES)
            entries.append(_entry(session, number, article.id, wanted))
            words.append((number, _words(session, wanted)))
        _ADD_ENTRY.run_all(connection, entries)
        _add_words(connection, words)
        if count // SAID < (count := count + len(piece)) // SAID:
            say(f"{count:,} articles are indexed")


def _add_words(connection: Connection, words: Sequence[tuple[int, str]]) -> None:
    if connection.dialect.name == "sqlite":
        _ADD_SQLITE.run_all(connection, [{"id": number, "words": one} for number, one in words])
    else:
        copy_in(connection, "search_index", ("id", "words"), words)


def unindexed(engine: Engine) -> int:
    """Articles that the index does not name, or names by older rules: 0 where all is well."""
    version = VERSIONS[engine.dialect.name]
    known = select(SearchEntryRow.article_id).where(SearchEntryRow.version == version)
    with Session(engine) as session:
        missing = select(func.count()).select_from(ArticleRow).where(ArticleRow.id.not_in(known))
        return session.scalar(missing) or 0


def misfiled(engine: Engine, after: int, limit: int) -> tuple[list[int], int | None]:
    """Articles that the index does not say what they say, among the next so many; and the last looked at.

    ``None``: there are none behind ``after``.
    """
    with Session(engine) as session:
        batch = select(ArticleRow).where(ArticleRow.id > after).order_by(ArticleRow.id).limit(limit)
        articles = session.scalars(batch).all()
        ours = select(*_ENTRIES.c).where(_ENTRIES.c.article_id.in_([one.id for one in articles]))
        entries = {entry.article_id: entry for entry in session.connection().execute(ours)}
        found = _found(session, list(entries.values()))
        wrong = [one.id for one in articles if not _says(session, one, entries.get(one.id), found)]
    return wrong, articles[-1].id if articles else None


def refile(session: Session, article_id: int) -> None:
    """Index an article anew; what is not found under its old number any more is left behind there."""
    article = session.get_one(ArticleRow, article_id)
    entry = _entry_of(session, article_id)
    if entry is not None and not _found(session, [entry]):
        _DROP_ENTRY.run(session.connection(), {"number": entry.id})
    index_article(session, article)


def _says(session: Session, article: ArticleRow, entry: Row[Any] | None, found: Collection[int]) -> bool:
    return (
        entry is not None
        and _is_current(session, entry)
        and _said(entry) == wanted_of(article, article.created_at)
        and entry.id in found
    )


def _found(session: Session, entries: Sequence[Row[Any]]) -> set[int]:
    """The numbers of those entries that a look-up gives: of one of its grams on SQLite."""
    if _on_sqlite(session):
        return {entry.id for entry in entries if _is_looked_up(session, entry)}
    numbers = [entry.id for entry in entries]
    return set(session.scalars(text("SELECT id FROM search_index WHERE id = ANY (:ids)"), {"ids": numbers}))


def _is_looked_up(session: Session, entry: Row[Any]) -> bool:
    least = _least(session, _said(entry))
    if least is None:
        return True
    there = text("SELECT 1 FROM search_index_grams WHERE search_index_grams MATCH :word AND rowid = :id")
    word = '"' + least.replace('"', '""') + '"'
    return session.execute(there, {"word": word, "id": entry.id}).first() is not None


def _least(session: Session, wanted: Indexed) -> str | None:
    """The least gram of its title, else of what is longer: all grams of a text take a millisecond."""
    for said in (wanted.title, wanted.subtitle):
        if found := grams(key_of(said or "")):
            return min(found)
    return min(_grams(session, wanted), default=None)


def wanted_of(shown: ArticleRow | Row[Any], first_seen: datetime) -> Indexed:
    """What the index has to say of an article; of one that was just made by its only appearance."""
    return Indexed(
        minute=minute_of(shown.published_at or first_seen),
        title=shown.title,
        subtitle=shown.subtitle,
        text_id=shown.text_id,
    )


def unindex(session: Session, article_ids: Iterable[int]) -> int:
    """Take articles out of the index; how many were in it."""
    session.flush()
    ours = select(*_ENTRIES.c).where(_ENTRIES.c.article_id.in_(list(article_ids)))
    entries = session.connection().execute(ours).all()
    for entry in entries:
        _remove(session, entry)
    return len(entries)


def _said(entry: Row[Any]) -> Indexed:
    return Indexed(
        minute=entry.minute,
        title=entry.title,
        subtitle=entry.subtitle,
        text_id=entry.text_id,
    )


def _is_current(session: Session, entry: Row[Any]) -> bool:
    return bool(entry.version == _version(session))


def _version(session: Session) -> int:
    return VERSIONS[session.connection().dialect.name]


def index_new(session: Session, article_id: int, wanted: Indexed) -> None:
    """Index an article that has no entry."""
    place = _free_number(session, wanted.minute * PLACES)
    connection = session.connection()
    _ADD_ENTRY.run(connection, _entry(session, place, article_id, wanted))
    add = _ADD_SQLITE if _on_sqlite(session) else _ADD_POSTGRESQL
    add.run(connection, {"id": place, "words": _words(session, wanted)})


def _entry(session: Session, number: int, article_id: int, wanted: Indexed) -> dict[str, Any]:
    values = {field: getattr(wanted, field) for field in Indexed.__slots__}
    return {"id": number, "article_id": article_id, "version": _version(session), **values}


def _words(session: Session, wanted: Indexed) -> str:
    """What is looked up of it, as the index takes it."""
    if _on_sqlite(session):
        return " ".join(_grams(session, wanted))
    # As one text: the driver takes four times as long for the numbers of a list.
    return f"{{{','.join(map(str, sorted(numbers(*_keys(session, wanted)))))}}}"


def _remove(session: Session, entry: Row[Any]) -> None:
    """What rules before EARLIER indexed cannot be taken out of SQLite's index word by word: it finds no entry
    any more, so it finds nothing, until the index is made anew."""
    if _on_sqlite(session) and _is_current(session, entry):
        words = " ".join(_grams(session, _said(entry)))
        session.execute(_DROP_SQLITE, {"id": entry.id, "words": words})
    elif _on_sqlite(session) and entry.version == EARLIER:
        title, subtitle, body = (list(bigrams(key)) for key in _keys(session, _said(entry)))
        between = [JOINT] if subtitle and entry.text_id is not None else []
        told = {"title": " ".join(title), "body": " ".join([*subtitle, *between, *body])}
        session.execute(_DROP_EARLIER, {"id": entry.id, **told})
    elif not _on_sqlite(session):
        session.execute(_DROP_POSTGRESQL, {"id": entry.id})
    _DROP_ENTRY.run(session.connection(), {"number": entry.id})


def _grams(session: Session, wanted: Indexed) -> set[str]:
    """What SQLite's index holds of it, those of its title marked as well."""
    title, subtitle, found = [grams(key) for key in _keys(session, wanted)]
    found |= subtitle | title
    found.update([f"{TITLE}{one}" for one in title])
    return found


def _keys(session: Session, wanted: Indexed) -> list[str]:
    """Of title, subtitle and body."""
    body = None if wanted.text_id is None else body_of_text(session, wanted.text_id)
    return [key_of(text or "") for text in (wanted.title, wanted.subtitle, body)]


def _free_number(session: Session, first: int) -> int:
    """The number behind the last one of its minute; where that is full, of twice as many minutes, and so on.

    A look-up for each doubling: walking to the first gap read 200,000 entries where as many pages without a
    time had come in one minute (30 ms for each article, 2026-11-26).
    """
    width = PLACES
    while True:
        last: int | None = _LAST.run(session.connection(), {"first": first, "end": first + width}).scalar()
        if last is None:
            return first
        if last + 1 < first + width:
            return last + 1
        width *= 2


def _on_sqlite(session: Session) -> bool:
    return session.connection().dialect.name == "sqlite"
