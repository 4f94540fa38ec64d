"""The command ``export``: articles, or the rows of a statement, to Parquet, JSON lines or CSV."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from crawler.commands.option_types import SinceMoment
from crawler.commands.options import Dir, configured, day_option, in_order, named_sources, opened
from crawler.commands.output import say
from crawler.configuration.environment import WrongSetting
from storage.clock import utc_now
from storage.utf8 import is_utf8


def export(
    place: Annotated[
        Path, typer.Argument(metavar="PATH", help="FILE.parquet, .jsonl or .csv; with --by-month a folder.")
    ],
    form: Annotated[
        str | None, typer.Option("--format", help="parquet, jsonl or csv; none: by the file's name.")
    ] = None,
    source: Annotated[str | None, typer.Option(help="Shown by this source.")] = None,
    publisher: Annotated[str | None, typer.Option(help="The publisher's name, whole.")] = None,
    since: Annotated[date | None, day_option("--since", "First day of publication.")] = None,
    until: Annotated[date | None, day_option("--until", "Last day of publication.")] = None,
    changed_since: Annotated[
        Any,
        typer.Option(
            "--changed-since",
            metavar="MOMENT|last",
            parser=SinceMoment("--changed-since"),
            help="What was stored, edited or read again since; last: since the same was exported here.",
        ),
    ] = None,
    search: Annotated[str | None, typer.Option(metavar="WORDS", help="As in newsarchive search.")] = None,
    statement: Annotated[
        str | None, typer.Option("--sql", metavar='"SELECT ..."', help="Rows of a statement of your own.")
    ] = None,
    purpose: Annotated[
        str | None,
        typer.Option("--for", metavar="share|training", help="Leave out bodies that may not be used so."),
    ] = None,
    by_month: Annotated[
        bool, typer.Option("--by-month", help="A file for each month of publication, made anew where given.")
    ] = False,
    directory: Dir = None,
) -> None:
    """Write articles to files, notice and permissions beside each text, and a manifest with digests."""
    from crawler.commands.copies import noted
    from crawler.commands.export_manifest import MANIFEST, Asked, known_files
    from crawler.commands.exporting import answer, articles, finish, months, said
    from crawler.sources import all_sources
    from storage.query.exports import Wanted, publishers_of, sources_of

    wanted = Wanted(
        source=source,
        publisher=publisher,
        since=since,
        until=until,
        purpose=_purpose(purpose),
        changed_since=None if changed_since == "last" else changed_since,
    )
    _check_place(place, by_month=by_month)
    in_order(since, until)
    form = _form(form, place, by_month=by_month)
    if by_month and changed_since is not None:
        raise WrongSetting("--changed-since gives parts of months, --by-month whole ones: give one of them")
    if wanted.changed_since is not None and wanted.changed_since > utc_now():
        raise WrongSetting(f"--changed-since {changed_since} is still to come: nothing has changed since")
    if statement is not None and (by_month or search or changed_since or wanted != Wanted()):
        raise WrongSetting("--sql says itself which rows are wanted: give it alone")
    settings = configured(dir=directory)
    with opened(settings, readonly=True) as engine:  # of another version: refused before anything is written
        if source is not None:
            named_sources([source], {*all_sources(), *sources_of(engine)})
        if publisher is not None:
            _check_publisher(publisher, publishers_of(engine))
    folder = place if by_month else place.parent
    known_files(folder / MANIFEST)  # one that is none of ours is told before anything is made
    if changed_since == "last":
        wanted = _since_last(folder / MANIFEST, wanted, search)
    began = utc_now()
    with noted(settings, place, folder / MANIFEST):
        if statement is not None:
            made = answer(settings, form, place, statement)
        elif by_month:
            made = months(settings, form, place, wanted, search)
        else:
            made = articles(settings, form, place, wanted, search)
        asked = said(wanted, search, statement)
        finish(made, folder, Asked(wanted=asked, begun_at=began, whole=changed_since in (None, "last")))


def _check_place(place: Path, *, by_month: bool) -> None:
    from crawler.commands.export_manifest import MANIFEST

    if not is_utf8(str(place)):
        raise WrongSetting("PATH is no text: its bytes are not UTF-8, so the manifest could not name it")
    if by_month and place.exists() and not place.is_dir():
        raise WrongSetting(f"{place} is a file: with --by-month name a folder")
    if not by_month and place.name == MANIFEST:
        raise WrongSetting(f"{place} would be the export's own manifest: give the file another name")


def _since_last(manifest: Path, wanted: Any, search: str | None) -> Any:
    """The wish, from the last export of the same on; whole where there was none."""
    from crawler.commands.export_manifest import last_asked
    from crawler.commands.exporting import said

    since = last_asked(manifest, said(wanted, search, None), utc_now())
    if since is None:
        say(f"{manifest} names no export of the same: everything is exported")
    return replace(wanted, changed_since=since)


def _check_publisher(name: str, known: Sequence[str]) -> None:
    """A name that the archive does not know would export nothing, and look well."""
    if name not in known:
        near = [one for one in known if name in one or one in name] or known
        shown = ", ".join(near[:20]) + (" ..." if len(near) > 20 else "")
        raise WrongSetting(f"the archive has no publisher {name!r}; it has: {shown or 'none'}")


def _purpose(said: str | None) -> Any:
    from storage.query.exports import Purpose

    if said is None:
        return None
    try:
        return Purpose(said)
    except ValueError as error:
        raise WrongSetting(f"--for is share or training; got {said!r}") from error


def _form(said: str | None, place: Path, *, by_month: bool) -> str:
    from crawler.commands.files import WRITERS, ending

    form = said or ("parquet" if by_month else ending(place))
    if form not in WRITERS:
        raise WrongSetting(
            f"--format is one of {', '.join(WRITERS)}; got {form or 'a file without an ending'!r}"
        )
    return form
