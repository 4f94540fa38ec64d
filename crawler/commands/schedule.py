"""The commands ``schedule`` and ``init``: the long-running scheduler and its file."""

from __future__ import annotations

from typing import Annotated

import typer

from crawler.commands.option_types import OneOf
from crawler.commands.options import (
    Config,
    Dir,
    Format,
    configured,
    opened,
    opened_if_there,
    require_cluster,
    schedule_file,
)
from crawler.commands.output import say, write_report
from storage.clock import utc_now

HERE, PROCRASTINATE = "processes", "procrastinate"

app = typer.Typer(
    help="Crawl each source when newsarchive.toml says, until told to stop.", invoke_without_command=True
)


@app.callback(invoke_without_command=True)
def schedule(
    context: typer.Context,
    engine: Annotated[
        str,
        typer.Option(
            "--engine",
            parser=OneOf("--engine", HERE, PROCRASTINATE),
            help="processes: crawl on this machine; procrastinate: hand each slot to a worker of several.",
        ),
    ] = HERE,
    config: Config = None,
    directory: Dir = None,
) -> None:
    """Crawl each source when newsarchive.toml says, until SIGTERM; SIGHUP reads the file anew."""
    if context.invoked_subcommand is not None:
        return
    from crawler.commands.crawl import start_log
    from crawler.run.beginning import prepare_archive

    settings = configured(dir=directory, config=config)
    if engine == PROCRASTINATE:
        require_cluster(settings, "schedule --engine procrastinate")
    file = schedule_file(settings)
    from crawler.configuration.environment import require_contact

    for source in file.sources:
        require_contact(settings, source)
    start_log(settings)
    prepare_archive(settings, attended=False)
    from crawler.schedule.archive_scheduler import scheduler_of

    with opened(settings) as database:
        if engine == HERE:
            scheduler_of(settings, database).run()
            return
        from crawler.schedule.jobs import Jobs, make_tables

        make_tables(database)
        scheduler_of(settings, database, hand_over=Jobs(settings.url).hand_over).run()


@app.command()
def show(config: Config = None, directory: Dir = None, output: Format = "table") -> None:
    """The next slot of each source and mode, and what became of the last."""
    settings = configured(dir=directory, config=config)
    file = schedule_file(settings)
    from crawler.schedule.show import COLUMNS, schedule_rows
    from crawler.watch.publishers import unlisted_publishers

    with opened_if_there(settings) as engine:
        for said in unlisted_publishers(engine, file) if engine is not None else ():
            say(f"{settings.config.name}: {said}: nothing of them is read")
        write_report(output, COLUMNS, schedule_rows(file, engine, utc_now()))


def init(config: Config = None) -> None:
    """Write an annotated newsarchive.toml; what is there already is left alone."""
    from crawler.configuration.file import write_example

    path = configured(config=config).config
    write_example(path)
    typer.echo(f"wrote {path}: set the times, then start `newsarchive schedule`")
