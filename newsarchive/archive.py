"""An archive that is asked: articles, search, revisions, SQL. It is never written to."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from newsarchive.answer import Answer
from newsarchive.checks import check_days, check_limit, check_seconds, check_words
from newsarchive.errors import ArchiveRefused, told
from newsarchive.records import Article, Hit, Revision, article_of, moment
from storage.sqlite_file import url_of

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from storage.search.find import Bounds
    from storage.search.find import Hit as Found
    from storage.search.question import Question

FILE = "newsarchive.db"
"""The database in an archive's folder."""


def open(archive: str | os.PathLike[str] = "archive") -> Archive:  # noqa: A001 (newsarchive.open)
    """Open an archive for reading.

    Args:
        archive: its folder, its SQLite file, or a URL (``postgresql://...``, ``sqlite:///PATH``).

    Raises:
        ArchiveRefused: there is none, it cannot be read, or it is of another version.
    """
    return Archive(_url(archive))


def _url(archive: str | os.PathLike[str]) -> str:
    if isinstance(archive, str) and "://" in archive:
        return archive
    if archive == "":  # of a variable that is not set: no wish for what lies in the current folder
        raise ArchiveRefused("an archive is its folder, its SQLite file or a URL, got ''")
    path = Path(archive).expanduser()
    if path.is_dir():
        path = path / FILE
    if not path.exists():
        raise ArchiveRefused(f"there is no archive at {path}")
    return url_of(path.resolve())


class Archive:
    """An open archive; also a context that closes it. One thread at a time asks it."""

    def __init__(self, url: str) -> None:
        """``url``: an SQLAlchemy URL. Use :func:`open`."""
        from storage.database.opening import open_readonly
        from storage.database.tables import require_current

        self._url = url
        with told():
            self._engine: Engine = open_readonly(url)
            try:
                require_current(self._engine)
            except BaseException:
                self._engine.dispose()
                raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the connections back."""
        self._engine.dispose()

    def articles(
        self,
        *,
        source: str | None = None,
        publisher: str | None = None,
        since: date | None = None,
        until: date | None = None,
        limit: int | None = None,
    ) -> Iterator[Article]:
        """Articles as they are read, in the order of their numbers.

        Args:
            source: shown by this source. publisher: its name, whole.
            since: first day of publication in Korea. until: last day.
            limit: so many of those that print a time, the newest first; None: all.

        Raises:
            WrongQuestion: when the first is asked for: days that are none, a limit below 0.
        """
        check_days(since, until)
        check_limit(limit)
        from storage.query.exports import Wanted, articles_statement

        wanted = Wanted(source=source, publisher=publisher, since=since, until=until, newest=limit)
        with self._rows(articles_statement(wanted, self._engine.dialect.name)) as (columns, rows):
            for row in rows:
                yield article_of(dict(zip(columns, row, strict=True)))

    def search(
        self,
        words: str,
        *,
        since: date | None = None,
        until: date | None = None,
        publisher: str | None = None,
        byline: str | None = None,
        limit: int | None = 20,
        relevance: bool = False,
    ) -> list[Hit]:
        """Articles that hold the words, as ``newsarchive search`` finds them; the newest first.

        Args:
            words: ``반도체 수출 -중국``, ``"두 낱말"``, ``title:금리``, ``OR``, brackets.
            publisher: part of its name. byline: a name or e-mail address, whole.
            limit: so many; None: all. relevance: the best of the newest 10,000 first.

        Raises:
            WrongQuestion: words that cannot be understood, and where; days that are none, a limit below 0.
        """
        check_words(words)
        check_days(since, until)
        check_limit(limit)
        from storage.search.find import bounds
        from storage.search.outdated import OUTDATED, outdated
        from storage.search.question import parse

        with told(), self._connected() as connection:
            asked = parse(words)
            if outdated(connection):
                _told_of_the_index(OUTDATED)
            within = bounds(since, until, publisher, byline)
            found = _found(connection, asked, within, limit, relevance=relevance)
            return [_hit(one, asked) for one in found]

    def revisions(self, url: str) -> list[Revision]:
        """The contents of the page at an address, the oldest first; empty where nothing is stored."""
        names = ", ".join(Revision.__slots__)
        asked = f"SELECT {names} FROM revisions WHERE url = :url ORDER BY valid_from, revision_id"  # noqa: S608
        return [_revision(row) for row in self.sql(asked, url=url).dicts()]

    def sql(self, statement: str, *, seconds: float | None = None, **values: Any) -> Answer:
        """The rows of one reading statement over the views (docs/sql.md), all in memory.

        Args:
            seconds: how long it may take.
            values: of the statement's parameters: ``sql("... WHERE url = :url", url="...")``; a date or an
                aware datetime is compared as the views show it.

        Raises:
            WrongQuestion: a wrong statement, one that would write, or that took too long.
        """
        check_seconds(seconds)
        with self._rows(statement, seconds, values) as (columns, rows):
            return Answer(tuple(columns), [tuple(row) for row in rows])

    @contextmanager
    def _rows(
        self, statement: str, seconds: float | None = None, values: Mapping[str, Any] | None = None
    ) -> Iterator[tuple[list[str], Iterator[Any]]]:
        from storage.query.reader import run_select

        with told(), run_select(self._url, statement, seconds, values, _told_of_the_index) as answer:
            yield answer

    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        from storage.database.opening import refusals

        with refusals(self._engine.url), self._engine.connect() as connection:
            yield connection


class IndexOutdated(UserWarning):
    """Articles are not indexed, or by older rules, and not found: ``newsarchive db reindex`` mends it."""


def _told_of_the_index(said: str) -> None:
    """What an answer may lack; what else is said of the connection is for the operator."""
    from storage.search.outdated import OUTDATED

    if said == OUTDATED:
        warnings.warn(said, IndexOutdated, stacklevel=3)


def _found(
    connection: Connection, asked: Question, within: Bounds, limit: int | None, *, relevance: bool
) -> list[Found]:
    from itertools import islice

    from storage.search.find import NEWEST_RANKED, newest, relevant

    if relevance:
        return relevant(connection, asked, within, NEWEST_RANKED if limit is None else limit)
    return list(islice(newest(connection, asked, within), limit))


def _hit(found: Found, asked: Question) -> Hit:
    from storage.search.snippet import snippet
    from storage.seoul import SEOUL

    text = "".join(piece.text for piece in snippet(found.body or "", asked))
    return Hit(
        article_id=found.article_id,
        url=found.url,
        publisher=found.publisher,
        title=found.title,
        subtitle=found.subtitle,
        body=found.body,
        published_at=found.published_at and found.published_at.astimezone(SEOUL),
        published_precision=found.published_precision,
        people=found.people,
        snippet=text or None,
    )


def _revision(row: Mapping[str, Any]) -> Revision:
    times = {name: moment(row[name]) for name in ("valid_to", "modified_at")}
    return Revision(**{**row, **times, "valid_from": datetime.fromisoformat(row["valid_from"])})
