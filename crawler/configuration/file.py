"""``newsarchive.toml``: when each source is crawled, who is alarmed, where the metrics go.

Read with the standard library's TOML reader and checked by pydantic. Everything that is a secret or
differs between machines (contact, database) stays in the environment: environment.py.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictBool, ValidationError

from crawler.configuration.file_lines import line_of
from crawler.configuration.file_values import (
    Age,
    Chosen,
    CronLine,
    Day,
    Days,
    Line,
    Mode,
    Place,
    Queue,
    Seconds,
    Share,
    Target,
    not_to_come,
)
from crawler.configuration.named import as_text, bytes_of
from crawler.configuration.words import DEFAULT_FILE, WrongSetting, parse_host, wrong
from storage.records import SCHEDULED, RunMode

EXAMPLE = Path(__file__).with_name("newsarchive.example.toml")


DEFAULT_QUEUE = "default"


class WrongFile(WrongSetting):
    """The file cannot be used; the message is one sentence that names the key."""


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class ModeTable(_Table):
    """When one source is crawled in one mode."""

    cron: CronLine
    kill_after: Seconds = 3 * 3600
    """Seconds after which the crawl is told to end, and killed when it does not. Three hours: 10,000
    requests at one a second, more than a day of either site."""
    days: Days | None = None
    """``backfill`` only: how many past days, today not included."""
    queue: Queue = DEFAULT_QUEUE
    """Where workers of several machines find it: a region, a label. Of no account on one machine."""


class AlarmTable(_Table):
    """Who is told."""

    targets: tuple[Target, ...] = ()
    json_file: Place | None = None
    """A file to which every alarm is appended as one JSON line."""


class MetricsTable(_Table):
    """Where Prometheus' node exporter finds our numbers."""

    file: Place | None = None


class ChannelsTable(_Table):
    """Which publishers' lists of a portal are read."""

    publishers: Chosen = None
    """Numbers or names as the portal's list of publishers has them; ``all``; absent: the source's choice."""


class SchedulerTable(_Table):
    """How the scheduler itself behaves."""

    stop_after: Seconds = 60
    """Seconds that SIGTERM gives running crawls to end: a request in flight takes 30 at most."""
    politeness_share: Share = 0.5
    """A source is asked during at most this share of the time when missed articles call for more."""


class RetentionTable(_Table):
    """How long the bytes of captures are kept; what was read from them is kept for ever."""

    captures: Age | None = None
    """Of pages; unset: for ever."""
    lists: Age | None = None
    """Of lists, feeds and robots.txt; unset: as long as pages."""
    even_the_only_one: StrictBool = False
    """Also captures that are the only one of an article's current text, or of a page in quarantine."""


class PermissionTable(_Table):
    """A permission to crawl a host past its robots.txt: the one exception, stored with every run."""

    given_by: Line
    given_on: Annotated[Day, AfterValidator(not_to_come)]
    purpose: Line

    def words(self, host: str) -> str:
        return f"{host}: given by {self.given_by} on {self.given_on.isoformat()} for {self.purpose}"


class ScheduleFile(_Table):
    """The whole file."""

    sources: Mapping[str, Mapping[Mode, ModeTable]] = Field(default_factory=dict)
    alarms: AlarmTable = AlarmTable()
    metrics: MetricsTable = MetricsTable()
    daum: ChannelsTable = ChannelsTable()
    scheduler: SchedulerTable = SchedulerTable()
    retention: RetentionTable = RetentionTable()
    permissions: Mapping[Annotated[str, AfterValidator(parse_host)], PermissionTable] = Field(
        default_factory=dict
    )
    """Host -> the permission that its owner gave the operator."""

    def publishers(self, source: str) -> tuple[str, ...] | None:
        """Whose lists of a portal are read: numbers, names or ``all``; None: the source's own choice."""
        chosen = self.daum.publishers if source == "daum" else None
        if chosen is None or isinstance(chosen, str):
            return None if chosen is None else (chosen,)
        return tuple(str(one) for one in chosen)

    def planned(self) -> list[tuple[str, RunMode, ModeTable]]:
        """(source, mode, its table), in the order in which waiting ones are crawled."""
        return [
            (source, mode, tables[mode])
            for source, tables in sorted(self.sources.items())
            for mode in SCHEDULED
            if mode in tables
        ]


def parse_file(text: str, known_sources: Iterable[str], name: str = "newsarchive.toml") -> ScheduleFile:
    """Read the file's text.

    Raises:
        WrongFile: no TOML, an unknown key or source, or a value that cannot be used.
    """
    try:
        tables: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise WrongFile(f"{name} is no TOML: {error}") from error
    except RecursionError as error:
        raise WrongFile(f"{name} is no TOML of ours: brackets within brackets without end") from error
    try:
        parsed = ScheduleFile.model_validate(tables)
    except ValidationError as error:
        at, said = _fault(error)
        raise WrongFile(f"{name}: {said}{_line(text, at)}") from error
    if (wrong_part := _misplaced(parsed, sorted(known_sources))) is not None:
        at, said = wrong_part
        raise WrongFile(f"{name}: {said}{_line(text, at)}")
    return parsed


