"""The command ``retention``: the bytes of old captures, by the policy of newsarchive.toml."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.commands.options import Config, Dir, configured, opened, schedule_file_if_any
from crawler.commands.output import harmless, say
from crawler.configuration.environment import WrongSetting
from crawler.configuration.exit_codes import BELOW_EXPECTATION, HEALTHY
from storage.clock import utc_now

if TYPE_CHECKING:
    from storage.forget.retention import Expired, Policy


def retention(
    apply: Annotated[bool, typer.Option("--apply", help="Remove it; without this it is only said.")] = False,
    clock_is_right: Annotated[
        bool, typer.Option("--clock-is-right", help="Remove it though nothing was captured for 35 days.")
    ] = False,
    config: Config = None,
    directory: Dir = None,
) -> None:
    """Say, or with --apply remove, the bytes of captures that are older than the policy keeps them."""
    from storage.forget.retention import expired, quiet_since, remove_expired

    settings = configured(dir=directory, config=config)
    file = schedule_file_if_any(settings)
    policy = _policy(None if file is None else file.retention)
    if policy is None:
        if apply:
            raise WrongSetting(
                f"{settings.config} sets no age under [retention]: everything is kept for ever"
            )
        typer.echo("no policy: everything is kept for ever ([retention] in newsarchive.toml sets one)")
        raise typer.Exit(HEALTHY)
    now = utc_now()
    with opened(settings) as engine:
        found = expired(engine, policy, now)
        since = None if clock_is_right else quiet_since(engine, now)
        removes = apply and since is None
        for line in _lines(found, policy, dry=not removes):
            typer.echo(line)
        going = bool(found.pages or found.lists)
        if going and since is not None:
            typer.echo(_quiet(since, now))
        if not removes:
            typer.echo(_nothing(going=going, apply=apply))
            raise typer.Exit(BELOW_EXPECTATION if going else HEALTHY)
        done = remove_expired(engine, settings.warc_folder, policy, now, _progress)
    for why in done.left:
        typer.echo(harmless(f"left: {why}"))
    typer.echo(
        f"removed: the bytes of {done.captures:,} captures; the disk has {done.freed / 1e6:,.1f} MB back"
    )
    raise typer.Exit(BELOW_EXPECTATION if done.left else HEALTHY)


def _policy(table: object) -> Policy | None:
    from crawler.configuration.file import RetentionTable
    from storage.forget.retention import Policy

    if not isinstance(table, RetentionTable) or (table.captures is None and table.lists is None):
        return None
    return Policy(captures=table.captures, lists=table.lists, even_the_only_one=table.even_the_only_one)


def _lines(found: Expired, policy: Policy, *, dry: bool) -> Iterator[str]:
    since = "" if found.oldest is None else f", the oldest of {found.oldest:%Y-%m-%d}"
    would = "would be removed" if dry else "are removed"
    yield (
        f"{found.pages:,} captured pages and {found.lists:,} lists and other files {would}: "
        f"{found.bytes / 1e6:,.1f} MB of records{since}"
    )
    if found.kept:
        yield (
            f"{found.kept:,} as old are kept: the only capture of an article's current text, or a page in "
            "quarantine (even_the_only_one)"
        )
    if found.contents:
        yield (
            f"no longer to be read again: {found.contents - found.current:,} earlier contents, "
            f"{found.current:,} current ones (their texts stay)"
        )
    if found.quarantined:
        yield f"never to be read: {found.quarantined:,} pages in quarantine"


def _quiet(since: datetime, now: datetime) -> str:
    asked = "is the clock right? Crawl first, or say --clock-is-right"
    return f"the newest capture is of {since:%Y-%m-%d}, and it is {now:%Y-%m-%d} here: {asked}"


def _nothing(*, going: bool, apply: bool) -> str:
    if not going:
        return "nothing is to be removed"
    return "nothing was removed" if apply else "nothing was changed: --apply does it"


def _progress(done: int) -> None:
    say(f"{done:,} captures")
