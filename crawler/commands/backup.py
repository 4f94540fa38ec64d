"""The commands ``backup``, ``restore`` and ``db copy``: a second copy, and the move to another database."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.commands.archive import database
from crawler.commands.options import Dir, configured, know_store, opened
from crawler.commands.output import harmless, say
from crawler.configuration.environment import WrongSetting
from crawler.configuration.exit_codes import BELOW_EXPECTATION, HEALTHY, LEASE_HELD

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from crawler.configuration.environment import Configuration
    from storage.backup.rows import Sum

Place = Annotated[Path, typer.Argument(metavar="DIR", help="The backup's folder.")]


def backup(
    place: Place,
    check: Annotated[
        bool, typer.Option("--check", help="Prove the backup that is there; make none, change nothing.")
    ] = False,
    directory: Dir = None,
) -> None:
    """Copy the archive into a folder, or renew that copy; crawls may go on meanwhile."""
    if check:
        raise typer.Exit(_checked(place))
    from storage.backup.making import make_backup

    settings = configured(dir=directory)
    with opened(settings, readonly=True) as engine, _refused(place):
        know_store(settings)
        done = make_backup(engine, settings.url, settings.dir, place, say)
    made = done.backup
    for name in made.missing:
        why = f"which {settings.warc_folder} does not have, or does not give"
        typer.echo(harmless(f"not copied: captures name {name}, {why}"))
    for said in done.problems:
        typer.echo(harmless(said))
    if made.away:
        typer.echo(f"not copied, but named in the backup: {len(made.away)} WARC files in {made.store}")
    size = sum(file.bytes for file in made.files.values())
    typer.echo(
        f"{place}: {made.rows['article']:,} articles, {made.rows['capture']:,} captures, "
        f"{len(made.files)} files of {size / 1e6:,.1f} MB; "
        f"newsarchive backup {quote(str(place))} --check proves it"
    )
    raise typer.Exit(BELOW_EXPECTATION if made.missing or done.problems else HEALTHY)


def _checked(place: Path) -> int:
    from storage.backup.checking import check_backup

    with _refused(place):
        seen = check_backup(place)
    for said in seen.found:
        typer.echo(harmless(said))
    newest = f", the newest of {seen.newest}" if seen.newest else ""
    if seen.backup.away:
        typer.echo(f"{len(seen.backup.away)} WARC files are in {seen.backup.store}: asked for by their sizes")
    typer.echo(
        f"backup of {seen.backup.archive}, made {seen.backup.made_at}: {len(seen.backup.files)} files "
        f"compared, {seen.articles:,} articles answered{newest}, {seen.captures:,} captures read back: "
        f"{len(seen.found)} found"
    )
    return BELOW_EXPECTATION if seen.found else HEALTHY


def restore(place: Place, directory: Dir = None) -> None:
    """Put a backup back, where no archive is."""
    from storage.backup.restoring import restore as put_back
    from storage.forget.returned import returned, taken_down_there
    from storage.tombstones import Tombstones

    settings = configured(dir=directory)
    with _refused(place):
        done = put_back(place, settings.dir, settings.url, say)
    made = done.backup
    with opened(settings) as engine:
        again = list(returned(engine, Tombstones(settings.dir)))
        known = {one.what for one in again}
        there = taken_down_there(engine, Path(made.archive), settings.dir)
        again += [one for one in there if one.what not in known]
    for one in again:
        typer.echo(harmless(f"{one.what}: {one.to_do}"))
    for name in made.missing:
        typer.echo(harmless(f"not in the backup: {name}"))
    for said in done.lost:
        typer.echo(harmless(said))
    but = "newsarchive verify --all says what is lost" if done.lost else "newsarchive verify proves it"
    typer.echo(f"{settings.dir}: as it was on {made.made_at}; {but}")
    raise typer.Exit(BELOW_EXPECTATION if again or made.missing or done.lost else HEALTHY)


@database.command("copy")
def db_copy(
    to: Annotated[str, typer.Option("--to", metavar="URL", help="An empty database of either kind.")],
    directory: Dir = None,
) -> None:
    """Copy the database into another, SQLite or PostgreSQL, and compare the two."""
    from storage.backup.copied import whole_or_not
    from storage.backup.rows import NotEqual

    settings = configured(dir=directory)
    if to == settings.url:
        raise WrongSetting("--to names the archive's own database")
    with opened(settings, readonly=True):
        pass  # an archive of another version is refused before anything is made
    try:
        with whole_or_not(to) as into:
            sums = _filled(settings, to, into)
    except NotEqual as error:
        say(str(error))
        raise typer.Exit(BELOW_EXPECTATION) from error
    rows = sum(one.rows for one in sums.values())
    typer.echo(
        f"{rows:,} rows of {len(sums)} tables: the same numbers and digests in both. Set "
        "NEWSARCHIVE_DATABASE_URL to the copy; captures and tombstones stay where they are"
    )


def _filled(settings: Configuration, to: str, into: Engine) -> dict[str, Sum]:
    from storage.backup.copied import one_state
    from storage.backup.rows import copy_rows
    from storage.database.tables import schema_state
    from storage.database.upgrading import upgrade

    state = schema_state(into)
    if state not in ("empty", "current"):
        raise WrongSetting("--to names a database with tables of another version or of something else")
    if state == "empty":
        upgrade(to, say)
    with _both_noted(settings, into), one_state(settings.url) as source:
        return copy_rows(source, into, say)


@contextmanager
def _both_noted(settings: Configuration, into: Engine) -> Iterator[None]:
    """Either may be the archive's from now on: a takedown there names the other."""
    from sqlalchemy import make_url

    from crawler.commands.copies import noted
    from storage.copies import DATABASE
    from storage.database.reaching import place_of

    own, other = place_of(make_url(settings.url)), place_of(into.url)
    with noted(settings, own, kind=DATABASE), noted(settings, other, kind=DATABASE):
        yield


@contextmanager
def _refused(place: Path) -> Iterator[None]:
    """What is wrong with the backup's folder, in a sentence with its name."""
    from storage.backup.manifest import AtWork, NoBackup
    from storage.backup.restoring import Damaged
    from storage.backup.rows import NotEqual
    from storage.database.opening import DatabaseRefused

    try:
        yield
    except NoBackup as error:
        raise WrongSetting(str(error)) from error
    except AtWork as error:
        say(str(error))
        raise typer.Exit(LEASE_HELD) from error
    except (Damaged, NotEqual) as error:
        say(str(error))
        raise typer.Exit(BELOW_EXPECTATION) from error
    except sqlite3.OperationalError as error:
        raise DatabaseRefused(f"{place}: {error}") from error
    except OSError as error:
        if error.errno is None:
            raise
        where = error.filename or place
        raise DatabaseRefused(f"{where}: {error.strerror}") from error
