"""Nothing in the repository cites a file that is not in it."""

from __future__ import annotations

import re
import subprocess
from functools import cache
from pathlib import Path

from tests.places import ROOT

READ = (".py", ".md", ".toml", ".txt", ".cfg", ".service", ".timer", ".yml", ".yaml", ".ini", ".tsv")
NAMED = re.compile(r"(?<![\w.-])((?:[\w.-]+/)*[\w.-]+\.md)\b")
UP = re.compile(r"(?<![\w./@-])(?:\.\./)+[\w./-]+", re.ASCII)
PATH = re.compile(r"`((?:crawler|storage|twin|tests|docs|migrations|bench|deploy)/[a-z_0-9./-]+)`")
CLIMB = re.compile(r"__file__\)(?:\.resolve\(\))?\.parents\[(\d+)\]")
OUTSIDE = {("crawler/configuration/variables.py", "../shared/pages")}
"""The one way out: saved pages of others, under the setting NEWSARCHIVE_PAGES."""


@cache
def tracked() -> tuple[str, ...]:
    """Files of the repository, or of the folder where there is no git (a source archive)."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode == 0:
        return tuple(name for name in listed.stdout.splitlines() if (ROOT / name).is_file())
    return tuple(path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*") if path.is_file())


def read() -> list[str]:
    mine = Path(__file__).relative_to(ROOT).as_posix()
    return [
        name
        for name in tracked()
        if name != mine and (name.endswith(READ) or Path(name).name == "Makefile" or name.startswith(".ci/"))
    ]


def test_a_page_that_is_cited_is_there() -> None:
    absent = set()
    for name in read():
        places = (ROOT, ROOT / "docs", ROOT / "docs" / "sites", (ROOT / name).parent)
        cited = NAMED.findall((ROOT / name).read_text(encoding="utf-8"))
        absent |= {(name, page) for page in cited if not any((place / page).is_file() for place in places)}
    assert absent == set()


def test_a_path_that_the_docs_name_is_there() -> None:
    absent = {
        (name, path)
        for name in read()
        if name.endswith(".md")
        for path in PATH.findall((ROOT / name).read_text(encoding="utf-8"))
        if not (ROOT / path).exists()
    }
    assert absent == set()


ROOMS = ("newsarchive", "crawler", "storage", "twin", "migrations")
NO_ROOM = {"pages", "crawl"}
"""The saved pages; whole crawls, which are of no one room."""


def test_the_tests_mirror_the_folders() -> None:
    rooms = {*ROOMS, *(path.name for room in ROOMS for path in (ROOT / room).iterdir() if path.is_dir())}
    folders = {Path(name).parts[1] for name in tracked() if name.startswith("tests/") and name.count("/") > 1}
    assert folders - rooms == NO_ROOM


def test_a_way_up_stays_inside() -> None:
    """Not asked of tests, whose inputs try to climb out; they find files by ``tests.places`` alone."""
    outside = {
        (name, way)
        for name in read()
        if not name.startswith("tests/")
        for way in UP.findall((ROOT / name).read_text(encoding="utf-8"))
        if not _inside((ROOT / name).parent / way)
    }
    assert outside == OUTSIDE


def test_no_file_is_found_by_climbing_out() -> None:
    """``Path(__file__).parents[n]`` never leaves the repository."""
    climbed = {
        (name, int(steps))
        for name in read()
        for steps in CLIMB.findall((ROOT / name).read_text(encoding="utf-8"))
        if int(steps) > name.count("/")
    }
    assert climbed == set()


def _inside(path: Path) -> bool:
    return path.resolve().is_relative_to(ROOT) and path.exists()
