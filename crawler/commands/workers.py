"""The commands ``worker`` and ``workers``: a machine of several, and what each of them does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from crawler.commands.option_types import WholeNumber
from crawler.commands.options import (
    Config,
    Dir,
    Format,
    answered,
    configured,
    opened,
    require_cluster,
    schedule_file_if_any,
)
from crawler.commands.output import write_report
from crawler.configuration.environment import WrongSetting

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Engine

    from crawler.configuration.environment import Configuration
    from crawler.configuration.file import ScheduleFile

COLUMNS = ("machine", "state", "queues", "crawling", "since", "last_heard", "clock_ahead_s", "process")


def worker(
    queue: Annotated[
        list[str] | None,
        typer.Option("--queue", help="Take slots of this queue alone; may be given again."),
    ] = None,
    concurrency: Annotated[
        int, typer.Option(parser=WholeNumber("--concurrency"), help="Sources that are crawled at a time.")
    ] = 1,
    config: Config = None,
    directory: Dir = None,
) -> None:
    """Crawl the slots that `schedule --engine procrastinate` hands over, until SIGTERM or SIGHUP."""
    settings = configured(dir=directory, config=config)
    require_cluster(settings, "worker")
    file = _file(settings)
    from crawler.commands.crawl import start_log
    from crawler.orders.told_to_stop import hung_up_as_told
    from crawler.schedule.archive_scheduler import work_here
    from crawler.schedule.worker import queues_of

    try:
        queues = queues_of(queue, file)
    except ValueError as error:
        raise WrongSetting(f"--queue: {error}") from error
    start_log(settings)
    with opened(settings) as engine, hung_up_as_told():
        work_here(settings, engine, file, queues, concurrency)


def _file(settings: Configuration) -> ScheduleFile:
    """The schedule file of this machine, whose sources it may all be asked to crawl; it may have none."""
    from crawler.configuration.environment import require_contact
    from crawler.configuration.file import ScheduleFile
    from crawler.sources import all_sources

    file = schedule_file_if_any(settings) or ScheduleFile()
    for source in file.sources or all_sources():
        require_contact(settings, source)
    return file


def workers(output: Format = "table", directory: Dir = None) -> None:
    """Which workers live, what each crawls, since when, and how its machine's clock differs."""
    settings = configured(dir=directory)
    write_report(output, COLUMNS, answered(settings, _rows))


def _rows(engine: Engine) -> list[Sequence[Any]]:
    from storage.operations.workers import worker_lives

    return [
        (
            life.worker.machine,
            life.state,
            ", ".join(life.worker.queues) or "every one",
            ", ".join(life.crawling) or None,
            life.started_at,
            life.beat_at,
            round(life.clock_ahead_s, 1),
            life.worker.owner,
        )
        for life in worker_lives(engine)
    ]
