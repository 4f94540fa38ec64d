"""The commands ``warc index`` and ``warc pack``: the archive's WARC files for other tools."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.commands.options import Dir, configured
from crawler.configuration.environment import WrongSetting

if TYPE_CHECKING:
    from crawler.configuration.environment import Configuration

app = typer.Typer(help="The archive's WARC files, for other tools.", no_args_is_help=True)

Files = Annotated[
    list[Path] | None, typer.Argument(metavar="[FILE...]", help="These files; else all of the archive.")
]


@app.command("index")
def index(files: Files = None, directory: Dir = None) -> None:
    """Print a CDXJ index of closed WARC files, sorted, as pywb and others read it."""
    from storage.database.opening import DatabaseRefused
    from storage.warc.cdxj import sorted_lines

    named = _files(configured(dir=directory), files)
    try:
        for line in sorted_lines(named):
            typer.echo(str(line))
    except BrokenPipeError:
        raise
    except OSError as error:
        raise DatabaseRefused(f"the disk refused: {error}") from error


@app.command("pack")
def pack(
    target: Annotated[Path, typer.Argument(metavar="OUT.wacz", help="The file to be made.")],
    files: Files = None,
    directory: Dir = None,
) -> None:
    """Pack closed WARC files, their index and the list of their pages into one WACZ."""
    from crawler.commands.copies import noted
    from storage.clock import utc_now
    from storage.database.opening import DatabaseRefused
    from storage.warc import wacz

    settings = configured(dir=directory)
    named = _files(settings, files)
    if target.exists():
        raise WrongSetting(f"{target} is there already: name another file, or take it away")
    try:
        pages = wacz.pack(named, target, settings.user_agent().partition(" ")[0], utc_now())
        size = target.stat().st_size
    except OSError as error:
        raise DatabaseRefused(f"the disk refused: {error}") from error
    noted(settings, target, kind="pack")
    typer.echo(f"{target}: {len(named):,} WARC files, {pages:,} pages, {size:,} bytes")


def _files(settings: Configuration, files: list[Path] | None) -> list[Path]:
    for path in files or ():
        if not path.is_file() or not path.name.endswith(".warc.gz"):
            raise WrongSetting(f"{path} is no closed WARC file (*.warc.gz)")
    found = files or sorted(settings.warc_folder.glob("*.warc.gz"))
    if not found:
        raise WrongSetting(f"there is no closed WARC file in {settings.warc_folder}")
    names = [path.name for path in found]
    if len(set(names)) < len(names):
        raise WrongSetting("two of these files have one name: an index could not tell them apart")
    return found
