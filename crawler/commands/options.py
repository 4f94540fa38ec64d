"""What the commands share: options, and their words turned into settings, days and open archives."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from crawler.commands.option_types import Day, OneOf, Origin, Place, Seconds, WholeNumber
from crawler.commands.output import say
from crawler.configuration.environment import WrongSetting, configuration, read_configuration
from crawler.configuration.named import bytes_of
from storage.named_faults import UNREADABLE, raise_the_disks
from storage.seoul import SEOUL

T = TypeVar("T")

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from crawler.configuration.environment import Configuration
    from crawler.configuration.file import ScheduleFile
    from storage.records import RunMode


def day_option(name: str, help_: str) -> Any:
    return typer.Option(name, metavar="YYYY-MM-DD", parser=Day(name), help=help_)


Origins = Annotated[
    list[str] | None,
    typer.Option(
        "--origin",
        metavar="SOURCE=URL",
        parser=Origin("--origin"),
        help="Send a source's requests to another server.",
    ),
]
Limit = Annotated[
    int | None,
    typer.Option(parser=WholeNumber("--limit"), help="Fetch at most so many addresses of each source."),
]
Delay = Annotated[
    float | None,
    typer.Option(
        parser=Seconds("--delay"), help="Seconds between two requests to a host (below 1: own twin only)."
    ),
]
Dir = Annotated[
    Path | None,
    typer.Option(
        "--dir", metavar="PATH", parser=Place("--dir"), help="The archive's folder. [NEWSARCHIVE_DIR]"
    ),
]


def configured(**options: Any) -> Configuration:
    """The environment's settings with the options that were given laid over them."""
    given = {name: value for name, value in options.items() if value is not None}
    if origins := given.pop("origins", None):
        given["origin"] = ",".join(origins)
    if "dir" in given and "database_url" not in given:
        given["database_url"] = configuration().database_url
    settings = read_configuration(configuration().model_dump() | given, options=frozenset(given))
    if settings.warc is not None:
        _point(settings, make=False)
    return settings


def know_store(settings: Configuration) -> None:
    """Of an archive that is there, know its object store also on a machine that has captured nothing yet."""
    if settings.warc is not None and not settings.warc_folder.is_dir():
        _point(settings, make=True)


def _point(settings: Configuration, *, make: bool) -> None:
    """Write down in the WARC folder, where there is one, which object store has the rest of it."""
    from storage.warc.objects import NoDriver, need_driver
    from storage.warc.sent import point

    assert settings.warc is not None
    try:
        need_driver(settings.warc)
    except NoDriver as error:
        raise WrongSetting(f"NEWSARCHIVE_WARC: {error}") from error
    if not make and not settings.warc_folder.is_dir():
        return
    try:
        before = point(settings.warc_folder, settings.warc)
    except OSError as error:
        say(f"{settings.warc_folder} cannot say that captures lie in {settings.warc}: {error.strerror}")
        return
    if before not in (None, settings.warc):
        say(f"captures that are not here are looked for in {settings.warc}, no longer in {before}")


def named_sources(names: list[str] | None, known: Iterable[str]) -> list[str]:
    """The sources asked for, all when none is named; an unknown one ends the command."""
    for name in names or ():
        if name not in known:
            raise WrongSetting(f"there is no source {name!r}; there are: {', '.join(sorted(known))}")
    return list(dict.fromkeys(names or sorted(known)))


def check_origins(settings: Configuration, known: Iterable[str]) -> None:
    for name in settings.origins:
        if name not in known:
            raise WrongSetting(f"--origin names no source: {name!r}; there are: {', '.join(sorted(known))}")


def crawl_mode(mode: str | None, days: Any) -> RunMode:
    """The mode asked for, or the one that the days imply."""
    from storage.records import SCHEDULED, RunMode

    implied = RunMode.LATEST if days is None else RunMode.BACKFILL
    if mode is None:
        return implied
    if mode not in SCHEDULED:
        raise WrongSetting(f"--mode is latest, recheck or backfill; got {mode!r}")
    if (mode == RunMode.BACKFILL) != (days is not None):
        raise WrongSetting("--mode backfill goes with --since and --until, and the other modes without")
    return RunMode(mode)


