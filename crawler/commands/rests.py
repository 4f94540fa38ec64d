"""The command ``rests``: which hosts are left alone, until when and why; to end one rest before its time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crawler.commands.options import Dir, Format, answered, configured, opened
from crawler.commands.output import harmless, write_report
from crawler.configuration.environment import WrongSetting
from crawler.counted import counted
from storage.clock import utc_now

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from crawler.configuration.environment import Configuration

COLUMNS = ("host", "rests_until", "refusals_in_a_row", "reason")


def rests(
    lift: Annotated[
        str | None, typer.Option("--lift", metavar="HOST", help="End this host's rest before its time.")
    ] = None,
    reason: Annotated[
        str | None, typer.Option(help="Why it is lifted: kept with the host, as what it asked for is.")
    ] = None,
    output: Format = "table",
    directory: Dir = None,
) -> None:
    """Which hosts are left alone, until when and why (they refused, or asked for it)."""
    settings = configured(dir=directory)
    if lift is None and reason is None:
        write_report(output, COLUMNS, answered(settings, _rows))
    elif lift is None or not (reason or "").strip():
        raise WrongSetting("--lift HOST and --reason WHY go together: the site asked for that rest")
    else:
        _lift(settings, lift.strip().lower(), " ".join((reason or "").split()))


def _rows(engine: Engine) -> list[Sequence[Any]]:
    from storage.ledger.unread import resting_hosts

    return [(one.host, one.until, one.refusals, one.reason) for one in resting_hosts(engine, utc_now())]


def _lift(settings: Configuration, host: str, why: str) -> None:
    from storage.frontier.lifting import ShortRestError, lift
    from storage.seoul import shown

    with opened(settings) as engine:
        try:
            lifted = lift(engine, host, why)
        except ShortRestError as kept:
            raise WrongSetting(str(kept)) from kept
    if lifted is None:
        raise WrongSetting(f"{host} does not rest; newsarchive rests names the hosts that do")
    was = f"it was to rest until {shown(lifted.rest.until)} ({lifted.rest.reason})"
    due = f"{counted(lifted.addresses, 'page')} that waited for it due now"
    typer.echo(harmless(f"{host} may be asked again: {was}; {due}"))
