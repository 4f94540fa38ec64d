"""``python -m crawler.quality``: score every saved page, print the table, fail below a floor."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Console

from crawler.quality import corpus, floors, strings
from crawler.quality.report import misread, mistakes, string_table, table
from crawler.quality.score import PageScore, summary

_WIDTH = 130
"""Columns of the table where the output is no terminal: five groups and their names."""

Pages = dict[str, list[PageScore]]
Readings = Mapping[str, Sequence[strings.Reading]]


def scored(root: Path) -> Pages:
    """Group -> its pages' scores; the shared groups only where the shared pages are."""
    groups: Pages = {group: [] for group in corpus.GROUPS}
    for example in [*corpus.own_examples(root), *corpus.shared_examples(root)]:
        groups[example.group].append(example.score())
    return {group: pages for group, pages in groups.items() if pages}


def read_strings(root: Path) -> dict[str, list[strings.Reading]]:
    """Group -> its strings as they are read today; only the files that are there."""
    return {
        group: [strings.read(case) for case in strings.read_cases(path)]
        for group, path in strings.files(root).items()
    }


def measured(root: Path, pages: Pages, readings: Readings | None = None) -> floors.Measured:
    files = strings.files(root) if readings else {}
    by_kind = {group: strings.scores(found) for group, found in (readings or {}).items()}
    return floors.Measured(
        scores={group: summary(scores) for group, scores in pages.items()} | by_kind,
        own=corpus.own_digest(root),
        shared=corpus.shared_digest(root),
        own_strings=strings.file_digest(files.get(strings.OWN_GROUP)),
        shared_strings=strings.file_digest(files.get(strings.SHARED_GROUP)),
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 0 at or above every floor, 1 below one or with another corpus."""
    options = _parser().parse_args(arguments)
    root: Path = options.root
    console = Console(width=None if sys.stdout.isatty() else _WIDTH, highlight=False, soft_wrap=False)
    pages, readings = scored(root), read_strings(root)
    today = measured(root, pages, readings)
    console.print(table({group: today.scores[group] for group in pages}, pages))
    console.print(mistakes(pages), soft_wrap=True)
    console.print(string_table(readings))
    console.print(misread(readings), soft_wrap=True)
    if today.shared is None:
        console.print("the shared pages are not here: their groups are not scored")
    path = root / floors.PINNED
    if options.update or options.lower:
        return _update(today, path, lower=options.lower)
    found = floors.problems(today, floors.read_pinned(path))
    for problem in found:
        print(f"quality: {problem}", file=sys.stderr)  # noqa: T201
    return 1 if found else 0


def _update(today: floors.Measured, path: Path, *, lower: bool) -> int:
    try:
        pinned = floors.raised(today, floors.read_pinned(path), lower=lower)
    except ValueError as error:
        print(f"quality: {error}", file=sys.stderr)  # noqa: T201
        return 1
    floors.write_pinned(pinned, path)
    print(f"pinned in {path}")  # noqa: T201
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m crawler.quality", description=__doc__)
    parser.add_argument("--root", type=Path, default=Path(), help="the repository; default: here")
    parser.add_argument("--update", action="store_true", help="raise the floors and pin today's pages")
    parser.add_argument("--lower", action="store_true", help="as --update, and let floors fall too")
    return parser


if __name__ == "__main__":
    sys.exit(main())
