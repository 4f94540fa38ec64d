"""A program of one command has all that belongs to it."""

from __future__ import annotations

import json
import subprocess
import sys

import typer

from crawler.commands.program import GROUPS, make_program

NAMES = [name for groups in GROUPS.values() for name in groups]
_ALONE = """
import json, sys, typer
from crawler.commands.program import make_program
made = {name: typer.main.get_command(make_program(name)).commands[name] for name in sys.argv[1:]}
print(json.dumps({name: sorted(one.commands) for name, one in made.items()}))
"""


def test_a_group_that_is_made_alone_has_all_its_commands() -> None:
    """In a process of its own: a module that was imported has put its commands where they belong."""
    asked = [sys.executable, "-c", _ALONE, *NAMES]
    alone = json.loads(subprocess.run(asked, check=True, capture_output=True, text=True).stdout)
    everything = typer.main.get_command(make_program()).commands  # type: ignore[attr-defined]
    assert alone == {name: sorted(everything[name].commands) for name in NAMES}
    assert "copy" in alone["db"]
