"""The recipes of a page, and what they give; ``python -m tests.storage.query.recipes`` writes the page."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from storage.database.opening import open_database
from storage.database.upgrading import upgrade
from storage.query.reader import run_select
from tests.places import ROOT

PAGE = ROOT / "docs" / "recipes.md"
_RECIPE = re.compile(
    r"^## \d+\. (?P<title>.+?)\n.*?```sql\n(?P<sql>.*?);?\n```\n\n```\n(?P<shown>.*?)```",
    re.MULTILINE | re.DOTALL,
)
SHOWN, WIDTH = 5, 60
"""Rows and letters of a value on the page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    title: str
    sql: str
    shown: str
    """What the page says that it gives."""


def recipes(page: str) -> list[Recipe]:
    return [Recipe(**found.groupdict()) for found in _RECIPE.finditer(page)]


def asked(url: str, statement: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    with run_select(url, statement) as (columns, rows):
        return columns, [tuple(row) for row in rows]


def shown(columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> str:
    """As the page shows it."""
    lines = [" | ".join(columns), *(" | ".join(map(_cell, row)) for row in rows[:SHOWN])]
    more = [f"... {len(rows)} rows"] if len(rows) > SHOWN else []
    return "\n".join([*lines, *more]) + "\n"


def _cell(value: Any) -> str:
    text = "" if value is None else str(value)
    return text if len(text) <= WIDTH else text[: WIDTH - 1] + "…"


def filled(page: str, url: str) -> str:
    """The page with today's answers."""

    def answer(found: re.Match[str]) -> str:
        start, end = found.start("shown") - found.start(), found.end("shown") - found.start()
        return found[0][:start] + shown(*asked(url, found["sql"])) + found[0][end:]

    return _RECIPE.sub(answer, page)


def main() -> None:
    from tests.storage.query.newsroom import fill

    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'week.db'}"
        upgrade(url)
        engine = open_database(url)
        fill(engine)
        engine.dispose()
        PAGE.write_text(filled(PAGE.read_text("utf-8"), url), "utf-8")


if __name__ == "__main__":
    main()
