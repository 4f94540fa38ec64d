"""The table that ``make quality`` prints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.console import Group
from rich.table import Table
from rich.text import Text

from crawler.quality.score import PageScore, Scores


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
