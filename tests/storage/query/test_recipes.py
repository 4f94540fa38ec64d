"""The recipes give what their page says, on both databases; those of every earlier version still run."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from storage.query.views.operations import SCHEMA_VERSION
from tests.storage.query.recipes import PAGE, Recipe, asked, recipes, shown

TODAY = recipes(PAGE.read_text("utf-8"))
PROMISED = Path(__file__).with_name("promised")
VERSIONS = sorted(PROMISED.iterdir(), key=lambda folder: int(folder.name))
NUMBERS = re.compile(r"^## (\d+)\.", re.MULTILINE)


def test_the_page_holds_what_it_should() -> None:
    numbers = [int(number) for number in NUMBERS.findall(PAGE.read_text("utf-8"))]
    assert numbers == list(range(1, len(TODAY) + 1)), "a recipe is not read, or is out of order"
    assert len(TODAY) >= 25


@pytest.mark.parametrize("recipe", TODAY, ids=lambda one: one.title)
def test_a_recipe_gives_what_the_page_says(week_url: str, recipe: Recipe) -> None:
    columns, rows = asked(week_url, recipe.sql)
    assert rows, "a recipe that shows nothing"
    assert shown(columns, rows) == recipe.shown, "make docs"


@pytest.mark.parametrize("folder", VERSIONS, ids=lambda folder: f"version {folder.name}")
def test_what_was_promised_is_kept(week_url: str, folder: Path) -> None:
    for recipe in recipes((folder / "recipes.md").read_text("utf-8")):
        assert asked(week_url, recipe.sql)[1], recipe.title
    for view, columns in json.loads((folder / "columns.json").read_text("utf-8")).items():
        there, _ = asked(week_url, f"SELECT * FROM {view} LIMIT 1")
        assert [column for column in columns if column not in there] == [], view


def test_todays_version_is_kept_too(week_url: str) -> None:
    """A new version brings a folder with its columns and its recipes."""
    assert VERSIONS[-1].name == str(SCHEMA_VERSION)
    assert asked(week_url, "SELECT version FROM schema_version")[1] == [(SCHEMA_VERSION,)]
