"""The command ``search``: Korean words to articles."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from itertools import chain, count, islice
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crawler.commands.option_types import WholeNumber
from crawler.commands.options import Dir, Format, configured, day_option, in_order, opened
from crawler.commands.output import answering_console, harmless, read_enough, say, write_report
from crawler.configuration.environment import WrongSetting
from crawler.counted import counted

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from storage.search.find import Hit
    from storage.search.question import Question
    from storage.search.snippet import Piece

MOST = 100_000
"""Hits that are printed (our choice); all of them are an export's."""
MAY_BE_MORE = (
    "the statement may find more than the question: the index leaves out signs, what may not hold, names and "
    "publishers, and whether letters stand side by side; the hits alone: newsarchive export FILE --search"
)
COLUMNS = (
    *("article_id", "published_at", "published_precision", "publisher", "title", "url", "byline", "snippet"),
)


def search(
    words: Annotated[
        list[str] | None, typer.Argument(metavar="WORDS", help='반도체 수출 -중국, "두 낱말", title:금리, OR')
    ] = None,
    since: Annotated[date | None, day_option("--since", "First day of publication.")] = None,
    until: Annotated[date | None, day_option("--until", "Last day of publication.")] = None,
    publisher: Annotated[str | None, typer.Option(help="Part of the publisher's name.")] = None,
    byline: Annotated[str | None, typer.Option(help="A name or e-mail address, whole.")] = None,
    limit: Annotated[int, typer.Option(parser=WholeNumber("--limit", 1, MOST), help="So many hits.")] = 20,
    relevance: Annotated[
        bool, typer.Option("--relevance", help="The best of the newest 10,000 hits first, not the newest.")
    ] = False,
    print_match: Annotated[
        bool, typer.Option("--print-match", help="Print the SQL for other tools instead of hits.")
    ] = False,
    form: Format = "table",
    directory: Dir = None,
) -> None:
    """Find articles by their words, wherever the letters stand; the newest first."""
    from storage.search.apart import not_found
    from storage.search.expression import is_slow
    from storage.search.find import bounds, newest, relevant
    from storage.search.outdated import OUTDATED, outdated

    asked = _asked(words)
    if relevance and asked is None:
        raise WrongSetting("--relevance needs words: by what else should hits be ranked?")
    if print_match and (relevance or any((since, until, publisher, byline))):
        raise WrongSetting(
            "--print-match prints the words alone: days, publishers and names are columns in SQL"
        )
    in_order(since, until)
    with _understood():
        within = bounds(since, until, publisher, byline)
    settings = configured(dir=directory)
    with opened(settings, readonly=True) as engine:
        if print_match:
            _print_match(asked, engine)
            return
        if asked is not None and is_slow(asked):
            say("the index cannot help with this question: reading every text")
        with engine.connect() as connection:
            if outdated(connection):
                say(OUTDATED)
        with engine.connect() as connection:
            if relevance and asked is not None:
                found = iter(relevant(connection, asked, within, limit + 1))
            else:
                found = newest(connection, asked, within)
            first = list(islice(found, 1))
            for said in not_found(connection, asked, within, nothing=not first) if asked is not None else ():
                say(said)
            _show(form, chain(first, found), asked, limit)


def _asked(words: Sequence[str] | None) -> Question | None:
    """A word that the shell was given in quotation marks is one phrase only if it holds such marks itself.

    None where no words are given at all; an empty one, of a variable that is not set, is no wish for all.
    """
    from storage.search.question import parse
    from storage.search.remarks import remarks

    if not words:
        return None
    text = " ".join(words)
    with _understood():
        asked = parse(text)
    for said in remarks(text):
        say(said)
    return asked


@contextmanager
def _understood() -> Iterator[None]:
    from storage.search.question import WrongQuestion

    try:
        yield
    except WrongQuestion as error:
        raise WrongSetting(str(error)) from error


def _print_match(asked: Question | None, engine: Engine) -> None:
    """What other tools can ask: the hits, or more than these, which is said."""
    from storage.search.candidates import articles_statement
    from storage.search.expression import told_exactly
    from storage.search.outdated import OUTDATED, outdated

    backend = engine.dialect.name
    statement = None if asked is None else articles_statement(asked, backend)
    if asked is None or statement is None:
        raise WrongSetting("the index cannot be asked this: give a word of two letters or more")
    with engine.connect() as connection:
        if outdated(connection):
            say(OUTDATED)
    if backend != "sqlite" or not told_exactly(asked):
        say(MAY_BE_MORE)
    typer.echo(statement)


# --- showing ----------------------------------------------------------------------------------------


def _show(form: str, found: Iterator[Hit], asked: Question | None, limit: int) -> None:
    """As they are read: a hundred thousand texts are nothing to hold."""
    numbered = count()
    hits = (hit for hit, _ in zip(islice(found, limit), numbered, strict=False))
    if form != "table":
        write_report(form, COLUMNS, (_row(hit, asked) for hit in hits))
    else:
        with read_enough():
            for hit in hits:
                _print_hit(hit, asked)
    _tell(form, next(numbered) + sum(1 for _ in islice(found, 1)), limit)


def _tell(form: str, found: int, limit: int) -> None:
    """How many; of a form for programs only that these are not all."""
    if form != "table" and found <= limit:
        return
    more = f"--limit {min(5 * limit, MOST)}" if limit < MOST else "newsarchive export --search"
    shown = min(found, limit)
    said = f"{counted(shown, 'article')}{f'; more with {more}' if found > limit else ''}"
    typer.echo(said, err=True)


def _row(hit: Hit, asked: Question | None) -> list[Any]:
    from storage.search.snippet import snippet

    text = "".join(piece.text for piece in snippet(hit.body or "", asked))
    return [
        *(hit.article_id, hit.published_at, hit.published_precision, hit.publisher, hit.title, hit.url),
        *(", ".join(hit.people) or None, text or None),
    ]


def _print_hit(hit: Hit, asked: Question | None) -> None:
    from rich.text import Text

    from storage.search.snippet import snippet, title_pieces
    from storage.seoul import shown

    console = answering_console(file=sys.stdout, highlight=False, soft_wrap=True)
    when = shown(hit.published_at, hit.published_precision) if hit.published_at else "no time"
    head = Text(harmless(f"{when}  {hit.publisher or '-'}  "), style="dim")
    console.print(head + _marked(title_pieces(hit.title or "(no title)", asked), "bold"))
    if hit.body:
        console.print(Text("    ") + _marked(snippet(hit.body, asked), ""))
    console.print(Text(f"    {hit.url}\n", style="dim"))


def _marked(pieces: Sequence[Piece], style: str) -> Any:
    from rich.text import Text

    text = Text()
    for piece in pieces:
        text.append(harmless(piece.text), style="black on yellow" if piece.marked else style)
    return text
