"""The table that ``make quality`` prints."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from rich.console import Group
from rich.table import Table
from rich.text import Text

from crawler.quality.beside import Pair, summary
from crawler.quality.score import PageScore, Scores
from crawler.quality.strings import READERS, Reading


def table(scores: Mapping[str, Scores], pages: Mapping[str, Sequence[PageScore]]) -> Table:
    """A row for each measure, a column for each group."""
    shown = Table(title="Field quality on the saved pages")
    shown.add_column("measure")
    for group in scores:
        shown.add_column(group, justify="right")
    shown.add_row("pages", *(str(len(pages[group])) for group in scores), end_section=True)
    for measure in next(iter(scores.values()), {}):
        shown.add_row(measure, *(_cell(measure, scores[group][measure]) for group in scores))
    return shown


def _cell(measure: str, value: float) -> Text:
    if measure == "leaks":
        return Text(f"{value:.0f}", style="red" if value else "green")
    return Text(f"{value:.4f}", style="green" if value == 1 else "yellow")


def mistakes(pages: Mapping[str, Sequence[PageScore]]) -> Group:
    """Every page on which something is wrong, and what."""
    lines = [
        Text(f"{group} / {page.page}: {wrong}")
        for group, scored in pages.items()
        for page in scored
        for wrong in page.wrong
    ]
    return Group(*lines)


def beside_table(pairs: Mapping[str, Sequence[Pair]]) -> Table:
    """Body F1 of the generic path and of the library alone, and the page that is furthest behind it."""
    shown = Table(title="The generic path beside trafilatura alone")
    for heading in ("pages of", "pages", "ours", "trafilatura", "furthest behind"):
        shown.add_column(heading, justify="left" if heading == "pages of" else "right")
    for group, pages in pairs.items():
        scores, worst = summary(pages), min(pages, key=lambda pair: pair.ours - pair.library)
        library = scores["ours"] - scores["ahead of trafilatura"]
        behind = f"{scores['furthest behind']:.4f}" + (f" {worst.page}" if scores["furthest behind"] else "")
        shown.add_row(group, str(len(pages)), f"{scores['ours']:.4f}", f"{library:.4f}", behind)
    return shown


def string_table(readings: Mapping[str, Sequence[Reading]]) -> Table:
    """A row for each kind of string, a column for each file: how many are read exactly, of how many."""
    shown = Table(title="Strings read exactly, by kind")
    shown.add_column("kind")
    for group in readings:
        shown.add_column(group, justify="right")
    for kind in READERS:
        shown.add_row(kind, *(_share(readings[group], kind) for group in readings))
    return shown


def _share(readings: Sequence[Reading], kind: str) -> Text:
    right = [reading.right for reading in readings if reading.case.kind == kind]
    if not right:
        return Text("-")
    return Text(f"{sum(right)} of {len(right)}", style="green" if all(right) else "yellow")


def misread(readings: Mapping[str, Sequence[Reading]]) -> Group:
    """Every string that is read otherwise than it should be."""
    lines = [
        Text(f"{group} / {_said(reading)}")
        for group, found in readings.items()
        for reading in found
        if not reading.right
    ]
    return Group(*lines)


def _said(reading: Reading) -> str:
    return f"{reading.case.kind} {reading.case.raw!r}: {json.dumps(reading.found, ensure_ascii=False)}"
