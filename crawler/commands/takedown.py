"""The command ``takedown``: what must not be kept goes, and does not come back."""

from __future__ import annotations

import getpass
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.commands.option_types import WebAddress
from crawler.commands.options import Dir, configured, opened, schedule_file_if_any
from crawler.commands.output import harmless, say
from crawler.configuration.environment import WrongSetting
from crawler.configuration.exit_codes import BELOW_EXPECTATION, HEALTHY
from crawler.counted import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Engine

    from crawler.configuration.environment import Configuration
    from storage.forget.planning import Place, Plan
    from storage.forget.takedown import Asked, Done, TakenOut

SHOWN = 20
"""Captures and lists that are named each; all are counted, and the table ``capture`` has them all."""


def takedown(
    urls: Annotated[
        list[str],
        typer.Argument(metavar="URL...", parser=WebAddress("URL"), help="The pages' addresses."),
    ],
    reason: Annotated[str, typer.Option(help="Why: kept in the log of takedowns.")],
    all_appearances: Annotated[
        bool, typer.Option("--all-appearances", help="Every page that shows the same article.")
    ] = False,
    cut_pages: Annotated[
        bool,
        typer.Option("--cut-pages", help="Captured bytes of other articles' pages that show its words, too."),
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would go; change nothing.")] = False,
    directory: Dir = None,
) -> None:
    """Forget pages: texts, captured bytes, hints; a tombstone keeps it from coming back."""
    if not reason.strip():
        raise WrongSetting("--reason is empty: say why, it is kept in the log of takedowns")
    settings = configured(dir=directory)
    with opened(settings) as engine:
        how = _How(all_appearances, cut_pages, dry_run)
        codes = _each(engine, settings, list(dict.fromkeys(urls)), reason.strip(), how)
        raise typer.Exit(max(codes))


@dataclass(frozen=True, slots=True)
class _How:
    all_appearances: bool
    cut_pages: bool
    dry: bool


def _each(
    engine: Engine, settings: Configuration, urls: Sequence[str], reason: str, how: _How
) -> Iterator[int]:
    """The exit code of each page. The database's files are written anew once, behind all of them."""
    from crawler.sources import spellings
    from storage.forget.planning import expect
    from storage.forget.takedown import Asked, purge_of, take_out

    place = _place(engine, settings)
    expect(place, [spelling for url in urls for spelling in spellings(url)])
    taken: list[TakenOut] = []
    together: list[Asked] = []
    for url in urls:
        made = _planned(place, url, how, together)
        if made is not None and not how.dry and any(one.made.touches(made) for one in together):
            taken += take_out(place, together, say)
            together.clear()
            made = _planned(place, url, how, together)
        if made is None or made.nothing:
            _nothing(place, url, made)
            yield BELOW_EXPECTATION
        elif made.found.empty and made.before and made.before.id in {one.row.id for one in taken}:
            typer.echo(harmless(f"{url} shows the same article, and is taken down with it"))
        else:
            _print(_found(made, dry=how.dry))
            together.append(Asked(made, url, reason, _who(settings)))
    if how.dry:
        yield from _said_only(place, [one.made for one in together])
        return
    if together:
        taken += take_out(place, together, say)
    if taken:
        purge_of(place, taken, say)
    for one in taken:
        _print(_became(one.done))
        _print(map(_copy, one.made.copies))
        yield BELOW_EXPECTATION if one.done.left or one.made.copies else HEALTHY


def _nothing(place: Place, url: str, made: Plan | None) -> None:
    from storage.forget.planning import without_rows

    typer.echo(harmless(f"nothing to take down: {_why_nothing(url, made)}"))
    if made is None or made.before is None:
        _print(without_rows(place))
    else:  # whoever gave it may not have seen it end
        _print([*(f"stays: {said}" for said in made.left), *map(_copy, made.copies)])


def _planned(place: Place, url: str, how: _How, together: Sequence[Asked]) -> Plan | None:
    from crawler.sources import spellings
    from storage.forget.planning import plan

    return plan(
        place,
        spellings(url),
        all_appearances=how.all_appearances,
        cut_pages=how.cut_pages,
        going=[number for one in together for number in one.made.found.articles],
    )


def _said_only(place: Place, plans: Sequence[Plan]) -> Iterator[int]:
    """The exit code of each."""
    from storage.forget.planning import count_mentions, without_rows

    for made, number in zip(plans, count_mentions(place, plans), strict=True):
        first = min(made.found.addresses.values(), default="")
        of_it = "it" if len(plans) == 1 else first
        said = counted(number, "other value")
        typer.echo(harmless(f"words of {of_it} in {said} (reasons, messages, hints of other addresses)"))
        _print([*(f"stays: {said}" for said in made.left), *map(_copy, made.copies)])
        yield BELOW_EXPECTATION if made.left or made.copies else HEALTHY
    if plans:
        _print(without_rows(place))
        typer.echo("nothing was changed: without --dry-run it would be")


def _place(engine: Engine, settings: Configuration) -> Place:
    from crawler.deduplicate.likenesses import LIKENESSES
    from crawler.deduplicate.match import decide
    from storage.forget.planning import Place

    file = schedule_file_if_any(settings)
    told = None if file is None else file.alarms.json_file
    return Place(
        engine=engine,
        folder=settings.dir,
        decide=decide,
        likenesses=LIKENESSES,
        files=() if told is None else (told,),
    )


def _who(settings: Configuration) -> str:
    """The system's user, and the operator where one is set."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError):  # a container without a name for its user
        user = f"uid {os.getuid()}"
    return f"{user} ({settings.contact})" if settings.contact else user


def _why_nothing(url: str, made: Plan | None) -> str:
    if made is None:
        return f"the archive knows no page at {url}"
    if made.before is not None:
        when, by = f"{made.before.begun_at:%Y-%m-%d}", made.before.by
        left = "" if made.left or made.copies else ", and nothing is left of it"
        return f"{url} was taken down on {when} by {by}{left}"
    return f"nothing was ever captured or said of {url}"


def _print(lines: Iterator[str] | list[str] | map[str]) -> None:
    for line in lines:
        typer.echo(harmless(line))


def _found(made: Plan, *, dry: bool) -> Iterator[str]:
    found = made.found
    yield "would take down:" if dry else "takes down:"
    yield from (f"    {url}" for url in sorted(found.addresses.values()))
    yield (
        f"    {counted(len(found.appearances), 'appearance')}, {counted(len(found.texts), 'text')}, "
        f"{counted(found.revisions, 'revision')}, {counted(found.rereadings, 're-reading')}, "
        f"{counted(found.images, 'image address')}, {counted(found.hints, 'hint')} of lists"
    )
    for what, captures in (
        ("captured answer", found.captures),
        ("list or feed that carries its lead or headline", made.lists),
        *([("page of another article that shows its words", made.pages)] if made.cut_pages else ()),
    ):
        yield f"{what}: {len(captures)}{f', the first {SHOWN}' if len(captures) > SHOWN else ''}"
        for one in captures[:SHOWN]:
            yield f"    {one.place.file}:{one.place.offset} of {one.fetched_at:%Y-%m-%d %H:%M} UTC, {one.url}"
    for path in made.asides:
        yield f"damaged bytes kept aside: {path}"


def _copy(said: str) -> str:
    return f"a copy may hold it: {said}"


def _became(done: Done) -> Iterator[str]:
    yield (
        f"taken down (tombstone {done.tombstone}): {counted(done.cut, 'captured answer')} and "
        f"{counted(done.lists, 'list')} overwritten, {counted(done.mentions, 'other value')} cleared"
        + (f", {counted(done.pages, 'capture')} of other pages overwritten" if done.pages else "")
    )
    yield from (f"stays: {said}" for said in done.left)
    yield from (f"for a while: {said}" for said in done.for_a_while)
