"""``python -m crawler.quality``: score every saved page, print the table, fail below a floor."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from rich.console import Console

from crawler.quality import beside, floors, strings
from crawler.quality.corpus import Corpus, corpora, shared_pages
from crawler.quality.report import beside_table, misread, mistakes, string_table, table
from crawler.quality.score import PageScore, summary

_WIDTH = 130
"""Columns of the table where the output is no terminal: five groups and their names."""

Pages = dict[str, list[PageScore]]
Readings = Mapping[str, Sequence[strings.Reading]]


def scored(corpus: Corpus) -> Pages:
    """Group -> its pages' scores."""
    groups: Pages = {}
    for example in corpus.examples:
        groups.setdefault(example.group, []).append(example.score())
    return groups


def measured(corpus: Corpus, pages: Pages) -> floors.Measured:
    return floors.Measured(
        scores={group: summary(scores) for group, scores in pages.items()}, digest=corpus.digest
    )


def read_strings(root: Path) -> Readings:
    """Group -> its strings as they are read today; only the files that are there."""
    return {
        group: [strings.read(case) for case in strings.read_cases(path)]
        for group, path in strings.files(root).items()
    }


def measured_strings(root: Path, readings: Readings) -> Iterator[tuple[floors.Measured, Path]]:
    """Each file of strings with the file of its floors."""
    paths = strings.files(root)
    for group, found in readings.items():
        scores, digest = {group: strings.scores(found)}, strings.file_digest(paths[group])
        yield floors.Measured(scores=scores, digest=digest), root / strings.FLOORS[group]


def measured_beside(
    root: Path, found: Sequence[Corpus], pairs: Mapping[str, Sequence[beside.Pair]]
) -> Iterator[tuple[floors.Measured, Path]]:
    """The generic path beside the library, each group with the file of its floors."""
    for group, pages in pairs.items():
        scores, digest = {group: beside.summary(pages)}, beside.group_digest(found, group, root)
        yield floors.Measured(scores=scores, digest=digest), root / beside.FLOORS[group]


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 0 at or above every floor, 1 below one or with other pages."""
    options = _parser().parse_args(arguments)
    root: Path = options.root
    found = corpora(root)
    pages = [scored(corpus) for corpus in found]
    today = [measured(corpus, scores) for corpus, scores in zip(found, pages, strict=True)]
    readings, pairs = read_strings(root), beside.pairs_of(found, root)
    _show(today, {group: scores for one in pages for group, scores in one.items()}, readings)
    Console(width=None if sys.stdout.isatty() else _WIDTH, highlight=False).print(beside_table(pairs))
    if shared_pages(root) is None:
        print("the shared pages are not here: their groups are not scored")  # noqa: T201
    places = zip(today, (corpus.floors for corpus in found), strict=True)
    judge = _update if options.update or options.lower else _held
    said = [
        line
        for one, path in (
            *places,
            *measured_strings(root, readings),
            *measured_beside(root, found, pairs),
        )
        for line in judge(one, path, options)
    ]
    for problem in said:
        print(f"quality: {problem}", file=sys.stderr)  # noqa: T201
    return 1 if said else 0


def _show(today: Sequence[floors.Measured], pages: Pages, readings: Readings) -> None:
    console = Console(width=None if sys.stdout.isatty() else _WIDTH, highlight=False, soft_wrap=False)
    console.print(table({g: s for one in today for g, s in one.scores.items()}, pages))
    console.print(mistakes(pages), soft_wrap=True)
    console.print(string_table(readings))
    console.print(misread(readings), soft_wrap=True)


def _held(today: floors.Measured, path: Path, options: argparse.Namespace) -> list[str]:
    return floors.problems(today, floors.read_pinned(path))


def _update(today: floors.Measured, path: Path, options: argparse.Namespace) -> list[str]:
    """Pin today's scores; what stands in the way."""
    before = floors.read_pinned(path)
    try:
        pinned = floors.raised(today, before, lower=options.lower)
    except ValueError as error:
        return [str(error)]
    if pinned != before:
        floors.write_pinned(pinned, path)
        print(f"pinned in {path}")  # noqa: T201
    return []


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m crawler.quality", description=__doc__)
    parser.add_argument("--root", type=Path, default=Path(), help="the repository; default: here")
    parser.add_argument("--update", action="store_true", help="raise the floors and pin today's pages")
    parser.add_argument("--lower", action="store_true", help="as --update, and let floors fall too")
    return parser


if __name__ == "__main__":
    sys.exit(main())