Key = Sequence[str | int]


def _line(text: str, key: Key) -> str:
    """At which line the key, or the table that should have it, stands; as the library says it of no TOML."""
    line = line_of(text, key)
    return "" if line is None else f" (at line {line})"


def _fault(error: ValidationError) -> tuple[Key, str]:
    """Which key is wrong, and what is right."""
    found = error.errors(include_input=False)
    # A key written wrong is its own error, and makes the right one missing: it is the one to name.
    first = next((one for one in found if one["type"] == "extra_forbidden"), found[0])
    at = tuple(part for part in first["loc"] if part != "[key]")
    key = ".".join(str(part) for part in at) or "the file"
    if first["type"] == "extra_forbidden":
        return at, f"{key} is no setting of it; there are: {', '.join(_settings_beside(at))}"
    if first["loc"][:1] == ("sources",) and first["loc"][-1] == "[key]":
        return at, f"{key} is no mode; there are: {', '.join(SCHEDULED)}"
    return at, f"{key}: {wrong(first['type'], first['msg'])}"


def _settings_beside(key: Key) -> Sequence[str]:
    """What may stand where the key does."""
    table: Any = ScheduleFile
    for part in key[:-1]:
        is_table = isinstance(table, type) and issubclass(table, _Table)
        table = table.model_fields[part].annotation if is_table else get_args(table)[1]
    return list(table.model_fields)


def _misplaced(parsed: ScheduleFile, known: list[str]) -> tuple[Key, str] | None:
    """A source that there is not, days where they mean nothing or lack: which key, and what is right."""
    for source, mode, table in parsed.planned():
        at = ("sources", source, mode.value)
        if source not in known:
            return at[:2], f"sources.{source}: there is no such source; there are: {', '.join(known)}"
        if mode is RunMode.BACKFILL and table.days is None:
            return at, f"sources.{source}.backfill.days is missing: how many past days to crawl"
        if mode is not RunMode.BACKFILL and table.days is not None:
            return (*at, "days"), f"sources.{source}.{mode}.days means something for backfill only"
    return None


def is_there(path: Path) -> bool:
    """Whether there is a schedule file; False where none is and nobody has named one.

    Raises:
        WrongFile: it cannot be looked for, or was named (--config, NEWSARCHIVE_CONFIG) and is not there.
    """
    try:
        found = path.exists()
    except OSError as error:
        raise _unreadable(path, error) from error
    if not found and path != Path(DEFAULT_FILE):
        raise _absent(path)
    return found


def _absent(path: Path) -> WrongFile:
    return WrongFile(f"{path} is not there: write one with `newsarchive init`")


def _unreadable(path: Path, error: OSError) -> WrongFile:
    return WrongFile(f"{path} cannot be read: {error.strerror}")


def content_of(path: Path) -> bytes:
    """What the schedule file says now.

    Raises:
        WrongFile: not there, not readable, or a pipe: the next who reads it would find it empty.
    """
    try:
        if path.is_fifo():
            raise WrongFile(f"{path} is a pipe, which says what it has once: write it into a file")
        return bytes_of(path)
    except FileNotFoundError as error:
        raise _absent(path) from error
    except OSError as error:
        raise _unreadable(path, error) from error


def read_content(content: bytes, known_sources: Iterable[str], path: Path) -> ScheduleFile:
    """Read what ``path`` said. Raises WrongFile: it cannot be used."""
    try:
        text = as_text(content)
    except UnicodeDecodeError as error:
        raise WrongFile(f"{path} is not UTF-8 text") from error
    return parse_file(text, known_sources, path.name)


def read_file(path: Path, known_sources: Iterable[str]) -> ScheduleFile:
    """Read ``path``.

    Raises:
        WrongFile: not there, not readable, or its content cannot be used.
    """
    return read_content(content_of(path), known_sources, path)


def file_since(path: Path, now: datetime) -> datetime:
    """When the schedule file became what it is."""
    return min(datetime.fromtimestamp(path.stat().st_mtime, UTC), now)


def write_example(path: Path) -> None:
    """Write the annotated example to ``path``.

    Raises:
        WrongFile: something is there already, or it cannot be written.
        OSError: the disk is full.
    """
    try:
        file = path.open("x", encoding="utf-8")
    except FileExistsError as error:
        raise WrongFile(f"{path} is there already; it is left as it is") from error
    except OSError as error:
        raise WrongFile(f"{path} cannot be written: {error.strerror}") from error
    try:
        with file:
            file.write(EXAMPLE.read_text(encoding="utf-8"))
    except OSError as error:
        path.unlink()  # half of it would be taken for the operator's own
        raise OSError(error.errno, error.strerror, str(path)) from error
