"""Hits: candidates from the index, newest first, each checked against its text.

The index gives what may hold the words; the text decides. So nothing is found that does not stand there, and
what the index cannot be asked (one letter, signs, what may *not* hold) is still answered, by reading.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import islice

from sqlalchemy import Connection, Row, bindparam, text

from storage.models import UtcDateTime
from storage.search.candidates import candidates
from storage.search.key import Printed, key_of
from storage.search.question import All, Document, Field, Question, Term, WrongQuestion, terms
from storage.seoul import day_start

NEWEST_RANKED = 10_000
"""Hits that a relevance order looks at: to rank all hits of a common word is to read the archive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What hits must satisfy besides the words."""

    since: datetime | None = None
    """First instant; aware."""
    until: datetime | None = None
    """First instant that is too late; aware."""
    publisher: str | None = None
    """Part of its name."""
    byline: str | None = None
    """A name or e-mail address, whole."""
    below: int | None = None
    """Only entries before this one's number: what follows a page of hits, whatever came in meanwhile."""

    def hold(self, at: datetime | None) -> bool:
        """Whether an article of this time is within; one without a time is where it was first seen."""
        if at is None:
            return True
        return (self.since is None or at >= self.since) and (self.until is None or at < self.until)


def bounds(since: date | None, until: date | None, publisher: str | None, byline: str | None) -> Bounds:
    """Days in Korea, both included, and whose articles. ``date.min`` and ``date.max`` bound nothing.

    Raises:
        WrongQuestion: a publisher or byline without a letter, which every article or none would have.
    """
    for name, printed in (("publisher", publisher), ("byline", byline)):
        if printed is not None and not key_of(printed):
            raise WrongQuestion(f"{name} {printed!r} holds no letter that could be looked for")
    return Bounds(
        since=None if since is None or since == date.min else day_start(since),
        until=None if until is None or until == date.max else day_start(until + timedelta(days=1)),
        publisher=publisher,
        byline=byline,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """An article that was found."""

    article_id: int
    url: str
    publisher: str | None
    title: str | None
    subtitle: str | None
    body: str | None
    published_at: datetime | None
    published_precision: str | None = None
    people: tuple[str, ...] = ()
    number: int = field(default=0, compare=False)
    """Its entry's in the index: the newer, the higher."""
    score: float | None = field(default=None, compare=False)


def newest(connection: Connection, asked: Question | None, bounds: Bounds) -> Iterator[Hit]:
    """Every hit, the newest first, read as it is asked for.

    Args:
        asked: None: whatever is within the bounds.
    """
    asked = _with_bounds(asked, bounds)
    by_people = asked is not None and _asks_people(asked)
    for numbers in candidates(connection, asked, bounds.since, bounds.until, bounds.below):
        # A number without a row: the index names an article that is gone or is indexed under another one.
        there = _documents(connection, numbers)
        rows = [row for number in numbers if (row := there.get(number)) and bounds.hold(row.published_at)]
        people: Mapping[int, tuple[str, ...]] | None = None
        for row in rows:
            if not (by_people or _holds(asked, row, ())):
                continue
            if people is None:
                people = _people(connection, rows)
            names = people.get(row.article_id, ())
            if not by_people or _holds(asked, row, names):
                yield _hit(row, names)


def relevant(connection: Connection, asked: Question, bounds: Bounds, limit: int) -> list[Hit]:
    """The best of the newest hits (NEWEST_RANKED at most), the best first; the newer of two equal ones."""
    wanted = [term for term in terms(asked) if term.field in (Field.ANY, Field.TITLE)]
    hits = islice(newest(connection, asked, bounds), NEWEST_RANKED)
    scored = (replace(hit, score=_score(hit, wanted)) for hit in hits)
    return heapq.nlargest(limit, scored, key=lambda hit: hit.score or 0.0)


def _score(hit: Hit, wanted: Sequence[Term]) -> float:
    """How much of an article is about the words: a title's letter counts as much as thirty of the body.

    Thirty is our choice: a Korean headline has some 30 letters, a body some 900.
    """
    title, body = key_of(hit.title or ""), key_of(f"{hit.subtitle or ''} {hit.body or ''}")
    score = 0.0
    for term in wanted:
        score += 30 * title.count(term.key) / max(30, len(title))
        score += body.count(term.key) / (body.count(term.key) + 3) * 900 / max(300, len(body))
    return score


def _asks_people(asked: Question) -> bool:
    """Whether a text alone does not tell a hit."""
    every = (term for wanted in (True, False) for term in terms(asked, wanted=wanted))
    return any(term.field is Field.BYLINE for term in every)


def _with_bounds(asked: Question | None, bounds: Bounds) -> Question | None:
    parts: list[Question] = [] if asked is None else [asked]
    if bounds.publisher is not None:
        parts.append(_bound(bounds.publisher, Field.PUBLISHER))
    if bounds.byline is not None:
        parts.append(_bound(bounds.byline, Field.BYLINE))
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else All(parts=tuple(parts))


def _bound(printed: str, field: Field) -> Term:
    return Term(key=key_of(printed), field=field, printed=printed.strip())


# --- rows -------------------------------------------------------------------------------------------

_ROWS = (
    text("""
SELECT entry.id AS number, article.id AS article_id, address.url, publisher.name AS publisher, article.title,
  article.subtitle, text.body, article.published_at, appearance.published_precision
FROM search_entry AS entry
JOIN article ON article.id = entry.article_id
JOIN appearance ON appearance.id = article.preferred_appearance_id
JOIN address ON address.id = appearance.address_id
LEFT JOIN publisher ON publisher.id = article.publisher_id
LEFT JOIN text ON text.id = article.text_id
WHERE entry.id IN :numbers""")
    .bindparams(bindparam("numbers", expanding=True))
    .columns(published_at=UtcDateTime())
)
_PEOPLE = text("""
SELECT article.id AS article_id, byline.name, byline.email
FROM article JOIN byline ON byline.appearance_id = article.byline_appearance_id
WHERE article.id IN :articles ORDER BY article.id, byline.position""").bindparams(
    bindparam("articles", expanding=True)
)


def _documents(connection: Connection, numbers: Sequence[int]) -> Mapping[int, Row[tuple[object, ...]]]:
    return {row.number: row for row in connection.execute(_ROWS, {"numbers": numbers})}


def _people(connection: Connection, rows: Sequence[Row[tuple[object, ...]]]) -> Mapping[int, tuple[str, ...]]:
    people: dict[int, tuple[str, ...]] = {}
    articles = [row.article_id for row in rows]
    for row in connection.execute(_PEOPLE, {"articles": articles}):
        printed = tuple(word for word in (row.name, row.email) if word)
        people[row.article_id] = people.get(row.article_id, ()) + printed
    return people


def _document(row: Row[tuple[object, ...]], people: Sequence[str]) -> Document:
    return Document(
        title=Printed(row.title),
        texts=(Printed(row.subtitle), Printed(row.body)),
        people=[key_of(one) for one in people],
        publisher=key_of(row.publisher or ""),
    )


def _holds(asked: Question | None, row: Row[tuple[object, ...]], people: Sequence[str]) -> bool:
    return asked is None or asked.holds(_document(row, people))


def _hit(row: Row[tuple[object, ...]], people: tuple[str, ...]) -> Hit:
    return Hit(
        article_id=row.article_id,
        url=row.url,
        publisher=row.publisher,
        title=row.title,
        subtitle=row.subtitle,
        body=row.body,
        published_at=row.published_at,
        published_precision=row.published_precision,
        people=people,
        number=row.number,
    )
