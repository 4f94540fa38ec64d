"""The commands about quality: make an example of a saved page, explain how a page was read."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.settings import WrongSetting

if TYPE_CHECKING:
    from storage.records import Article

__all__ = ["print_explanation", "register"]

page = typer.Typer(help="Saved pages: the examples that extraction is tested on.", no_args_is_help=True)

_WARNING = (
    "warning: a publisher's page is its publisher's: commit only pages that you wrote or may publish; "
    "keep the site's markup, invent the text"
)


@page.callback()
def root() -> None:
    """Keeps ``save`` a subcommand while it is the only one."""


@page.command()
def save(
    file: Annotated[Path, typer.Argument(help="A saved page.")],
    url: Annotated[str, typer.Option(help="The page's address.")],
    source: Annotated[
        str | None, typer.Option(help="Whose page it is; none: the source of the address, else generic.")
    ] = None,
    slug: Annotated[
        str | None, typer.Option(help="What it is an example of, in a few words; none: from the address.")
    ] = None,
    content_type: Annotated[
        str | None, typer.Option(help="The Content-Type header that it came with.")
    ] = "text/html; charset=utf-8",
    directory: Annotated[Path, typer.Option("--root", help="The project's repository.")] = Path(),
) -> None:
    """Draft an example folder from a saved page; its expected.json waits for a person to review it."""
    from crawler.normalise.url import canonical_url
    from crawler.quality.example import save_example
    from storage.records import CapturedPage

    if canonical_url(url) is None:
        raise WrongSetting(f"not a web address: {url!r}")
    captured = CapturedPage(url=url, body=_read(file), content_type=content_type or None)
    try:
        folder = save_example(captured, directory, source=source, slug=slug)
    except (ValueError, OSError) as error:
        raise WrongSetting(str(error)) from error
    typer.echo(f"{folder}: read the page, correct expected.json, then set reviewed to true")
    typer.echo(_WARNING, err=True)


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise WrongSetting(f"{file} cannot be read: {error.strerror}") from error


def print_explanation(article: Article) -> None:
    """``extract --explain``: every field with its rule, the body, every removal. Plain text when piped."""
    from rich.console import Console

    from crawler.quality.explain import explain

    Console(file=sys.stdout, highlight=False, soft_wrap=True).print(explain(article), soft_wrap=True)


def register(app: typer.Typer) -> None:
    """Put ``page`` into the command line."""
    app.add_typer(page, name="page")
