"""The commands ``twin`` and ``demo``: both sites on loopback, two crawls, and a few questions in SQL."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from crawler.commands.option_types import Moment, WholeNumber
from crawler.configuration.environment import configuration


def twin(
    port: Annotated[
        int, typer.Option(parser=WholeNumber("--port", 0, 65535), help="0: any free port.")
    ] = 8765,
    scenario: Annotated[str, typer.Option(help="calm, rough, down, robots_closed, ...")] = "calm",
    pages: Annotated[Path | None, typer.Option(help="Folder of saved real pages to serve too.")] = None,
    now: Annotated[
        datetime | None,
        typer.Option(
            metavar="MOMENT", parser=Moment("--now"), help="The twin's clock, 2026-11-20T18:00+09:00."
        ),
    ] = None,
    articles: Annotated[
        int, typer.Option(parser=WholeNumber("--articles", 1, 100_000), help="How many stories it has.")
    ] = 360,
    page_kb: Annotated[
        int | None,
        typer.Option(
            parser=WholeNumber("--page-kb", 1, 10_000),
            help="About how large article pages are; real portals' have some 70. Without it: some 9.",
        ),
    ] = None,
) -> None:
    """Play both sites on loopback, for trying things out."""
    from twin.command import serve

    raise typer.Exit(
        serve(port=port, scenario=scenario, pages=pages, now=now, articles=articles, page_kb=page_kb)
    )


def demo(
    directory: Annotated[Path, typer.Option("--dir", help="Where the demo's archive goes.")] = Path(
        "demo-archive"
    ),
) -> None:
    """Both sites as a bundled twin on loopback: crawl, then a few SQL answers."""
    from crawler.commands.demonstration import run_demo

    raise typer.Exit(run_demo(directory, configuration().database_url))
