"""The commands about identity: why two pages are one article, what changed on a page, links anew."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.commands.option_types import WebAddress
from crawler.commands.options import Dir
from crawler.commands.output import answering_console
from crawler.configuration.environment import WrongSetting
from crawler.counted import counted
from storage.clock import utc_now

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text
    from sqlalchemy.orm import Session

    from crawler.deduplicate.word_diff import Change
    from storage.query.page_contents import PageContent, Shown


NEVER_SEEN = "no list has named it, and nobody has asked for it (newsarchive fetch does)"

Address = Annotated[
    str,
    typer.Argument(
        metavar="URL", parser=WebAddress("URL"), help="A stored page, under any of its addresses."
    ),
]


Other = Annotated[
    str | None,
    typer.Argument(metavar="URL", parser=WebAddress("URL"), help="Another stored page, to hold it against."),
]


def why(one: Address, two: Other = None, directory: Dir = None) -> None:
    """Say why two stored pages are one article, are linked, or are neither; of one, what became of it."""
    from crawler.commands.identity_report import why as report
    from storage.query.page_contents import link_between

    with _reading(directory) as session:
        if two is None:
            _tell_looks(session, one)
            return
        first, second = _page(session, one), _page(session, two)
        link = link_between(session, first.article_id, second.article_id)
        for name, value in report(first, second, link):
            typer.echo(f"{name}: {value}")


def _tell_looks(session: Session, url: str) -> None:
    """Each end of an address, and the article that it is now."""
    from crawler.commands.identity_report import looks_in_words
    from crawler.sources import spellings
    from storage.query.looks import looks_at
    from storage.query.page_contents import shown_at

    looks = looks_at(session, spellings(url))
    if looks is None:
        raise WrongSetting(f"{url}: {NEVER_SEEN}")
    for name, value in looks_in_words(looks, shown_at(session, spellings(url))):
        typer.echo(f"{name}: {value}")


def diff(url: Address, directory: Dir = None) -> None:
    """Show what changed on a page, word by word, from its first content to its newest."""
    from rich.text import Text

    from storage.query.page_contents import contents

    with _reading(directory) as session:
        page = _page(session, url)
        known = contents(session, page.appearance_id)
    console = answering_console(highlight=False, soft_wrap=True)
    console.print(Text(f"{page.url}: {counted(len(known), 'revision')}"))
    for old, new in pairwise(known):
        _show_change(console, old, new)


def _show_change(console: Console, old: PageContent, new: PageContent) -> None:
    from rich.text import Text

    from crawler.commands.identity_report import changed_parts, is_quiet
    from crawler.deduplicate.word_diff import as_marked
    from storage.seoul import written

    quiet = ", and the page does not say so" if is_quiet(old, new) else ""
    console.print(Text(f"\n{written(new.valid_from)}: changed{quiet}", style="bold"))
    for name, changes in changed_parts(old, new):
        shown = _coloured(changes) if console.is_terminal else Text(as_marked(changes))
        console.print(Text(f"{name}: ", style="cyan") + shown)


def _coloured(changes: Sequence[Change]) -> Text:
    from rich.text import Text

    shown = Text()
    for change in changes:
        if change.kept:
            shown.append(change.new)
            continue
        shown.append(change.old, style="red strike")
        shown.append(change.new, style="green bold")
    return shown


def relink(directory: Dir = None) -> None:
    """Find the near-duplicates of everything stored; part pages of one source that nothing joins any more."""
    from crawler.commands.options import configured, opened
    from crawler.commands.reading import progress
    from crawler.deduplicate.likenesses import LIKENESSES
    from crawler.deduplicate.match import decide
    from storage.archive.groups import rebuild
    from storage.archive.partings import part_again

    with opened(configured(dir=directory)) as engine:
        parted = part_again(engine, decide, LIKENESSES, utc_now())
        with progress("articles") as tell:
            done = rebuild(engine, utc_now(), LIKENESSES, tell)
    apart = f", {parted} pages parted" if parted else ""
    typer.echo(f"{done['articles']} articles indexed, {done['links']} new links{apart}")


@contextmanager
def _reading(directory: Path | None) -> Iterator[Session]:
    """A session that only reads."""
    from sqlalchemy.orm import Session

    from crawler.commands.options import configured
    from storage.database.opening import open_readonly
    from storage.database.tables import require_current

    engine = open_readonly(configured(dir=directory).url)
    try:
        require_current(engine)
        with Session(engine) as session:
            yield session
    finally:
        engine.dispose()


def _page(session: Session, url: str) -> Shown:
    from crawler.commands.identity_report import newest_end
    from crawler.sources import spellings
    from storage.query.looks import looks_at
    from storage.query.page_contents import shown_at

    page = shown_at(session, spellings(url))
    if page is None:
        looks = looks_at(session, spellings(url))
        became = NEVER_SEEN if looks is None else newest_end(looks)
        raise WrongSetting(f"no stored page has the address {url}: {became}")
    return page
