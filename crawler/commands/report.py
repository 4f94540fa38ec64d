"""The command ``report``: a week of the archive, and what each host was asked."""

from __future__ import annotations

import json
import sys
from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand

from crawler.commands.option_types import IsoWeek, OneOf
from crawler.commands.options import (
    Config,
    Dir,
    answered,
    configured,
    day_option,
    in_order,
    opened,
    schedule_file,
    seoul_today,
)
from crawler.commands.output import WRITERS, harmless, read_enough, say, write_report
from crawler.configuration.environment import WrongSetting
from crawler.configuration.exit_codes import BELOW_EXPECTATION, HEALTHY
from storage.clock import utc_now

if TYPE_CHECKING:
    from crawler.configuration.environment import Configuration
    from crawler.watch.week_report import WeeklyReport
    from crawler.watch.weeks import Week

LAST = "last"
POLITENESS_FORMS = (*WRITERS, "markdown")
WEEK_FORMS = ("text", "json")


class ReportCommand(TyperCommand):
    """``--week`` alone is the last full week: typer knows no option whose value may be left out."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        given = [*args, "-"]
        filled = [
            f"--week={LAST}" if word == "--week" and given[place + 1].startswith("-") else word
            for place, word in enumerate(args)
        ]
        return super().parse_args(ctx, filled)


def report(
    week: Annotated[
        str | None,
        typer.Option(
            "--week",
            metavar="[WEEK]",
            parser=IsoWeek("--week"),
            help="What came, what is missing, what drifts, who refused, disk left: in 2026-W47, or in the "
            "week of a day; without WEEK in the last full one.",
        ),
    ] = None,
    send: Annotated[
        bool, typer.Option("--send", help="Send the week to the alarm targets of the schedule file.")
    ] = False,
    politeness: Annotated[
        bool, typer.Option("--politeness", help="What each host was asked, by hour.")
    ] = False,
    since: Annotated[date | None, day_option("--since", "Politeness: first day; yesterday.")] = None,
    until: Annotated[date | None, day_option("--until", "Politeness: last day; today.")] = None,
    host: Annotated[str | None, typer.Option(help="Politeness: one host only.")] = None,
    output: Annotated[
        str | None,
        typer.Option(
            "--format",
            parser=OneOf("--format", "text", *POLITENESS_FORMS),
            help="Week: text (none given) or json. Politeness: table (none given), csv, tsv, json, jsonl or "
            "markdown.",
        ),
    ] = None,
    config: Config = None,
    directory: Dir = None,
) -> None:
    """Reports that can be sent on: a week of the archive, or how politely each host was asked."""
    if (week is None) == (not politeness):
        raise WrongSetting("say which report: --week or --politeness")
    settings = configured(dir=directory, config=config)
    if week is not None:
        if since or until or host:
            raise WrongSetting(
                "--since, --until and --host go with --politeness; --week names its days itself"
            )
        _check_form(output, WEEK_FORMS, "--week")
        raise typer.Exit(_week(settings, week, output or "text", send=send))
    if send:
        raise WrongSetting("--send goes with --week")
    _check_form(output, POLITENESS_FORMS, "--politeness")
    _politeness(settings, since, until, host, output or "table")


def _check_form(form: str | None, forms: tuple[str, ...], report: str) -> None:
    if form is not None and form not in forms:
        raise WrongSetting(f"--format of {report} is one of {', '.join(forms)}; got '{form}'")


# --- a week ---------------------------------------------------------------------------------------


def _week(settings: Configuration, asked: date | str, form: str, *, send: bool) -> int:
    """The week on standard output, or to every target; the exit code."""
    from crawler.watch.week_json import as_json
    from crawler.watch.week_report import weekly_report
    from crawler.watch.week_text import as_text

    targets = _targets(settings) if send else ()
    now = utc_now()
    week = _named_week(asked)
    made = answered(
        settings,
        lambda db: weekly_report(db, week, now, warc_folder=settings.warc_folder, database_url=settings.url),
    )
    if form == "text":
        said = harmless(as_text(made))
    else:
        said = json.dumps(as_json(made), ensure_ascii=False, indent=2)
    if not send:
        with read_enough():
            typer.echo(said)
        return HEALTHY
    return _sent(made, said, targets)


def _named_week(asked: date | str) -> Week:
    """
    Raises:
        WrongSetting: the week has not begun.
    """
    from crawler.watch.weeks import WEEK, Week

    today = seoul_today()
    if isinstance(asked, str):
        return Week.of(today - WEEK)
    week = Week.of(asked)
    if week.monday > today:
        raise WrongSetting(f"--week {week} begins on {week.monday}: nothing of it has happened yet")
    return week


def _targets(settings: Configuration) -> tuple[str, ...]:
    targets = schedule_file(settings).alarms.targets
    if not targets:
        raise WrongSetting(f"{settings.config} names no alarms.targets to send the report to")
    return targets


def _sent(made: WeeklyReport, said: str, targets: tuple[str, ...]) -> int:
    """Tell every target; quiet where all were told and nobody looks on, as a line of cron should be."""
    from crawler.watch.targets import notify, target_name

    failed = 0
    for target in targets:
        why = notify(target, f"newsarchive: week {made.week}", said)
        if why is not None:
            failed += 1
            say(f"{target_name(target)} could not be told: {why}")
        elif sys.stdout.isatty():
            typer.echo(f"sent to {target_name(target)}")
    return BELOW_EXPECTATION if failed else HEALTHY


# --- politeness -----------------------------------------------------------------------------------


def _politeness(
    settings: Configuration, since: date | None, until: date | None, host: str | None, form: str
) -> None:
    from crawler.watch.politeness import (
        COLUMNS,
        as_markdown,
        notes_of,
        politeness_report,
        rows_of,
        shown_rows,
    )
    from storage.seoul import day_start

    last = until or seoul_today()
    first = since or last - timedelta(days=1)
    in_order(first, last)
    with opened(settings, readonly=True) as engine:
        made = politeness_report(engine, day_start(first), day_start(last + timedelta(days=1)), host)
    if form == "markdown":
        with read_enough():
            typer.echo(as_markdown(made))
        return
    write_report(form, COLUMNS, shown_rows(made) if form == "table" else rows_of(made))
    if form == "table":
        for note in notes_of(made):
            typer.echo(note)
