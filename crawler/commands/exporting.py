"""Exports made: statements to files, months to a folder, and a manifest of what each file holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, replace
from datetime import date, timedelta
from itertools import chain
from pathlib import Path
from typing import Any

import typer
from sqlalchemy import make_url

from crawler.commands.export_manifest import Asked, Made, write_manifest
from crawler.commands.files import Written, write_file
from crawler.commands.options import opened
from crawler.commands.output import say
from crawler.configuration.environment import Configuration, WrongSetting
from crawler.counted import counted
from storage.query.exports import COLUMNS, KINDS, Wanted, any_statement, articles_statement
from storage.query.reader import run_select
from storage.search.find import Bounds, newest
from storage.search.outdated import OUTDATED, outdated
from storage.search.question import WrongQuestion, parse
from storage.search.remarks import remarks

ASKED = 500
"""Articles of a search in one statement."""
EVERY = 10_000
"""Rows between two words of progress."""


def articles(
    settings: Configuration, form: str, place: Path, wanted: Wanted, words: str | None
) -> list[Made]:
    """The articles that are wanted, in one file."""
    return [_articles(settings, form, place, wanted, _found(settings, words))]


def _articles(
    settings: Configuration, form: str, place: Path, wanted: Wanted, numbers: Sequence[int] | None
) -> Made:
    left_out: Counter[str] = Counter()
    backend = make_url(settings.url).get_backend_name()
    statements = [articles_statement(piece, backend) for piece in _pieces(wanted, numbers)]
    file = _written(settings, form, place, statements, lambda rows: _counted(rows, left_out))
    return Made(file=file, left_out=left_out)


def answer(settings: Configuration, form: str, place: Path, statement: str) -> list[Made]:
    """The rows of a statement, in one file."""
    return [Made(file=_written(settings, form, place, [statement], lambda rows: rows, say))]


def _pieces(wanted: Wanted, numbers: Sequence[int] | None) -> Iterator[Wanted]:
    """The wish, and where words were searched for one for so many of the articles that hold them."""
    if numbers is None:
        yield wanted
        return
    for start in range(0, max(1, len(numbers)), ASKED):
        yield replace(wanted, numbers=tuple(numbers[start : start + ASKED]))


def _found(settings: Configuration, words: str | None) -> list[int] | None:
    """The articles that hold the words; None: no words were asked for."""
    if words is None:
        return None
    try:
        asked = parse(words)
    except WrongQuestion as error:
        raise WrongSetting(f"--search: {error}") from error
    for said in remarks(words):
        say(said)
    with opened(settings, readonly=True) as engine, engine.connect() as connection:
        if outdated(connection):
            say(OUTDATED)
        return sorted(hit.article_id for hit in newest(connection, asked, Bounds()))


def _written(
    settings: Configuration,
    form: str,
    place: Path,
    statements: Sequence[str],
    watched: Callable[[Iterable[Sequence[Any]]], Iterable[Sequence[Any]]],
    warn: Callable[[str], None] = lambda said: None,
) -> Written:
    with run_select(settings.url, statements[0], warn=warn) as (columns, rows):
        kinds = list(KINDS.values()) if tuple(columns) == COLUMNS else None
        more = (row for statement in statements[1:] for row in _rows(settings, statement))
        return write_file(form, place, columns, watched(_told(chain(rows, more))), kinds)


def _rows(settings: Configuration, statement: str) -> Iterator[Sequence[Any]]:
    with run_select(settings.url, statement) as (_, rows):
        yield from rows


def _told(rows: Iterable[Sequence[Any]]) -> Iterator[Sequence[Any]]:
    for count, row in enumerate(rows, start=1):
        yield row
        if count % EVERY == 0:
            say(f"{count} rows")


def _counted(rows: Iterable[Sequence[Any]], left_out: Counter[str]) -> Iterator[Sequence[Any]]:
    for row in rows:
        if row[-1] is not None:
            left_out[row[-1]] += 1
        yield row


# --- months -----------------------------------------------------------------------------------------


def months(settings: Configuration, form: str, folder: Path, wanted: Wanted, words: str | None) -> list[Made]:
    """A file for each month of publication with articles; one that was there is made anew all the same."""
    numbers = _found(settings, words)
    made = []
    for name, month in _each(settings, wanted):
        place = folder / f"articles-{name}.{form}"
        if place.exists() or _any(settings, month, numbers):
            made.append(_articles(settings, form, place, month, numbers))
    return made


def _any(settings: Configuration, wanted: Wanted, numbers: Sequence[int] | None) -> bool:
    """Whether an article is wanted."""
    backend = make_url(settings.url).get_backend_name()
    statements = (any_statement(piece, backend) for piece in _pieces(wanted, numbers))
    return any(next(_rows(settings, statement), None) is not None for statement in statements)


def _each(settings: Configuration, wanted: Wanted) -> Iterator[tuple[str, Wanted]]:
    """Name and wish of each file; articles without a time have one of their own where no days are given."""
    first, last = _span(settings, wanted)
    for start, end in _each_month(first, last):
        yield f"{start:%Y-%m}", replace(wanted, since=max(start, first), until=min(end, last))
    if wanted.since is None and wanted.until is None:
        yield "undated", replace(wanted, undated=True)


def _span(settings: Configuration, wanted: Wanted) -> tuple[date, date]:
    """The first and the last day that articles were published; what was asked for where that is narrower."""
    asked = "SELECT min(published_at), max(published_at) FROM articles"
    with run_select(settings.url, asked) as (_, rows):
        found = [str(value)[:10] for value in next(iter(rows)) if value is not None]
    if not found:
        return date.max, date.min  # no article, no month
    first, last = (date.fromisoformat(value) for value in found)
    return max(first, wanted.since or first), min(last, wanted.until or last)


def _each_month(first: date, last: date) -> Iterator[tuple[date, date]]:
    start = first.replace(day=1)
    while start <= last:
        following = (start + timedelta(days=32)).replace(day=1)
        yield start, following - timedelta(days=1)
        start = following


# --- the end ----------------------------------------------------------------------------------------


def finish(made: Sequence[Made], folder: Path, asked: Asked) -> None:
    """Write the manifest and say what was made. Raises Exit: another export's file stands in its place."""
    replaced = write_manifest(made, folder, asked)
    rows = sum(one.file.rows for one in made)
    typer.echo(f"{counted(rows, 'row')} in {counted(len(made), 'file')} in {folder}")
    left_out = sum((Counter(one.left_out) for one in made), Counter())
    for why, count in sorted(left_out.items()):
        typer.echo(f"{counted(count, 'body', 'bodies')} left out: {why} (silence is not permission)")
    for name in replaced:
        say(f"{name} is another export's by now, which wrote the same file at the same time")
    if replaced:
        raise typer.Exit(1)


def said(wanted: Wanted, words: str | None, statement: str | None) -> dict[str, object]:
    """What was asked for, as a manifest says it."""
    if statement:
        return {"sql": statement}
    named = asdict(wanted).items()
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in named} | {
        "words": words
    }
