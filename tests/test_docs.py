"""The docs are held against the program: commands, settings, exit codes, links, both READMEs alike."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer.main

from crawler.commands.program import make_program
from crawler.configuration.environment import Configuration
from crawler.reference import reference
from storage.records import Outcome, Verdict

ROOT = Path(__file__).parents[1]
PAGES = sorted([ROOT / "README.md", ROOT / "README.ko.md", *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\]\(([^)#]+)(?:#[^)]*)?\)")
BLOCK = re.compile(r"<!-- demo -->\n(.*?)<!-- /demo -->", re.DOTALL)


def text_of(*names: str) -> str:
    return "\n".join((ROOT / name).read_text(encoding="utf-8") for name in names)


def commands() -> list[str]:
    return sorted(typer.main.get_command(make_program()).commands)  # type: ignore[attr-defined]


@pytest.mark.parametrize("command", commands())
def test_every_command_is_documented(command: str) -> None:
    documented = text_of("README.md", *(str(page.relative_to(ROOT)) for page in PAGES))
    assert f"newsarchive {command}" in documented


def test_the_commands_page_is_what_the_program_says() -> None:
    assert text_of("docs/commands.md") == reference(), "make docs"


@pytest.mark.parametrize("setting", sorted(Configuration.model_fields))
def test_every_setting_is_documented(setting: str) -> None:
    assert f"`NEWSARCHIVE_{setting.upper()}`" in text_of("docs/operating.md")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    targets = [target for target in LINK.findall(page.read_text(encoding="utf-8")) if "://" not in target]
    assert [target for target in targets if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("word", [*Outcome, *Verdict])
def test_every_outcome_and_verdict_is_explained(word: str) -> None:
    assert word in text_of("docs/glossary.md")


def test_both_readmes_show_the_same_output_and_commands() -> None:
    english, korean = text_of("README.md"), text_of("README.ko.md")
    assert BLOCK.findall(english) == BLOCK.findall(korean)
    code = re.compile(r"^    (newsarchive [a-z]+)", re.MULTILINE)
    assert code.findall(english) == code.findall(korean)


def test_nobody_is_told_of_a_place_that_is_only_here() -> None:
    tracked = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    assert re.findall(r"(?:/work|/tmp|/root)/\S*", tracked) == []