def window(since: date | None, until: date | None) -> Any:
    """The backfill's days, None without --since and --until."""
    from crawler.sources.base import Window

    if since is None and until is None:
        return None
    if since is None:
        raise WrongSetting("--until needs --since: the first day of the backfill")
    last = until or seoul_today()
    in_order(since, last)
    return Window(since=since, until=last)


def in_order(since: date | None, until: date | None) -> None:
    """Two days that were asked for; a first one behind the last ends the command."""
    if since and until and since > until:
        raise WrongSetting(f"--since {since} lies after --until {until}")


def read_page(file: Path) -> bytes:
    if str(file) == "-":
        return sys.stdin.buffer.read()
    try:
        return bytes_of(file)
    except OSError as error:
        raise_the_disks(error, file, UNREADABLE)
        raise WrongSetting(f"{file} cannot be read: {error.strerror}") from error


Config = Annotated[
    Path | None,
    typer.Option(
        "--config",
        metavar="PATH",
        parser=Place("--config"),
        help="The schedule file. [NEWSARCHIVE_CONFIG, ./newsarchive.toml]",
    ),
]
Format = Annotated[
    str,
    typer.Option(
        "--format",
        parser=OneOf("--format", "table", "csv", "tsv", "json", "jsonl"),
        help="table, csv, tsv, json or jsonl",
    ),
]


def seoul_today() -> date:
    return datetime.now(SEOUL).date()


def schedule_file(settings: Configuration) -> ScheduleFile:
    """The schedule file; one sentence and exit code 2 when it cannot be used."""
    from crawler.configuration.file import read_file
    from crawler.sources import all_sources

    return read_file(settings.config, sorted(all_sources()))


def schedule_file_if_any(settings: Configuration) -> ScheduleFile | None:
    """The schedule file; None where none is and none was named; else as :func:`schedule_file`."""
    from crawler.configuration.file import is_there

    return schedule_file(settings) if is_there(settings.config) else None


def require_cluster(settings: Configuration, what: str) -> None:
    """What runs crawls on several machines needs PostgreSQL and the extra; one sentence and exit code 2."""
    from importlib.util import find_spec

    if settings.url.startswith("sqlite"):
        raise WrongSetting(
            f"{what} needs PostgreSQL: an SQLite file lies on one machine (set NEWSARCHIVE_DATABASE_URL)"
        )
    if find_spec("procrastinate") is None:
        raise WrongSetting(f"{what} needs Procrastinate: pip install 'newsarchive[cluster]'")


@contextmanager
def opened(settings: Configuration, *, readonly: bool = False) -> Iterator[Engine]:
    """The archive's database, its tables up to date; what it refuses is DatabaseRefused."""
    from storage.database.opening import open_database, open_readonly, refusals
    from storage.database.tables import require_current
    from storage.database.unwritable import refuse_moved

    engine = open_readonly(settings.url) if readonly else open_database(settings.url, make=False)
    try:
        with refusals(engine.url):
            require_current(engine)
            if not readonly:
                know_store(settings)
            yield engine
            refuse_moved(engine)
    finally:
        engine.dispose()


def answered(settings: Configuration, work: Callable[[Engine], T]) -> T:
    """What ``work`` reads of the archive; it is asked again where the file moved under a lockless reader."""
    from storage.database.opening import open_readonly, refusals
    from storage.database.tables import require_current
    from storage.database.unwritable import asked

    def current(engine: Engine) -> T:
        require_current(engine)
        return work(engine)

    with refusals():
        return asked(partial(open_readonly, settings.url), current)


@contextmanager
def opened_if_there(settings: Configuration) -> Iterator[Engine | None]:
    """The archive for reading; None, and the reason on stderr, where there is none to read."""
    from storage.database.opening import DatabaseRefused

    with ExitStack() as stack:
        engine = None
        try:
            engine = stack.enter_context(opened(settings, readonly=True))
        except DatabaseRefused as error:
            say(f"{error}; the coming slots alone are shown")
        yield engine
