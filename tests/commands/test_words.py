"""What of a command line is a word, and what an option: both may begin with a minus sign."""

from __future__ import annotations

import re
from typing import Any

import pytest
import typer.main

from crawler.commands.program import make_program


def read(name: str, *args: str) -> dict[str, Any]:
    program = typer.main.get_command(make_program(name))
    with typer.Context(program) as context:
        command = program.get_command(context, name)  # type: ignore[attr-defined]
        given: dict[str, Any] = command.make_context(name, list(args), parent=context).params
    return given


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["-중국"], ["-중국"]),
        (["반도체", "-중국", "--limit", "3", "-title:금리"], ["반도체", "-중국", "-title:금리"]),
        (["--publisher", "-중국", "-(금리 OR 환율)"], ["-(금리 OR 환율)"]),  # an option's value stays its own
        (["--publisher=x", "--relevance", "-중국"], ["-중국"]),
        (["-", "금리"], ["-", "금리"]),
        (["금리", "--", "-x", "--", "--limit"], ["금리", "-x", "--", "--limit"]),
    ],
)
def test_words_of_a_search(args: list[str], words: list[str]) -> None:
    assert read("search", *args)["words"] == words


@pytest.mark.parametrize(
    "statement",
    [
        "-- who wrote what\nSELECT 1",
        "--who\nSELECT 1",
        "-- a = b\nSELECT 1",
        "-",
        "-- '--limit 3'\nSELECT '-- x'",
    ],
)
@pytest.mark.parametrize("options", [[], ["--limit", "3"], ["--param=a=-- b c", "--format", "csv"]])
def test_a_statement_may_begin_with_a_comment(statement: str, options: list[str]) -> None:
    assert read("sql", *options, statement)["statement"] == statement
    assert read("sql", statement, *options)["statement"] == statement


@pytest.mark.parametrize(
    ("name", "args", "said"),
    [
        ("search", ["금리", "--limitt", "3"], "No such option"),
        ("search", ["-중국", "--until"], "requires an argument"),
        ("search", ["금리", "--limit", "-1"], "got '-1'"),  # it was '\u2060-1'
        ("sql", ["SELECT 1", "--limitt"], "No such option"),
        ("sql", ["-- x\nSELECT 1", "--param"], "requires an argument"),
    ],
)
def test_what_is_wrong_is_told_as_it_was_given(name: str, args: list[str], said: str) -> None:
    with pytest.raises(Exception, match=re.escape(said)):
        read(name, *args)
