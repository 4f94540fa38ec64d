"""``newsarchive.toml``: when each source is crawled, who is alarmed, where the metrics go.

Read with the standard library's TOML reader and checked by pydantic. Everything that is a secret or
differs between machines (contact, database) stays in the environment: environment.py.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StrictBool,
    ValidationError,
)

from crawler.configuration.cron import Cron, joined, parse_cron
from crawler.configuration.durations import parse_duration
from crawler.configuration.named import text_of
from crawler.configuration.words import at_home, check_line, check_place, parse_host, wrong
from storage.clock import utc_now
from storage.records import SCHEDULED, RunMode
from storage.seoul import day_of

EXAMPLE = Path(__file__).with_name("newsarchive.example.toml")


DEFAULT_QUEUE = "default"
QUEUE_NAME = r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}"
"""Letters, digits, dots, dashes: commas part the queues of a worker. 63 letters as a label of DNS has."""


class WrongFile(ValueError):
    """The file cannot be used; the message is one sentence that names the key."""


def _number(value: object) -> object:
    """TOML's ``true`` is no number, though Python counts it as 1."""
    if isinstance(value, bool):
        raise ValueError("is a number")  # noqa: TRY004 pydantic's rule
    return value


def _seconds(value: object) -> object:
    """``90``, ``"90s"``, ``"50m"``, ``"2h"``, ``"1d"`` -> seconds."""
    if isinstance(value, str):
        return int(parse_duration(value).total_seconds())
    return _number(value)


def _line(value: str) -> str:
    check_line(value)
    return value


def _place(value: object) -> object:
    if not isinstance(value, str | Path):
        raise ValueError("is a path, as text")  # noqa: TRY004 pydantic's rule
    check_place(str(value))
    return at_home(str(value))


def _day(value: object) -> object:
    """A day of TOML's own, or one as text; a number would be taken for seconds since 1970."""
    if isinstance(value, str):
        value = date.fromisoformat(value) if re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", value) else None
    if not isinstance(value, date) or isinstance(value, datetime):
        raise ValueError("is a day as YYYY-MM-DD")  # noqa: TRY004 pydantic's rule
    return value


def _not_to_come(value: date) -> date:
    if value > day_of(utc_now()):
        raise ValueError(f"is {value.isoformat()}: what is not given yet permits nothing")
    return value


def _queue(value: object) -> object:
    if not isinstance(value, str) or not re.fullmatch(QUEUE_NAME, value):
        raise ValueError("is a name of letters, digits, dots and dashes, 63 at most")
    return value


def _publishers(value: object) -> object:
    if value is None or value == "all":
        return value
    if not isinstance(value, list | tuple) or not all(type(one) in (int, str) for one in value):
        raise ValueError("is 'all', or a list of numbers and names")
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


Queue = Annotated[str, BeforeValidator(_queue)]
Seconds = Annotated[int, BeforeValidator(_seconds), Field(ge=1, le=30 * 86400)]
Mode = Annotated[RunMode, AfterValidator(_scheduled)]
CronLine = Annotated[Cron, BeforeValidator(_cron), PlainSerializer(lambda cron: cron.text, return_type=str)]
Target = Annotated[str, BeforeValidator(_target)]
Place = Annotated[Path, BeforeValidator(_place)]
Line = Annotated[str, Field(min_length=1), AfterValidator(_line)]
Share = Annotated[float, BeforeValidator(_number), Field(gt=0, le=1)]
Days = Annotated[int, BeforeValidator(_number), Field(ge=1, le=3650)]
Day = Annotated[date, BeforeValidator(_day)]
Chosen = Annotated[Literal["all"] | tuple[int | Line, ...] | None, BeforeValidator(_publishers)]


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


Age = Annotated[timedelta, BeforeValidator(_age)]


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
    given_on: Annotated[Day, AfterValidator(_not_to_come)]
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
    if first["loc"][:1] == ("sources",) and first["loc"][-1] == "[key]":
        return f"{key} is no mode; there are: {', '.join(SCHEDULED)}"
    return f"{key}: {wrong(first['type'], first['msg'])}"


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
        text = text_of(path)
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
