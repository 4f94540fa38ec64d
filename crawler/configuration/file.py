"""``newsarchive.toml``: when each source is crawled, who is alarmed, where the metrics go.

Read with the standard library's TOML reader and checked by pydantic. Everything that is a secret or
differs between machines (contact, database) stays in the environment: environment.py.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    ValidationError,
)

from crawler.configuration.cron import Cron, joined, parse_cron
from crawler.configuration.durations import parse_duration
from storage.records import SCHEDULED, RunMode

EXAMPLE = Path(__file__).with_name("newsarchive.example.toml")


class WrongFile(ValueError):
    """The file cannot be used; the message is one sentence that names the key."""


def _seconds(value: object) -> object:
    """``90``, ``"90s"``, ``"50m"``, ``"2h"``, ``"1d"`` -> seconds."""
    if isinstance(value, str):
        return int(parse_duration(value).total_seconds())
    return value


def _age(value: object) -> object:
    """``730d`` -> that long, a day at least."""
    if isinstance(value, str):
        age = parse_duration(value)
        if age < timedelta(days=1):
            raise ValueError("is an age in days, for instance 730d")
        return age
    raise ValueError("is an age as text, for instance '730d'")


def _scheduled(mode: RunMode) -> RunMode:
    if mode not in SCHEDULED:
        raise ValueError("is not scheduled")
    return mode


def _cron(value: object) -> Cron:
    if isinstance(value, Cron):
        return value
    if isinstance(value, list) and value:
        return joined([_cron(one) for one in value])
    if not isinstance(value, str):
        raise ValueError("a cron line is text, for instance '*/20 * * * *', or a list of such")  # noqa: TRY004 pydantic's rule
    return parse_cron(value)


def _target(value: object) -> object:
    from apprise import Apprise  # a tenth of a second that most commands need not wait

    if not isinstance(value, str) or Apprise.instantiate(value) is None:
        # The value may hold a password: it is not repeated.
        raise ValueError("is no address that apprise knows (https://appriseit.com/services/)")
    return value


Seconds = Annotated[int, BeforeValidator(_seconds), Field(ge=1, le=30 * 86400)]
Mode = Annotated[RunMode, AfterValidator(_scheduled)]
CronLine = Annotated[Cron, BeforeValidator(_cron), PlainSerializer(lambda cron: cron.text, return_type=str)]
Target = Annotated[str, BeforeValidator(_target)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class ModeTable(_Table):
    """When one source is crawled in one mode."""

    cron: CronLine
    kill_after: Seconds = 3 * 3600
    """Seconds after which the crawl is told to end, and killed when it does not. Three hours: 10,000
    requests at one a second, more than a day of either site."""
    days: Annotated[int, Field(ge=1, le=3650)] | None = None
    """``backfill`` only: how many past days, today not included."""


class AlarmTable(_Table):
    """Who is told."""

    targets: tuple[Target, ...] = ()
    json_file: Path | None = None
    """A file to which every alarm is appended as one JSON line."""


class MetricsTable(_Table):
    """Where Prometheus' node exporter finds our numbers."""

    file: Path | None = None


class ChannelsTable(_Table):
    """Which publishers' lists of a portal are read."""

    publishers: Literal["all"] | tuple[int | Annotated[str, Field(min_length=1)], ...] | None = None
    """Numbers or names as the portal's list of publishers has them; ``all``; absent: the source's choice."""


class SchedulerTable(_Table):
    """How the scheduler itself behaves."""

    stop_after: Seconds = 60
    """Seconds that SIGTERM gives running crawls to end: a request in flight takes 30 at most."""
    politeness_share: Annotated[float, Field(gt=0, le=1)] = 0.5
    """A source is asked during at most this share of the time when missed articles call for more."""


Age = Annotated[timedelta, BeforeValidator(_age)]


class RetentionTable(_Table):
    """How long the bytes of captures are kept; what was read from them is kept for ever."""

    captures: Age | None = None
    """Of pages; unset: for ever."""
    lists: Age | None = None
    """Of lists, feeds and robots.txt; unset: as long as pages."""
    even_the_only_one: bool = False
    """Also captures that are the only one of an article's current text, or of a page in quarantine."""


class PermissionTable(_Table):
    """A permission to crawl a host past its robots.txt: the one exception, stored with every run."""

    given_by: Annotated[str, Field(min_length=1)]
    given_on: date
    purpose: Annotated[str, Field(min_length=1)]

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
    permissions: Mapping[str, PermissionTable] = Field(default_factory=dict)
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
        raise WrongFile(f"{name}: {_sentence(error)}") from error
    _check(parsed, sorted(known_sources), name)
    return parsed


def _sentence(error: ValidationError) -> str:
    found = error.errors(include_input=False)
    # A key written wrong is its own error, and makes the right one missing: it is the one to name.
    first = next((one for one in found if one["type"] == "extra_forbidden"), found[0])
    key = ".".join(str(part) for part in first["loc"] if part != "[key]") or "the file"
    if first["type"] == "extra_forbidden":
        return f"{key} is no setting of it"
    if first["loc"] and first["loc"][-1] == "[key]":
        return f"{key} is no mode; there are: {', '.join(SCHEDULED)}"
    return f"{key}: {first['msg'].removeprefix('Value error, ')}"


def _check(parsed: ScheduleFile, known: list[str], name: str) -> None:
    for source, mode, table in parsed.planned():
        if source not in known:
            raise WrongFile(
                f"{name}: sources.{source}: there is no such source; there are: {', '.join(known)}"
            )
        if mode is RunMode.BACKFILL and table.days is None:
            raise WrongFile(f"{name}: sources.{source}.backfill.days is missing: how many past days to crawl")
        if mode is not RunMode.BACKFILL and table.days is not None:
            raise WrongFile(f"{name}: sources.{source}.{mode}.days means something for backfill only")


def read_file(path: Path, known_sources: Iterable[str]) -> ScheduleFile:
    """Read ``path``.

    Raises:
        WrongFile: not there, not readable, or its content cannot be used.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise WrongFile(f"{path} is not there: write one with `newsarchive init`") from error
    except UnicodeDecodeError as error:
        raise WrongFile(f"{path} is not UTF-8 text") from error
    except OSError as error:
        raise WrongFile(f"{path} cannot be read: {error.strerror}") from error
    return parse_file(text, known_sources, path.name)


def write_example(path: Path) -> None:
    """Write the annotated example to ``path``.

    Raises:
        WrongFile: something is there already, or it cannot be written.
    """
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(EXAMPLE.read_text(encoding="utf-8"))
    except FileExistsError as error:
        raise WrongFile(f"{path} is there already; it is left as it is") from error
    except OSError as error:
        raise WrongFile(f"{path} cannot be written: {error.strerror}") from error
