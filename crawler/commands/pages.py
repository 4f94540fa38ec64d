"""The commands of single pages and new sources: ``extract``, ``page save``, ``source new``."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.commands.option_types import WebAddress
from crawler.commands.options import read_page
from crawler.configuration.environment import WrongSetting

if TYPE_CHECKING:
    from storage.records import Article, CapturedPage


def extract(
    file: Annotated[Path, typer.Argument(help="A saved page; - reads standard input.")],
    url: Annotated[
        str | None,
        typer.Option(parser=WebAddress("--url"), help="The page's address; none: the one it gives itself."),
    ] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Which rule gave what, and what was left out.")
    ] = False,
) -> None:
    """Print one page's article as a JSON object; no database, no network."""
    from crawler.normalise.article_json import as_json
    from crawler.stages import article_in_file

    try:
        article = article_in_file(read_page(file), url, seen_by=datetime.now(UTC))
    except ValueError as error:
        raise WrongSetting(str(error)) from error
    if explain:
        print_explanation(article)
        return
    typer.echo(json.dumps(as_json(article), ensure_ascii=False, indent=2))


page = typer.Typer(help="Saved pages: the examples that extraction is tested on.", no_args_is_help=True)


_WARNING = (
    "warning: a publisher's page is its publisher's: commit only pages that you wrote or may publish; "
    "keep the site's markup, invent the text"
)


@page.callback()
def root() -> None:
    """Keeps ``save`` a subcommand while it is the only one."""


ContentType = Annotated[str | None, typer.Option(help="The Content-Type header that it came with.")]
Root = Annotated[Path, typer.Option("--root", help="The project's repository.")]


def _captured(url: str, file: Path, content_type: str | None) -> CapturedPage:
    from storage.records import CapturedPage

    return CapturedPage(url=url, body=read_page(file), content_type=content_type or None)


@page.command()
def save(
    file: Annotated[Path, typer.Argument(help="A saved page.")],
    url: Annotated[str, typer.Option(parser=WebAddress("--url"), help="The page's address.")],
    source: Annotated[
        str | None, typer.Option(help="Whose page it is; none: the source of the address, else generic.")
    ] = None,
    slug: Annotated[
        str | None, typer.Option(help="What it is an example of, in a few words; none: from the address.")
    ] = None,
    content_type: ContentType = "text/html; charset=utf-8",
    directory: Root = Path(),
) -> None:
    """Draft an example folder from a saved page; its expected.json waits for a person to review it."""
    from crawler.quality.example import save_example

    captured = _captured(url, file, content_type)
    try:
        folder = save_example(captured, directory, source=source, slug=slug)
    except (ValueError, OSError) as error:
        raise WrongSetting(str(error)) from error
    typer.echo(f"{folder}: read the page, correct expected.json, then set reviewed to true")
    typer.echo(_WARNING, err=True)


source = typer.Typer(help="Sources: what is crawled, and drafts of new ones.", no_args_is_help=True)


@source.command("list")
def list_sources() -> None:
    """Print the name and title of every source that is found."""
    from crawler.sources import all_sources

    for name, known in all_sources().items():
        typer.echo(f"{name}  {known.title}")


@source.command()
def new(
    name: Annotated[str, typer.Argument(help="The source's name: its file and its folder of pages.")],
    file: Annotated[Path, typer.Option("--page", help="A saved article page of the site.")],
    url: Annotated[str, typer.Option(parser=WebAddress("--url"), help="The page's address.")],
    content_type: ContentType = "text/html; charset=utf-8",
    directory: Root = Path(),
) -> None:
    """Draft a source from one saved page: a file and a folder, into NEWSARCHIVE_SOURCES or the repository."""
    from crawler.quality.skeleton import write_source

    captured = _captured(url, file, content_type)
    try:
        written = write_source(name, captured, directory)
    except (ValueError, OSError) as error:
        raise WrongSetting(str(error)) from error
    typer.echo(f"{written.file}: read every line that says confirm")
    typer.echo(
        f"{written.example}: read the page, correct expected.json ({', '.join(written.fields)} first), "
        "then set reviewed to true: its tests fail until then"
    )
    if written.not_read is not None:
        typer.echo(f"warning: {file} is not read as an article ({written.not_read})", err=True)
    typer.echo(_WARNING, err=True)


def print_explanation(article: Article) -> None:
    """``extract --explain``: every field with its rule, the body, every removal. Plain text when piped."""
    from crawler.commands.explain import explain
    from crawler.commands.output import answering_console

    answering_console(file=sys.stdout, highlight=False, soft_wrap=True).print(explain(article))
