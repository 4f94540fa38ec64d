"""``python -m tests.quality.pairs``: precision and recall on the labelled pairs, class by class."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from tests.quality.pairs.labelled import pairs
from tests.quality.pairs.score import score, summary


def main() -> None:
    labelled = list(pairs())
    scores = score(labelled)
    table = Table(
        "class", "pairs", "taken for one", "linked", "as labelled", title=f"{len(labelled)} labelled pairs"
    )
    for label, row in scores.items():
        table.add_row(
            label, str(row.pairs), str(row.joined), str(row.linked), f"{1 - len(row.wrong) / row.pairs:.1%}"
        )
    console = Console(width=100)
    console.print(table)
    for name, value in summary(scores).items():
        console.print(f"{name} {value:.4f}")


if __name__ == "__main__":
    main()
