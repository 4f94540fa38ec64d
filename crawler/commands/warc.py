"""The commands ``warc index``, ``pack``, ``upload``: the archive's WARC files for other tools and places."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.commands.options import Dir, configured, day_option, in_order, named_sources
from crawler.commands.output import read_enough, say
from crawler.configuration.environment import WrongSetting
from crawler.configuration.exit_codes import BELOW_EXPECTATION, HEALTHY
from storage.seoul import day_start

if TYPE_CHECKING:
    from crawler.configuration.environment import Configuration
    from storage.warc.at_hand import WarcFile
    from storage.warc.choosing import Wanted

app = typer.Typer(help="The archive's WARC files, for other tools and places.", no_args_is_help=True)

Files = Annotated[
    list[Path] | None, typer.Argument(metavar="[FILE...]", help="These files; else all of the archive.")
]
Revisits = Annotated[
    bool,
    typer.Option("--no-revisits", help="No line for a 304: pywb shows an empty answer for one."),
]


@app.command("index")
def index(files: Files = None, no_revisits: Revisits = False, directory: Dir = None) -> None:
    """Print a CDXJ index of closed WARC files, sorted, as pywb and others read it.

    Ends with 1 where bytes of them are no whole record, or a record has no line: each is named.
    """
    from storage.warc.at_hand import NotThere
    from storage.warc.cdxj import sorted_lines

    settings, left_out = configured(dir=directory), _LeftOut()
    named = _files(settings, files)
    try:
        with read_enough():
            for line in sorted_lines(named, revisits=not no_revisits, tell=left_out):
                typer.echo(str(line))
    except (OSError, NotThere) as error:
        raise _refused(error, settings.warc_folder) from error
    raise typer.Exit(left_out.code)


@app.command("pack")
def pack(
    target: Annotated[Path, typer.Argument(metavar="OUT.wacz", help="The file to be made.")],
    files: Files = None,
    since: Annotated[date | None, day_option("--since", "First day of the fetch.")] = None,
    until: Annotated[date | None, day_option("--until", "Last day of the fetch.")] = None,
    source: Annotated[list[str] | None, typer.Option(help="Answers of this source; may be repeated.")] = None,
    directory: Dir = None,
) -> None:
    """Pack closed WARC files, their index and the list of their pages into one WACZ.

    Ends with 1 where its index leaves something out, as that of `warc index`.
    """
    from crawler.commands.copies import noted
    from storage.clock import utc_now
    from storage.warc import choosing, wacz
    from storage.warc.at_hand import NotThere

    settings, wanted, left_out = configured(dir=directory), _wanted(since, until, source), _LeftOut()
    named = _files(settings, files)
    try:
        if target.exists() and not _may_be_packed_already(target, named):
            raise _there_already(target)
        with ExitStack() as stack:
            if wanted:
                # Beside the target: /tmp may be small, and the parts are as large as what is packed.
                scratch = stack.enter_context(TemporaryDirectory(dir=target.parent, prefix=".parts-"))
                named = choosing.choose(named, Path(scratch), wanted, left_out)
            if not named:
                typer.echo("nothing was packed: no answer in these files is of these days and sources")
                raise typer.Exit(BELOW_EXPECTATION)
            stack.enter_context(noted(settings, target, kind="pack"))
            pages = wacz.pack(named, target, settings.user_agent().partition(" ")[0], utc_now(), left_out)
        size = target.stat().st_size
    except FileExistsError as error:
        raise _there_already(target) from error
    except (OSError, NotThere) as error:
        raise _refused(error, target) from error
    typer.echo(f"{target}: {len(named):,} WARC files, {pages:,} pages, {size:,} bytes")
    raise typer.Exit(left_out.code)


def _may_be_packed_already(target: Path, named: list[WarcFile]) -> bool:
    """Whether what is there holds WARC files of these names, or parts of them: all is read to be sure."""
    from storage.warc.choosing import name_of_whole
    from storage.warc.wacz import packed_files

    packed = {name_of_whole(name) for name in packed_files(target)} if target.is_file() else set()
    return bool(packed) and packed <= {one.name for one in named}


def _there_already(target: Path) -> WrongSetting:
    return WrongSetting(f"{target} is there already: name another file, or take it away")


class _LeftOut:
    """What an index has no line for, said as it is found."""

    code = HEALTHY

    def __call__(self, sentence: str) -> None:
        say(sentence)
        self.code = BELOW_EXPECTATION


def _refused(error: Exception, place: Path) -> Exception:
    """A refusal of the disk, or a file that is nowhere, in a sentence of its own."""
    from storage.database.refusal import DatabaseRefused, system_sentence

    return DatabaseRefused(system_sentence(error, place) if isinstance(error, OSError) else str(error))


def _wanted(since: date | None, until: date | None, sources: list[str] | None) -> Wanted:
    from crawler.sources import all_sources
    from crawler.sources.generic import GENERIC
    from storage.warc.choosing import Wanted

    in_order(since, until)
    named = named_sources(sources, {*all_sources(), GENERIC}) if sources else ()
    return Wanted(
        since=None if since is None else day_start(since),
        before=None if until is None else day_start(until + timedelta(days=1)),
        sources=named,
    )


@app.command("upload")
def upload(directory: Dir = None) -> None:
    """Send closed WARC files to the object store (NEWSARCHIVE_WARC), prove them there, remove them here."""
    from storage.warc.sending import send_closed

    settings = configured(dir=directory)
    if settings.warc is None:
        raise WrongSetting("NEWSARCHIVE_WARC names no object store: closed files stay where they are")
    try:
        done = send_closed(settings.warc_folder, settings.warc, say)
    except OSError as error:
        raise _refused(error, settings.warc_folder) from error
    typer.echo(str(done))
    raise typer.Exit(BELOW_EXPECTATION if done.waiting or done.busy else HEALTHY)


def _files(settings: Configuration, files: list[Path] | None) -> list[WarcFile]:
    from storage.database.opening import DatabaseRefused
    from storage.warc.at_hand import WarcFile, all_files
    from storage.warc.objects import StoreRefused

    for path in files or ():
        if not path.is_file() or not path.name.endswith(".warc.gz"):
            raise WrongSetting(f"{path} is no closed WARC file (*.warc.gz)")
    named = [WarcFile(path.parent, path.name) for path in files or ()]
    try:
        found = named or all_files(settings.warc_folder)
    except StoreRefused as error:
        raise DatabaseRefused(str(error)) from error
    if not found:
        raise WrongSetting(f"there is no closed WARC file in {settings.warc_folder}")
    names = [one.name for one in found]
    if len(set(names)) < len(names):
        raise WrongSetting("two of these files have one name: an index could not tell them apart")
    return found
